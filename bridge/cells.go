package bridge

import (
	"fmt"
	"time"
)

// Cells that do little or refuse.

func ignore(*step) error { return nil }

func unknown(*step) error { return fail(CodeNotFound, "There is no such conversation.") }

func over(s *step) error {
	return fail(CodeConflict, fmt.Sprintf("#%d is closed.", s.Number))
}

func takeFirst(s *step) error {
	return fail(CodeConflict, fmt.Sprintf("#%d is not yours yet. Take it first: take %d", s.Number, s.Number))
}

// taken refuses who comes late, and ignores the owner's own repetition.
func taken(s *step) error {
	if s.a.Operator == s.Owner {
		return nil
	}
	return takenBy(s)
}

func takenBy(s *step) error {
	return fail(CodeConflict, fmt.Sprintf("#%d was taken by %s.", s.Number, s.a.Taker))
}

// Cells of the visitor.

func ask(s *step) error {
	s.Kind, s.OpenedAt = Chat, s.now
	if !s.a.Online {
		if s.Email == "" {
			return &Error{Code: CodeEmailRequired, Message: "Nobody is online. Give an email address, and the answer comes by mail.",
				Fields: map[string]string{"email": "Nobody is online, so an email address is needed."}}
		}
		s.Kind = Ticket
	}
	s.wait("")
	if s.Kind == Chat { // until a page connects
		s.Due.Visitor = s.in(s.timing.VisitorGrace)
	}
	s.log(Event{Type: EventMessage, From: FromVisitor, Text: s.a.Text, Origin: s.a.Origin})
	return nil
}

// wait puts the conversation up for somebody to take.
func (s *step) wait(reason string) {
	s.Owner, s.Due.Waiting, s.Due.Operator, s.Due.Receipt, s.Due.Offer = "", time.Time{}, time.Time{}, time.Time{}, time.Time{}
	if s.Kind == Chat {
		s.Due.Waiting = s.in(s.timing.WaitingLimit)
	}
	s.enter(Waiting, reason)
	s.stir()
	if guest := s.a.Guest; guest.Operator != "" && s.timing.Offer > 0 {
		s.Due.Offer = s.in(s.timing.Offer)
		s.do(OfferTo, Event{Operator: guest.Operator})
	} else {
		s.do(OfferAll, Event{})
	}
	s.do(QueueMoved, Event{})
}

func visitorWrites(s *step) error {
	if !s.Due.Visitor.IsZero() {
		s.Due.Visitor = s.in(s.timing.VisitorGrace) // who writes is there
	}
	if s.State == Active && s.Kind == Chat && s.Due.Receipt.IsZero() {
		s.Due.Receipt = s.in(s.timing.OperatorGrace)
	}
	s.log(Event{Type: EventMessage, From: FromVisitor, Text: s.a.Text, Origin: s.a.Origin})
	s.stir()
	return nil
}

func visitorReopens(s *step) error {
	if s.timing.Reopen > 0 && s.now.After(s.ClosedAt.Add(s.timing.Reopen)) {
		return fail(CodeConflict, "This conversation ended too long ago to go on with it. Please start a new one.")
	}
	s.Kind = Chat
	if !s.a.Online {
		if s.Email == "" {
			return &Error{Code: CodeEmailRequired, Message: "Nobody is online. Start a new conversation with an email address, and the answer comes by mail."}
		}
		s.Kind = Ticket
	}
	s.Reason, s.ClosedAt = "", time.Time{}
	s.do(Leave, Event{}) // who had it before learns of it by a new offer
	s.wait(ReasonReopened)
	return visitorWrites(s)
}

func visitorMails(s *step) error {
	s.Email = s.a.Email
	s.log(Event{Type: EventEmail, From: FromVisitor})
	if s.State == Waiting && s.Kind == Chat && (s.Due.Waiting.IsZero() || !s.a.Online) {
		s.becomeTicket()
	}
	return nil
}

// becomeTicket goes on by mail, because nobody took it live.
func (s *step) becomeTicket() {
	s.Kind, s.Due.Waiting, s.Due.Visitor = Ticket, time.Time{}, time.Time{}
	s.enter(Waiting, ReasonNobodyFree)
	s.do(QueueMoved, Event{})
}

func pageGone(s *step) error {
	if !s.Present {
		return nil
	}
	s.Present = false
	if s.Kind == Chat {
		s.Due.Visitor = s.in(s.timing.VisitorGrace)
	}
	s.log(Event{Type: EventPage, From: FromVisitor, State: "gone"})
	return nil
}

func pageBack(s *step) error {
	s.Due.Visitor = time.Time{}
	if s.Present {
		return nil
	}
	s.Present = true
	s.log(Event{Type: EventPage, From: FromVisitor, State: "back"})
	return nil
}

