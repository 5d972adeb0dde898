package bridge

import (
	"context"
	"slices"
	"time"

	"porchlight/bridge/phrase"
)

// settling brings conversations in line with the team as it is now, in one update: a conversation
// that waits is offered to whoever can take it, and the owner of an active one is there or has the
// grace time to come. It is done after each change of the team, so what it does must not depend on
// what was done before.
type settling struct {
	bridge *Bridge
	anew   bool        // owners who are away get their grace time again, from now on
	whose  OperatorJID // only this operator's active conversations are settled; "": all are
	comes  OperatorJID // the operator who gets offers from now on, or is online again; "": nobody
	knows  time.Time   // that operator was gone only for a moment, and surely got what the desk told them until then; zero: for longer
	before *Operator   // as that operator was before a change of the team; nil: none changed
	online *bool       // the operator has come online, or gone offline; nil: neither
}

// run settles in one update, and tells the sides after the commit.
func (s settling) run(ctx context.Context) error {
	return s.bridge.update(ctx, func(u *commit) error {
		if !u.holds { // the node with the link knows who is there
			return nil
		}
		if err := s.keepSession(u); err != nil {
			return err
		}
		list, err := s.concerned(u.tx)
		if err != nil {
			return err
		}
		saved := u.saved
		for _, c := range list {
			if u.saved != saved { // what one of them brought about may have changed the next
				if c, err = u.tx.Conversation(c.Number); err != nil {
					return err
				}
			}
			if err := s.one(u, c); err != nil {
				return err
			}
		}
		if s.comes == "" {
			return nil
		}
		return s.welcome(u)
	})
}

// keepSession stores that the operator has come online or gone offline.
func (s settling) keepSession(u *commit) error {
	if _, known := s.bridge.Team.get(s.whose); s.online == nil || !known {
		return nil
	}
	if *s.online {
		return logIn(u.tx, s.whose, s.bridge.clock.Now())
	}
	return logOut(u.tx, s.whose, s.bridge.clock.Now())
}

// concerned lists the open conversations that may have to be settled.
func (s settling) concerned(r Reader) ([]Conversation, error) {
	if s.whose == "" {
		return r.OpenConversations(New, 0, settleMost)
	}
	list, err := r.OpenConversations(Waiting, 0, settleMost)
	if err != nil {
		return nil, err
	}
	numbers, err := r.TakesPart(s.whose)
	slices.Sort(numbers) // see Cursors.Prove
	for _, n := range numbers {
		c, err := r.Conversation(n)
		if err != nil {
			return nil, err
		}
		if c.State == Active {
			list = append(list, c)
		}
	}
	return list, err
}

// settleMost is how many open conversations are settled at most.
const settleMost = 100_000

func (s settling) one(u *commit, c Conversation) error {
	if err := s.dropBarred(u, &c); err != nil {
		return err
	}
	if err := s.place(u, c); err != nil || !s.bridge.Hours.soonerAny(c) {
		return err
	}
	if told, err := u.concerned(c); err != nil || len(told) == 0 {
		return err
	}
	return u.retime(c.Number) // somebody is there now who can be told of a target
}

// place brings one conversation in line with who is there to take it, or has it.
func (s settling) place(u *commit, c Conversation) error {
	if c.State == Waiting {
		return s.waiting(u, c)
	}
	there := s.bridge.Team.there(c.Owner)
	switch {
	case there && !c.Due.Operator.IsZero():
		_, _, err := u.apply(c, Action{Type: OwnerBack})
		return err
	case !there && c.live() && (s.anew || c.Due.Operator.IsZero()):
		_, _, err := u.apply(c, Action{Type: OwnerGone, Anew: s.anew})
		return err
	}
	return nil
}

// dropBarred ends the parts of operators who are disabled, and the reading along of those who may not do that any more, or
// not there.
func (s settling) dropBarred(u *commit, c *Conversation) error {
	parts, err := u.tx.Participants(c.Number)
	for _, p := range parts {
		if p.Left || err != nil || s.whose != "" && p.Operator != s.whose {
			continue
		}
		if o, enabled := s.bridge.Team.Operator(p.Operator); !enabled || p.Watches && !(o.May(MayWatch) && o.Serves(c.Department, c.Kind)) {
			*c, _, err = u.apply(*c, Action{Type: OperatorBarred, Operator: p.Operator, Name: s.bridge.Team.name(p.Operator)})
		}
	}
	return err
}

// lost reports whether the operator whose conversations are settled served a conversation that is on offer to them, and does
// not any more.
func (s settling) lost(o Offer, c Conversation) bool {
	now, enabled := s.bridge.Team.Operator(o.Operator)
	return enabled && s.before != nil && s.before.JID == o.Operator && s.before.Serves(c.Department, c.Kind) && !now.Serves(c.Department, c.Kind)
}

// waiting makes sure that a conversation that waits is offered to whoever can take it. One that is
// offered to one operator alone stays theirs as long as they get offers.
func (s settling) waiting(u *commit, c Conversation) error {
	offers, err := u.tx.Offers(c.Number)
	if err != nil {
		return err
	}
	held := false // an operator who gets offers has an open offer, and can take it
	for _, o := range offers {
		if o.State != OfferOpen {
			continue
		}
		if s.lost(o, c) {
			if err := u.takeBack(o, phrase.Say("#%d is not for you any more: it belongs to %s.", c.Number, s.bridge.Team.Title(c.Department))); err != nil {
				return err
			}
			continue
		}
		can, err := u.canTake(o.Operator, c)
		if err != nil {
			return err
		}
		held = held || can
		if err := u.notify(o); err != nil { // they may have been available when they were asked
			return err
		}
		if _, enabled := s.bridge.Team.Operator(o.Operator); !enabled {
			o.State = OfferRevoked
			if err := u.tx.SaveOffer(o); err != nil {
				return err
			}
		}
	}
	switch {
	case c.Due.Offer.IsZero():
		err = u.offerAll(&c, false)
	case !held:
		c, _, err = u.apply(c, Action{Type: OfferDue})
	}
	if err == nil {
		err = u.offerEscalated(c)
	}
	if err == nil {
		err = u.startOverflow(&c)
	}
	if err != nil || held || s.bridge.Team.online(c.Department, c.Kind) {
		return err
	}
	_, _, err = u.apply(c, Action{Type: NobodyThere})
	return err
}
