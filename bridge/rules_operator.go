package bridge

import (
	"time"

	"porchlight/bridge/phrase"
)

// This file has the cells of the operators' actions.

func take(s *step) error {
	s.Owner, s.WaitsSince, s.Due.Waiting, s.Due.Operator, s.Due.Offer, s.Due.Overflow = s.a.Operator, time.Time{}, time.Time{}, time.Time{}, time.Time{}, time.Time{}
	s.calm()
	s.paid()
	s.enter(Active, "")
	s.attend()
	s.log(Event{Type: EventOperator, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, Data: Part{Action: Joined}})
	s.do(Effect{Type: Join, Operator: s.a.Operator, Joined: s.Seq})
	s.tell(RevokeOffers, s.a.Operator, phrase.Say("#%d taken by %s", s.Number, s.a.Name))
	if p := s.a.Passer; p != "" && p != s.a.Operator {
		s.tell(Tell, p, phrase.Say("%s has taken #%d, which you passed on.", s.a.Name, s.Number))
	}
	s.do(Effect{Type: QueueMoved})
	return nil
}

// notTaken tells who passed the conversation on that nobody has taken it so far.
func (s *step) notTaken() {
	if s.a.Passer != "" {
		s.tell(Tell, s.a.Passer, nobodyTook(s.Number))
	}
}

// nobodyTook is what who passed a conversation on is told.
func nobodyTook(number int64) phrase.Phrase {
	return phrase.Say("Nobody has taken #%d so far, which you passed on. take %d has it back.", number, number)
}

// takeAndGreet takes the conversation and says the operator's greeting. Nobody wrote it for this visitor, so the
// visitor's words still have no answer.
func takeAndGreet(s *step) error {
	if err := take(s); err != nil || s.a.Greeting == "" {
		return err
	}
	s.log(Event{Type: EventMessage, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, Text: s.a.Greeting, Data: Message{Greeting: true}})
	return nil
}

// inTime is the cell of write, except that it refuses what an operator wrote before the conversation
// began or ended and which arrives only now: it was meant for something that is over.
func inTime(write cell) cell {
	return func(s *step) error {
		began := s.OpenedAt.Truncate(time.Second) // a stamp may be in whole seconds
		switch {
		case !s.a.Written.IsZero() && s.a.Written.Before(began):
			return phrase.Fail(phrase.CodeConflict, "This was written before #%d began, and came too late.", s.Number)
		case s.a.Ended:
			return phrase.Fail(phrase.CodeConflict, "This was written before #%d ended, and came too late.", s.Number)
		}
		return write(s)
	}
}

func takeAndWrite(s *step) error {
	if s.a.Mute {
		return mute(s)
	}
	if s.a.Passed && !s.a.Asked {
		return partingWords(s)
	}
	if err := take(s); err != nil {
		return err
	}
	return operatorWrites(s)
}

func operatorWrites(s *step) error {
	if s.a.Mute {
		return mute(s)
	}
	if s.a.Operator != s.Owner && !s.a.Part {
		return takenBy(s)
	}
	if s.a.Operator == s.Owner {
		s.Due.Receipt = time.Time{} // an owner who answers has read what the visitor wrote
		if !s.Due.Operator.IsZero() {
			s.Due.Operator = s.in(s.timing.OperatorGrace) // an owner who answers is there, whatever their presence says
		}
	}
	s.speak()
	return nil
}

// partingWords is the cell for what an operator says after passing the conversation on, while it is
// offered to others: the words reach the visitor and take nothing back. After the first of them the
// operator is told how to take it back.
func partingWords(s *step) error {
	s.speak()
	switch {
	case s.a.Wrote:
	case !s.Present && s.byMail():
		s.tell(Tell, s.a.Operator, phrase.Say("Your words go by mail to %s, and #%d stays on offer. take %d has it back.", s.Email, s.Number, s.Number))
	default:
		s.tell(Tell, s.a.Operator, phrase.Say("Your words were delivered, and #%d stays on offer. take %d has it back.", s.Number, s.Number))
	}
	return nil
}

// speak logs what an operator says to the visitor.
func (s *step) speak() {
	e := Event{From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, Origin: s.a.Origin}
	if s.a.Text != "" && s.a.File.sent() { // the words come first, and the file that belongs to them has no origin
		s.log(s.words(e))
		e.Origin = ""
	}
	s.log(s.says(e))
	s.Unanswered = time.Time{}
	s.paid()
	s.stir()
	if s.a.ByMail {
		s.mail(MailNow)
	} else {
		s.mail(MailLater)
	}
}

