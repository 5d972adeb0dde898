package bridge

import (
	"flag"
	"strings"
	"testing"
	"time"

	"porchlight/bridge/phrase"
	"porchlight/bridge/setting"
)

var update = flag.Bool("update", false, "write the documents that tests compare with")

var t0 = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func defaults() Timing {
	return Timing{Offer: 30 * time.Second, VisitorGrace: 2 * time.Minute, OperatorGrace: time.Minute, WaitingLimit: 3 * time.Minute,
		IdleWarn: 15 * time.Minute, IdleClose: 30 * time.Minute, Reopen: 336 * time.Hour}
}

// usual are the rules with the usual times and schedules.
func usual() Rules { return Rules{defaults(), usualSchedules()} }

// usualSchedules are those of a site that has set none.
func usualSchedules() Schedules {
	return Schedules{setting.Values(nil).Steps(setting.Escalation), setting.Values(nil).Steps(setting.Reminders)}
}

func TestApply_UnknownActionIsAnError(t *testing.T) {
	if _, _, err := (Rules{}).Apply(Conversation{}, Action{Type: "dance"}, t0); err == nil {
		t.Error("no error")
	}
}

// Nobody except the owner writes in, closes, takes or declines an active conversation.
func TestApply_OnlyTheOwnerWritesAndCloses(t *testing.T) {
	c, a := sample(defaults(), Active, OperatorWrites, t0)
	for _, kind := range []ActionType{OperatorWrites, OperatorCloses, OperatorTakes, OperatorDenies} {
		a.Type, a.Operator = kind, "olga@example.org"
		_, effects, err := usual().Apply(c, a, t0)
		if phrase.CodeOf(err) != phrase.CodeConflict || len(effects) > 0 || !strings.Contains(phrase.Of(err).String(), "taken by Xavi") {
			t.Errorf("%s by a stranger to the conversation: %v", kind, err)
		}
	}
}

// When nobody is online a request needs an email address, and becomes a ticket.
func TestApply_NobodyOnlineNeedsAnEmail(t *testing.T) {
	c, a := sample(defaults(), New, Ask, t0)
	a.Online, c.Email = false, ""
	if _, _, err := usual().Apply(c, a, t0); phrase.CodeOf(err) != phrase.CodeEmailRequired {
		t.Errorf("without email: %v", err)
	}
	c.Email = "anna@example.org"
	next, _, err := usual().Apply(c, a, t0)
	if err != nil || next.Kind != Ticket || next.Public() != "ticket" || !next.Due.Waiting.IsZero() {
		t.Errorf("with email: %+v, %v", next, err)
	}
}

// A visitor can go on with a closed conversation only for the time that Timing.Reopen allows.
func TestApply_ReopeningEnds(t *testing.T) {
	c, a := sample(defaults(), Closed, VisitorWrites, t0)
	if _, _, err := usual().Apply(c, a, t0.Add(336*time.Hour)); err != nil {
		t.Errorf("within the time: %v", err)
	}
	if _, _, err := usual().Apply(c, a, t0.Add(336*time.Hour+time.Second)); phrase.CodeOf(err) != phrase.CodeConflict {
		t.Errorf("after it: %v", err)
	}
}

// An operator can't go on with a closed conversation whose page is gone.
func TestApply_OperatorCantReachAClosedPage(t *testing.T) {
	c, a := sample(defaults(), Closed, OperatorWrites, t0)
	c.Present = false
	if _, _, err := usual().Apply(c, a, t0); phrase.CodeOf(err) != phrase.CodeConflict {
		t.Errorf("got %v", err)
	}
}

// When nobody takes a request in time, it becomes a ticket if the visitor gave an email address.
func TestApply_WaitingLimitMakesATicketOfWhoGaveAnEmail(t *testing.T) {
	c, a := sample(defaults(), Waiting, WaitingDue, t0)
	c.Email = "anna@example.org"
	next, _, err := usual().Apply(c, a, t0)
	if err != nil || next.Kind != Ticket || !next.Due.Waiting.IsZero() || !next.Due.Visitor.IsZero() {
		t.Errorf("%+v, %v", next, err)
	}
}
