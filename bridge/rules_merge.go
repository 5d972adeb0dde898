package bridge

import (
	"time"

	"porchlight/bridge/phrase"
)

// This file has the cells of junk, and of two requests of one visitor that become one. Nothing is copied
// between the logs of the two: the log of the one that ends stays as it is, and the other one's log names it.

// junks ends what is no request. Also one that waits can be junk, so that nobody has to take it before.
func junks(s *step) error {
	if s.State == Active && s.a.Operator != s.Owner {
		return takenBy(s)
	}
	s.close(ReasonJunk, "")
	s.mail(MailNever)
	return nil
}

// merges takes in another conversation of the visitor, which ends.
func merges(s *step) error {
	if s.a.Operator != s.Owner {
		return takenBy(s)
	}
	if s.Email == "" {
		s.Email = s.a.Email
	}
	m := Merged{Of: s.a.Other}
	s.takesIn(s.a.Promise, &m)
	if since := s.a.Since; !since.IsZero() {
		m.Since = since.UnixMilli()
		if s.Unanswered.IsZero() || since.Before(s.Unanswered) {
			s.Unanswered = time.UnixMilli(m.Since)
		}
		s.owe()
	}
	s.log(Event{Type: EventMerge, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, Data: m})
	s.stir()
	return nil
}

// parts gives back what the conversation has owed since it took in another one, which goes on by itself again.
func parts(s *step) error {
	m := Merged{Parted: s.a.Other}
	s.givesBack(s.a.Promise, &m)
	if !s.a.Since.IsZero() {
		m.Since = s.a.Since.UnixMilli()
	}
	if !s.Unanswered.Equal(s.a.Since) {
		s.Unanswered = s.a.Since
		s.paid()
		s.owe()
	}
	s.log(Event{Type: EventMerge, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, Data: m})
	return nil
}

// folds ends a conversation that goes on in another one.
func folds(s *step) error {
	if s.State == Active && s.a.Operator != s.Owner {
		return takenBy(s)
	}
	s.Into = s.a.Other
	s.log(Event{Type: EventMerge, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, Data: Merged{Into: s.a.Other}})
	s.log(systemSays(phrase.Say("Your two requests are one now. It goes on in #%d.", s.a.Other), ""))
	s.close(ReasonMerged, "")
	return nil
}

// restores takes back that a conversation was junk, or that it goes on in another one. Without a page and an
// address nobody can be reached, so it stays closed then, as one that its owner has ended. Words that had no answer have none still,
// which the log keeps for its readers.
func restores(s *step) error {
	if s.Reason != ReasonJunk && s.Into == 0 {
		return phrase.Fail(phrase.CodeConflict, "#%d was neither junk nor joined with another one.", s.Number)
	}
	from := s.Into
	s.Into, s.Reason, s.ClosedAt = 0, "", time.Time{}
	if from > 0 {
		s.log(Event{Type: EventMerge, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, Data: Merged{From: from}})
	}
	if !s.Present && s.Email == "" {
		s.close(ReasonOperator, "")
		return nil
	}
	s.Kind = Chat
	if !s.Present {
		s.Kind = Ticket
	}
	s.awaitPage()
	s.Unanswered = s.a.Since
	s.do(Effect{Type: Leave})
	if s.Owner != "" && s.Owner != s.a.Operator {
		s.tell(Tell, s.Owner, phrase.Say("%s has opened #%d again, which you had, and has it now.", s.a.Name, s.Number))
	}
	if err := take(s); err != nil {
		return err
	}
	how := Ownership{Action: Reopened}
	if !s.a.Since.IsZero() {
		how.Since = s.a.Since.UnixMilli()
	}
	s.log(Event{Type: EventOwner, From: FromSystem, Operator: s.a.Operator, Data: how})
	if from > 0 {
		s.log(systemSays(phrase.Say("Your two requests are apart again. This one goes on here, as #%d.", s.Number), ""))
	}
	return nil
}

// elsewhere refuses what would open a conversation again that goes on in another one.
func (s *step) elsewhere() error {
	if s.Into == 0 {
		return nil
	}
	return phrase.Fail(phrase.CodeConflict, "This request was joined with your other one. Please go on there.")
}
