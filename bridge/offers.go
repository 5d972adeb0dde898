package bridge

import (
	"context"
	"slices"
)

// offerAll makes an offer to every available operator of the department who was
// not asked yet; if that leaves nobody, to those who had it, or let their offer
// expire.
func (b *Bridge) offerAll(tx Tx, c Conversation, out *outcome) error {
	had, err := offerStates(tx, c.Number)
	if err != nil {
		return err
	}
	free := b.team.available(c.Department)
	for _, states := range [][]OfferState{{"", OfferRevoked}, {OfferAccepted, OfferExpired}} {
		asked := false
		for _, o := range free {
			if slices.Contains(states, had[o.JID]) {
				if err := b.offer(tx, c.Number, o.JID, out); err != nil {
					return err
				}
				had[o.JID] = OfferOpen
			}
			asked = asked || had[o.JID] == OfferOpen
		}
		if asked {
			return nil
		}
	}
	return nil
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

func (b *Bridge) offer(tx Tx, number int64, o OperatorJID, out *outcome) error {
	now := b.clock.Now()
	seq, err := b.tell(tx, DeskEntry{Operator: o, Kind: DeskOffer, At: now, Conversation: number}, out)
	if err != nil {
		return err
	}
	return tx.SaveOffer(Offer{Conversation: number, Operator: o, State: OfferOpen, DeskSeq: seq, At: now})
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

// endOffers ends the open offers: accepted for the one who took it, if any, and in
// that state for the others, who are told why.
func (b *Bridge) endOffers(tx Tx, c Conversation, state OfferState, why Effect, out *outcome) error {
	offers, err := tx.Offers(c.Number)
	if err != nil {
		return err
	}
	for _, o := range offers {
		if o.State != OfferOpen {
			continue
		}
		o.State, o.At = state, b.clock.Now()
		if o.Operator == why.Event.Operator {
			o.State = OfferAccepted
		} else if _, err := b.tell(tx, DeskEntry{Operator: o.Operator, Kind: DeskOutcome, Conversation: c.Number, Ref: o.DeskSeq, Phrase: why.Phrase}, out); err != nil {
			return err
		}
		if err := tx.SaveOffer(o); err != nil {
			return err
		}
	}
	return nil
}

// forgetOffers lets everybody be asked again, those too who declined: what the
// visitor wants now is another request.
func (b *Bridge) forgetOffers(tx Tx, c Conversation) error {
	offers, err := tx.Offers(c.Number)
	for _, o := range offers {
		if o.State = OfferRevoked; err == nil {
			err = tx.SaveOffer(o)
		}
	}
	return err
}

// leave ends the part of one operator, who is told, since the conversation's
// further log does not reach them; or, quietly, that of all.
func (b *Bridge) leave(tx Tx, c Conversation, e Event, out *outcome) error {
	parts, err := tx.Participants(c.Number)
	if err != nil {
		return err
	}
	for _, p := range parts {
		if p.Left || e.Operator != "" && p.Operator != e.Operator {
			continue
		}
		p.Left = true
		if e.Reason == ReasonUnreachable {
			p.Known = -1
		}
		if e.Reason == ReasonUnreachable && e.Number >= 0 { // what came back was not passed on
			p.Confirmed, p.Delivered, p.Displayed = min(p.Confirmed, e.Number), min(p.Delivered, e.Number), min(p.Displayed, e.Number)
		}
		if err := tx.SaveParticipant(p); err != nil {
			return err
		}
	}
	if e.Operator == "" || e.Reason == "" { // all of them, or of their own will
		return nil
	}
	why := Say("#%d was offered again, because %s.", c.Number, leftText(e.Reason))
	if c.State == Active { // they were a guest
		why = Say("Your part in #%d has ended, because %s.", c.Number, leftText(e.Reason))
	}
	_, err = b.tell(tx, DeskEntry{Operator: e.Operator, Kind: DeskNotice, Conversation: c.Number, Phrase: why}, out)
	return err
}

// leftText says to an operator why a conversation was taken from them.
func leftText(reason string) Phrase {
	if reason == ReasonUnreachable {
		return Say("a message to you came back undelivered")
	}
	return Say("you were offline")
}

// queueTold is how many of those behind are told their new place at once.
const queueTold = 50

// moveQueue tells those who wait behind c their place in the queue.
func (b *Bridge) moveQueue(tx Tx, c Conversation, out *outcome) error {
	behind, err := tx.OpenConversations(Waiting, c.Number, queueTold)
	if err != nil || len(behind) == 0 {
		return err
	}
	place, err := tx.WaitingChats(c.Department, behind[0].Number)
	if err != nil {
		return err
	}
	for _, other := range behind {
		if other.Department != c.Department || other.Kind != Chat {
			continue
		}
		place++
		was := other.Seq
		other.Seq++
		e := Event{Conversation: other.Number, Seq: other.Seq, Type: EventPosition, From: FromSystem, At: b.clock.Now(), Number: int64(place)}
		if err := tx.SaveConversation(other, was); err != nil {
			return err
		}
		if err := tx.Append(e); err != nil {
			return err
		}
		out.others = append(out.others, Change{Conversation: other, Events: []Event{e}})
	}
	return nil
}

// offerWaiting makes sure that everything that waits is offered to whom it can be,
// after somebody's availability has changed; but what is offered to one alone.
func (b *Bridge) offerWaiting(ctx context.Context) error {
	var out outcome
	err := b.store.Update(ctx, func(tx Tx) error {
		out = outcome{}
		waiting, err := tx.OpenConversations(Waiting, 0, b.opts.Limits.Waiting)
		for _, c := range waiting {
			if err == nil && c.Due.Offer.IsZero() {
				err = b.offerAll(tx, c, &out)
			}
		}
		return err
	})
	if err == nil {
		b.publish(out)
	}
	return err
}