// operatorAmends corrects, takes back or reacts to what is in the log. Operators can also change their
// own words after the end, and after passing the conversation on: a wrong link has to go.
func operatorAmends(s *step) error {
	about := s.a.About
	mine := about.From == FromOperator && about.Operator == s.a.Operator
	switch {
	case !about.Type.Content() || about.From == FromSystem:
		return phrase.Fail(phrase.CodeConflict, "Only what somebody said to the other can be changed or reacted to.")
	case s.a.Amend != EventReaction && !mine:
		return phrase.Fail(phrase.CodeForbidden, "Only what you said yourself can be changed.")
	case !mine && s.a.Operator != s.Owner && !s.a.Part:
		return noPart(s.Number)
	case s.a.Gone && s.a.Amend == EventRetraction:
		return nil
	case s.a.Gone:
		return phrase.Fail(phrase.CodeConflict, "#%d: this message was taken back, so nothing was changed. Write a new one.", s.Number)
	}
	e := Event{Type: s.a.Amend, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, Text: s.a.Text, Data: Amended{about.Seq}, Origin: s.a.Origin}
	if s.a.Amend == EventReaction {
		e.Data = Reaction{about.Seq}
	}
	s.log(e)
	if s.a.Amend == EventCorrection {
		s.mail(MailLater)
	}
	if s.a.Amend == EventRetraction && s.a.Mailed {
		s.tell(Tell, s.a.Operator, phrase.Say("#%d: what you took back went by mail before, so the visitor has it.", s.Number))
	}
	if s.a.With > 0 && s.a.Amend == EventRetraction {
		s.log(Event{Type: s.a.Amend, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, Data: Amended{s.a.With}})
	}
	s.stir()
	return nil
}

// operatorReopens goes on after the end, while the visitor can still see it.
func operatorReopens(s *step) error {
	if s.a.Mute {
		return mute(s)
	}
	if err := s.elsewhere(); err != nil {
		return err
	}
	if s.a.Blocked {
		return phrase.Fail(phrase.CodeConflict, "#%d is closed, and its visitor is blocked. !unblock takes the block back.", s.Number)
	}
	if !s.Present && !s.byMail() {
		return phrase.Fail(phrase.CodeConflict, "#%d is closed and its page is gone.", s.Number)
	}
	s.Kind, s.Reason, s.ClosedAt = Chat, "", time.Time{}
	if !s.Present {
		s.Kind = Ticket
	}
	s.awaitPage()
	s.do(Effect{Type: Leave})
	if err := take(s); err != nil {
		return err
	}
	s.log(Event{Type: EventOwner, From: FromSystem, Operator: s.a.Operator, Data: Ownership{Action: Reopened}})
	return operatorWrites(s)
}

func deny(s *step) error {
	s.log(Event{Type: EventOffer, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, Data: Answered{Declined}})
	s.do(Effect{Type: CloseOffer, Operator: s.a.Operator, Offer: OfferDeclined})
	if s.a.Asked || s.Due.Offer.IsZero() { // the request is not offered to somebody else alone
		s.Due.Offer = time.Time{}
		s.do(Effect{Type: OfferAll})
	}
	return nil
}

// denyTaken refuses, since a conversation with an owner is not offered.
func denyTaken(s *step) error {
	if s.a.Operator == s.Owner {
		return phrase.Fail(phrase.CodeConflict, "#%d is yours already. !transfer passes it on, !close ends it.", s.Number)
	}
	return takenBy(s)
}

// offerDue offers to others what the operator who was asked alone did not take.
func offerDue(s *step) error {
	if s.Due.Offer.IsZero() {
		return nil
	}
	s.Due.Offer = time.Time{}
	s.notTaken()
	s.tell(OfferOthers, "", phrase.Say("#%d is offered to the others now. %d still takes it.", s.Number, s.Number))
	return nil
}

// pass offers the conversation to a colleague alone, or to a department. To a colleague who is
// full, and to all others, it is offered at once, as if it were assigned.
func pass(s *step) error {
	to := s.a.Department.Title
	if s.a.Guest.Operator != "" {
		to = s.a.Guest.Name
	}
	switch {
	case s.a.Operator != s.Owner:
		return takenBy(s)
	case s.a.Guest.Operator == s.Owner:
		return phrase.Fail(phrase.CodeConflict, "#%d is yours already.", s.Number)
	case s.Kind == Chat && !s.a.Guest.Free && !s.a.Manned:
		return phrase.Fail(phrase.CodeConflict, "%s is not on duty, and the visitor would wait in vain. Nothing was passed on.", to)
	}
	if s.a.Text != "" {
		s.log(Event{Type: EventNote, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, Text: s.a.Text})
	}
	s.log(Event{Type: EventOperator, From: FromOperator, Operator: s.Owner, Name: s.a.Name, Data: Part{Action: Left, Reason: ReasonTransferred, To: to}})
	s.do(Effect{Type: Leave, Operator: s.Owner})
	s.do(Effect{Type: CloseOffer, Operator: s.Owner, Offer: OfferAccepted})
	if s.a.Department.Name != "" {
		s.Conversation.Department = s.a.Department.Name
	}
	s.wait(ReasonTransferred)
	return nil
}