// pagePolls counts as a page that is open for the grace time.
func pagePolls(s *step) error {
	if err := pageBack(s); err != nil {
		return err
	}
	if s.Kind == Chat {
		s.Due.Visitor = s.in(s.timing.VisitorGrace)
	}
	return nil
}

// pageSeen keeps Present right after the end, without a line in the log.
func pageSeen(open bool) cell {
	return func(s *step) error {
		s.Present = open
		return nil
	}
}

// closing ends the conversation for the reason.
func closing(reason string) cell {
	return func(s *step) error {
		s.close(reason, "")
		return nil
	}
}

// close ends it; text is the operator's own words, which only operators see.
func (s *step) close(reason, text string) {
	wasWaiting := s.State == Waiting
	s.State, s.Reason, s.ClosedAt, s.Due = Closed, reason, s.now, Due{}
	s.log(Event{Type: EventState, From: FromSystem, State: string(Closed), Reason: reason, Text: text})
	if wasWaiting {
		s.do(RevokeOffers, Event{Text: fmt.Sprintf("#%d is over: %s", s.Number, EndText(reason))})
		s.do(QueueMoved, Event{})
	}
}

// Cells of the operators.

func take(s *step) error {
	s.Owner, s.Due.Waiting, s.Due.Operator, s.Due.Offer = s.a.Operator, time.Time{}, time.Time{}, time.Time{}
	s.enter(Active, "")
	s.stir()
	s.log(Event{Type: EventOperator, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, State: "joined"})
	s.do(Join, Event{Operator: s.a.Operator, Seq: s.Seq})
	s.do(RevokeOffers, Event{Operator: s.a.Operator, Text: fmt.Sprintf("#%d taken by %s", s.Number, s.a.Name)})
	s.do(QueueMoved, Event{})
	return nil
}

func takeAndWrite(s *step) error {
	if err := take(s); err != nil {
		return err
	}
	return operatorWrites(s)
}

func operatorWrites(s *step) error {
	if s.a.Operator != s.Owner && !s.a.Part {
		return takenBy(s)
	}
	if s.a.Operator == s.Owner {
		s.Due.Receipt = time.Time{} // who answers has read
	}
	s.log(Event{Type: EventMessage, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, Text: s.a.Text, Origin: s.a.Origin})
	s.stir()
	return nil
}

// operatorReopens goes on after the end while the visitor can still see it.
func operatorReopens(s *step) error {
	if !s.Present {
		return fail(CodeConflict, fmt.Sprintf("#%d is closed and its page is gone: your message was not delivered.", s.Number))
	}
	s.Kind, s.Reason, s.ClosedAt = Chat, "", time.Time{}
	s.do(Leave, Event{})
	return takeAndWrite(s)
}

func deny(s *step) error {
	s.log(Event{Type: EventOffer, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, State: "declined"})
	s.do(DeclineOffer, Event{Operator: s.a.Operator})
	if !s.Due.Offer.IsZero() { // it was offered to them alone
		return offerDue(s)
	}
	return nil
}

// offerDue offers to all what one did not take.
func offerDue(s *step) error {
	s.Due.Offer = time.Time{}
	s.do(OfferAll, Event{})
	return nil
}

// pass puts the conversation up for a colleague alone, or for a department.
func pass(s *step) error {
	to := s.a.Department.Title
	if s.a.Guest.Operator != "" {
		to = s.a.Guest.Name
	}
	switch {
	case s.a.Operator != s.Owner:
		return takenBy(s)
	case s.a.Guest.Operator == s.Owner:
		return fail(CodeConflict, fmt.Sprintf("#%d is yours already.", s.Number))
	case s.Kind == Chat && !s.a.Guest.Free && !s.a.Online:
		return fail(CodeConflict, fmt.Sprintf("%s is not on duty, and the visitor would wait in vain. Nothing was passed on.", to))
	}
	if s.a.Text != "" {
		s.log(Event{Type: EventNote, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, Text: s.a.Text})
	}
	s.log(Event{Type: EventOperator, From: FromOperator, Operator: s.Owner, Name: s.a.Name, State: "left", Reason: ReasonTransferred})
	s.do(Leave, Event{Operator: s.Owner})
	s.do(DeclineOffer, Event{Operator: s.Owner}) // who passes it on is not asked again
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
	s.close(reason, s.a.Text)
	return nil
}

func note(s *step) error {
	s.log(Event{Type: EventNote, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, Text: s.a.Text, Origin: s.a.Origin})
	return nil
}

