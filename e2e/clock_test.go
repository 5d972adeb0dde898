package e2e_test

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"porchlight/e2e/visitor"
)

// TestClockJumps: timers are due times in the database, so they fire after a
// restart and after a jump of the clock; one back breaks nothing.
func TestClockJumps(t *testing.T) {
	t.Parallel()
	s := start(t, settings{"timing.visitor_grace": `"50m"`})
	x := s.operators("xavi")[0]
	c := s.ask("Anna", "Question")
	jid := s.visitorOf(x, c.Number)
	waits := s.ask("Ben", "Anybody?")
	jump := func(ahead time.Duration) {
		if status, _ := s.stop(syscall.SIGTERM); status != 0 {
			t.Fatalf("exit status %d", status)
		}
		s.ahead = ahead
		s.up()
		s.online(1) // else the owner would count as gone through the next jump
	}
	state := func(c *visitor.Conversation, want, reason string) {
		t.Helper()
		eventually(t, "conversation "+c.ID+" is "+want+" "+reason, func() bool {
			now, err := c.Snapshot(within(t))
			return err == nil && now.State == want && now.Reason == reason
		})
	}
	jump(90 * time.Second)
	if now, err := c.Snapshot(within(t)); err != nil || now.State != "active" {
		t.Errorf("%+v, %v: nothing is due yet", now, err)
	}
	jump(16 * time.Minute)
	x.hears(jid, "Are you still there?")
	jump(31 * time.Minute)
	state(c, "closed", "idle")
	jump(51 * time.Minute)
	state(waits, "closed", "visitor-left")
	jump(0)
	again := s.ask("Anna", "After the jump")
	jid = s.visitorOf(x, again.Number)
	if _, err := again.Write(within(t), "", "back in time"); err != nil {
		t.Fatal(err)
	}
	x.hears(jid, "back in time")
	x.says(jid, "So am I.")
	log, err := again.Poll(within(t), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	if last := log.Events[len(log.Events)-1]; !strings.Contains(last.Text, "So am I.") {
		t.Errorf("the log ends with %+v", last)
	}
}