func operatorCloses(s *step) error {
	if s.a.Operator != s.Owner {
		return takenBy(s)
	}
	reason := ReasonOperator
	if s.Kind == Ticket {
		reason = ReasonSolved
	}
	s.tagged()
	s.close(reason, s.a.Text)
	return nil
}

// note keeps what operators want to remember. While the conversation waits, only operators who were
// invited earlier take part in it.
func note(s *step) error {
	switch {
	case s.a.Operator == s.Owner || s.a.Part || s.a.Watches:
	case s.State == Waiting:
		return takeFirst(s)
	default:
		return noPart(s.Number)
	}
	s.log(Event{Type: EventNote, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, Text: s.a.Text, Origin: s.a.Origin})
	return nil
}

// invite lets a colleague take part, and tells them so; they get the transcript.
func invite(s *step) error {
	guest := s.a.Guest
	switch {
	case s.a.Operator != s.Owner && !s.a.Part:
		return takenBy(s)
	case guest.Operator == s.Owner || guest.Part:
		return phrase.Fail(phrase.CodeConflict, "%s takes part in #%d already.", guest.Name, s.Number)
	case !guest.There:
		return phrase.Fail(phrase.CodeConflict, "%s is offline and would not see it. Nobody was invited.", guest.Name)
	}
	s.log(Event{Type: EventOperator, From: FromOperator, Operator: guest.Operator, Name: guest.Name, Data: Part{Action: Joined}})
	s.do(Effect{Type: Join, Operator: guest.Operator, Joined: s.Seq})
	s.tell(Tell, guest.Operator, phrase.Say("%s invited you to #%d: see the chat with %s. !leave there ends your part.", s.a.Name, s.Number, s.Visitor))
	return nil
}

// leaves ends an operator's part. When the owner leaves, a guest becomes the owner; without a guest who
// is online the owner has to stay, so that the visitor always has somebody.
func leaves(s *step) error {
	if s.a.Watches {
		return unwatch(s)
	}
	next := s.a.Guest
	switch {
	case s.a.Operator != s.Owner && !s.a.Part:
		return noPart(s.Number)
	case s.a.Operator == s.Owner && !next.There:
		return phrase.Fail(phrase.CodeConflict, "#%d is yours, and nobody else is here to go on with it. !transfer passes it on, !close ends it.", s.Number)
	}
	s.log(Event{Type: EventOperator, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, Data: Part{Action: Left}})
	s.do(Effect{Type: Leave, Operator: s.a.Operator})
	if s.a.Operator == s.Owner {
		if s.deferred() {
			s.undefer()
			s.stir()
		}
		s.Owner, s.Due.Operator, s.Due.Receipt = next.Operator, time.Time{}, time.Time{}
		s.paid()
		s.owe()
		s.log(Event{Type: EventOwner, From: FromSystem, Operator: next.Operator, Data: Ownership{Action: Follows}})
		s.tell(Tell, next.Operator, phrase.Say("#%d is yours now: %s has left it.", s.Number, s.a.Name))
	}
	return nil
}

func noPart(number int64) error {
	return phrase.Fail(phrase.CodeConflict, "You take no part in #%d.", number)
}

// ownerGone starts the owner's grace time. A visitor who is not there does not depend on the owner's
// presence: mail can wait.
func ownerGone(s *step) error {
	known := !s.Due.Operator.IsZero()
	if !s.live() || s.deferred() || known && !s.a.Anew {
		return nil
	}
	s.Due.Operator = s.in(s.timing.OperatorGrace)
	if known {
		return nil
	}
	s.log(Event{Type: EventOwner, From: FromSystem, Operator: s.Owner, Data: Ownership{Action: Gone}})
	return nil
}

func ownerBack(s *step) error {
	if s.Due.Operator.IsZero() {
		return nil
	}
	s.Due.Operator = time.Time{}
	s.log(Event{Type: EventOwner, From: FromSystem, Operator: s.Owner, Data: Ownership{Action: Back}})
	return nil
}

// drops ends the part of an operator who can take none any more, and offers again what they own. Either
// what is sent to them comes back (XEP-0191: blocked; account gone; server down), or they are disabled.
// The cell checks whether they take part, since an error may come late.
func drops(reason string) cell {
	return func(s *step) error {
		if s.a.Part {
			s.log(Event{Type: EventOperator, From: FromSystem, Operator: s.a.Operator, Name: s.a.Name, Data: Part{Action: Left, Reason: ReasonGuestLost}})
			s.do(Effect{Type: Leave, Operator: s.a.Operator, Reason: reason, Reached: s.a.Upto})
		}
		if s.a.Watches {
			s.dropWatcher(reason)
		}
		if s.State == Active && s.a.Operator == s.Owner {
			s.release(reason)
		}
		return nil
	}
}
