package bridge

import (
	"context"
	"slices"

	"porchlight/bridge/phrase"
)

// offering is what an update does about the offers of a conversation, who takes part in
// it, and its place in the queue.
type offering struct {
	bridge *Bridge
	tx     Tx
	c      Conversation
	out    *outcome
}

// all makes an offer to every available operator of the department who was not asked
// yet; if that leaves nobody, to those who had it, or let their offer expire.
func (f offering) all() error {
	had, err := offerStates(f.tx, f.c.Number)
	if err != nil {
		return err
	}
	_, err = f.ask(had)
	return err
}

// ask is all for offers that are in the states of had, and reports whether an offer
// was made. Who lost it hears of it when they come; see welcome.
func (f offering) ask(had map[OperatorJID]OfferState) (made bool, err error) {
	free := f.bridge.Team.available(f.c.Department)
	for _, states := range [][]OfferState{{"", OfferRevoked}, {OfferAccepted, OfferExpired}} {
		asked := false
		for _, o := range free {
			if slices.Contains(states, had[o.JID]) {
				if err := f.to(o.JID); err != nil {
					return made, err
				}
				had[o.JID], made = OfferOpen, true
			}
			asked = asked || had[o.JID] == OfferOpen
		}
		if asked {
			return made, nil
		}
	}
	return made, nil
}

// others makes an offer to those who don't have one; who has is told why, unless
// there is nobody else.
func (f offering) others(why phrase.Phrase) error {
	had, err := offerStates(f.tx, f.c.Number)
	if err != nil {
		return err
	}
	for o, state := range had {
		if state == OfferOpen {
			had[o] = OfferDeclined // not asked anew
		}
	}
	if made, err := f.ask(had); !made {
		return err
	}
	offers, err := f.tx.Offers(f.c.Number)
	for _, o := range offers {
		if o.State != OfferOpen || had[o.Operator] == OfferOpen || err != nil {
			continue
		}
		o.State = OfferExpired
		if err = f.tx.SaveOffer(o); err == nil {
			err = f.became(o, why)
		}
	}
	return err
}

// AskedNow lists those who have an open offer of a conversation and get offers now.
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

// offerStates is what became of a conversation's offers, by operator.
func offerStates(r Reader, number int64) (map[OperatorJID]OfferState, error) {
	offers, err := r.Offers(number)
	states := make(map[OperatorJID]OfferState, len(offers))
	for _, o := range offers {
		states[o.Operator] = o.State
	}
	return states, err
}

// to makes an offer to one operator: as a message of its own, or with others later
// when they come too fast to be read one by one.
func (f offering) to(o OperatorJID) error {
	made := Offer{Conversation: f.c.Number, Operator: o, State: OfferOpen, At: f.bridge.clock.Now()}
	if made.Gathered = f.bridge.pace.full(o, f.out.offers, f.bridge.opts.Limits, made.At); !made.Gathered {
		var err error
		if made.DeskSeq, err = f.bridge.tell(f.tx, DeskEntry{Operator: o, Kind: DeskOffer, Conversation: made.Conversation}, f.out); err != nil {
			return err
		}
	}
	f.out.offers = f.out.offers.with(made)
	return f.tx.SaveOffer(made)
}

// tell adds to an operator's desk log and returns the entry's seq.
func (b *Bridge) tell(tx Tx, e DeskEntry, out *outcome) (int64, error) {
	e.At = b.clock.Now()
	if err := tx.AppendDesk(&e); err != nil {
		return 0, err
	}
	if out.desk == nil {
		out.desk = make(map[OperatorJID]bool)
	}
	out.desk[e.Operator] = true
	return e.Seq, nil
}

// end ends the open offers: accepted for the one who took it, if any, and
// revoked for the others, who are told why.
func (f offering) end(why Effect) error {
	offers, err := f.tx.Offers(f.c.Number)
	if err != nil {
		return err
	}
	for _, o := range offers {
		switch {
		case o.Operator == why.Operator:
			o.State = OfferAccepted
		case o.State == OfferOpen:
			o.State = OfferRevoked
			if err := f.became(o, why.Phrase); err != nil {
				return err
			}
		default:
			continue
		}
		o.At = f.bridge.clock.Now()
		if err := f.tx.SaveOffer(o); err != nil {
			return err
		}
	}
	return nil
}

// became tells an operator what became of an offer that had a message of its own.
func (f offering) became(o Offer, why phrase.Phrase) error {
	if o.Gathered || o.DeskSeq == 0 {
		return nil
	}
	_, err := f.bridge.tell(f.tx, DeskEntry{Operator: o.Operator, Kind: DeskOutcome, Conversation: o.Conversation, Ref: o.DeskSeq, Phrase: why}, f.out)
	return err
}

// forget lets everybody be asked again, those too who declined: what the
// visitor wants now is another request, or has waited for long.
func (f offering) forget() error {
	offers, err := f.tx.Offers(f.c.Number)
	for _, o := range offers {
		if err == nil && o.State != OfferLost {
			o.State = OfferRevoked
			err = f.tx.SaveOffer(o)
		}
	}
	return err
}
