package desk_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

// The queue and one's own conversations say which target is in danger, and how late it is when it is missed; the numbers
// say how many were kept.
func TestTargets_AtTheDesk(t *testing.T) {
	o := newOffice(t)
	o.counting()
	says := func(line, want string) {
		t.Helper()
		if got := o.say(xavi, "", line); !strings.Contains(got, want) {
			t.Errorf("%q gives\n%s\nwithout %q", line, got, want)
		}
	}
	says("department-edit support first=10m next=5m solved=1h", "Support: first none → 10 min; next none → 5 min; solved none → 1 h.")
	c := o.ask() // 40 s
	if got := o.say(xavi, "", "queue"); strings.Contains(got, "⚠") {
		t.Errorf("in danger after 40 s:\n%s", got)
	}
	o.clock.move(7*time.Minute + 20*time.Second)
	says("queue", "  #1 Anna, Support: How can I edit? (8 min); ⚠ first answer due in 2 min")
	_, err := o.bridge.Take(context.Background(), xavi, c.Number)
	o.must(err)
	o.clock.move(5 * time.Minute)
	says("queue", "; ⚠ first answer late by 3 min")
	says("mine", "; ⚠ first answer late by 3 min")
	_, err = o.bridge.OperatorWrites(context.Background(), xavi, c.Visitor, bridge.Said{ID: "1", Text: "So."})
	o.must(err)
	if got := o.say(xavi, "", "mine"); strings.Contains(got, "⚠") {
		t.Errorf("in danger after the answer:\n%s", got)
	}
	o.clock.move(36 * time.Minute)
	says("mine", "; ⚠ solution due in 11 min")
	_, _, err = o.bridge.VisitorWrites(context.Background(), c.Number, "a client id of 16", "And?")
	o.must(err)
	o.clock.move(time.Minute)
	_, err = o.bridge.OperatorWrites(context.Background(), xavi, c.Visitor, bridge.Said{ID: "2", Text: "Like this."})
	o.must(err)
	_, err = o.bridge.Close(context.Background(), xavi, c.Visitor, "")
	o.must(err)
	for _, whose := range []string{"xavi", "support", "all"} {
		says("stats "+whose+" today chats text", "\n  Targets kept: first answer 0 of 1, next answers 1 of 1, solved 1 of 1\n")
	}
	if got := o.say(xavi, "", "stats olga today chats text"); strings.Contains(got, "Targets") {
		t.Errorf("Olga had none:\n%s", got)
	}
}
