package bridge

import (
	"context"
	"slices"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// News is something that somebody changed about an operator who has not been told yet. It waits in the
// store, so that all that is changed about them within a minute is told in one line, also after a restart.
type News struct {
	ID       int64 // in the order in which things were changed
	Operator OperatorJID
	By       string // the name of who changed it
	At       time.Time
	Due      time.Time     // when the operator is told at the latest, together with all other news
	Phrase   phrase.Phrase // what goes on after "Xavi changed", such as "your hours: Mon–Fri 9:00–17:00"
}

// newsWait is how long changes about one operator are gathered.
const newsWait = time.Minute

// newsKept is after how long it is looked again whether somebody who is disabled is an operator again.
const newsKept = 24 * time.Hour

// KeepNews stores, within a transaction, that somebody changed something about an operator, who is told
// within a minute. changed goes on after "Xavi changed", without a full stop.
func KeepNews(tx interface{ AppendNews(*News) error }, o OperatorJID, by string, now time.Time, changed phrase.Phrase) error {
	return tx.AppendNews(&News{Operator: o, By: by, At: now, Due: now.Add(newsWait), Phrase: changed})
}

// tellNews tells operators whose news is due what was changed about them. One goroutine calls it.
func (t *Team) tellNews(ctx context.Context, due []OperatorJID) error {
	for _, o := range slices.Compact(due) {
		if err := t.bridge.update(ctx, func(u *commit) error { return u.tellNews(o) }); err != nil {
			return err
		}
	}
	return nil
}

// tellNews moves all news for an operator into their desk log. A disabled operator is a stranger, and is told
// nothing until they are an operator again.
func (u *commit) tellNews(o OperatorJID) error {
	list, err := u.tx.TakeNews(o)
	if err != nil || len(list) == 0 {
		return err
	}
	if _, enabled := u.b.Team.Operator(o); enabled {
		_, err = u.tell(DeskEntry{Operator: o, Kind: DeskNotice, Phrase: gathered(list)})
		return err
	}
	for _, n := range list {
		n.Due = u.b.clock.Now().Add(newsKept)
		if err := u.tx.AppendNews(&n); err != nil {
			return err
		}
	}
	return nil
}

// gathered says news in one line: "Xavi changed your hours: Mon–Fri 9:00–17:00; limit 4 → 3."
func gathered(list []News) phrase.Phrase {
	var who []string
	changed := make(map[string][]phrase.Phrase)
	for _, n := range list {
		if changed[n.By] == nil {
			who = append(who, n.By)
		}
		earlier := slices.DeleteFunc(changed[n.By], func(p phrase.Phrase) bool { return replaces(n.Phrase, p) })
		changed[n.By] = append(earlier, n.Phrase)
	}
	var lines []phrase.Phrase
	for _, by := range who {
		lines = append(lines, phrase.Say("%s changed %s.", by, joined("; ", changed[by])))
	}
	return joined(" ", lines)
}

// replaces reports whether news says all that is so now of the same thing as earlier news, which is of no use any more then.
func replaces(news, earlier phrase.Phrase) bool {
	about, _, _ := strings.Cut(news.Format, ":")
	before, _, _ := strings.Cut(earlier.Format, ":")
	return about == before && (about == "your hours" || about == "your state")
}

// joined says phrases one after the other, in one line.
func joined(between string, list []phrase.Phrase) phrase.Phrase {
	p := phrase.Lines(list...)
	p.Format = strings.ReplaceAll(p.Format, "\n", between)
	return p
}
