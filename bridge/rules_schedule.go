package bridge

import (
	"cmp"
	"strings"
	"time"

	"porchlight/bridge/phrase"
	"porchlight/bridge/setting"
)

// This file has what the rules do step by step while a visitor waits: for somebody who takes the request, and
// then for the owner's answer. The time of each step is counted from the step before, so a step that is late
// brings no further ones with it.

// escalate begins the schedule of a conversation that begins to wait. A ticket is in no hurry; but who passes something on is to
// learn in any case that nobody takes it.
func (s *step) escalate(reason string) {
	s.calm()
	after, _ := s.schedules.Escalation.Next(0)
	switch {
	case reason == ReasonTransferred:
		s.Due.Escalate = s.in(cmp.Or(after, s.timing.Offer))
	case s.Kind == Chat:
		s.Due.Escalate = s.in(after)
	}
}

// calm ends that schedule.
func (s *step) calm() { s.Escalated, s.Due.Escalate = 0, time.Time{} }

// escalateDue takes the next step for a request that nobody has taken. A ticket waits for mail. Shortly after a
// start nobody is known to be there who could be asked or told, so the step is taken a moment later then.
func escalateDue(s *step) error {
	after, words := s.schedules.Escalation.Next(s.Escalated)
	s.Due.Escalate = time.Time{}
	switch {
	case after == 0 || s.Kind == Ticket:
		s.notTaken()
		return nil
	case !s.a.Known:
		s.Due.Escalate = s.in(showWithin)
		return nil
	}
	next, _ := s.schedules.Escalation.Next(after)
	s.Escalated, s.Due.Escalate = after, s.in(next-after)
	s.log(Event{Type: EventUrge, From: FromSystem, Data: Urge{Steps: strings.Join(words, " ")}})
	s.notTaken()
	for _, word := range words {
		s.do(Effect{Type: Widen, Step: word})
	}
	if s.a.Wider && s.a.Online {
		s.log(systemSays(callsForHelp(s.now.Sub(s.WaitsSince)), ""))
	}
	return nil
}

// callsForHelp is what a visitor is told when somebody is asked or told besides.
func callsForHelp(waited time.Duration) phrase.Phrase {
	return phrase.Say("You have waited %s. Nobody was free so far, and we are calling for more help.", Span(waited))
}

// owe starts the reminders of an owner who owes an answer to somebody who is there, or ends them if nobody is.
func (s *step) owe() {
	switch {
	case s.State != Active || s.Unanswered.IsZero() || !s.live() || s.deferred():
		s.Due.Remind = time.Time{}
	case s.Due.Remind.IsZero():
		if after, _ := s.schedules.Reminders.Next(s.Reminded); after > 0 {
			s.Due.Remind = s.in(after - s.Reminded)
		}
	}
}

// paid ends the reminders: nothing is owed any more, or somebody else owes it.
func (s *step) paid() { s.Reminded, s.Due.Remind = 0, time.Time{} }

// remindDue takes the next step for words that the owner has not answered. An owner who is writing is answering,
// and nobody is hurried for a visitor whose page is closed: it is looked again whether it is open. Shortly after a
// start it waits as escalateDue does.
func remindDue(s *step) error {
	after, words := s.schedules.Reminders.Next(s.Reminded)
	s.Due.Remind = time.Time{}
	switch {
	case after == 0 || !s.live() || s.Unanswered.IsZero():
		return nil
	case !s.a.Known:
		s.Due.Remind = s.in(showWithin)
		return nil
	case s.a.Typing || !s.Present:
		s.Due.Remind = s.in(remindLater)
		return nil
	}
	next, _ := s.schedules.Reminders.Next(after)
	s.Reminded, s.Due.Remind = after, s.in(next-after)
	s.log(Event{Type: EventUrge, From: FromSystem, Operator: s.Owner, Name: s.a.Taker, Data: Urge{Steps: strings.Join(words, " ")}})
	told := false
	for _, word := range words {
		switch {
		case word == setting.StepOwner:
			s.do(Effect{Type: Remind, Operator: s.Owner})
		case !told:
			told = true
			s.do(Effect{Type: RemindOthers})
		}
	}
	return nil
}
