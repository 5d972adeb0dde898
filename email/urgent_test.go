package email

import (
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/email/smtp/smtptest"
)

const anna, xavi = "anna@example.net", "xavi@example.org"

// alarms puts a mail with an alarm among what can't be stored.
func (d *dispatch) alarms(id string) {
	now := d.bridge.Now()
	d.urgent = append(d.urgent, urgentMail{began: now, due: now, OutMail: bridge.OutMail{ID: id, From: "support@example.org", To: xavi, Raw: []byte("From: support@example.org\r\n\r\nsecret\r\n")}})
}

// An urgent mail that is refused for now keeps no other mail, is tried a few times, and is given up with a line in the
// log, without its text.
func TestUrgent_KeepsNoOtherMail(t *testing.T) {
	for _, refusal := range []struct {
		code  int
		tries int
	}{{452, 5}, {550, 1}} {
		d := newDispatch(t, 0)
		d.relay.Fail(smtptest.Rule{At: "RCPT", To: xavi, Fault: smtptest.Refuse, Code: refusal.code, Enhanced: [3]int{refusal.code / 100, 2, 2}, Text: "mailbox full"})
		d.alarms("u1")
		d.writes(anna)
		d.passes(0)
		if got := d.went(); !slices.Equal(got, []string{anna}) || d.Stats().Held {
			t.Errorf("%d: at once went %v, held: %v", refusal.code, got, d.Stats().Held)
		}
		for range 3 * 60 {
			d.passes(time.Minute)
		}
		log := d.logged.String()
		if n := strings.Count(log, `msg="a mail was not sent" mail=u1`); n != refusal.tries {
			t.Errorf("%d: tried %d times, want %d", refusal.code, n, refusal.tries)
		}
		if strings.Count(log, `msg="an urgent mail is given up" mail=u1`) != 1 || strings.Contains(log, "secret") || len(d.urgent) != 0 {
			t.Errorf("%d: the log says\n%s", refusal.code, log)
		}
	}
}

// An urgent mail goes when the relay takes it again, once.
func TestUrgent_IsTriedAgain(t *testing.T) {
	d := newDispatch(t, 0)
	d.relay.Fail(smtptest.Rule{At: "RCPT", Times: 1, Fault: smtptest.Refuse, Code: 451, Enhanced: [3]int{4, 7, 1}, Text: "later"})
	d.alarms("u1")
	for _, step := range []struct {
		after time.Duration
		went  int
	}{{0, 0}, {59 * time.Second, 0}, {time.Second, 1}, {time.Hour, 1}} {
		d.passes(step.after)
		if n := len(d.went()); n != step.went {
			t.Errorf("%v later %d mails went, want %d", step.after, n, step.went)
		}
	}
}

// When the relay is not there for an urgent mail either, the queue is held and the desk is told.
func TestUrgent_RelayIsLost(t *testing.T) {
	d := newDispatch(t, 0)
	d.goes()
	d.alarms("u1")
	d.passes(0)
	if !d.Stats().Held || d.raised {
		t.Errorf("after the first attempt it is held: %v, told: %v", d.Stats().Held, d.raised)
	}
	d.passes(time.Minute)
	if !d.Stats().Held || !d.raised || len(d.urgent) != 1 {
		t.Errorf("after the second one it is held: %v, told: %v; %d urgent mails", d.Stats().Held, d.raised, len(d.urgent))
	}
}

// Urgent mails count among those that may go within a minute.
func TestUrgent_KeepsThePace(t *testing.T) {
	d := newDispatch(t, 2)
	d.writes(anna)
	for _, id := range []string{"u1", "u2", "u3"} {
		d.alarms(id)
	}
	for _, want := range [][]string{{xavi, xavi}, {xavi, xavi, xavi, anna}} {
		d.passes(0)
		if got := d.went(); !slices.Equal(got, want) {
			t.Errorf("went %v, want %v", got, want)
		}
		d.clock.Move(time.Minute)
	}
}
