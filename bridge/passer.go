package bridge

import "slices"

// passerToTell is who passed on what waits, if an action is something that they are to be told: that somebody takes it, or, once,
// that nobody has done so within the time of an offer. What is offered to all has no such time, so it is the first step of the
// escalation there.
func passerToTell(r Reader, c Conversation, t ActionType) (OperatorJID, error) {
	switch t {
	case OperatorTakes, OperatorWrites, OperatorTakesOver, OperatorAssigns, OfferDue:
	case EscalateDue:
		if c.Escalated > 0 || !c.Due.Offer.IsZero() {
			return "", nil
		}
	default:
		return "", nil
	}
	o, err := passer(r, c)
	if o == "" || err != nil {
		return "", err
	}
	if t == OfferDue || t == EscalateDue {
		told, err := toldNotTaken(r, c, o)
		if told {
			o = ""
		}
		return o, err
	}
	f, err := offerTo(r, c.Number, o)
	if f.State == OfferOpen { // what becomes of the offer says who has taken it
		o = ""
	}
	return o, err
}

// toldNotTaken reports whether an operator was told, since it waits, that nobody has taken a conversation. Who was deleted needs not
// be told.
func toldNotTaken(r Reader, c Conversation, jid OperatorJID) (bool, error) {
	o, err := r.Operator(jid)
	if isNotFound(err) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	list, err := r.DeskEntries(jid, max(0, o.DeskSeq-deskBack), deskBack)
	return slices.ContainsFunc(list, func(e DeskEntry) bool {
		return e.Conversation == c.Number && !e.At.Before(c.WaitsSince) && e.Phrase.Format == nobodyTook(c.Number).Format
	}), err
}

// passer is the operator who passed on what waits, "" if nobody did.
func passer(r Reader, c Conversation) (OperatorJID, error) {
	if parts, err := r.Participants(c.Number); err != nil || len(parts) == 0 { // nobody has had it, which is so mostly
		return "", err
	}
	list, err := r.Events(c.Number, max(0, c.Seq-sentBack), sentBack)
	for _, e := range slices.Backward(list) {
		switch {
		case e.Joins(), e.Closes():
			return "", err
		case e.PassesOn():
			if e.From != FromOperator { // somebody else has taken it from its owner
				return "", err
			}
			return e.Operator, err
		}
	}
	return "", err
}
