package bridge

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"porchlight/bridge/phrase"
)

// tally has the offers that an update makes, by operator.
type tally map[OperatorJID][]Offer

// with adds an offer to the tally and returns it.
func (t tally) with(o Offer) tally {
	if t == nil {
		t = make(tally)
	}
	t[o.Operator] = append(t[o.Operator], o)
	return t
}

// pace knows how fast offers are made to each operator, and when operators are told of gathered
// ones. It forgets all at a restart; operators are told of gathered offers when they come then.
type pace struct {
	mu   sync.Mutex
	told map[OperatorJID][]arrival // the newest offers that were told one by one and whose requests still wait
	due  map[OperatorJID]time.Time // when the operator is told of gathered offers
}

// full reports whether an operator got as many offers lately as can be read one by one; more has
// the offers of the update under way.
func (p *pace) full(o OperatorJID, more tally, l Limits, now time.Time) bool {
	if l.OffersAtOnce <= 0 {
		return false
	}
	n := 0
	for _, f := range more[o] {
		if !f.Gathered {
			n++
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, t := range p.told[o] {
		if now.Sub(t.at) <= l.OffersWithin {
			n++
		}
	}
	return n >= l.OffersAtOnce
}

// made counts the offers of an update that was committed.
func (p *pace) made(list tally, l Limits, now time.Time) {
	if len(list) == 0 || l.OffersAtOnce <= 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.told == nil {
		p.told, p.due = make(map[OperatorJID][]arrival), make(map[OperatorJID]time.Time)
	}
	for o, offers := range list {
		for _, f := range offers {
			if !f.Gathered {
				p.told[o] = append(p.told[o], arrival{f.Conversation, now})
			} else if p.due[o].IsZero() {
				p.due[o] = now.Add(l.OffersWithin)
			}
		}
		p.told[o] = slices.Clone(p.told[o][max(0, len(p.told[o])-l.OffersAtOnce):])
	}
}

// watch takes in, by events that were committed, which requests wait no more.
func (p *pace) watch(events []Event) {
	for _, e := range events {
		if turn, ok := e.Data.(Turn); ok && turn.taken() {
			p.settled(e.Conversation)
		}
	}
}

// settled takes in that one request waits no more.
func (p *pace) settled(number int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for o, list := range p.told {
		p.told[o] = without(list, number)
	}
}

// ripe lists the operators who are to be told of gathered offers now, each once.
func (p *pace) ripe(now time.Time) (list []OperatorJID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for o, at := range p.due {
		if !now.Before(at) {
			list = append(list, o)
		}
	}
	maps.DeleteFunc(p.due, func(_ OperatorJID, at time.Time) bool { return !now.Before(at) })
	return list
}

// tell tells operators how many requests wait that they were not told of one by one.
func (p *pace) tell(ctx context.Context, b *Bridge) error {
	for _, o := range p.ripe(b.clock.Now()) {
		err := b.update(ctx, func(u *commit) error {
			list, err := untold(u.tx, o)
			if err != nil || len(list) == 0 {
				return err
			}
			text := phrase.Say("%d more wait: queue", len(list))
			if len(list) == 1 {
				text = phrase.Say("1 more waits: queue")
			}
			return u.tellOf(DeskEntry{Operator: o, Kind: DeskNotice, Phrase: text}, list)
		})
		if err != nil {
			p.made(tally{o: {{Gathered: true}}}, b.opts.Limits, b.clock.Now()) // try again later
			return err
		}
	}
	return nil
}

// untold lists an operator's open offers that no entry of their desk log tells of.
func untold(r Reader, o OperatorJID) ([]Offer, error) {
	list, err := r.OffersTo(o, OfferOpen)
	return slices.DeleteFunc(list, func(f Offer) bool { return f.DeskSeq > 0 }), err
}

// tellOf appends an entry that tells of offers to an operator's desk log; the offers are open then.
func (u *commit) tellOf(e DeskEntry, list []Offer) error {
	seq, err := u.tell(e)
	for _, f := range list {
		if err == nil {
			f.State, f.DeskSeq, f.Gathered = OfferOpen, seq, true
			err = u.tx.SaveOffer(f)
		}
	}
	return err
}
