package bridge

import (
	"context"
	"errors"
	"slices"

	"porchlight/bridge/phrase"
)

// The states of offers whose operators are asked before others, and of those who are asked if nobody has an offer then.
var (
	fresh = []OfferState{"", OfferRevoked}
	again = []OfferState{OfferAccepted, OfferExpired}
)

// offerAll makes an offer to the next operator, or to every operator of the department who was not asked yet and is available,
// or is asked though they are away. If nobody has an offer then, it asks those who had the conversation or let
// their offer expire. wide asks all, also where the department asks one after the other. Whom the escalation asks besides by now is asked
// in any case.
func (u *commit) offerAll(c *Conversation, wide bool) error {
	had, err := offerStates(u.tx, c.Number)
	if err != nil {
		return err
	}
	alone := false
	if !wide {
		alone, err = u.askNext(c, had)
	}
	if err == nil && !alone {
		_, err = u.ask(*c, had)
	}
	if err == nil {
		err = u.offerEscalated(*c)
	}
	return err
}

// ask makes offers to all at once, for offers in the states of had, and reports whether an available operator was made an
// offer. An available operator with OfferLost is not asked: they have heard of the request when they came;
// see welcome. Where all were asked one after the other, all are asked again.
func (u *commit) ask(c Conversation, had map[OperatorJID]OfferState) (made bool, err error) {
	first := fresh
	if u.b.asksAlone(u.b.Team.house(c.Department)) {
		first = append(slices.Clone(fresh), OfferExpired)
	}
	list, err := u.withRoom(u.b.Team.available(c.Department, c.Kind), c.Department)
	if err != nil {
		return false, err
	}
	made, asked, err := u.askOf(list, c, had, false, first, again)
	if err != nil {
		return made, err
	}
	if list, err = u.withRoom(serving(u.away(), c), c.Department); err == nil {
		_, _, err = u.askOf(list, c, had, asked, first, append(slices.Clone(again), OfferLost))
	}
	return made, err
}

// askOf makes an offer to those of a list whose offers are in the first states, and, if nobody is asked then, to those whose
// offers are in the next ones.
func (u *commit) askOf(list []Operator, c Conversation, had map[OperatorJID]OfferState, asked bool, turns ...[]OfferState) (made, any bool, err error) {
	for _, states := range turns {
		for _, o := range list {
			if slices.Contains(states, had[o.JID]) {
				if err := u.offerTo(c, o.JID, false); err != nil {
					return made, asked, err
				}
				had[o.JID], made = OfferOpen, true
			}
			asked = asked || had[o.JID] == OfferOpen
		}
		if asked {
			break
		}
	}
	return made, asked, nil
}

// away lists the operators who are asked though they are away, by JID; it is the same for the whole update.
func (u *commit) away() []Operator {
	if u.aways == nil { // few updates look, so a message's update has no room for the list itself
		list := u.b.Team.askedAway()
		u.aways = &list
	}
	return *u.aways
}

// serving lists those of some operators to whom a conversation may be offered.
func serving(list []Operator, c Conversation) (some []Operator) {
	for _, o := range list {
		if o.Serves(c.Department, c.Kind) {
			some = append(some, o)
		}
	}
	return some
}

// offerOthers makes an offer to the next operator, or to all who have none. If that reaches anybody, the offers that
// were open before expire, and those who had them are told why. If all are asked, who can take it keeps their offer.
func (u *commit) offerOthers(c *Conversation, why phrase.Phrase) error {
	had, err := offerStates(u.tx, c.Number)
	if err != nil {
		return err
	}
	var open []OperatorJID
	for o, state := range had {
		if state == OfferOpen {
			had[o], open = OfferDeclined, append(open, o) // so that ask leaves them out
		}
	}
	alone, err := u.askNext(c, had)
	if err != nil {
		return err
	}
	if !alone {
		if made, err := u.askBesides(*c, had, open); !made {
			return errors.Join(err, u.withdraw(*c, open)) // nobody else is asked, so who has room keeps the offer
		}
	}
	if err := u.withdraw(*c, open); err != nil {
		return err
	}
	return u.expire(*c, had, why)
}

