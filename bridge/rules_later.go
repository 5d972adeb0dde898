package bridge

import (
	"time"

	"porchlight/bridge/phrase"
)

// This file has the cells of what an owner puts off. Until it comes back, or until the visitor writes, it
// stays the owner's: nothing reminds of it, and nothing depends on whether the owner is there.

// deferred reports whether the owner has put the conversation off.
func (c Conversation) deferred() bool { return !c.Due.Later.IsZero() }

// defers puts the conversation off until a time, or takes that back.
func defers(s *step) error {
	e := Event{Type: EventDefer, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, Data: Deferred{Action: Back}}
	switch {
	case s.a.Operator != s.Owner:
		return takenBy(s)
	case s.a.Until.IsZero() && !s.deferred():
		return phrase.Fail(phrase.CodeConflict, "#%d is not put off.", s.Number)
	case s.a.Until.IsZero():
		s.Due.Later = time.Time{}
		s.log(e)
		s.attend()
		return nil
	}
	s.Due.Later, s.Due.Operator, s.Due.Receipt = s.a.Until, time.Time{}, time.Time{}
	s.paid()
	e.Data = Deferred{PutOff, s.a.Until.UnixMilli()}
	s.log(e)
	s.stir()
	return nil
}

// laterDue brings back what was put off.
func laterDue(s *step) error {
	if s.deferred() {
		s.comesBack(phrase.Say("#%d was put off until now: see the chat with %s.", s.Number, s.Visitor))
	}
	return nil
}

// comesBack ends the time for which the conversation was put off. Its owner is told why; if the owner is not
// there, and the visitor sees at once what is said, it is offered again. Mail can wait for its owner, who finds why at the
// desk. Shortly after a start nobody is known to be there, so what can't wait comes back a moment later then.
func (s *step) comesBack(why phrase.Phrase) {
	gone := s.a.Away && s.live()
	if gone && !s.a.Known {
		s.Due.Later = s.in(showWithin)
		return
	}
	s.undefer()
	if gone {
		s.release(ReasonOwnerLeft)
		return
	}
	s.attend()
	s.tell(Tell, s.Owner, why)
}

// undefer logs that the time for which the owner put the conversation off is over, if there is one: who owns it next has put
// nothing off.
func (s *step) undefer() {
	if s.deferred() {
		s.Due.Later = time.Time{}
		s.log(Event{Type: EventDefer, From: FromSystem, Operator: s.Owner, Name: s.a.Taker, Data: Deferred{Action: Back}})
	}
}
