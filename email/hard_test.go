package email_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/email/imap"
	"porchlight/email/imap/imaptest"
	"porchlight/email/login"
	"porchlight/email/smtp"
	"porchlight/email/smtp/smtptest"
)

// A mail that the server can't give is set aside after three attempts, counted and told; the next one is read.
func TestChannel_Unreadable(t *testing.T) {
	h := &house{t: t, dovecot: imaptest.StartFor(t)}
	deliver := func(from string) {
		mail := "From: " + from + "\r\nTo: support@example.org\r\nSubject: Course\r\nMessage-ID: <" + from + ">\r\n\r\nHow?\r\n"
		if err := h.dovecot.Deliver("support", []byte(mail)); err != nil {
			t.Fatal(err)
		}
	}
	deliver("anna@example.net")
	if err := h.dovecot.Spoil("support"); err != nil {
		t.Fatal(err)
	}
	deliver("ben@example.net")
	server, err := imap.ParseURL("imap+insecure://" + h.dovecot.PlainAddr)
	if err != nil {
		t.Fatal(err)
	}
	h.begin(smtptest.Options{}, smtp.Options{}, bridge.SystemClock{},
		imap.Options{Server: server, Account: login.Account{User: "support", Password: imaptest.Password}, Since: time.Hour})
	h.until("the second mail is a conversation", func() bool {
		c, err := h.Conversation(t.Context(), 1)
		return err == nil && c.Email == "ben@example.net"
	})
	h.until("the first one is counted", func() bool { return h.channel.Stats().Refused == 1 && h.channel.Stats().Came == 1 })
	if n := h.logged.times(`msg="a mail can't be read"`); n != 1 {
		t.Errorf("logged %d times", n)
	}
}

// Of a mail over 25 MB the header and the beginning are read, and the operator is told that there is more.
func TestChannel_TooLarge(t *testing.T) {
	h := open(t)
	h.until("the mailbox is read", func() bool { return h.channel.Stats().Up })
	var b bytes.Buffer
	b.WriteString("From: anna@example.net\r\nTo: support@example.org\r\nSubject: My pictures\r\nMessage-ID: <large@example.net>\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHere they are.\r\n--b\r\nContent-Type: application/octet-stream; name=pictures.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	line := []byte(strings.Repeat("QUJD", 19) + "\r\n")
	for b.Len() < 26<<20 {
		b.Write(line)
	}
	b.WriteString("--b--\r\n")
	if err := h.dovecot.Deliver("support", b.Bytes()); err != nil {
		t.Fatal(err)
	}
	var first bridge.Event
	h.until("the mail is a conversation", func() bool {
		events, err := h.Events(t.Context(), 1, 0, 10)
		for _, e := range events {
			if _, said := e.Data.(bridge.Message); said && first.Seq == 0 {
				first = e
			}
		}
		return err == nil && first.Seq > 0
	})
	m, ok := first.Data.(bridge.Message)
	if !ok || first.Text != "Here they are." || m.Mail.Left != "pictures.zip" || m.Mail.Lacks == "" {
		t.Errorf("the log has %q, %+v", first.Text, first.Data)
	}
	if in, err := h.Mail.Arrived(t.Context(), 1); err != nil || in.Bytes < 26<<20 || len(in.Raw) > 321<<10 {
		t.Errorf("kept %d of %d bytes, %v", len(in.Raw), in.Bytes, err)
	}
}
