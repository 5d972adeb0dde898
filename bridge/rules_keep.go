package bridge

import "porchlight/bridge/phrase"

// tags keeps that the tags have changed.
func tags(s *step) error {
	switch {
	case s.a.Operator == s.Owner || s.a.Part:
	case s.State == Waiting:
		return takeFirst(s)
	default:
		return noPart(s.Number)
	}
	s.tagged()
	return nil
}

// tagged logs which tags change, if any do.
func (s *step) tagged() {
	if s.a.Tagged != (Tagged{}) {
		s.log(Event{Type: EventTag, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, Data: s.a.Tagged})
	}
}

// sets keeps something about the visitor, which operators who take part may change at any time. A ticket keeps its
// address, since nothing else reaches its visitor.
func sets(s *step) error {
	switch {
	case s.a.Operator == s.Owner || s.a.Part:
	case s.State == Waiting:
		return takeFirst(s)
	default:
		return noPart(s.Number)
	}
	if s.a.Particular == KeptEmail {
		if s.a.Text == "" && s.Kind == Ticket && s.State != Closed {
			return phrase.Fail(phrase.CodeConflict, "#%d is a ticket and needs its address. Set another one, or close it.", s.Number)
		}
		s.Email = s.a.Text
	}
	s.log(Event{Type: EventParticulars, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, Text: s.a.Text, Data: KeptData{s.a.Particular, s.a.Was}})
	if s.a.Particular == KeptEmail && s.a.Text != "" {
		s.mail(MailLater)
	}
	return nil
}
