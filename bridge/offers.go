package bridge

import (
	"context"
	"slices"

	"porchlight/bridge/phrase"
)

// offerAll makes an offer to every operator of the department who was not asked yet and is available, or is
// asked though they are away. If nobody has an offer then, it asks those who had the conversation or let
// their offer expire.
func (u *commit) offerAll(c Conversation) error {
	had, err := offerStates(u.tx, c.Number)
	if err != nil {
		return err
	}
	_, err = u.ask(c, had)
	return err
}

// ask is offerAll for offers in the states of had, and reports whether an available operator was made an
// offer. An available operator with OfferLost is not asked: they have heard of the request when they came;
// see welcome.
func (u *commit) ask(c Conversation, had map[OperatorJID]OfferState) (made bool, err error) {
	made, asked, err := u.askOf(u.b.Team.available(c.Department, c.Kind), c, had, false, OfferAccepted, OfferExpired)
	if err == nil {
		_, _, err = u.askOf(serving(u.away(), c), c, had, asked, OfferAccepted, OfferExpired, OfferLost)
	}
	return made, err
}

// askOf makes an offer to those of a list who were not asked yet, and, if nobody is asked then, to those whose
// offers are in other states.
func (u *commit) askOf(list []Operator, c Conversation, had map[OperatorJID]OfferState, asked bool, others ...OfferState) (made, any bool, err error) {
	for _, states := range [][]OfferState{{"", OfferRevoked}, others} {
		for _, o := range list {
			if slices.Contains(states, had[o.JID]) {
				if err := u.offerTo(c, o.JID); err != nil {
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
		if o.serves(c.Department, c.Kind) {
			some = append(some, o)
		}
	}
	return some
}

// offerOthers makes an offer to the operators who have none. If that reaches anybody, the offers that
// were open before expire, and those who had them are told why.
func (u *commit) offerOthers(c Conversation, why phrase.Phrase) error {
	had, err := offerStates(u.tx, c.Number)
	if err != nil {
		return err
	}
	for o, state := range had {
		if state == OfferOpen {
			had[o] = OfferDeclined // so that ask leaves them out
		}
	}
	if made, err := u.ask(c, had); !made {
		return err
	}
	offers, err := u.tx.Offers(c.Number)
	for _, o := range offers {
		if o.State != OfferOpen || had[o.Operator] == OfferOpen || err != nil {
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

// offerTo makes an offer to one operator: with a message of its own, or, when offers come too fast to
// be read one by one, gathered with others later.
func (u *commit) offerTo(c Conversation, o OperatorJID) error {
	made := Offer{Conversation: c.Number, Operator: o, State: OfferOpen, At: u.b.clock.Now()}
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
