package e2e_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"porchlight/email/imap/imaptest"
)

// delivers puts a mail to an address into the mailbox of a user. "plain USER" is one whose server knows no
// addresses with a mark.
func (p *post) delivers(user, to, from, subject, text string, header ...string) {
	p.t.Helper()
	user, plain := strings.CutPrefix(user, "plain ")
	if plain && strings.Contains(to, "+") {
		p.t.Fatalf("550 no such user: %s", to)
	}
	p.mails++
	lines := append([]string{"From: " + from, "To: " + to, "Subject: " + subject, fmt.Sprintf("Message-ID: <v%d@example.net>", p.mails)}, header...)
	if err := p.dovecot.Deliver(user, []byte(strings.Join(lines, "\r\n")+"\r\n\r\n"+text+"\r\n")); err != nil {
		p.t.Fatal(err)
	}
}

// box is the URL of a user's mailbox.
func (p *post) box(user string) string {
	return "imap+insecure://" + user + ":" + imaptest.Password + "@" + p.dovecot.PlainAddr
}

// TestMail_TwoMailboxes: mail to the mailbox of sales is asked of sales and answered from their address; the
// answer finds its conversation in whichever mailbox it comes, as does a mail that came back; what was passed
// on to support is answered from support's address. The desk and the metrics tell which mailbox can't be read.
func TestMail_TwoMailboxes(t *testing.T) {
	t.Parallel()
	metrics := freeAddr(t)
	p := newPost(t)
	s := p.site(settings{"web.metrics_listen": strconv.Quote(metrics), "email.mailboxes": fmt.Sprintf(`[{department = "sales", from = "Example Sales <sales@example.org>", imap = %q}]`, p.box("sales"))})
	s.tolerate("a department that is not there")
	for _, name := range []string{"imap+insecure://sales@", "imap+insecure://"} {
		s.says(&s.stderr, `"mailbox is read" mailbox=`+name+p.dovecot.PlainAddr)
	}
	x := s.operators("xavi")[0]
	x.desk("department-add sales Sales", "Sales (sales) is made")
	p.delivers("sales", "sales@example.org", "Anna <anna@example.net>", "Offer", "How much is it?")
	x.hears("desk@support.localhost", "#1 Anna, Sales: How much is it?")
	if p.acknowledged(1, "anna@example.net"); !strings.HasPrefix(p.relay.Mails()[0].From, "sales+b.") {
		t.Errorf("the acknowledgement is from %s", p.relay.Mails()[0].From)
	}
	jid, _ := s.takes(x, 1)
	x.says(jid, "Ten euros.")
	m, read := p.sent(2)
	reply := read.Header.Get("Reply-To")
	if !strings.HasPrefix(m.From, "sales+b.") || !strings.Contains(read.Header.Get("From"), "Xavi (Example Sales)") || !strings.Contains(read.Header.Get("From"), "<sales@example.org>") || !strings.Contains(reply, "sales+t.") {
		t.Errorf("envelope from %s, header %v", m.From, read.Header)
	}
	p.delivers("support", reply, "anna@example.com", "Offer", "From my other address.")
	x.hears(jid, "From my other address.")
	p.delivers("sales", reply, "anna@example.net", "Offer", "Thanks.")
	x.hears(jid, "Thanks.")
	p.delivers("support", m.From, "MAILER-DAEMON@relay.example", "Undelivered", "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"+
		"Reporting-MTA: dns; relay.example\r\n\r\nFinal-Recipient: rfc822; anna@example.net\r\nAction: failed\r\nStatus: 5.2.2\r\n\r\n--b--",
		"MIME-Version: 1.0", "Content-Type: multipart/report; report-type=delivery-status; boundary=b")
	x.hears(jid, "came back: 5.2.2")

	x.says(jid, "!transfer support they know")
	x.hears("desk@support.localhost", "#1 Anna, Support")
	jid, _ = s.takes(x, 1)
	x.says(jid, "Support here.")
	if m, read := p.sent(3); !strings.HasPrefix(m.From, "support+b.") || !strings.Contains(read.Header.Get("From"), "Xavi (Example Support)") {
		t.Errorf("passed on: envelope from %s, header %v", m.From, read.Header)
	}

	s.tolerate("can't be read")
	p.dovecot.Halt()
	x.hears("desk@support.localhost", "The mailbox imap+insecure://sales@"+p.dovecot.PlainAddr+"/INBOX can't be read")
	for _, name := range []string{"imap+insecure://sales@", "imap+insecure://"} {
		metric := fmt.Sprintf("porchlight_mailbox_read{mailbox=%q}", name+p.dovecot.PlainAddr+"/INBOX")
		eventually(t, name+" is not read", func() bool { return s.metric(metrics, metric) == 0 })
	}
}

// TestMail_WithoutPlusAddressing: where the provider knows no addresses with a mark, mails go from and are
// answered at the plain address; the answer is known by the mail that it refers to, and what came back by
// the mail that it quotes.
func TestMail_WithoutPlusAddressing(t *testing.T) {
	t.Parallel()
	s, p := startMail(t, settings{"email.subaddress": `""`})
	x := s.operators("xavi")[0]
	p.comes("Anna <anna@example.net>", "Course", "When?")
	x.hears("desk@support.localhost", "When?")
	jid, _ := s.takes(x, 1)
	p.acknowledged(1, "anna@example.net")
	x.says(jid, "On Monday.")
	m, read := p.sent(2)
	if strings.Contains(string(m.Raw)+m.From, "support+") || m.From != "support@example.org" {
		t.Errorf("from %s: %s", m.From, m.Raw)
	}
	reply, id := read.Header.Get("Reply-To"), read.Header.Get("Message-ID")
	if reply == "" {
		reply = read.Header.Get("From")
	}
	p.delivers("plain support", reply, "anna@example.net", "Re: Course", "Thanks!", "In-Reply-To: "+id)
	x.hears(jid, "Thanks!")
	p.delivers("plain support", m.From, "MAILER-DAEMON@relay.example", "Undelivered", "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"+
		"Reporting-MTA: dns; relay.example\r\n\r\nFinal-Recipient: rfc822; anna@example.net\r\nAction: failed\r\nStatus: 5.2.2\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: "+id+"\r\n\r\n--b--",
		"MIME-Version: 1.0", "Content-Type: multipart/report; report-type=delivery-status; boundary=b")
	x.hears(jid, "came back: 5.2.2")
	p.delivers("plain support", reply, "eve@example.com", "Re: Course", "Let me in.", "In-Reply-To: "+id)
	x.hears("desk@support.localhost", "Let me in.")
	p.acknowledged(3, "eve@example.com")
	if n := len(p.relay.Mails()); n != 3 {
		t.Errorf("%d mails were sent", n)
	}
}
