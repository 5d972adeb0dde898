package email

import (
	"log/slog"
	"testing"

	"porchlight/email/imap"
	"porchlight/email/login"
)

// Mailboxes of several users on one server have names of their own, under which the store knows how far
// each is read, and each brings the mail of its department. The name of the first mailbox is as it was
// when there was only one.
func TestNew_MailboxesHaveNamesOfTheirOwn(t *testing.T) {
	server, err := imap.ParseURL("imaps://mail.example.org/INBOX")
	if err != nil {
		t.Fatal(err)
	}
	box := func(department, user string) Mailbox {
		return Mailbox{Department: department, IMAP: imap.Options{Server: server, Account: login.Account{User: user, Password: "hunter2"}}}
	}
	c := New(nil, Options{Log: slog.Default(), Mailboxes: []Mailbox{box("", "support"), box("sales", "sales@example.org"), box("billing", "bill")}})
	for name, department := range map[string]string{
		"imaps://mail.example.org:993/INBOX": "", "imaps://sales%40example.org@mail.example.org:993/INBOX": "sales",
		"imaps://bill@mail.example.org:993/INBOX": "billing", "imaps://elsewhere/INBOX": "",
	} {
		if got := c.department(name); got != department {
			t.Errorf("%s is of %q", name, got)
		}
		if c.inboxes[name] == nil && name != "imaps://elsewhere/INBOX" {
			t.Errorf("there is no %s", name)
		}
	}
	if s := c.Stats(); s.Up || len(s.Boxes) != 3 {
		t.Errorf("before any is read: %+v", s)
	}
	for _, in := range c.inboxes {
		in.up.Store(true)
	}
	if s := c.Stats(); !s.Up {
		t.Errorf("when all are read: %+v", s)
	}
	c.inboxes["imaps://bill@mail.example.org:993/INBOX"].up.Store(false)
	if s := c.Stats(); s.Up || s.Boxes["imaps://bill@mail.example.org:993/INBOX"] || !s.Boxes["imaps://mail.example.org:993/INBOX"] {
		t.Errorf("when one is not: %+v", s)
	}
}
