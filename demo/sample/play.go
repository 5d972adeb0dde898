package sample

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"porchlight/bridge"
)

// play is the month: what happens, planned first and then carried out in the order of time.
type play struct {
	ctx     context.Context
	bridge  *bridge.Bridge
	clock   *past
	end     time.Time // the time now
	rand    *rand.Rand
	steps   []step
	shifts  []shift
	known   []*person // who was a visitor before, the latest last
	people  int       // how many there are
	address string    // of the shop's pages
}

// step is something that somebody does at a time. A step without a deed only lets the timers run.
type step struct {
	at time.Time
	do func() error
}

// then plans a step. What would happen in the future is left out.
func (p *play) then(at time.Time, do func() error) {
	if at.Before(p.end) {
		p.steps = append(p.steps, step{at, do})
	}
}

// run carries out the steps, and lets time pass until the end.
func (p *play) run() error {
	slices.SortStableFunc(p.steps, func(a, b step) int { return a.at.Compare(b.at) })
	for _, s := range append(p.steps, step{at: p.end}) {
		p.clock.at = s.at
		p.bridge.Turn(p.ctx)
		if s.do == nil {
			continue
		}
		if err := s.do(); err != nil {
			return fmt.Errorf("on %s: %w", s.at.Format(time.DateTime), err)
		}
	}
	return nil
}

// confirm moves all cursors to the ends of the logs: the operators have seen all of it, so nothing of
// the month is delivered to them when they log in.
func (p *play) confirm() error {
	for {
		list, err := p.bridge.Cursors.Unconfirmed(p.ctx, 0, conversations)
		if err != nil || len(list) == 0 {
			return p.confirmDesks(err)
		}
		var cursors []bridge.Cursor
		for _, part := range list {
			c, err := p.bridge.Conversation(p.ctx, part.Conversation)
			if err != nil {
				return err
			}
			for _, status := range []bridge.ReceiptStatus{bridge.Confirmed, bridge.Delivered, bridge.Displayed} {
				cursors = append(cursors, bridge.Cursor{Conversation: c.Number, Operator: part.Operator, Upto: c.Seq, Status: status})
			}
		}
		if err := p.bridge.Cursors.Prove(p.ctx, cursors); err != nil {
			return err
		}
	}
}

// confirmDesks does the same with the operators' desk logs, unless there was an error before.
func (p *play) confirmDesks(err error) error {
	if err != nil {
		return err
	}
	ends := make(map[bridge.OperatorJID]bridge.DeskCursor)
	err = p.bridge.Team.Look(p.ctx, func(r bridge.Reader) error {
		operators, err := r.Operators()
		for _, o := range operators {
			_, turn := p.bridge.Reach.Holds(o.JID)
			ends[o.JID] = bridge.DeskCursor{Seq: o.DeskSeq, Turn: turn}
		}
		return err
	})
	if err != nil {
		return err
	}
	return p.bridge.Cursors.ProveDesk(p.ctx, ends)
}

// seconds is a random time between two, given in seconds; short ones are more frequent.
func (p *play) seconds(least, most int) time.Duration {
	x := p.rand.Float64()
	return time.Duration(float64(least)+x*x*float64(most-least)) * time.Second
}

// one of several, chosen at random.
func one[T any](p *play, list []T) T { return list[p.rand.IntN(len(list))] }
