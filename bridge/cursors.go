package bridge

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"porchlight/bridge/phrase"
)

// receipts computes up to which of the visitor's messages each status is proved. Nothing is
// proved up to the event by which an operator joined: the transcript that the event stands for
// may still be on its way.
func receipts(r Reader, c Conversation) (map[ReceiptStatus]int64, error) {
	proved := make(map[ReceiptStatus]int64, 3)
	parts, err := r.Participants(c.Number)
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		if p.Watches { // a visitor hears of nobody who reads along
			continue
		}
		for _, status := range []ReceiptStatus{Confirmed, Delivered, Displayed} {
			upto := p.reached(status)
			if upto < p.Joined {
				continue
			}
			seq, err := r.LastMessage(c.Number, FromVisitor, upto)
			if err != nil {
				return nil, err
			}
			proved[status] = max(proved[status], seq)
		}
	}
	return proved, nil
}

// Cursor says that an operator's side has proved Status for a log up to Upto.
type Cursor struct {
	Conversation int64
	Operator     OperatorJID
	Upto         int64
	Status       ReceiptStatus
}

// Cursors moves the operators' cursors in the logs of conversations and in their desk logs, and
// knows which cursors are behind. The methods may be called by any goroutine.
type Cursors struct {
	store Store
	hub   *hub
	reach *Reach
}

// Prove moves cursors forward, never back, and tells the visitors' pages.
func (k *Cursors) Prove(ctx context.Context, cursors []Cursor) error {
	// Whoever takes conversations does it in the order of their numbers: two who wait for each other do it for a second in PostgreSQL.
	cursors = slices.Clone(cursors)
	slices.SortStableFunc(cursors, func(a, b Cursor) int { return cmp.Compare(a.Conversation, b.Conversation) })
	var changes []Change
	err := k.store.Update(ctx, func(tx Tx) error {
		changes = changes[:0]
		for _, cur := range cursors {
			if cur.Status == Confirmed && k.reach.now(cur.Operator).fault {
				continue // the server has routed it, but what is sent to this operator comes back
			}
			c, before, err := prove(tx, cur)
			if err != nil {
				return err
			}
			if cur.Upto <= before {
				continue
			}
			seq, err := tx.LastMessage(cur.Conversation, FromVisitor, cur.Upto)
			if err != nil {
				return err
			}
			if seq > before {
				changes = append(changes, Change{Conversation: c, Receipt: &Receipt{Upto: seq, Status: cur.Status}})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range changes {
		k.hub.publish(&changes[i])
	}
	return nil
}

// prove moves one cursor forward, and returns up to where the visitor knows the status to be proved already. A visitor hears
// of nobody who reads along; and a receipt that says nothing new would tell them that operators got something else, such
// as a note.
func prove(tx Tx, cur Cursor) (c Conversation, before int64, err error) {
	parts, err := tx.Participants(cur.Conversation)
	if err != nil {
		return Conversation{}, 0, err
	}
	var mine *Participant
	for i, p := range parts {
		if p.Operator == cur.Operator {
			mine = &parts[i]
		}
		if upto := p.reached(cur.Status); !p.Watches && upto >= p.Joined {
			before = max(before, upto)
		}
	}
	if mine == nil || mine.cursor(cur.Status) == nil || *mine.cursor(cur.Status) >= cur.Upto {
		return Conversation{}, cur.Upto, nil
	}
	*mine.cursor(cur.Status) = cur.Upto
	if c, err = tx.Conversation(cur.Conversation); err != nil {
		return c, 0, err
	}
	mine.Settled = c.State == Closed && mine.Confirmed >= c.Seq
	if mine.Watches {
		before = cur.Upto
	}
	return c, before, tx.SaveParticipant(*mine)
}

// unsettle has the events that follow the end of a conversation delivered to those who took part. Who read along
// does so until the end only.
func unsettle(tx Tx, number int64) error {
	parts, err := tx.Participants(number)
	for _, p := range parts {
		if watches := p.readsAlong(); p.Settled || watches {
			p.Settled, p.Left = false, p.Left || watches
			err = errors.Join(err, tx.SaveParticipant(p))
		}
	}
	return err
}

// DeskCursor is up to where an operator's desk log was sent, and the turn of Reach.Holds in
// which that was done.
type DeskCursor struct{ Seq, Turn int64 }

// ProveDesk moves operators' desk cursors forward, never back. A cursor does not count if
// something came back since the log was sent up to it.
func (k *Cursors) ProveDesk(ctx context.Context, cursors map[OperatorJID]DeskCursor) error {
	return k.store.Update(ctx, func(tx Tx) error {
		for o, cur := range cursors {
			if held, turn := k.reach.Holds(o); held || turn != cur.Turn {
				continue
			}
			if err := tx.ConfirmDesk(o, cur.Seq); err != nil {
				return err
			}
		}
		return nil
	})
}

// Unconfirmed lists the participants who have unconfirmed events before them, by conversation,
// in the conversations with a number above after.
func (k *Cursors) Unconfirmed(ctx context.Context, after int64, limit int) ([]Participant, error) {
	var list []Participant
	err := k.store.View(ctx, func(r Reader) (err error) {
		list, err = r.UnconfirmedParticipants(after, limit)
		return err
	})
	return list, err
}

// Desk returns up to where an operator's desk log is confirmed, and whether it has
// entries past that.
func (k *Cursors) Desk(ctx context.Context, o OperatorJID) (seq int64, behind bool, err error) {
	err = k.store.View(ctx, func(r Reader) error {
		op, err := r.Operator(o)
		seq, behind = op.DeskConfirmed, op.DeskConfirmed < op.DeskSeq
		return err
	})
	if phrase.CodeOf(err) == phrase.CodeNotFound { // a stranger has no desk log
		err = nil
	}
	return seq, behind, err
}

// Desks returns up to where each operator's desk log is confirmed, for the operators whose log
// has entries past that.
func (k *Cursors) Desks(ctx context.Context) (map[OperatorJID]int64, error) {
	var cursors map[OperatorJID]int64
	err := k.store.View(ctx, func(r Reader) (err error) {
		cursors, err = r.UnconfirmedDesks()
		return err
	})
	return cursors, err
}
