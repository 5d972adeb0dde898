package bridge

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"porchlight/bridge/phrase"
)

// absences knows since when operators who did not log out get no offers, so that an operator who was
// away for a moment or cut off is not greeted like one who comes to work.
type absences struct {
	mu    sync.Mutex
	since map[OperatorJID]absence
}

// absence is since when an operator gets no offers, and until when they surely got what the desk told them.
type absence struct{ began, knows time.Time }

// begin says that an operator gets no offers from now on, and whether that is because they logged out.
func (a *absences) begin(o OperatorJID, now time.Time, loggedOut bool) {
	if loggedOut {
		a.mu.Lock()
		defer a.mu.Unlock()
		delete(a.since, o)
		return
	}
	a.put(o, absence{began: now, knows: now})
}

// cut says that an operator gets no offers from now on because the link is gone. What the XMPP server has taken over shortly before may have gone
// with it, since a server that ends at once has delivered or stored no more than it got to.
func (a *absences) cut(o OperatorJID, now time.Time) {
	a.put(o, absence{began: now, knows: now.Add(-briefly)})
}

func (a *absences) put(o OperatorJID, x absence) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.since == nil {
		a.since = make(map[OperatorJID]absence)
	}
	a.since[o] = x
}

// briefly is how long an operator may be away without being greeted.
const briefly = time.Minute

// brief returns until when an operator surely got what the desk told them if they stopped getting offers only a moment ago, without
// logging out; and zero if not.
func (a *absences) brief(o OperatorJID, now time.Time) (knows time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if x, known := a.since[o]; known && now.Sub(x.began) <= briefly {
		return x.knows
	}
	return time.Time{}
}

// welcomeShown is how many requests are named to an operator who comes.
const welcomeShown = 10

// welcome tells an operator who is online again, or gets offers from now on, in one notice what became
// of the conversations that were taken from them, and which requests wait besides those that they are
// just being offered. After a brief absence it tells only what the operator does not know.
func (s settling) welcome(u *commit) error {
	b, o := s.bridge, s.comes
	if !b.Team.there(o) {
		return nil
	}
	lost, err := u.tx.OffersTo(o, OfferLost)
	if err != nil {
		return err
	}
	var lines []phrase.Phrase
	var open []Offer
	if lines, open, err = s.afterLoss(u.tx, lost); err != nil {
		return err
	}
	if b.Team.offerable(o) {
		line, more, err := s.sumUp(u.tx, u.offers[o])
		if err != nil {
			return err
		}
		if line.Format != "" {
			lines, open = append(lines, line), append(open, more...)
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return u.tellOf(DeskEntry{Operator: o, Kind: DeskNotice, Phrase: phrase.Lines(lines...)}, open)
}

// afterLoss tells what became of the conversations that were taken from an operator who was offline;
// open are the offers of those that wait, which the operator may take back.
func (s settling) afterLoss(tx Tx, lost []Offer) (lines []phrase.Phrase, open []Offer, err error) {
	var wait, gone []phrase.Phrase
	for _, f := range lost {
		c, err := tx.Conversation(f.Conversation)
		if err != nil {
			return nil, nil, err
		}
		switch c.State {
		case Waiting:
			line, err := s.waitsFor(tx, c)
			if err != nil {
				return nil, nil, err
			}
			wait, open = append(wait, line), append(open, f)
			continue
		case Active:
			gone = append(gone, phrase.Say("#%d is with %s", c.Number, s.bridge.Team.name(c.Owner)))
		default:
			gone = append(gone, phrase.Say("#%d is over", c.Number))
		}
		f.State = OfferAccepted
		if err := tx.SaveOffer(f); err != nil {
			return nil, nil, err
		}
	}
	if len(wait) > 0 {
		lines = append(lines, phrase.Say("Offered again, because you could not be reached, and still waiting: %s. The number takes one back.", listed(wait)))
	}
	if len(gone) > 0 {
		lines = append(lines, phrase.Say("Offered again, because you could not be reached: %s.", listed(gone)))
	}
	return lines, open, nil
}

// sumUp tells which requests wait that an operator could take and that were not offered just now with
// a message of their own; told are the open offers among them that the line has to tell of.
func (s settling) sumUp(tx Tx, fresh []Offer) (line phrase.Phrase, told []Offer, err error) {
	operator, _ := s.bridge.Team.get(s.comes)
	waiting, err := tx.OpenConversations(Waiting, 0, settleMost)
	if err != nil {
		return line, nil, err
	}
	var list []phrase.Phrase
	total := 0
	for _, c := range waiting {
		f, err := offerTo(tx, c.Number, s.comes)
		if err != nil {
			return line, nil, err
		}
		open := f.State == OfferOpen
		just := slices.ContainsFunc(fresh, func(x Offer) bool { return x.Conversation == c.Number && !x.Gathered })
		known := !s.knows.IsZero() && (open && f.DeskSeq > 0 && !f.At.After(s.knows) || f.State == OfferDeclined)
		if just || known || f.State == OfferLost || !open && (!operator.Serves(c.Department, c.Kind) || !c.Due.Offer.IsZero()) {
			continue
		}
		if total++; total <= welcomeShown {
			one, err := s.waitsFor(tx, c)
			if err != nil {
				return line, nil, err
			}
			list = append(list, one)
		}
		if open && (f.DeskSeq == 0 || f.Gathered) {
			told = append(told, f)
		}
	}
	switch {
	case total == 0:
		return line, nil, nil
	case total > welcomeShown:
		return phrase.Say("%d wait: %s, and %d more: queue", total, listed(list), total-welcomeShown), told, nil
	case total == 1:
		return phrase.Say("1 waits: %s", list[0]), told, nil
	}
	return phrase.Say("%d wait: %s", total, listed(list)), told, nil
}

// offerTo is the offer of a conversation to an operator, zero if there is none.
func offerTo(r Reader, number int64, o OperatorJID) (Offer, error) {
	list, err := r.Offers(number)
	for _, f := range list {
		if f.Operator == o {
			return f, err
		}
	}
	return Offer{}, err
}

// waitsFor tells in a few words of a conversation that waits: "#1 Ina 13 s".
func (s settling) waitsFor(r Reader, c Conversation) (phrase.Phrase, error) {
	q, err := r.Request(c.Number)
	return phrase.Phrase{Format: "%s %s %s", Args: []any{fmt.Sprint("#", c.Number), q.Called(), Span(s.bridge.clock.Now().Sub(c.WaitsSince))}}, err
}

// Span says a duration as people do: 40 s, 3 min, 2 h 5 min, 4 days.
func Span(d time.Duration) phrase.Phrase {
	switch {
	case d < time.Minute:
		return phrase.Say("%d s", max(0, int(d.Seconds())))
	case d < time.Hour:
		return phrase.Say("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return phrase.Say("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	}
	return phrase.Say("%d days", int(d.Hours())/24)
}

// Exactly says a duration to the second, or to the minute from an hour on: 38 s, 1 min 4 s, 2 h 5 min.
func Exactly(d time.Duration) phrase.Phrase {
	s := int64(d.Round(time.Second) / time.Second)
	switch {
	case s < 60:
		return phrase.Say("%d s", s)
	case s < 3600 && s%60 == 0:
		return phrase.Say("%d min", s/60)
	case s < 3600:
		return phrase.Say("%d min %d s", s/60, s%60)
	case s%3600 < 60:
		return phrase.Say("%d h", s/3600)
	}
	return phrase.Say("%d h %d min", s/3600, s/60%60)
}

// listed says phrases in one line, with commas between.
func listed(list []phrase.Phrase) phrase.Phrase { return joined(", ", list) }
