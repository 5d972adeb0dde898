package bridge

import (
	"cmp"
	"time"

	"porchlight/bridge/phrase"
)

// This file has the cells of who is asked next, and in which department.

// Home is how a department asks its operators, as far as the rules need it.
type Home struct {
	Offer    time.Duration // how long one operator is asked alone; 0: Timing.Offer
	Overflow Department    // to which a chat that waits goes on; zero: none
	After    time.Duration // how long it waits before that
	Targets  Targets       // within how much business time visitors are to be answered
}

// satelliteFactor is how many times as long an offer lasts for an operator with little traffic.
const satelliteFactor = 4

// OverflowAfter is how long a chat waits before it goes on to another department if its department says nothing else.
const OverflowAfter = time.Minute

// overflowAgain is after how long it is looked again whether somebody of the other department gets offers.
const overflowAgain = 30 * time.Second

// waits reports whether an action may let a conversation in a state wait in a department from now on, or be offered to one
// operator alone.
func (t ActionType) waits(state State) bool {
	switch t {
	case OperatorPasses, OperatorAssigns, OwnerUnreachable, OperatorBarred, OperatorDue, DepartmentGone, OfferNext, OverflowDue:
		return true
	case VisitorWrites:
		return state == Closed
	}
	return false
}

// offerEnds is when an offer to a colleague alone ends; zero if they can't be asked alone, because they get no offers, have
// no room, or offers don't end.
func (s *step) offerEnds(to Guest) time.Time {
	lasts := cmp.Or(s.a.Home.Offer, s.timing.Offer)
	if to.Slow {
		lasts *= satelliteFactor
	}
	if !to.Free || to.Full {
		return time.Time{}
	}
	return s.in(lasts)
}

// offerNext offers the conversation to the operator alone whose turn it is.
func offerNext(s *step) error {
	s.Due.Offer = s.offerEnds(s.a.Guest)
	s.do(Effect{Type: OfferTo, Operator: s.a.Guest.Operator})
	return nil
}

// overflows starts the time after which a chat that waits goes on from its department to another. A ticket stays: mail can
// wait.
func (s *step) overflows(from Home) {
	s.Due.Overflow = time.Time{}
	if s.Kind == Chat && from.Overflow.Name != "" {
		s.Due.Overflow = s.in(from.After)
	}
}

// waitsOn is the reason of a conversation that goes on waiting: a visitor who is asked for an address is not told anything
// else.
func (s *step) waitsOn(reason string) string {
	if s.Kind == Chat && s.Due.Waiting.IsZero() && s.timing.WaitingLimit > 0 { // the limit is over
		return ReasonEmailWanted
	}
	return reason
}

// overflowDue offers a chat that nobody has taken to another department, whose queue has a place for it by the time that it
// has waited. As long as nobody gets offers there, it stays.
func overflowDue(s *step) error {
	to := s.a.Home.Overflow
	switch {
	case s.Due.Overflow.IsZero():
		return nil
	case s.Kind != Chat || to.Name == "":
		s.Due.Overflow = time.Time{}
		return nil
	case !s.a.Manned:
		s.Due.Overflow = s.in(overflowAgain)
		return nil
	}
	from := s.Conversation.Department
	s.Conversation.Department, s.Due.Offer, s.Due.Overflow = to.Name, time.Time{}, time.Time{}
	s.targets(to.Targets)
	if to.Overflow != "" {
		s.Due.Overflow = s.in(cmp.Or(to.After, OverflowAfter))
	}
	s.enter(Waiting, s.waitsOn(ReasonOverflow))
	s.tellPlace()
	s.tell(RevokeOffers, "", phrase.Say("#%d waits in %s now.", s.Number, to.Title))
	s.do(Effect{Type: OfferAll})
	s.do(Effect{Type: QueueMoved, Queue: from})
	s.do(Effect{Type: QueueMoved})
	return nil
}
