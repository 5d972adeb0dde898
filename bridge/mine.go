package bridge

import (
	"context"
	"slices"
	"time"
)

// Word says who said something last in a conversation.
type Word struct {
	From Role      // FromVisitor or FromOperator; "": nobody has said anything
	Name string    // the operator's name
	At   time.Time // when
}

// lastWord finds the last message, file or correction of the visitor or an operator.
func lastWord(r Reader, c Conversation) (Word, error) {
	theirs, err := r.LastMessage(c.Number, FromVisitor, c.Seq)
	if err != nil {
		return Word{}, err
	}
	e, err := lastAnswer(r, c, "")
	if err == nil && theirs > e.Seq {
		e, err = eventAt(r, c.Number, theirs)
	}
	return Word{e.From, e.Name, e.At}, err
}

// lastAnswer is the last message, file or correction of an operator's, or of any if by is "", in a conversation; zero if there is
// none. A greeting answers nothing.
func lastAnswer(r Reader, c Conversation, by OperatorJID) (e Event, err error) {
	for upto := c.Seq; ; upto = e.Seq - 1 {
		seq, err := r.LastMessage(c.Number, FromOperator, upto)
		if err != nil || seq == 0 {
			return Event{}, err
		}
		if e, err = eventAt(r, c.Number, seq); err != nil || (by == "" || by == e.Operator) && (e.Type == EventCorrection || e.Answers()) {
			return e, err
		}
	}
}

// unansweredAtEnd is since when the visitor's words had no answer when a conversation ended that was no request, or was joined
// with another one; zero if all had one.
func unansweredAtEnd(r Reader, c Conversation) (time.Time, error) { return unansweredIn(r, c, 0) }

// unansweredIn is since when words have no answer by a conversation's log, without those of another one that was joined with it.
func unansweredIn(r Reader, c Conversation, without int64) (since time.Time, err error) {
	const some = 100
	answer, err := lastAnswer(r, c, "")
	for after := answer.Seq; err == nil; after += some {
		var list []Event
		list, err = r.Events(c.Number, after, some)
		for _, e := range list {
			turn, _ := e.Data.(Turn)
			how, _ := e.Data.(Ownership)
			joined, _ := e.Data.(Merged)
			switch {
			case turn.State == string(Closed) && turn.Reason != ReasonJunk && turn.Reason != ReasonMerged:
				since = time.Time{}
			case e.Type.Content() && e.From == FromVisitor:
				since = earlierOf(since, e.At)
			case how.Since > 0:
				since = earlierOf(since, time.UnixMilli(how.Since))
			case joined.Parted > 0:
				since = time.Time{}
				if joined.Since > 0 {
					since = time.UnixMilli(joined.Since)
				}
			case joined.Since > 0 && joined.Of != without:
				since = earlierOf(since, time.UnixMilli(joined.Since))
			}
		}
		if len(list) < some {
			break
		}
	}
	return since, err
}

// earlierOf is the earlier of two times, of which the first may be zero.
func earlierOf(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

// cardsWithWord are the cards of conversations, each with who wrote last.
func (b *Bridge) cardsWithWord(r Reader, numbers []int64) ([]Card, error) {
	var cards []Card
	for _, n := range numbers {
		card, err := b.card(r, n)
		if err == nil {
			card.Last, err = lastWord(r, card.Conversation)
		}
		if err != nil {
			return nil, err
		}
		cards = append(cards, card)
	}
	return cards, nil
}

// Mine is a page of an operator's conversations: those that they own, then those in which they are a guest, that they watch,
// and that they own and have put off, each by number.
type Mine struct {
	Owned, Guest, Watched, Later []Card
	Counts                       [4]int // how many there are of each on all pages
	More                         bool   // there is a next page
}

// MinePage returns a page of an operator's conversations, from 1, with so many of them.
func (b *Bridge) MinePage(ctx context.Context, o OperatorJID, page, size int) (m Mine, err error) {
	err = b.store.View(ctx, func(r Reader) error {
		m = Mine{}
		parts, err := rolesOf(r, o)
		if err != nil {
			return err
		}
		skip, room := (page-1)*size, size
		for i, list := range []*[]Card{&m.Owned, &m.Guest, &m.Watched, &m.Later} {
			numbers := parts[i]
			m.Counts[i] = len(numbers)
			some := numbers[min(skip, len(numbers)):]
			skip = max(0, skip-len(numbers))
			m.More = m.More || len(some) > room
			some = some[:min(room, len(some))]
			room -= len(some)
			if *list, err = b.cardsWithWord(r, some); err != nil {
				return err
			}
		}
		return nil
	})
	return m, err
}

// rolesOf lists the numbers of an operator's open conversations, in ascending order: those that they own, in which they are
// a guest, that they watch, and that they own and have put off.
func rolesOf(r Reader, o OperatorJID) (parts [4][]int64, err error) {
	numbers, err := r.TakesPart(o)
	slices.Sort(numbers)
	for _, n := range numbers {
		c, err := r.Conversation(n)
		if err != nil {
			return parts, err
		}
		p, err := partOf(r, n, o)
		switch {
		case err != nil:
			return parts, err
		case c.Owner == o && c.deferred():
			parts[3] = append(parts[3], n)
		case c.Owner == o:
			parts[0] = append(parts[0], n)
		case p.Watches:
			parts[2] = append(parts[2], n)
		default:
			parts[1] = append(parts[1], n)
		}
	}
	return parts, err
}
