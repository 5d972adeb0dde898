package bridge

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"porchlight/bridge/setting"
)

// This file says what must be true of those who let somebody wait: what nobody takes goes further step by step, and
// whoever does not answer is reminded, and then their colleagues are told.

// goesFurther says what is wrong with what is done about a chat that waits.
func (w *world) goesFurther(c Conversation) string {
	next, _ := w.Settings.Schedules().Escalation.Next(c.Escalated)
	switch limit := w.clock.now.Add(next - c.Escalated + slack); {
	case c.Kind == Ticket:
	case next > 0 && c.Due.Escalate.IsZero():
		return fmt.Sprintf("nobody takes it, and nothing more is done about that than after %v", c.Escalated)
	case c.Due.Escalate.After(limit):
		return "what is done next about a request that nobody takes comes too late"
	case c.Escalated != w.urged(c, true):
		return fmt.Sprintf("its log says that %v have passed in which nobody took it, and it says %v", w.urged(c, true), c.Escalated)
	}
	return ""
}

// getsAnAnswer says what is wrong with how the owner of a conversation is reminded of a visitor who is there.
func (w *world) getsAnAnswer(c Conversation) string {
	next, _ := w.Settings.Schedules().Reminders.Next(c.Reminded)
	live := (c.Kind == Chat || c.Present) && c.Due.Later.IsZero()
	switch limit := w.clock.now.Add(next - c.Reminded + slack); {
	case c.Unanswered.IsZero() || !live:
		if !c.Due.Remind.IsZero() {
			return "nobody waits for an answer, and its owner is to be reminded"
		}
		return ""
	case next > 0 && c.Due.Remind.IsZero():
		return "its visitor has no answer, and its owner will not be reminded"
	case c.Due.Remind.After(limit):
		return "its visitor has no answer, and its owner is reminded too late"
	case c.Reminded != w.urged(c, false):
		return fmt.Sprintf("its log says that the owner was reminded after %v, and it says %v", w.urged(c, false), c.Reminded)
	case c.Reminded > 0 && !w.hears(c.Owner, c, c.Unanswered):
		return fmt.Sprintf("its visitor has no answer, and %s was not reminded", c.Owner)
	}
	return ""
}

// urged is how far the log says that a schedule has gone since the conversation has waited, or has had its owner and no
// answer. Each step stands there once.
func (w *world) urged(c Conversation, waiting bool) (after time.Duration) {
	var schedule = w.Settings.Schedules().Reminders
	if waiting {
		schedule = w.Settings.Schedules().Escalation
	}
	for _, e := range w.store.logs[c.Number-1] {
		turn, _ := e.Data.(Turn)
		own, _ := e.Data.(Ownership)
		off, _ := e.Data.(Deferred)
		switch {
		case putsUp(turn.Reason), turn.State == string(Active), turn.State == string(Closed), own.Action == Follows, own.Action == TookOver, own.Action == Assigned, off.Action == PutOff,
			e.Type.Content() && e.From == FromOperator && !waiting:
			after = 0
		case e.Type == EventUrge && (e.Operator == "") == waiting:
			after, _ = schedule.Next(after)
		}
	}
	return after
}

// reminder reports whether a desk entry reminds an operator of those who have no answer.
func reminder(e DeskEntry) bool {
	text := e.Phrase.String()
	return e.Kind == DeskNotice && (strings.Contains(text, "for your answer") || strings.Contains(text, "does not answer") || strings.Contains(text, "(target "))
}

// hears reports whether an operator was reminded of a conversation from a time on, or is about to be.
func (w *world) hears(o OperatorJID, c Conversation, since time.Time) bool {
	if m, _ := w.store.Reminder(o); !m.Due.IsZero() && !m.Due.After(later(w.clock.now, m.Told).Add(remindEvery)) {
		return true
	}
	return slices.ContainsFunc(w.store.desks[o], func(e DeskEntry) bool {
		return reminder(e) && !e.At.Before(since) && names([]DeskEntry{e}, c.Number)
	})
}

// nagged says who was reminded twice within a minute.
func (w *world) nagged() string {
	for _, o := range crew {
		var last time.Time
		for _, e := range w.store.desks[o] {
			if !reminder(e) {
				continue
			}
			if !last.IsZero() && e.At.Sub(last) < time.Minute {
				return fmt.Sprintf("%s is reminded at %v and at %v", o, last, e.At)
			}
			last = e.At
		}
	}
	return ""
}

// untold says which colleague who could take a conversation over was not told that its owner does not answer. from is the
// part of its log that the last look has seen.
func (w *world) untold(c Conversation, from int) string {
	for _, e := range w.store.logs[c.Number-1][from:] {
		if u, _ := e.Data.(Urge); !u.Has(setting.StepColleagues) || c.State != Active || c.Unanswered.IsZero() || c.Reminded == 0 || e.Operator != c.Owner {
			continue
		}
		for _, o := range w.Team.available(c.Department, c.Kind) {
			if o.JID != c.Owner && !w.hears(o.JID, c, c.Unanswered) {
				return fmt.Sprintf("%s lets its visitor wait, and %s was not told", c.Owner, o.JID)
			}
		}
	}
	return ""
}

func (s *ramStore) Reminder(o OperatorJID) (Reminder, error) {
	for _, m := range s.reminds {
		if m.Operator == o {
			return m, nil
		}
	}
	return Reminder{Operator: o}, nil
}

func (s *ramStore) DueReminders(now time.Time, limit int) (list []OperatorJID, err error) {
	for _, m := range s.reminds {
		if !m.Due.IsZero() && !m.Due.After(now) && len(list) < limit {
			list = append(list, m.Operator)
		}
	}
	return list, nil
}

func (s *ramStore) SaveReminder(m Reminder) error {
	put(s, &s.reminds, saved(s.reminds, m, func(x Reminder) bool { return x.Operator == m.Operator }))
	return nil
}

func (s *ramStore) DueNews(now time.Time, limit int) (list []OperatorJID, err error) {
	for _, n := range s.news {
		if !n.Due.After(now) && len(list) < limit {
			list = append(list, n.Operator)
		}
	}
	return list, nil
}

func (s *ramStore) AppendNews(n *News) error {
	for _, x := range s.news {
		if x.Operator == n.Operator && x.Due.Before(n.Due) {
			n.Due = x.Due
		}
	}
	put(s, &s.news, append(slices.Clone(s.news), *n))
	return nil
}

func (s *ramStore) TakeNews(o OperatorJID) (list []News, err error) {
	var rest []News
	for _, n := range s.news {
		if n.Operator == o {
			list = append(list, n)
		} else {
			rest = append(rest, n)
		}
	}
	put(s, &s.news, rest)
	return list, nil
}
