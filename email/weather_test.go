package email_test

import (
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/email/login"
	"porchlight/email/smtp"
	"porchlight/email/smtp/smtptest"
)

// inWeather starts a channel without a mailbox, whose clock passes an hour in each second.
func inWeather(t *testing.T, offered smtptest.Options, relay smtp.Options) *house {
	t.Helper()
	h := &house{t: t}
	h.begin(offered, relay, bridge.SystemClock{Began: time.Now(), Rate: 3600})
	return h
}

// writes has an operator write to Anna.
func (h *house) writes() bridge.Conversation {
	h.t.Helper()
	c, err := h.WriteFirst(h.t.Context(), "xavi@example.org", "anna@example.net", "Course", "So.")
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// alarms is how often the desk was told that no mail can be sent.
func (h *house) alarms() int { return h.logged.times(`msg=alarm alarm="mail relay"`) }

// tells waits until the log of a conversation tells of its mail.
func (h *house) tells(c bridge.Conversation, want bridge.Posted, words string) {
	h.t.Helper()
	h.until("the log tells that the mail is "+string(want), func() bool {
		events, err := h.Events(h.t.Context(), c.Number, 0, 100)
		if err != nil {
			h.t.Fatal(err)
		}
		for _, e := range events {
			if p, ok := e.Data.(bridge.Posting); ok && p.Action == want && e.Text == words {
				return true
			}
		}
		return false
	})
}

// While the relay refuses our login for hours, all mail waits and the desk is told once. When the password is right
// again, the mail goes, without a new start.
func TestChannel_LoginRefused(t *testing.T) {
	h := inWeather(t, smtptest.Options{Users: map[string]string{"support": "new"}, NeedAuth: true}, smtp.Options{Account: login.Account{User: "support", Password: "secret"}})
	c := h.writes()
	h.until("five attempts in as many hours", func() bool { return h.relay.Connections() >= 5 })
	if n := h.alarms(); n != 1 || !h.channel.Stats().Held || len(h.relay.Mails()) != 0 {
		t.Errorf("%d alarms, %d mails sent, held: %v", n, len(h.relay.Mails()), h.channel.Stats().Held)
	}
	h.relay.SetPassword("support", "secret")
	h.tells(c, bridge.PostSent, "")
	if got := h.relay.Mails(); len(got) != 1 || h.channel.Stats().Held {
		t.Errorf("%d mails sent, held: %v", len(got), h.channel.Stats().Held)
	}
	h.relay.SetPassword("support", "newer")
	h.relay.Hangup()
	h.writes()
	h.until("the second alarm", func() bool { return h.alarms() == 2 })
}

// A relay that wants a mail later gets it later; one that is full, too; neither is an alarm.
func TestChannel_Later(t *testing.T) {
	h := inWeather(t, smtptest.Options{}, smtp.Options{})
	for _, r := range []smtptest.Rule{
		{At: "RCPT", Code: 451, Enhanced: [3]int{4, 7, 1}, Text: "greylisted, come back in five minutes"},
		{At: "DATA", Code: 452, Enhanced: [3]int{4, 3, 1}, Text: "disk full"},
		{At: "RCPT", Code: 421, Enhanced: [3]int{4, 3, 2}, Text: "shutting down"},
	} {
		r.Fault, r.Times = smtptest.Refuse, 2
		h.relay.Fail(r)
		c := h.writes()
		h.tells(c, bridge.PostSent, "")
	}
	if n := h.alarms(); n != 0 || len(h.relay.Mails()) != 3 {
		t.Errorf("%d alarms, %d mails sent", n, len(h.relay.Mails()))
	}
}

// A sender that the relay does not let us use concerns all mail, which waits. A mail that it will never take has failed,
// with its words, and the next one goes.
func TestChannel_Refused(t *testing.T) {
	h := inWeather(t, smtptest.Options{MaxBytes: 100 << 10}, smtp.Options{})
	h.relay.Fail(smtptest.Rule{At: "MAIL", Fault: smtptest.Refuse, Code: 553, Enhanced: [3]int{5, 7, 1}, Text: "not your address"})
	c := h.writes()
	h.until("the alarm", func() bool { return h.alarms() == 1 })
	h.relay.Heal()
	h.tells(c, bridge.PostSent, "")
	h.relay.Fail(smtptest.Rule{At: "DATA", Fault: smtptest.Refuse, Code: 554, Enhanced: [3]int{5, 6, 0}, Text: "I do not like it", Times: 1})
	h.tells(h.writes(), bridge.PostFailed, "554 5.6.0 I do not like it")
	h.tells(h.writes(), bridge.PostSent, "")
	if n := h.alarms(); n != 1 {
		t.Errorf("%d alarms", n)
	}
}
