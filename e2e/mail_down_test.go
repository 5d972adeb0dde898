package e2e_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"porchlight/demo/xmppd"
	"porchlight/email/smtp/smtptest"
)

// freeAddr is an address that nobody listens on.
func freeAddr(t *testing.T) string {
	t.Helper()
	addr, err := xmppd.FreeAddr("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return addr
}

// times counts what the desk has told x that has a text in it.
func (x *person) times(text string) int {
	n := 0
	for _, el := range x.All() {
		if strings.Contains(el.ChildText("", "body"), text) {
			n++
		}
	}
	return n
}

// TestMail_RelayIsGone: a relay that is gone is told to the desk once, with why; what is to go waits, and goes when
// the relay is back, which is told, too. A relay that does not let us in is told with its own words.
func TestMail_RelayIsGone(t *testing.T) {
	t.Parallel()
	metrics := freeAddr(t)
	s, p := startMail(t, settings{"web.metrics_listen": strconv.Quote(metrics)}, "PORCHLIGHT_CLOCK_RATE=60")
	counted := func(name string, want float64) {
		t.Helper()
		eventually(t, fmt.Sprintf("%s is %v", name, want), func() bool { return s.metric(metrics, "porchlight_"+name) == want })
	}
	x := s.operators("xavi")[0]
	p.comes("anna@example.net", "Hello", "Anybody?")
	x.hears("desk@support.localhost", "Anybody?")
	p.acknowledged(1, "anna@example.net")
	jid, _ := s.takes(x, 1)
	counted("mail_queued", 0)
	s.tolerate("No mail can be sent")
	addr := p.relay.Addr()
	p.relay.Close()
	x.says(jid, "Yes.")
	x.hears("desk@support.localhost", "No mail can be sent, and all of it waits: ")
	counted("mail_held", 1)
	counted("mail_queued", 1)
	if age := s.metric(metrics, "porchlight_mail_oldest_seconds"); age <= 0 {
		t.Errorf("the oldest mail is %v s old", age)
	}
	var err error
	if p.relay, err = smtptest.Listen(smtptest.Options{Addr: addr}); err != nil {
		t.Fatal(err)
	}
	p.relay.Fail(smtptest.Rule{At: "MAIL", Fault: smtptest.Refuse, Code: 530, Enhanced: [3]int{5, 7, 0}, Text: "log in first"})
	s.says(&s.stderr, "kind=ours")
	p.relay.Heal()
	p.sent(1) // the relay is another one
	x.hears("desk@support.localhost", "Mail is sent again.")
	x.hears(jid, "Sent by mail to anna@example.net")

	p.relay.Fail(smtptest.Rule{At: "MAIL", Fault: smtptest.Refuse, Code: 530, Enhanced: [3]int{5, 7, 0}, Text: "log in first"})
	x.says(jid, "Really.")
	x.hears("desk@support.localhost", "log in first")
	s.says(&s.stderr, "kind=ours")
	p.relay.Heal()
	p.sent(2)
	x.hears(jid, "Sent by mail to anna@example.net")
	for name, want := range map[string]float64{"mail_held": 0, "mail_queued": 0, "mail_oldest_seconds": 0, "mail_sent_total": 3, "mail_failed_total": 0, "mail_received_total": 1, "mail_refused_total": 0, "mailbox_up": 1} {
		counted(name, want)
	}
	p.relay.Fail(smtptest.Rule{At: "RCPT", Fault: smtptest.Refuse, Code: 550, Text: "no such user"})
	x.says(jid, "Still there?")
	counted("mail_failed_total", 1)
	if down, well := x.times("No mail can be sent"), x.times("Mail is sent again."); down != 2 || well != 2 {
		t.Errorf("told %d times that no mail can be sent, and %d times that it is sent again", down, well)
	}
}

// TestMail_MailboxIsGone: a mailbox that can't be read is told to the desk once, with why, and when it is read again;
// what came meanwhile is not lost.
func TestMail_MailboxIsGone(t *testing.T) {
	t.Parallel()
	metrics := freeAddr(t)
	s, p := startMail(t, settings{"web.metrics_listen": strconv.Quote(metrics)})
	x := s.operators("xavi")[0]
	s.tolerate("can't be read")
	p.dovecot.Halt()
	x.hears("desk@support.localhost", "can't be read, so mail to it is not answered: ")
	if up := s.metric(metrics, "porchlight_mailbox_up"); up != 0 {
		t.Errorf("mailbox_up is %v", up)
	}
	if err := p.dovecot.Restart(); err != nil {
		t.Fatal(err)
	}
	x.hears("desk@support.localhost", "is read again.")
	p.comes("anna@example.net", "Hello", "Anybody?")
	x.hears("desk@support.localhost", "Anybody?")
	if down, well := x.times("can't be read"), x.times("is read again"); down != 1 || well != 1 {
		t.Errorf("told %d times that the mailbox can't be read, and %d times that it is read again", down, well)
	}
}
