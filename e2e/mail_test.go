package e2e_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"net/mail"
	"strconv"
	"strings"
	"testing"
	"time"

	"porchlight/e2e/visitor"
	"porchlight/email/imap/imaptest"
	"porchlight/email/smtp/smtptest"
)

// post is what a site's mail goes through: a relay, and a mailbox that it reads.
type post struct {
	t       *testing.T
	relay   *smtptest.Sink
	dovecot *imaptest.Dovecot
	mails   int // sent by visitors
}

// startMail starts the servers and an installation that uses them. Who is not on the page for half a
// second is answered by mail.
func startMail(t *testing.T, more settings, env ...string) (*site, *post) {
	t.Helper()
	p := newPost(t)
	s := p.site(more, env...)
	s.says(&s.stderr, "mailbox is read") // mail that was there before is not read
	return s, p
}

// newPost starts the servers.
func newPost(t *testing.T) *post {
	t.Helper()
	relay, err := smtptest.Listen(smtptest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := &post{t: t, relay: relay, dovecot: imaptest.StartFor(t)}
	t.Cleanup(func() { p.relay.Close() })
	return p
}

// site starts an installation that uses the servers.
func (p *post) site(more settings, env ...string) *site {
	p.t.Helper()
	all := settings{
		"email.from": `"Example Support <support@example.org>"`, "email.smtp": strconv.Quote("smtp+insecure://" + p.relay.Addr()),
		"email.imap":           strconv.Quote("imap+insecure://support:" + imaptest.Password + "@" + p.dovecot.PlainAddr),
		"timing.visitor_grace": `"500ms"`,
	}
	for k, v := range more {
		all[k] = v
	}
	s := &site{t: p.t, dir: p.t.TempDir(), env: env}
	s.begin(all)
	return s
}

// comes lets a visitor's mail arrive in the mailbox.
func (p *post) comes(from, subject, text string, header ...string) {
	p.t.Helper()
	p.mails++
	var b strings.Builder
	fmt.Fprintf(&b, "From: %s\r\nTo: support@example.org\r\nSubject: %s\r\nMessage-ID: <v%d@example.net>\r\nDate: Sun, 29 Nov 2026 12:00:%02d +0000\r\n", from, subject, p.mails, p.mails%60)
	for _, line := range header {
		b.WriteString(line + "\r\n")
	}
	b.WriteString("Content-Type: text/plain; charset=utf-8\r\n\r\n" + strings.ReplaceAll(text, "\n", "\r\n") + "\r\n")
	if err := p.dovecot.Deliver("support", []byte(b.String())); err != nil {
		p.t.Fatal(err)
	}
}

// sent waits for the n-th mail that the relay has taken, and reads it.
func (p *post) sent(n int) (smtptest.Mail, *mail.Message) {
	p.t.Helper()
	list := p.relay.Await(within(p.t), n)
	if len(list) < n {
		p.t.Fatalf("the relay has %d mails, want %d", len(list), n)
	}
	m, err := mail.ReadMessage(bytes.NewReader(list[n-1].Raw))
	if err != nil {
		p.t.Fatal(err)
	}
	return list[n-1], m
}

// acknowledged waits for the n-th mail that the relay has taken, which tells a visitor that a mail of theirs has come.
func (p *post) acknowledged(n int, to string) {
	p.t.Helper()
	if m, read := p.sent(n); m.To != to || read.Header.Get("Auto-Submitted") != "auto-replied" || !strings.Contains(string(m.Raw), "We have received your request") {
		p.t.Errorf("mail %d to %s is no acknowledgement: %s", n, m.To, m.Raw)
	}
}

// takes takes a request, and returns the visitor's bare JID and the transcript.
func (s *site) takes(x *person, number int64) (jid, transcript string) {
	s.t.Helper()
	answer := x.desk(fmt.Sprint(number), fmt.Sprintf("#%d is yours", number))
	jid = answer[strings.LastIndexByte(answer, ' ')+1:]
	return jid, x.hears(jid, fmt.Sprintf("#%d ", number))
}

// TestMail: a mail opens a ticket, and its sender is told by mail that it has come, without a word of theirs. The
// ticket is offered and taken as a chat is; what the operator answers goes by mail, the operator learns that it was sent, and the answer to it comes to the same chat.
func TestMail(t *testing.T) {
	t.Parallel()
	s, p := startMail(t, nil)
	x := s.operators("xavi")[0]
	p.comes("Anna <anna@example.net>", "Course dates", "When does the course begin?")
	p.acknowledged(1, "anna@example.net")
	if m, read := p.sent(1); strings.Contains(string(m.Raw), "ourse") || strings.Contains(string(m.Raw), "Anna") || read.Header.Get("In-Reply-To") != "<v1@example.net>" ||
		read.Header.Get("X-Auto-Response-Suppress") != "All" || !strings.HasPrefix(m.From, "support+b.") || !strings.Contains(read.Header.Get("Reply-To"), "support+t.") {
		t.Errorf("envelope from %s: %s", m.From, m.Raw)
	}
	if offer := x.hears("desk@support.localhost", "#1 Anna, Support: When does the course begin?"); !strings.Contains(offer, "✉ Course dates") {
		t.Errorf("the offer does not tell the subject: %q", offer)
	}
	jid, transcript := s.takes(x, 1)
	for _, want := range []string{"✉ Course dates", "✉ Acknowledged by mail to anna@example.net.", "goes by mail to anna@example.net"} {
		if !strings.Contains(transcript, want) {
			t.Errorf("the transcript lacks %q:\n%s", want, transcript)
		}
	}
	x.says(jid, "On Monday.")
	x.says(jid, "At nine.")
	m, read := p.sent(2)
	body := string(m.Raw)
	for _, want := range []string{"On Monday.", "At nine.", "When does the course begin?"} {
		if !strings.Contains(body, want) {
			t.Errorf("the mail lacks %q:\n%s", want, body)
		}
	}
	if m.To != "anna@example.net" || read.Header.Get("Subject") != "Re: Course dates" || read.Header.Get("In-Reply-To") != "<v1@example.net>" ||
		!strings.HasPrefix(m.From, "support+b.") || !strings.Contains(read.Header.Get("From"), "Xavi (Example Support)") {
		t.Errorf("envelope %s → %s, header %v", m.From, m.To, read.Header)
	}
	x.hears(jid, "Sent by mail to anna@example.net")

	p.comes("anna@example.net", "Re: Course dates", "Thanks!\n\nOn Sun, 29 Nov 2026 Xavi wrote:\n> On Monday.\n", "In-Reply-To: "+read.Header.Get("Message-ID"))
	if got := x.hears(jid, "Thanks!"); strings.Contains(got, "On Monday.") {
		t.Errorf("the quote is shown: %q", got)
	}
	x.says(jid, "You are welcome.")
	if _, again := p.sent(3); again.Header.Get("Subject") != "Re: Course dates" || !strings.Contains(again.Header.Get("References"), read.Header.Get("Message-ID")+" <v2@example.net>") {
		t.Errorf("header %v", again.Header)
	}
	if n := len(p.relay.Mails()); n != 3 {
		t.Errorf("%d mails were sent", n)
	}
}

// TestMail_Acknowledged: whoever asks on the page while nobody is there is told by mail that the request has come, in
// their language and outside the hours with when we are back by their clocks. Whoever answers that mail is in the
// conversation. An address that is wrong is told to the operators, and who writes there again is warned.
func TestMail_Acknowledged(t *testing.T) {
	t.Parallel()
	s, p := startMail(t, nil)
	x := s.operators("xavi")[0]
	madrid, york := zone(t, "Europe/Madrid"), zone(t, "America/New_York")
	then := time.Now().In(madrid).AddDate(0, 0, 2)
	then = time.Date(then.Year(), then.Month(), then.Day(), 9, 0, 0, 0, madrid)
	x.desk("hours-set site "+then.Weekday().String()[:3]+" 9-17; Europe/Madrid", "Europe/Madrid")
	s.leave(x)
	in := visitor.Inquiry{Name: "Anna", Email: "anna@example.net", Reason: "Wo?", Language: "de", TimeZone: "America/New_York"}
	if _, err := visitor.New(s.url).Ask(within(t), in); err != nil {
		t.Fatal(err)
	}
	m, read := p.sent(1)
	for _, want := range []string{"To: <anna@example.net>", "geschlossen", then.In(york).Format("2006-01-02 15:04 MST")} {
		if !strings.Contains(string(m.Raw), want) {
			t.Errorf("the mail lacks %q: %s", want, m.Raw)
		}
	}
	p.comes("anna@example.net", "Re: x", "In Madrid?", "In-Reply-To: "+read.Header.Get("Message-ID"))
	x = s.operators("xavi")[0]
	jid, transcript := s.takes(x, 1)
	if !strings.Contains(transcript, "✉ Acknowledged by mail to anna@example.net.") {
		t.Errorf("the transcript does not tell: %s", transcript)
	}
	x.hears(jid, "In Madrid?")

	p.relay.Fail(smtptest.Rule{At: "RCPT", Fault: smtptest.Refuse, Code: 550, Enhanced: [3]int{5, 1, 1}, Text: "no such user"})
	p.comes("gone@example.net", "Hello", "Anybody?")
	x.hears("desk@support.localhost", "#2 gone")
	jid, _ = s.takes(x, 2)
	x.hears(jid, "NOT sent: 550 5.1.1 no such user")
	p.relay.Heal()
	x.desk("mail gone@example.net Invoice: Are you there?", "there is no such mailbox")
	if n := len(p.relay.Mails()); n > 2 {
		t.Errorf("%d mails were sent", n)
	}
}

// zone is a time zone.
func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// TestMail_Bounces: the operator learns that a mail came back, with the server's words.
func TestMail_Bounces(t *testing.T) {
	t.Parallel()
	metrics := freeAddr(t)
	s, p := startMail(t, settings{"web.metrics_listen": strconv.Quote(metrics)})
	x := s.operators("xavi")[0]
	p.comes("anna@example.net", "Hello", "Anybody?")
	x.hears("desk@support.localhost", "Anybody?")
	p.acknowledged(1, "anna@example.net")
	jid, _ := s.takes(x, 1)
	p.relay.Fail(smtptest.Rule{At: "RCPT", Fault: smtptest.Refuse, Code: 550, Enhanced: [3]int{5, 1, 1}, Text: "no such user"})
	x.says(jid, "Yes.")
	x.hears(jid, "NOT sent: 550 5.1.1 no such user")
	p.relay.Heal()
	x.says(jid, "Hello?")
	m, _ := p.sent(2)
	dsn := "From: MAILER-DAEMON@relay.example\r\nTo: " + m.From + "\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n" +
		"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\nFinal-Recipient: rfc822; anna@example.net\r\nAction: failed\r\nStatus: 5.2.2\r\nDiagnostic-Code: smtp; 552 mailbox full\r\n\r\n--b--\r\n"
	if err := p.dovecot.Deliver("support", []byte(dsn)); err != nil {
		t.Fatal(err)
	}
	x.hears(jid, "came back: 5.2.2")
	for name, want := range map[string]float64{"mail_failed_total": 1, "mail_bounced_total": 1} {
		eventually(t, name, func() bool { return s.metric(metrics, "porchlight_"+name) == want })
	}
}

// TestMail_NothingLost: mails come while the server ends the mailbox's sessions and porchlight is
// killed again and again. Each becomes one conversation.
func TestMail_NothingLost(t *testing.T) {
	t.Parallel()
	s, p := startMail(t, settings{"limits.offers_at_once": "0"}) // so many requests are no storm here
	s.tolerate("can't be read")                                  // sessions are kicked faster than they begin
	const mails = 150
	for i := range mails {
		p.comes(fmt.Sprintf("v%d@example.net", i), fmt.Sprint("Matter ", i), "How?")
		switch {
		case i%25 == 24:
			s.kill()
			s.up()
			s.tolerate("can't be read")
		case i%5 == 4:
			if err := p.dovecot.Kick("support"); err != nil {
				t.Fatal(err)
			}
		}
	}
	db, err := sql.Open("sqlite3", "file:"+s.database()+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	count := func() (sorted, all, senders int) {
		err := db.QueryRow(`SELECT (SELECT count(*) FROM mails WHERE state = 'done'), count(*), count(DISTINCT email) FROM conversations`).Scan(&sorted, &all, &senders)
		if err != nil {
			t.Fatal(err)
		}
		return sorted, all, senders
	}
	eventually(t, "all mails are sorted", func() bool { sorted, _, _ := count(); return sorted >= mails })
	if sorted, all, senders := count(); sorted != mails || all != mails || senders != mails {
		t.Errorf("%d mails became %d conversations with %d people", sorted, all, senders)
	}
}

// TestMail_NoEndlessTalk: an operator writes first to somebody whose mail program answers by itself.
// Nothing answers the program, and what the person answers comes to the operator's chat.
func TestMail_NoEndlessTalk(t *testing.T) {
	t.Parallel()
	s, p := startMail(t, nil)
	x := s.operators("xavi")[0]
	answer := x.desk("mail robot@example.net Invoice: Where is it?", "the mail goes to robot@example.net")
	jid := answer[strings.LastIndexByte(answer, ' ')+1:]
	_, first := p.sent(1)
	for i := range 3 {
		p.comes("robot@example.net", "Out of office", "I am away.", "Auto-Submitted: auto-replied", "In-Reply-To: "+first.Header.Get("Message-ID"), fmt.Sprintf("X-Round: %d", i))
	}
	p.comes("robot@example.net", "Re: Invoice", "Here it is.", "In-Reply-To: "+first.Header.Get("Message-ID"))
	x.hears(jid, "An automatic answer came from robot@example.net: Out of office")
	x.hears(jid, "Here it is.")
	if n := len(p.relay.Mails()); n != 1 {
		t.Errorf("%d mails were sent", n)
	}
}

// TestMail_Notices: an operator who wants notices by mail gets the test, and is told by mail of a
// request that meets them away.
func TestMail_Notices(t *testing.T) {
	t.Parallel()
	s, p := startMail(t, nil)
	x := s.operators("xavi")[0]
	x.desk("notify mail on xavi@home.example", "Mail: on, to xavi@home.example")
	x.desk("notify always", "You are asked at any time")
	x.desk("notify test", "a mail to xavi@home.example")
	m, read := p.sent(1)
	if m.To != "xavi@home.example" || read.Header.Get("Auto-Submitted") == "" || !strings.Contains(string(m.Raw), "This is a test.") {
		t.Errorf("to %s: %s", m.To, m.Raw)
	}
	s.leave(x)
	p.comes("Anna <anna@example.net>", "Course", "Anybody?")
	got := map[string]string{}
	for _, n := range []int{2, 3} {
		m, _ := p.sent(n)
		got[m.To] = string(m.Raw)
	}
	if notice := got["xavi@home.example"]; got["anna@example.net"] == "" || notice == "" || strings.Contains(notice, "Anybody?") {
		t.Errorf("sent %q", got)
	}
}

// TestMail_Transcript: a visitor who was answered has the conversation sent.
func TestMail_Transcript(t *testing.T) {
	t.Parallel()
	s, p := startMail(t, nil)
	x := s.operators("xavi")[0]
	c, err := visitor.New(s.url).Ask(within(t), visitor.Inquiry{Name: "Anna", Email: "anna@example.net", Reason: "How?"})
	if err != nil {
		t.Fatal(err)
	}
	jid, _ := s.takes(x, c.Number)
	x.says(jid, "Like this.")
	p.sent(1) // nobody was on the page
	if err := c.Post(within(t), "/transcript", map[string]any{"email": "anna@example.net"}); err != nil {
		t.Fatal(err)
	}
	m, _ := p.sent(2)
	for _, want := range []string{"How?", "Like this."} {
		if m.To != "anna@example.net" || !strings.Contains(string(m.Raw), want) {
			t.Errorf("to %s, without %q: %s", m.To, want, m.Raw)
		}
	}
	x.hears(jid, "had this conversation sent to anna@example.net")
	if err := c.Post(within(t), "/transcript", map[string]any{"email": "eve@example.net"}); err == nil {
		t.Error("it was sent to somebody else")
	}
}
