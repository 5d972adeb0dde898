package desk_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

// What is put off comes back at its moment, and each answer says the moment in full and the line that takes it back.
func TestLater(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	o.say(xavi, "", "1")
	for _, s := range [][2]string{
		{"later off", "error: #1 is not put off."},
		{"later 2h", "#1 is put off until Sat 21 Nov 2026, 14:00 (UTC), or until Anna writes. It stays yours.\nNo mail reaches them: it ends if they leave the page.\nBack: !later off"},
		{"later tomorrow", "#1 is put off until Sun 22 Nov 2026, 9:00 (UTC), or until Anna writes. It stays yours.\nNo mail reaches them: it ends if they leave the page.\nBack: !later 2026-11-21 14:00"},
		{"later today 11", "error: That moment is over. Nothing was changed."},
		{"later 2027-12-01", "error: That is more than a year away. Nothing was changed."},
		{"later soon", "error: \"soon\" is no moment such as 20m, 2h, tomorrow, tomorrow 9:00, Mon, Mon 9:00, 24.12. or 2026-12-24 14:30. Nothing was changed."},
		{"later off", "#1 is not put off any more.\nBack: !later 2026-11-22 09:00"},
		{"later 20m", "#1 is put off until Sat 21 Nov 2026, 12:20 (UTC), or until Anna writes. It stays yours.\nNo mail reaches them: it ends if they leave the page.\nBack: !later off"},
	} {
		if got := o.say(xavi, c.Visitor, s[0]); got != s[1] {
			t.Errorf("%s:\n%s\nwant\n%s", s[0], got, s[1])
		}
	}
	if got := o.say(olga, c.Visitor, "later 1h"); got != "error: You take no part in #1." {
		t.Error(got)
	}
	o.clock.move(21 * time.Minute)
	o.bridge.Turn(context.Background())
	if o.told(xavi, "#1 was put off until now: see the chat with "+string(c.Visitor)+".") != 1 {
		t.Error("Xavi is not told that it is back")
	}
}

// A day alone begins with the operator's hours, in the zone of the hours, whose clocks may change until then.
func TestLater_ByTheHours(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	o.say(xavi, "", "1")
	o.say(xavi, "", "hours-set Mon-Fri 8:30-17 Europe/Madrid")
	if _, err := o.bridge.Team.Change(t.Context(), xavi, func(x *bridge.Operator) { x.Zone = "+01:00" }); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"later Mon": "until Mon 23 Nov 2026, 8:30 (Europe/Madrid)", "later 12.7. 10:00": "until Mon 12 Jul 2027, 10:00 (Europe/Madrid)",
	} {
		if got := o.say(xavi, c.Visitor, line); !strings.Contains(got, want) {
			t.Errorf("%s: %s", line, got)
		}
	}
	if _, err := o.bridge.Team.Change(t.Context(), xavi, func(x *bridge.Operator) { x.Zone = "-05:00" }); err != nil {
		t.Fatal(err)
	}
	if got := o.say(xavi, c.Visitor, "later Mon 8:00"); !strings.Contains(got, "until Mon 23 Nov 2026, 8:00 (UTC-5)") {
		t.Error(got)
	}
}

// The queue has what was put off in its place apart: it neither waits nor is it being served.
func TestLater_InTheQueue(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	o.say(xavi, "", "1")
	o.say(xavi, c.Visitor, "later 2h")
	want := "Waiting: 0\nActive: 0\nPut off: 1\n  #1 Anna, Support: How can I edit? (40 s) with Xavi; put off until 14:00 UTC"
	if got := o.say(olga, "", "queue"); !strings.HasPrefix(got, want) {
		t.Errorf("the queue is\n%s\nwant\n%s", got, want)
	}
	o.say(xavi, c.Visitor, "later off")
	if got := o.say(olga, "", "queue"); !strings.HasPrefix(got, "Waiting: 0\nActive: 1\n  #1 Anna") || strings.Contains(got, "ut off") {
		t.Errorf("when it is back, the queue is\n%s", got)
	}
}
