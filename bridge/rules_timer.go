package bridge

import (
	"time"

	"porchlight/bridge/phrase"
)

// This file has the cells of the timers.

// waitingDue asks all operators once more, also those who declined, and tells the visitor that nobody
// is free. The timer is early if nobody was there; if somebody is there by now, they get the rest of
// the time.
func waitingDue(s *step) error {
	if limit := s.WaitsSince.Add(s.timing.WaitingLimit); s.a.Online && s.now.Before(limit) {
		s.Due.Waiting = limit
		return nil
	}
	if s.Email != "" {
		s.becomeTicket()
		return nil
	}
	s.Due.Waiting = time.Time{}
	s.log(Event{Type: EventState, From: FromSystem, Data: Turn{State: string(Waiting), Reason: ReasonEmailWanted}})
	s.offerAgain()
	return nil
}

// offerAgain offers the conversation to everybody again.
func (s *step) offerAgain() {
	s.Due.Offer = time.Time{}
	s.do(Effect{Type: ForgetOffers})
	s.do(Effect{Type: OfferAll, Wide: true})
}

// nobodyThere lets the visitor know soon that nobody is there, but not at once: a phone may only be
// changing its network.
func nobodyThere(s *step) error {
	if at := s.in(s.timing.OperatorGrace); s.Kind == Chat && !at.IsZero() && at.Before(s.Due.Waiting) {
		s.Due.Waiting = at
	}
	return nil
}

// departmentGone offers what waits to the department that follows a deleted one. The time that it has
// waited counts on.
func departmentGone(s *step) error {
	s.Conversation.Department, s.Due.Offer = s.a.Department.Name, time.Time{}
	s.overflows(s.a.Home)
	s.targets(s.a.Home.Targets)
	s.enter(Waiting, s.waitsOn(""))
	s.tellPlace()
	s.tell(RevokeOffers, "", phrase.Say("#%d waits in %s now.", s.Number, s.a.Department.Title))
	s.do(Effect{Type: OfferAll})
	s.do(Effect{Type: QueueMoved})
	return nil
}

// departmentFollows leaves the conversation with its owner. The log tells of it, so that whoever reads logs knows the department.
func departmentFollows(s *step) error {
	s.Conversation.Department = s.a.Department.Name
	s.log(Event{Type: EventOwner, From: FromSystem, Operator: s.Owner, Name: s.a.Taker, Data: Ownership{Action: Rehoused, Department: s.a.Department.Name}})
	return nil
}

// visitorDue ends a chat whose page is gone. A ticket goes on without a page, and so does, as a ticket, a chat that
// waits or is put off, if mail reaches the visitor: the page has promised them an answer by mail.
func visitorDue(s *step) error {
	if s.Kind == Chat && s.State == Waiting && s.byMail() {
		s.becomeTicket()
	}
	if s.Kind == Chat && s.deferred() && s.byMail() {
		s.Kind = Ticket
		if !s.Present {
			s.tellOfMail()
		}
	}
	if s.Kind == Ticket {
		s.Due.Visitor = time.Time{}
		return pageGone(s)
	}
	s.close(ReasonVisitorLeft, "")
	return nil
}

func operatorDue(s *step) error {
	s.release(ReasonOwnerLeft)
	return nil
}

// release takes the conversation from its owner and offers it again.
func (s *step) release(reason string) {
	owner := s.Owner
	left := Part{Action: Left, Reason: reason}
	if reason == ReasonUnreachable {
		left.Reached = max(0, s.a.Upto)
	}
	s.log(Event{Type: EventOperator, From: FromSystem, Operator: owner, Name: s.a.Taker, Data: left})
	offer := OfferAccepted
	if s.a.Away {
		offer = OfferLost
	}
	s.do(Effect{Type: Leave, Operator: owner, Reason: reason, Reached: s.a.Upto, Later: s.a.Away})
	s.do(Effect{Type: CloseOffer, Operator: owner, Offer: offer})
	s.wait(reason)
}

func idleWarnDue(s *step) error {
	s.Due.IdleWarn = time.Time{}
	s.log(systemSays(phrase.Say("Are you still there? This conversation ends soon if nobody writes."), ""))
	return nil
}

// receiptDue tells both sides that the owner's client is silent, which confirmed messages before: what
// was routed to it may have been lost on a dead connection.
func receiptDue(s *step) error {
	s.Due.Receipt = time.Time{}
	if s.a.Since.IsZero() {
		return nil
	}
	if due := s.a.Since.Add(s.timing.OperatorGrace); s.now.Before(due) { // the receipt that was owed first has come meanwhile
		s.Due.Receipt = due
		return nil
	}
	s.log(systemSays(phrase.Say("%s's device has not confirmed the last message yet.", s.a.Taker), ReasonSilent))
	return nil
}

// systemSays is a message of the system, which every reader gets in their language.
func systemSays(p phrase.Phrase, reason string) Event {
	return Event{Type: EventMessage, From: FromSystem, Data: Message{Phrase: p.Encode(), Reason: reason}}
}

// EndText says in words why a conversation ended.
func EndText(reason string) phrase.Phrase {
	switch reason {
	case ReasonVisitor:
		return phrase.Say("the visitor ended the conversation")
	case ReasonVisitorLeft:
		return phrase.Say("the visitor left the page")
	case ReasonOperator:
		return phrase.Say("an operator ended the conversation")
	case ReasonSolved:
		return phrase.Say("solved")
	case ReasonJunk:
		return phrase.Say("it is no request")
	case ReasonMerged:
		return phrase.Say("it goes on in another request of the visitor")
	case ReasonBlocked:
		return phrase.Say("the visitor was blocked")
	case ReasonIdle:
		return phrase.Say("nobody wrote for a long time")
	}
	return phrase.Phrase{Format: reason}
}
