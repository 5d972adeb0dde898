package e2e_test

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"porchlight/demo"
	"porchlight/e2e/visitor"
)

// TestClockJumps: timers are due times in the database, so a short pause counts after a restart.
// A pause or jump of more than ten minutes does not count, be it an hour, more than a year or
// backwards, because nobody could act in that time.
func TestClockJumps(t *testing.T) {
	t.Parallel()
	s := start(t, settings{"timing.visitor_grace": `"30m"`, "timing.idle_warn": `"6m"`, "timing.idle_close": `"12m"`, "timing.waiting_limit": `"1h"`})
	x := s.operators("xavi")[0]
	c := s.ask("Anna", "Question")
	jid := s.visitorOf(x, c.Number)
	waits := s.ask("Ben", "Anybody?")
	jump := func(by time.Duration) {
		s.t.Helper()
		if status, _ := s.stop(syscall.SIGTERM); status != 0 {
			t.Fatalf("exit status %d", status)
		}
		s.ahead += by
		s.up()
		s.online(1) // otherwise the owner would count as gone during the next jump
	}
	state := func(c *visitor.Conversation, want, reason string) {
		t.Helper()
		eventually(t, "conversation "+c.ID+" is "+want+" "+reason, func() bool {
			now, err := c.Snapshot(within(t))
			return err == nil && now.State == want && now.Reason == reason
		})
	}
	for _, by := range []time.Duration{time.Hour, 400 * 24 * time.Hour, -401 * 24 * time.Hour} {
		jump(by)
		x.hears("desk@"+demo.Domain, "its clock was set")
		s.says(&s.stderr, "timers are moved")
		state(c, "active", "")
		state(waits, "waiting", "")
	}
	log, err := c.Poll(within(t), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range log.Events {
		if strings.Contains(e.Text, "still there") {
			t.Error("a jump counted as silence")
		}
	}
	jump(7 * time.Minute)
	x.hears(jid, "Are you still there?")
	jump(7 * time.Minute)
	state(c, "closed", "idle")
	again := s.ask("Anna", "After the jump")
	jid = s.visitorOf(x, again.Number)
	if _, err := again.Write(within(t), "", "back in time"); err != nil {
		t.Fatal(err)
	}
	x.hears(jid, "back in time")
	x.says(jid, "So am I.")
	log, err = again.Poll(within(t), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	if last := log.Events[len(log.Events)-1]; !strings.Contains(last.Text, "So am I.") {
		t.Errorf("the log ends with %+v", last)
	}
}
