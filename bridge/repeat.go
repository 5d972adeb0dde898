package bridge

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// Repeats is the time in which clients send the same stanza again: until they have resumed their
// stream (XEP-0198 §5; servers keep one for 5 to 10 minutes), or have given it up and logged in
// anew. After that time the same words under the same id are new: some clients count their ids from
// the start at each login, and some bots have one id for all messages.
const Repeats = 15 * time.Minute

// noFile is the content of a message without a file.
var noFile = fmt.Sprint(File{})

// sayingOrigin is the Origin of what an operator says. It covers the ids of the stanza and its
// content, so that other content under the same id is something else.
func sayingOrigin(jid OperatorJID, id, also string, content ...any) string {
	var said []byte
	for _, part := range content {
		switch part := part.(type) { // the first three are what most messages have, and fmt takes longer
		case string:
			said = append(said, part...)
		case EventType:
			said = append(said, part...)
		case File:
			if part == (File{}) {
				said = append(said, noFile...)
				break
			}
			said = fmt.Append(said, part)
		default:
			said = fmt.Append(said, part)
		}
		said = append(said, 0)
	}
	h := sha256.Sum256(said)
	return strings.Join([]string{OperatorOrigin(jid, id), hex.EncodeToString(h[:12]), keptID(also)}, idsApart)
}

// earlier finds the event that an action led to when it came before; ok reports whether it did.
// A visitor's words, and the site's, under an id that was used for something else are refused. An operator's words
// under such an id, or long after the same words, are new; a gets an origin then that no event has.
func earlier(r Reader, c Conversation, a *Action, now time.Time) (e Event, ok bool, err error) {
	if !strings.HasPrefix(a.Origin, VisitorOrigin("")) && !strings.HasPrefix(a.Origin, SiteOrigin("")) {
		return saidAgain(r, c, a, now)
	}
	e, err = r.EventByOrigin(c.Number, a.Origin)
	switch {
	case phrase.CodeOf(err) == phrase.CodeNotFound:
		return Event{}, false, nil
	case err == nil && !a.asIn(e):
		err = usedBefore()
	}
	return e, err == nil, err
}

// usedBefore is the error for other content under a client id.
func usedBefore() error {
	return &phrase.Error{Code: phrase.CodeConflict, Phrase: phrase.Say("Something else was sent under this client_id, so this was not stored. Send it again under an id of its own."),
		Fields: map[string]phrase.Phrase{"client_id": phrase.Say("It was used for something else.")}}
}

// asIn reports whether e came from the same act of a visitor or of the site. Of files only the names are compared
// here; see sameFile.
func (a Action) asIn(e Event) bool {
	switch {
	case a.Type == VisitorCorrects:
		return e.Type == EventCorrection && e.Text == a.Text && e.Amends() == a.About.Seq
	case a.File.sent():
		f, _ := e.Data.(SentFile)
		return f.Name == a.File.Name
	}
	return e.Type == EventMessage && e.Text == a.Text
}

// saidAgain is earlier for operators. It looks in this conversation, and in those that may have been
// the visitor's newest when the operator said it first.
func saidAgain(r Reader, c Conversation, a *Action, now time.Time) (Event, bool, error) {
	since := now.Add(-Repeats)
	if w := a.Written; !w.IsZero() && w.Before(now) {
		since = w.Add(-Repeats)
	}
	list := []Conversation{c}
	if a.Type == OperatorAmends || c.OpenedAt.After(since) {
		var err error
		if list, err = r.VisitorConversations(c.Visitor, amendBack); err != nil {
			return Event{}, false, err
		}
	}
	origin, used := a.Origin, false
	for _, where := range list {
		e, err := newestUnder(r, where.Number, origin)
		switch {
		case err == nil && !e.At.Before(since):
			return e, true, nil
		case err != nil && phrase.CodeOf(err) != phrase.CodeNotFound:
			return Event{}, false, err
		}
		used = used || err == nil && where.Number == c.Number
	}
	if used {
		a.Origin += idsApart + strconv.FormatInt(c.Seq+1, 36)
	}
	return Event{}, false, nil
}

// newestUnder is the newest event whose origin is the given one, or that one with a number after it.
func newestUnder(r Reader, number int64, origin string) (Event, error) {
	e, err := r.EventByOrigin(number, origin)
	if err != nil { // most often there is none, and then none with a number
		return e, err
	}
	list, err := r.EventsUnder(number, origin, 1)
	if err == nil && len(list) == 0 {
		err = noSuchMessage()
	}
	if err != nil {
		return Event{}, err
	}
	return list[0], nil
}

// saidUnder finds the newest event that an operator said under an id, which may be either of
// a stanza's two. An event that can be changed wins over one that can't, since one id may serve both.
func saidUnder(r Reader, c Conversation, jid OperatorJID, id string) (Event, error) {
	list, err := r.EventsUnder(c.Number, OperatorOrigin(jid, id), sentBack)
	if err != nil {
		return Event{}, err
	}
	other, err := withTwoIDs(r, c, jid, id)
	if err == nil {
		list = append(list, other)
	} else if phrase.CodeOf(err) != phrase.CodeNotFound {
		return Event{}, err
	}
	var best Event
	for _, e := range list {
		if cmp.Or(cmp.Compare(sayable(e), sayable(best)), cmp.Compare(e.Seq, best.Seq)) > 0 {
			best = e
		}
	}
	if best.Seq == 0 {
		return Event{}, noSuchMessage()
	}
	return best, nil
}

// sayable is 1 for messages, files and corrections, and 0 for other events.
func sayable(e Event) int {
	if e.Type.Content() || e.Type == EventCorrection {
		return 1
	}
	return 0
}
