package bridge

import (
	"cmp"
	"context"
	"slices"
)

// outcome is what an accepted action led to.
type outcome struct {
	Conversation Conversation
	Events       []Event
	Duplicate    bool     // Events is what an earlier action of the same origin led to
	others       []Change // to other conversations, such as those behind in the queue
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

// fill completes an action from the conversation as it is in the transaction,
// and says whether it is still wanted.
type fill func(Conversation, *Action) bool

// exactly is the fill of an action that is known beforehand.
func exactly(want Action) fill {
	return func(_ Conversation, a *Action) bool {
		*a = want
		return true
	}
}

// act loads a conversation, applies an action, stores what follows in the same
// transaction, and publishes it after the commit. An action that came before, as
// its Origin and its content say, is not applied again.
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

// apply applies a to c and stores what follows.
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

// surround completes an action by what the rules have to know of the operators:
// who is online, and who of those in it takes part. The owner, who acts most often,
// needs no look.
func (b *Bridge) surround(r Reader, c Conversation, a *Action) (err error) {
	a.Online = b.Team.online(c.Department)
	a.Away = !b.Team.there(cmp.Or(a.Operator, c.Owner))
	a.Watched = b.hub.pages.count(c.Number) > 0
	if c.Owner != "" {
		a.Taker = b.Team.name(c.Owner)
	}
	switch a.Type {
	case OperatorWrites:
		if a.Passed, a.Wrote, err = passedOn(r, c, a.Operator); a.Passed && err == nil {
			a.Asked, err = offered(r, c.Number, a.Operator)
		}
		if err == nil {
			err = tooLate(r, c, a.Written)
		}
	case OperatorPasses:
		a.Online = a.Department.Name != "" && slices.ContainsFunc(b.Team.available(a.Department.Name), func(o Operator) bool { return o.JID != c.Owner })
		a.Guest.Free = b.Team.offerable(a.Guest.Operator)
	case OperatorInvites:
		a.Guest.There = b.Team.there(a.Guest.Operator)
	case OperatorDenies:
		a.Asked, err = offered(r, c.Number, a.Operator)
	case OperatorLeaves:
		a.Guest, err = b.follower(r, c, a.Operator)
	}
	if err != nil {
		return err
	}
	if a.Operator != "" && a.Operator != c.Owner {
		a.Part, err = takesPart(r, c.Number, a.Operator)
	}
	if a.Guest.Operator != "" && err == nil {
		a.Guest.Part, err = takesPart(r, c.Number, a.Guest.Operator)
	}
	return err
}

// takesPart reports whether an operator is a participant who has not left.
func takesPart(r Reader, number int64, o OperatorJID) (bool, error) {
	list, err := r.Participants(number)
	return slices.ContainsFunc(list, func(p Participant) bool { return p.Operator == o && !p.Left }), err
}

// follower is who becomes the owner when the owner leaves: of those who take part
// and are online the one who joined first.
func (b *Bridge) follower(r Reader, c Conversation, owner OperatorJID) (Guest, error) {
	if owner != c.Owner {
		return Guest{}, nil
	}
	list, err := r.Participants(c.Number)
	slices.SortFunc(list, func(p, q Participant) int { return cmp.Compare(p.Joined, q.Joined) })
	for _, p := range list {
		if p.Operator != owner && !p.Left && b.Team.there(p.Operator) {
			return Guest{Operator: p.Operator, Name: b.Team.name(p.Operator), There: true}, err
		}
	}
	return Guest{}, err
}

// carryOut stores the effects.
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

// publish tells the sides of what was committed.
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
