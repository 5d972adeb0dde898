package bridge

import "time"

// This file has what the rules say about mail.

// byMail reports whether the visitor can be reached by mail.
func (s *step) byMail() bool { return s.a.Post && s.Email != "" }

// mail adds an effect about the mail to the visitor, if one can be sent.
func (s *step) mail(t EffectType) {
	if s.byMail() {
		s.do(Effect{Type: t, Forced: s.a.ByMail})
	}
}

// acknowledge tells the visitor by mail that a ticket has come to be, if that may be.
func (s *step) acknowledge() {
	if s.byMail() && !s.a.Quiet {
		s.do(Effect{Type: Acknowledge})
	}
}

// reopens is how long after the end the visitor can go on with the conversation; 0: for ever.
func (s *step) reopens() time.Duration {
	if s.a.Mail.Came {
		return mailReopens
	}
	return s.timing.Reopen
}

// opensTicket is a ticket that an operator begins: the operator owns it, and the words go by mail.
func opensTicket(s *step) error {
	s.Kind, s.OpenedAt, s.Owner = Ticket, s.now, s.a.Operator
	s.targets(s.a.Home.Targets)
	s.enter(Active, "")
	s.log(Event{Type: EventOperator, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, Data: Part{Action: Joined}})
	s.do(Effect{Type: Join, Operator: s.a.Operator, Joined: s.Seq})
	s.speak()
	return nil
}

// mailHappens keeps what happened to a mail.
func mailHappens(s *step) error {
	s.log(Event{Type: EventMail, From: FromSystem, Text: s.a.Text, Data: s.a.Posting})
	return nil
}

// mailReopens is the time in which a mail opens a conversation again that has ended; later it begins a
// new one.
const mailReopens = 14 * 24 * time.Hour
