package bridge

import (
	"context"
	"slices"
	"time"
)

// queued reports whether the conversation has a place in the queue of its department.
func (c Conversation) queued() bool { return c.State == Waiting && c.Kind == Chat }

// position is the place in the queue, 0 unless the conversation waits as a chat. Who has waited longest is first.
func position(r Reader, c Conversation) (int, error) {
	if !c.queued() {
		return 0, nil
	}
	ahead, err := r.WaitingChats(c.Department, c.WaitsSince, c.Number)
	return ahead + 1, err
}

// queueTold is how many of the conversations behind are told their new place at once.
const queueTold = 50

// moveQueue tells the visitors who wait in a department behind a conversation, which waits or has waited since a time, their new
// place in the queue.
func (u *commit) moveQueue(department string, since time.Time, number int64) error {
	if since.IsZero() { // it was in no queue
		return nil
	}
	behind, err := u.tx.WaitingBehind(department, since, number, queueTold)
	if err != nil || len(behind) == 0 {
		return err
	}
	place, err := u.tx.WaitingChats(department, behind[0].WaitsSince, behind[0].Number)
	if err != nil {
		return err
	}
	for _, other := range behind {
		place++
		was := other.Seq
		other.Seq++
		e := Event{Conversation: other.Number, Seq: other.Seq, Type: EventPosition, From: FromSystem, At: u.b.clock.Now(), Data: u.b.Expected.place(department, place)}
		if err := u.save(other, was); err != nil {
			return err
		}
		if err := u.tx.Append(e); err != nil {
			return err
		}
		u.changes = append(u.changes, Change{Conversation: other, Events: []Event{e}})
	}
	return nil
}

// OpenFor lists the open conversations that an operator serves or owns, or that are offered to them though they serve
// another department, by number. It looks at the first limit open conversations only.
func (b *Bridge) OpenFor(ctx context.Context, o Operator, limit int) (list []Conversation, err error) {
	err = b.store.View(ctx, func(r Reader) (err error) {
		list, err = openFor(r, o, limit)
		return err
	})
	return list, err
}

func openFor(r Reader, o Operator, limit int) ([]Conversation, error) {
	all, err := r.OpenConversations(New, 0, limit)
	if err != nil {
		return nil, err
	}
	offers, err := r.OffersTo(o.JID, OfferOpen)
	offered := make(map[int64]bool, len(offers))
	for _, offer := range offers {
		offered[offer.Conversation] = true
	}
	return slices.DeleteFunc(all, func(c Conversation) bool { return !o.has(c) && !offered[c.Number] }), err
}

// Queued is a page of the open conversations that OpenFor lists: those that wait, then the active ones, and then those that
// were put off, each by number.
type Queued struct {
	Cards                  []Card
	Waiting, Active, Later int  // how many there are on all pages
	More                   bool // there is a next page
}

// queueMost is how many open conversations are looked at for a queue.
const queueMost = 100_000

// QueuePage returns a page of an operator's queue, from 1, with so many conversations.
func (b *Bridge) QueuePage(ctx context.Context, o Operator, page, size int) (q Queued, err error) {
	err = b.store.View(ctx, func(r Reader) error {
		q = Queued{}
		all, err := openFor(r, o, queueMost)
		if err != nil {
			return err
		}
		var waiting, active, later []int64
		for _, c := range all {
			switch {
			case c.State == Waiting:
				waiting = append(waiting, c.Number)
			case c.deferred():
				later = append(later, c.Number)
			default:
				active = append(active, c.Number)
			}
		}
		q.Waiting, q.Active, q.Later = len(waiting), len(active), len(later)
		list := slices.Concat(waiting, active, later)
		list = list[min((page-1)*size, len(list)):]
		q.More = len(list) > size
		q.Cards, err = b.cardsWithWord(r, list[:min(size, len(list))])
		return err
	})
	return q, err
}
