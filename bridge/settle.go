package bridge

import "context"

// settling brings conversations in line with the team as it is now, in one update: who
// waits is offered to whom it can be, and whoever owns a conversation is there, or has
// the grace time to come. It is done after each change of the team, so what it does must
// not depend on what was done before.
type settling struct {
	bridge *Bridge
	anew   bool        // owners who are away get their grace time from now on
	whose  OperatorJID // of the active conversations those of one operator; "": all
	comes  OperatorJID // who gets offers from now on, or is online again; "": nobody
	brief  bool        // they were gone for a moment only
}

// run settles, and tells the sides after the commit.
func (s settling) run(ctx context.Context) error {
	var out outcome
	err := s.bridge.store.Update(ctx, func(tx Tx) error {
		out = outcome{}
		list, err := s.concerned(tx)
		if err != nil {
			return err
		}
		for _, c := range list {
			if err := s.one(tx, c, &out); err != nil {
				return err
			}
		}
		if s.comes == "" {
			return nil
		}
		return s.welcome(tx, &out)
	})
	if err == nil {
		s.bridge.publish(out)
	}
	return err
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

// settleMost is how many open conversations are looked at.
const settleMost = 100_000

func (s settling) one(tx Tx, c Conversation, out *outcome) error {
	if err := s.dropBarred(tx, &c, out); err != nil {
		return err
	}
	if c.State == Waiting {
		return s.waiting(tx, c, out)
	}
	there := s.bridge.Team.there(c.Owner)
	switch {
	case there && !c.Due.Operator.IsZero():
		return s.apply(tx, &c, Action{Type: OwnerBack}, out)
	case !there && c.Live() && (s.anew || c.Due.Operator.IsZero()):
		return s.apply(tx, &c, Action{Type: OwnerGone, Anew: s.anew}, out)
	}
	return nil
}

// dropBarred ends the part of those who are disabled.
func (s settling) dropBarred(tx Tx, c *Conversation, out *outcome) error {
	parts, err := tx.Participants(c.Number)
	for _, p := range parts {
		if p.Left || err != nil || s.whose != "" && p.Operator != s.whose {
			continue
		}
		if _, enabled := s.bridge.Team.Operator(p.Operator); !enabled {
			err = s.apply(tx, c, Action{Type: OperatorBarred, Operator: p.Operator, Name: s.bridge.Team.name(p.Operator)}, out)
		}
	}
	return err
}

// waiting makes sure that a conversation is on offer to whom it can be, but what is
// offered to one alone as long as they get offers.
func (s settling) waiting(tx Tx, c Conversation, out *outcome) error {
	offers, err := tx.Offers(c.Number)
	if err != nil {
		return err
	}
	held := false // by somebody who gets offers
	for _, o := range offers {
		if o.State != OfferOpen {
			continue
		}
		held = held || s.bridge.Team.offerable(o.Operator)
		if _, enabled := s.bridge.Team.Operator(o.Operator); !enabled {
			o.State = OfferRevoked
			if err := tx.SaveOffer(o); err != nil {
				return err
			}
		}
	}
	switch {
	case c.Due.Offer.IsZero():
		err = offering{s.bridge, tx, c, out}.all()
	case !held:
		err = s.apply(tx, &c, Action{Type: OfferDue}, out)
	}
	if err != nil || held || s.bridge.Team.online(c.Department) {
		return err
	}
	return s.apply(tx, &c, Action{Type: NobodyThere}, out)
}

// apply applies an action to one of many conversations.
func (s settling) apply(tx Tx, c *Conversation, a Action, out *outcome) error {
	out.Conversation, out.Events = Conversation{}, nil
	err := s.bridge.apply(tx, *c, a, out)
	*c = out.Conversation
	if len(out.Events) > 0 {
		out.others = append(out.others, Change{Conversation: out.Conversation, Events: out.Events})
	}
	out.Conversation, out.Events = Conversation{}, nil
	return err
}
