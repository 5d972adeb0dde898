package bridge

import (
	"slices"
	"time"
)

// passerToTell is who passed on what waits, if an action is something that they are to be told: that somebody takes it, or, once,
// that nobody has done so within the time of an offer. A department that asks all has no such time, so it is the escalation's first
// step there.
func passerToTell(r Reader, c Conversation, t ActionType) (OperatorJID, error) {
	switch t {
	case OperatorTakes, OperatorWrites, OperatorTakesOver, OperatorAssigns, OfferDue:
	case EscalateDue:
		if c.Escalated > 0 {
			return "", nil
		}
	default:
		return "", nil
	}
	o, wide, err := passer(r, c)
	if o == "" || err != nil || t == EscalateDue && !wide {
		return "", err
	}
	offers, err := r.Offers(c.Number)
	for _, f := range offers {
		switch {
		case t == OfferDue || t == EscalateDue:
			if f.At.After(c.WaitsSince.Add(time.Second)) { // others were asked since, so the first offer's time is over for long
				return "", err
			}
		case f.Operator == o && f.State == OfferOpen: // what becomes of the offer says who has taken it
			return "", err
		}
	}
	return o, err
}

// passer is the operator who passed on what waits, "" if nobody did; wide reports that it went to another department.
func passer(r Reader, c Conversation) (o OperatorJID, wide bool, err error) {
	if parts, err := r.Participants(c.Number); err != nil || len(parts) == 0 { // nobody has had it, which is so mostly
		return "", false, err
	}
	list, err := r.Events(c.Number, max(0, c.Seq-sentBack), sentBack)
	to := ""
	for _, e := range slices.Backward(list) {
		turn, _ := e.Data.(Turn)
		switch {
		case o != "" && turn.Department != "":
			return o, turn.Department != to, err
		case o != "":
		case e.Joins(), e.Closes():
			return "", false, err
		case turn.Reason == ReasonTransferred:
			to = turn.Department
		case e.Data == Part{Action: Left, Reason: ReasonTransferred}:
			if e.From != FromOperator { // somebody else has taken it from its owner
				return "", false, err
			}
			o = e.Operator
		}
	}
	return o, false, err
}
