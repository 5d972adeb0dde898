package e2e_test

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"porchlight/demo"
)

// TestUrge: a request that nobody takes goes further over a restart, and its visitor is told once; an owner who does not answer
// is reminded, and over another restart the colleague is told, who may take over then. The steps are due while porchlight is
// down, so they wait until it is known who is there.
func TestUrge(t *testing.T) {
	t.Parallel()
	s := start(t, settings{"xmpp.rooms": `"conference.localhost"`, "timing.visitor_grace": `"1h"`, "timing.waiting_limit": `"1h"`, "timing.operator_grace": `"1h"`})
	team := s.operators("xavi", "olga")
	x, o := team[0], team[1]
	x.desk("settings escalation 1m room", "escalation")
	x.desk("settings reminders 10s owner, 2m colleagues, 2m takeover", "reminders")
	pass := func(by time.Duration) {
		t.Helper()
		if status, _ := s.stop(syscall.SIGTERM); status != 0 {
			t.Fatalf("exit status %d", status)
		}
		s.ahead += by
		s.up()
		s.online(2)
	}
	c := s.ask("Anna", "How much?")
	x.hears(demo.Desk, "#1 Anna")
	pass(61 * time.Second)
	told := func() (n int) {
		log, err := c.Poll(within(t), 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range log.Events {
			if strings.Contains(e.Text, "You have waited") {
				n++
			}
		}
		return n
	}
	eventually(t, "the visitor is told", func() bool { return told() > 0 })
	jid := s.visitorOf(x, c.Number)
	x.hears(demo.Desk, "1 visitor waits for your answer: #1 Anna")
	pass(2 * time.Minute)
	told() // the page is open again after the restart: nobody is reminded of a closed one
	o.hears(demo.Desk, "Xavi does not answer #1 Anna")
	o.desk("take 1 !", "#1")
	x.hears(demo.Desk, "Olga has taken #1 over from you.")
	o.says(jid, "Ten euros.")
	if n := told(); n != 1 {
		t.Errorf("the visitor is told %d times that we call for more help", n)
	}
}
