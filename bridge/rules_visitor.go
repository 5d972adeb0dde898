package bridge

import (
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// This file has the cells of the visitor's actions.

func ask(s *step) error {
	s.Kind, s.OpenedAt = Chat, s.now
	if !s.a.Online || s.a.Mail.Came {
		if s.Email == "" && !s.a.Mail.Came {
			return &phrase.Error{Code: phrase.CodeEmailRequired, Phrase: phrase.Say("Nobody is online. Give an email address, and the answer comes by mail."),
				Fields: map[string]phrase.Phrase{"email": phrase.Say("Nobody is online, so an email address is needed.")}}
		}
		s.Kind = Ticket
	}
	s.wait("")
	if s.Kind == Chat { // a page has so long to connect
		s.Due.Visitor = s.in(s.timing.VisitorGrace)
	}
	s.log(s.words(Event{From: FromVisitor, Origin: s.a.Origin}))
	if s.a.Agreed != "" {
		s.log(Event{Type: EventConsent, From: FromVisitor, Text: s.a.Agreed})
	}
	s.asks()
	if s.Kind == Ticket {
		s.acknowledge()
	}
	return nil
}

// wait lets the conversation wait for an operator, and offers it. Who has just asked is told their place in the answer.
func (s *step) wait(reason string) {
	begins := s.Seq == 0
	s.undefer()
	s.Owner, s.WaitsSince = "", s.now
	s.Due.Waiting, s.Due.Operator, s.Due.Receipt, s.Due.Offer = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	s.paid()
	s.escalate(reason)
	if s.Kind == Chat {
		s.Due.Waiting = s.in(s.timing.WaitingLimit)
	}
	s.overflows(s.a.Home)
	s.targets(s.a.Home.Targets)
	if !s.a.Online && !s.a.Guest.Free && !s.a.Manned {
		nobodyThere(s)
	}
	s.enter(Waiting, reason)
	if !begins {
		s.tellPlace()
	}
	s.stir()
	s.offerFirst()
	s.do(Effect{Type: QueueMoved})
}

// tellPlace tells the visitor of a chat their place in the queue.
func (s *step) tellPlace() {
	if s.Kind == Chat {
		s.log(Event{Type: EventPosition, From: FromSystem, Data: s.a.Place})
	}
}

// offerFirst offers what waits to Guest alone for the time of an offer, or to all if there is no guest who gets offers.
func (s *step) offerFirst() {
	guest := s.a.Guest
	if guest.Operator != "" {
		s.do(Effect{Type: OfferTo, Operator: guest.Operator})
	}
	if s.Due.Offer = s.offerEnds(guest); s.Due.Offer.IsZero() {
		s.do(Effect{Type: OfferAll})
	}
}

func visitorWrites(s *step) error {
	if !s.Due.Visitor.IsZero() {
		s.Due.Visitor = s.in(s.timing.VisitorGrace) // a visitor who writes is there
	}
	if s.State == Active && s.live() && s.Due.Receipt.IsZero() {
		s.Due.Receipt = s.in(s.timing.OperatorGrace)
	}
	s.log(s.says(Event{From: FromVisitor, Origin: s.a.Origin}))
	s.asks()
	s.stir()
	if s.deferred() {
		s.comesBack(phrase.Say("#%d is not put off any more, because the visitor has written: see the chat with %s.", s.Number, s.Visitor))
	}
	return nil
}

// asks remembers since when the visitor's words have no answer.
func (s *step) asks() {
	if s.Unanswered.IsZero() {
		s.Unanswered = s.now
		s.owe()
	}
}

// says completes the event of a message or a file.
func (s *step) says(e Event) Event {
	if f := s.a.File; f.sent() {
		e.Type, e.Data = EventFile, SentFile{ID: f.ID, URL: f.URL, Name: f.Name, Media: f.Type, Bytes: f.Size, ReplyTo: s.a.About.Seq}
		return e
	}
	return s.words(e)
}

// words completes the event of a message.
func (s *step) words(e Event) Event {
	e.Type, e.Text = EventMessage, s.a.Text
	if m := (Message{ReplyTo: s.a.About.Seq, Mail: s.a.Mail}); m != (Message{}) {
		e.Data = m
	}
	return e
}

// visitorCorrects changes the visitor's last message. Clients can't change an earlier one (XEP-0308
// §4).
func visitorCorrects(s *step) error {
	if s.a.About.Type != EventMessage {
		return phrase.Fail(phrase.CodeConflict, "A file can't be changed.")
	}
	s.log(Event{Type: EventCorrection, From: FromVisitor, Text: s.a.Text, Data: Amended{s.a.About.Seq}, Origin: s.a.Origin})
	s.stir()
	return nil
}

func visitorReopens(s *step) error {
	if err := s.elsewhere(); err != nil {
		return err
	}
	if s.past(s.reopens(), s.now) {
		return phrase.Fail(phrase.CodeConflict, "This conversation ended too long ago to go on with it. Please start a new one.")
	}
	s.Kind = Chat
	if !s.a.Online || s.a.Mail.Came {
		if s.Email == "" {
			return phrase.Fail(phrase.CodeEmailRequired, "Nobody is online. Start a new conversation with an email address, and the answer comes by mail.")
		}
		s.Kind = Ticket
	}
	s.Reason, s.ClosedAt = "", time.Time{}
	s.awaitPage()
	s.do(Effect{Type: Leave}) // operators who had it before learn of it by a new offer
	s.do(Effect{Type: ForgetOffers})
	s.wait(ReasonReopened)
	return visitorWrites(s)
}

func visitorMails(s *step) error {
	e := Event{Type: EventEmail, From: FromVisitor}
	if s.Email != "" && !strings.EqualFold(s.Email, s.a.Email) {
		e.Data = Contact{Instead: true}
	}
	s.Email = s.a.Email
	s.log(e)
	s.mail(MailLater)
	if s.State == Waiting && s.Kind == Chat && (s.Due.Waiting.IsZero() || !s.a.Online) {
		s.becomeTicket()
	}
	return nil
}

// visitorMailsLate takes an address after the end: what no page has shown goes there, and the conversation can go on by mail.
func visitorMailsLate(s *step) error {
	if s.Reason == ReasonJunk { // nothing goes to whose request was called junk
		return over(s)
	}
	if err := s.elsewhere(); err != nil {
		return err
	}
	return visitorMails(s)
}

// visitorSignsIn keeps who the visitor is by the word of the site. An address of theirs is as good as one that they give.
func visitorSignsIn(s *step) error {
	who := s.a.Vouched
	s.log(Event{Type: EventIdentity, From: FromVisitor, Text: who.Name, Data: Identified{Subject: who.Subject, Email: who.Email, Was: s.a.Was}})
	if who.Email == "" || strings.EqualFold(who.Email, s.Email) {
		return nil
	}
	return visitorMails(s)
}

// becomeTicket lets the conversation go on by mail, because nobody took it live.
func (s *step) becomeTicket() {
	s.Kind, s.Due.Waiting, s.Due.Overflow = Ticket, time.Time{}, time.Time{}
	if !s.Present {
		s.Due.Visitor = time.Time{}
	}
	s.enter(Waiting, ReasonNobodyFree)
	s.offerAgain()
	s.do(Effect{Type: QueueMoved})
	s.acknowledge()
}

// awaitPage gives a visitor whose page is not connected time to show it.
func (s *step) awaitPage() {
	if s.live() && !s.a.Watched {
		s.Due.Visitor = s.in(s.timing.VisitorGrace)
	}
}

func pageGone(s *step) error {
	if !s.Present {
		return nil
	}
	s.Present, s.Due.Visitor = false, time.Time{}
	if s.Kind == Chat {
		s.Due.Visitor = s.in(s.timing.VisitorGrace)
	}
	s.log(Event{Type: EventPage, From: FromVisitor, Data: PageVisit{Action: Gone}})
	s.mail(MailLater)
	if s.Kind == Ticket && s.State == Active {
		s.attend()
		if s.byMail() {
			s.tellOfMail()
		} else {
			s.tell(Tell, s.Owner, phrase.Say("#%d: its page is closed now. What you write there is kept until it is open again, and nobody tells the visitor. Write to %s.", s.Number, s.Email))
		}
	}
	return nil
}

func pageBack(s *step) error {
	s.Due.Visitor = time.Time{}
	if s.Present {
		return nil
	}
	s.Present = true
	s.log(Event{Type: EventPage, From: FromVisitor, Data: PageVisit{Action: Back}})
	s.mail(MailHeld)
	if s.Kind == Ticket && s.State == Active {
		s.attend()
	}
	if s.State == Active && s.byMail() && (s.Kind == Ticket || s.a.Missed) {
		s.tell(Tell, s.Owner, phrase.Say("#%d: its page is open again. What you write there is shown at once.", s.Number))
	}
	return nil
}

// pageMissing tells the owner of a chat which way the next words go, and that the chat ends if nobody comes back. The owner of a ticket was told at once.
func pageMissing(s *step) error {
	if s.Kind == Chat && !s.Present && s.byMail() {
		s.tell(Tell, s.Owner, phrase.Say("#%d: its page is closed now. What you write there goes by mail to %s. If the page stays closed, the chat ends soon; what you write then goes by mail, too.", s.Number, s.Email))
	}
	return nil
}

// tellOfMail tells the owner that words go by mail from now on.
func (s *step) tellOfMail() {
	s.tell(Tell, s.Owner, phrase.Say("#%d: its page is closed now. What you write there goes by mail to %s.", s.Number, s.Email))
}

// pagePolls counts a page without an event stream as open for the grace time.
func pagePolls(s *step) error {
	if err := pageBack(s); err != nil {
		return err
	}
	s.Due.Visitor = s.in(s.timing.VisitorGrace)
	return nil
}

func pageMoves(s *step) error {
	s.log(Event{Type: EventPage, From: FromVisitor, Data: PageVisit{Moved, s.a.Page.URL, s.a.Page.Title}})
	return nil
}

// pageSeen keeps Present right after the end, without an event.
func pageSeen(open bool) cell {
	return func(s *step) error {
		was := s.Present
		s.Present = open
		switch {
		case open && !was:
			s.mail(MailHeld)
		case !open && was:
			s.mail(MailLater)
		}
		return nil
	}
}

// closing is the cell that ends the conversation for a reason.
func closing(reason string) cell {
	return func(s *step) error {
		s.close(reason, "")
		return nil
	}
}

// close ends the conversation; text is the operator's own reason, which only operators see.
func (s *step) close(reason, text string) {
	wasWaiting := s.State == Waiting
	s.State, s.Reason, s.ClosedAt, s.WaitsSince, s.Unanswered = Closed, reason, s.now, time.Time{}, time.Time{}
	s.Due, s.Escalated, s.Reminded = Due{}, 0, 0
	s.log(Event{Type: EventState, From: FromSystem, Operator: s.a.Operator, Name: s.a.Name, Text: text, Data: Turn{State: string(Closed), Reason: reason}})
	if !s.Present && reason != ReasonJunk {
		s.mail(MailNow)
	}
	if wasWaiting {
		s.tell(RevokeOffers, "", phrase.Say("#%d is over: %s", s.Number, EndText(reason)))
		s.do(Effect{Type: QueueMoved})
	}
}