// invite lets a colleague take part, who is told so and gets the transcript.
func invite(s *step) error {
	guest := s.a.Guest
	if s.a.Operator != s.Owner && !s.a.Part {
		return takenBy(s)
	}
	if guest.Operator == s.Owner || guest.Part {
		return fail(CodeConflict, fmt.Sprintf("%s takes part in #%d already.", guest.Name, s.Number))
	}
	s.log(Event{Type: EventOperator, From: FromOperator, Operator: guest.Operator, Name: guest.Name, State: "joined"})
	s.do(Join, Event{Operator: guest.Operator, Seq: s.Seq})
	s.do(Tell, Event{Operator: guest.Operator, Text: fmt.Sprintf("%s invited you to #%d: see the chat with %s. !leave there ends your part.", s.a.Name, s.Number, s.Visitor)})
	return nil
}

// leaves ends the part of one who was invited. The owner stays, so that the
// visitor always has somebody.
func leaves(s *step) error {
	switch {
	case s.a.Operator == s.Owner:
		return fail(CodeConflict, fmt.Sprintf("#%d is yours. Close it with !close, or go offline and it is offered to the others.", s.Number))
	case !s.a.Part:
		return fail(CodeConflict, fmt.Sprintf("You take no part in #%d.", s.Number))
	}
	s.log(Event{Type: EventOperator, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, State: "left"})
	s.do(Leave, Event{Operator: s.a.Operator})
	return nil
}

// A ticket does not depend on its owner's presence: mail can wait.
func ownerGone(s *step) error {
	if s.Kind == Ticket || !s.Due.Operator.IsZero() {
		return nil
	}
	s.Due.Operator = s.in(s.timing.OperatorGrace)
	s.log(Event{Type: EventOwner, From: FromSystem, Operator: s.Owner, State: "gone"})
	return nil
}

func ownerBack(s *step) error {
	if s.Due.Operator.IsZero() {
		return nil
	}
	s.Due.Operator = time.Time{}
	s.log(Event{Type: EventOwner, From: FromSystem, Operator: s.Owner, State: "back"})
	return nil
}

// ownerUnreachable puts the conversation on offer again when the owner's server
// or client refuses what is sent (XEP-0191: blocked; account gone; server down),
// and ends the part of one who was invited. Who reports it is checked, since an
// error may come late.
func ownerUnreachable(s *step) error {
	if s.a.Part {
		s.log(Event{Type: EventOperator, From: FromSystem, Operator: s.a.Operator, Name: s.a.Name, State: "left", Reason: ReasonUnreachable})
		s.do(Leave, Event{Operator: s.a.Operator, Reason: ReasonUnreachable})
	}
	if s.a.Operator == s.Owner {
		s.release(ReasonUnreachable)
	}
	return nil
}

// Cells of the timers.

func waitingDue(s *step) error {
	if s.Email != "" {
		s.becomeTicket()
		return nil
	}
	s.Due.Waiting = time.Time{}
	s.log(Event{Type: EventState, From: FromSystem, State: string(Waiting), Reason: ReasonEmailWanted})
	return nil
}

func visitorDue(s *step) error {
	s.close(ReasonVisitorLeft, "")
	return nil
}

func operatorDue(s *step) error {
	s.release(ReasonOwnerLeft)
	return nil
}

// release takes the conversation from its owner and puts it on offer again.
func (s *step) release(reason string) {
	owner := s.Owner
	s.log(Event{Type: EventOperator, From: FromSystem, Operator: owner, Name: s.a.Taker, State: "left", Reason: reason})
	s.do(Leave, Event{Operator: owner, Reason: reason})
	s.wait(reason)
}

func idleWarnDue(s *step) error {
	s.Due.IdleWarn = time.Time{}
	s.log(Event{Type: EventMessage, From: FromSystem, Text: "Are you still there? This conversation ends soon if nobody writes."})
	return nil
}

// receiptDue tells both sides that the owner's client, which confirmed messages
// before, is silent: what was routed to it may have been lost on a connection
// that is dead.
func receiptDue(s *step) error {
	s.Due.Receipt = time.Time{}
	if s.a.Since.IsZero() {
		return nil
	}
	if due := s.a.Since.Add(s.timing.OperatorGrace); s.now.Before(due) { // what was owed first has come meanwhile
		s.Due.Receipt = due
		return nil
	}
	s.log(Event{Type: EventMessage, From: FromSystem, Reason: ReasonSilent, Text: s.a.Taker + "'s device has not confirmed the last message yet."})
	return nil
}

// EndText says in words why a conversation ended.
func EndText(reason string) string {
	switch reason {
	case ReasonVisitor:
		return "ended by the visitor"
	case ReasonVisitorLeft:
		return "the visitor left the page"
	case ReasonOperator:
		return "ended by the operator"
	case ReasonSolved:
		return "solved"
	case ReasonIdle:
		return "nobody wrote for a long time"
	}
	return reason
}
