package bridge

import (
	"context"
	"slices"
)

// outcome is what an accepted action has led to.
type outcome struct {
	Conversation Conversation
	Events       []Event
	Duplicate    bool     // Events are those of an earlier action of the same origin
	others       []Change // changes to other conversations, such as those behind it in the queue
	desk         map[OperatorJID]bool
	offers       tally
}

// finder loads the conversation that an action is about.
type finder func(Reader) (Conversation, error)

func byNumber(number int64) finder {
	return func(r Reader) (Conversation, error) { return r.Conversation(number) }
}

func byVisitor(v VisitorJID) finder {
	return func(r Reader) (Conversation, error) { return r.LatestConversation(v) }
}

// fill completes an action from the conversation as it is in the transaction, and reports
// whether the action is still wanted.
type fill func(Conversation, *Action) bool

// exactly is the fill of an action that is known beforehand.
func exactly(want Action) fill {
	return func(_ Conversation, a *Action) bool {
		*a = want
		return true
	}
}

// act loads a conversation, applies an action, stores what follows in the same transaction,
// and publishes it after the commit. An action that came before, by its Origin and its
// content, is not applied again.
func (b *Bridge) act(ctx context.Context, find finder, f fill) (outcome, error) {
	var out outcome
	err := b.store.Update(ctx, func(tx Tx) error {
		out = outcome{}
		c, err := find(tx)
		if err != nil {
			return err
		}
		var a Action
		if out.Conversation = c; !f(c, &a) {
			return nil
		}
		if a.Origin != "" {
			e, again, err := earlier(tx, c, &a, b.clock.Now())
			if again {
				out.Events, out.Duplicate = []Event{e}, true
				return nil
			}
			if err != nil {
				return err
			}
		}
		return b.apply(tx, c, a, &out)
	})
	if err != nil {
		return outcome{}, err
	}
	b.publish(out)
	return out, nil
}

// apply applies an action to a conversation and stores what follows.
func (b *Bridge) apply(tx Tx, c Conversation, a Action, out *outcome) error {
	if err := b.surround(tx, c, &a); err != nil {
		return err
	}
	next, effects, err := b.rules.Apply(c, a, b.clock.Now())
	if err != nil {
		return err
	}
	out.Conversation = next
	if next == c && len(effects) == 0 {
		return nil
	}
	if err := tx.SaveConversation(next, c.Seq); err != nil {
		return err
	}
	if c.State == Closed && next.Seq > c.Seq {
		if err := unsettle(tx, c.Number); err != nil {
			return err
		}
	}
	return b.carryOut(tx, next, effects, out)
}

// carryOut appends the events among the effects, and then stores the other effects.
func (b *Bridge) carryOut(tx Tx, c Conversation, effects []Effect, out *outcome) error {
	for _, e := range effects {
		if e.Type == Log {
			out.Events = append(out.Events, e.Event)
		}
	}
	err := tx.Append(out.Events...)
	for _, e := range effects {
		if err == nil {
			err = offering{b, tx, c, out}.carryOut(e)
		}
	}
	return err
}

// carryOut stores an effect other than an event.
func (f offering) carryOut(e Effect) error {
	switch e.Type {
	case OfferAll:
		return f.all()
	case OfferOthers:
		return f.others(e.Phrase)
	case OfferTo:
		return f.to(e.Operator)
	case RevokeOffers:
		return f.end(e)
	case ForgetOffers:
		return f.forget()
	case CloseOffer:
		return f.tx.SaveOffer(Offer{Conversation: f.c.Number, Operator: e.Operator, State: e.Offer, At: f.bridge.clock.Now()})
	case Join:
		return join(f.tx, f.c.Number, e.Operator, e.Joined)
	case Leave:
		return f.leave(e)
	case QueueMoved:
		return f.moveQueue()
	case Tell:
		_, err := f.bridge.tell(f.tx, DeskEntry{Operator: e.Operator, Kind: DeskNotice, Conversation: f.c.Number, Phrase: e.Phrase}, f.out)
		return err
	}
	return nil
}

// publish tells the sides what was committed.
func (b *Bridge) publish(out outcome) {
	if out.Duplicate {
		return
	}
	b.stored.Add(int64(len(out.Events)))
	b.Storm.watch(out.Events)
	b.pace.watch(out.Events)
	b.pace.made(out.offers, b.opts.Limits, b.clock.Now())
	changes := out.others
	if len(out.Events) > 0 {
		changes = append([]Change{{Conversation: out.Conversation, Events: out.Events}}, changes...)
	}
	turned := false
	for _, c := range changes {
		b.hub.publish(c)
		turned = turned || slices.ContainsFunc(c.Events, func(e Event) bool { return e.Type == EventState })
	}
	for o := range out.desk {
		b.hub.publishDesk(o)
	}
	if turned {
		b.hub.publishStatus()
	}
}
