package bridge

import (
	"time"

	"porchlight/bridge/schedule"
	"porchlight/bridge/setting"
)

// Schedules say what is done step by step while a visitor waits.
type Schedules struct {
	Escalation schedule.Schedule // from when a chat begins to wait until somebody takes it; words are those of setting.Escalation
	Reminders  schedule.Schedule // from the visitor's first unanswered words, or from when there is a new owner, until an answer; words are those of setting.Reminders
}

// Overdue reports whether the owner of a conversation has let a visitor who is there wait for so long that anybody of its
// department may take it over.
func (s Schedules) Overdue(c Conversation) bool {
	return c.State == Active && c.live() && !c.Unanswered.IsZero() && s.Reminders.Taken(setting.StepTakeover, c.Reminded)
}

// Overdue reports whether the owner of a conversation has let its visitor wait for so long that anybody of its
// department may take it over. See Schedules.Overdue.
func (s *Settings) Overdue(c Conversation) bool { return s.Schedules().Overdue(c) }

// rulesNow returns rules with the schedules that count now.
func (s *Settings) rulesNow(rules Rules) Rules {
	rules.Schedules = s.Schedules()
	return rules
}

// typingCounts is how long an owner who writes is not reminded. Clients that never say that somebody stopped
// writing must not end the reminders.
const (
	typingCounts = 2 * time.Minute
	remindLater  = 30 * time.Second // after which it is looked again whether somebody is to be reminded
)
