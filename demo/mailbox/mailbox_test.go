package mailbox

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-smtp"
)

// started starts servers for a test.
func started(t *testing.T) *Servers {
	t.Helper()
	s, err := Start(Config{Address: "support@localhost", User: "support", Password: "demo", SMTP: "127.0.0.1:0", IMAP: "127.0.0.1:0",
		Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// sends sends a mail as a mail program does.
func sends(t *testing.T, s *Servers, from string, to []string, raw string) {
	t.Helper()
	c, err := smtp.Dial(s.SMTPAddr())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SendMail(from, to, strings.NewReader(strings.ReplaceAll(raw, "\n", "\r\n"))); err != nil {
		t.Fatal(err)
	}
}

// opens logs in to the mailbox and selects it.
func opens(t *testing.T, s *Servers) (*imapclient.Client, *imap.SelectData) {
	t.Helper()
	c, err := imapclient.DialInsecure(s.IMAPAddr(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.Login("support", "demo").Wait(); err != nil {
		t.Fatal(err)
	}
	box, err := c.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		t.Fatal(err)
	}
	return c, box
}

// lies lists the mails in the mailbox.
func lies(t *testing.T, s *Servers) []string {
	t.Helper()
	c, box := opens(t, s)
	if box.NumMessages == 0 {
		return nil
	}
	got, err := c.Fetch(imap.SeqSet{{Start: 1, Stop: 0}}, &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{{Peek: true}}}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, m := range got {
		list = append(list, string(m.BodySection[0].Bytes))
	}
	return list
}

// Mail to the support address lies in the mailbox, with whatever stands behind a +. All other mail is only shown.
func TestServers_Sorts(t *testing.T) {
	s := started(t)
	to := []string{"support@localhost", "anna@example.org", "Support+t.abc@LOCALHOST", "supporter@localhost", "support@example.org"}
	sends(t, s, "bert@example.org", to, "Subject: Hello\n\nHello!\n")
	list := lies(t, s)
	if len(list) != 2 {
		t.Fatalf("%d mails in the mailbox: %q", len(list), list)
	}
	for i, to := range []string{"support@localhost", "Support+t.abc@LOCALHOST"} {
		if want := "Return-Path: <bert@example.org>\r\nDelivered-To: " + to + "\r\nSubject: Hello\r\n\r\nHello!\r\n"; list[i] != want {
			t.Errorf("in the mailbox: %q, want %q", list[i], want)
		}
	}
	var shown string
	for _, m := range s.Mails() {
		shown += fmt.Sprintln(m.Number, m.From, m.To, m.Arrived)
	}
	want := "5 bert@example.org support@example.org false\n4 bert@example.org supporter@localhost false\n" +
		"3 bert@example.org Support+t.abc@LOCALHOST true\n2 bert@example.org anna@example.org false\n1 bert@example.org support@localhost true\n"
	if shown != want {
		t.Errorf("shown:\n%s", shown)
	}
}

// Only the last mails are kept for the pages.
func TestServers_Forgets(t *testing.T) {
	s := started(t)
	for range maxShown + 1 {
		if err := s.take("", "anna@example.org", []byte("\r\n")); err != nil {
			t.Fatal(err)
		}
	}
	if list := s.Mails(); len(list) != maxShown || list[0].Number != maxShown+1 {
		t.Errorf("%d mails, the newest is %d", len(list), list[0].Number)
	}
	if _, ok := s.mail(1); ok {
		t.Error("the first mail is still there")
	}
}

// A mail that comes while a client waits is announced. A wrong password opens nothing.
func TestServers_IMAP(t *testing.T) {
	s := started(t)
	stranger, err := imapclient.DialInsecure(s.IMAPAddr(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer stranger.Close()
	var refused *imap.Error
	if err := stranger.Login("support", "guess").Wait(); !errors.As(err, &refused) || refused.Code != imap.ResponseCodeAuthenticationFailed {
		t.Errorf("with a wrong password: %v", err)
	}
	select {
	case <-s.Opened():
		t.Error("somebody has opened the mailbox")
	default:
	}
	news := make(chan uint32, 10)
	c, err := imapclient.DialInsecure(s.IMAPAddr(), &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(d *imapclient.UnilateralDataMailbox) {
			if d.NumMessages != nil {
				news <- *d.NumMessages
			}
		}}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login("support", "demo").Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	<-s.Opened()
	if _, err := c.Idle(); err != nil {
		t.Fatal(err)
	}
	sends(t, s, "anna@example.org", []string{"support@localhost"}, "Subject: Hello\n\nHello!\n")
	if n := <-news; n != 1 {
		t.Errorf("%d mails are announced", n)
	}
}

// The mailbox of a later start is another one for clients with a cursor, wherever they are told of it.
func TestServers_Renumbered(t *testing.T) {
	s := started(t)
	s.validity = 77
	c, box := opens(t, s)
	status, err := c.Status("INBOX", &imap.StatusOptions{UIDValidity: true}).Wait()
	if err != nil || box.UIDValidity != 77 || status.UIDValidity != 77 {
		t.Errorf("SELECT says %d, STATUS %+v, %v", box.UIDValidity, status, err)
	}
	if age := time.Since(time.Unix(int64(started(t).validity), 0)); age < 0 || age > time.Hour {
		t.Errorf("the mailbox is %v old", age)
	}
}

// When a port is taken, another one of the same host is used.
func TestStart_TakenPort(t *testing.T) {
	s := started(t)
	again, err := Start(Config{Address: "support@localhost", User: "support", Password: "demo", SMTP: s.SMTPAddr(), IMAP: s.IMAPAddr(), Log: s.config.Log})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	for first, second := range map[string]string{s.SMTPAddr(): again.SMTPAddr(), s.IMAPAddr(): again.IMAPAddr()} {
		host, _, _ := net.SplitHostPort(second)
		if first == second || host != "127.0.0.1" {
			t.Errorf("%s is taken, and %s is used", first, second)
		}
	}
	if _, err := Start(Config{SMTP: "nonsense", Log: s.config.Log}); err == nil {
		t.Error("an address without a port is taken")
	}
}