// withdraw takes the offers of those back who have no room any more. They are asked anew when they have.
func (u *commit) withdraw(c Conversation, open []OperatorJID) error {
	for _, jid := range open {
		o, known := u.b.Team.get(jid)
		full, err := u.full(o, c.Department)
		if err != nil {
			return err
		}
		if !known || !full {
			continue
		}
		f, err := offerTo(u.tx, c.Number, jid)
		if err == nil {
			err = u.takeBack(f, phrase.Say("#%d waits for somebody who has room: you have as many chats as you may. %d still takes it.", c.Number, c.Number))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// askBesides asks all but those whose offers are open. Where all were asked one after the other, those of them who can take it
// keep their offers.
func (u *commit) askBesides(c Conversation, had map[OperatorJID]OfferState, open []OperatorJID) (made bool, err error) {
	if made, err = u.ask(c, had); err != nil || !u.b.asksAlone(u.b.Team.house(c.Department)) {
		return made, err
	}
	for _, o := range open {
		can, err := u.canTake(o, c)
		if err != nil {
			return made, err
		}
		if can {
			had[o] = OfferOpen
		}
	}
	return made, nil
}

// expire ends the open offers that are not in had, and tells those who had them why. Where one after the other is asked, who
// is asked though they are away keeps theirs. Whom the escalation asked besides keeps theirs in any case: it was not their turn that
// has ended.
func (u *commit) expire(c Conversation, had map[OperatorJID]OfferState, why phrase.Phrase) error {
	besides := u.escalatedTo(c)
	if u.b.asksAlone(u.b.Team.house(c.Department)) {
		besides = append(besides, serving(u.away(), c)...)
	}
	offers, err := u.tx.Offers(c.Number)
	for _, o := range offers {
		kept := had[o.Operator] == OfferOpen || slices.ContainsFunc(besides, func(x Operator) bool { return x.JID == o.Operator })
		if o.State != OfferOpen || kept || err != nil {
			continue
		}
		o.State = OfferExpired
		if err = u.tx.SaveOffer(o); err == nil {
			err = u.became(o, why)
		}
	}
	return err
}

// AskedNow lists the operators who have an open offer of a conversation and get offers now.
func (b *Bridge) AskedNow(ctx context.Context, number int64) (list []OperatorJID, err error) {
	err = b.store.View(ctx, func(r Reader) error {
		offers, err := r.Offers(number)
		list = nil
		for _, o := range offers {
			if o.State == OfferOpen && b.Team.offerable(o.Operator) {
				list = append(list, o.Operator)
			}
		}
		return err
	})
	return list, err
}

// offerStates returns the states of a conversation's offers, by operator.
func offerStates(r Reader, number int64) (map[OperatorJID]OfferState, error) {
	offers, err := r.Offers(number)
	states := make(map[OperatorJID]OfferState, len(offers))
	for _, o := range offers {
		states[o.Operator] = o.State
	}
	return states, err
}

// offerTo makes an offer to one operator, alone or with others: with a message of its own, or, when offers come too fast to
// be read one by one, gathered with others later.
func (u *commit) offerTo(c Conversation, o OperatorJID, alone bool) error {
	made := Offer{Conversation: c.Number, Operator: o, State: OfferOpen, Alone: alone, At: u.b.clock.Now()}
	if made.Gathered = u.b.pace.full(o, u.offers, u.b.opts.Limits, made.At); !made.Gathered {
		var err error
		if made.DeskSeq, err = u.tell(DeskEntry{Operator: o, Kind: DeskOffer, Conversation: made.Conversation}); err != nil {
			return err
		}
	}
	u.offers = u.offers.with(made)
	if err := u.tx.SaveOffer(made); err != nil {
		return err
	}
	return u.notify(made)
}

// revoke ends the open offers: the offer to the operator who took the conversation, if any, is
// accepted, and the others are revoked and their operators told why.
func (u *commit) revoke(c Conversation, why Effect) error {
	offers, err := u.tx.Offers(c.Number)
	if err != nil {
		return err
	}
	for _, o := range offers {
		switch {
		case o.Operator == why.Operator:
			o.State = OfferAccepted
		case o.State == OfferOpen:
			o.State = OfferRevoked
			if err := u.became(o, why.Phrase); err != nil {
				return err
			}
		default:
			continue
		}
		o.At = u.b.clock.Now()
		if err := u.tx.SaveOffer(o); err != nil {
			return err
		}
	}
	return nil
}

// takeBack revokes an offer, and tells its operator why.
func (u *commit) takeBack(o Offer, why phrase.Phrase) error {
	o.State = OfferRevoked
	if err := u.tx.SaveOffer(o); err != nil {
		return err
	}
	return u.became(o, why)
}

// became tells an operator what became of an offer, if it had a message of its own.
func (u *commit) became(o Offer, why phrase.Phrase) error {
	if o.Gathered || o.DeskSeq == 0 {
		return nil
	}
	_, err := u.tell(DeskEntry{Operator: o.Operator, Kind: DeskOutcome, Conversation: o.Conversation, Ref: o.DeskSeq, Phrase: why})
	return err
}

// forgetOffers lets everybody be asked again, also those who declined: what the visitor wants is
// another request now, or has waited for long.
func (u *commit) forgetOffers(c Conversation) error {
	offers, err := u.tx.Offers(c.Number)
	for _, o := range offers {
		if err == nil && o.State != OfferLost {
			o.State = OfferRevoked
			err = u.tx.SaveOffer(o)
		}
	}
	return err
}
