package bridge_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

const sales = "sales@example.org"

// twoDesks are the addresses of a site whose sales have one of their own.
var twoDesks = bridge.Addresses{Support: support, Departments: map[string]string{"sales": sales}, Separator: "+"}

// addressingPen is a pen whose mails say where they are answered.
type addressingPen struct{ pen }

// Compose implements bridge.Post.
func (addressingPen) Compose(d bridge.Draft) ([]byte, error) {
	return fmt.Appendf(nil, "%s under %s", d.Lines[0].Text, d.ReplyTo), nil
}

// newOfficeOf is an office with these addresses and the departments support and sales.
func newOfficeOf(t *testing.T, a bridge.Addresses) *office {
	t.Helper()
	o := newOffice(t)
	o.mail = bridge.MailOptions{Post: addressingPen{}, Addresses: a}
	o.close()
	o.open()
	o.halted()
	o.must(bridge.Conversation{}, o.Team.Administer(t.Context(), func(tx bridge.Tx) error {
		return tx.SaveDepartment(bridge.Department{Name: "sales", Title: "Sales"})
	}))
	o.come(xavi)
	return o
}

// A mailbox's mail is asked of its department, and answered from the department's address, under which
// the answer to it is known, whichever mailbox that comes in. What was passed on to another department
// is answered from that one's address.
func TestMail_FromTheDepartmentsAddress(t *testing.T) {
	o := newOfficeOf(t, twoDesks)
	m := anna("1@example.net", "Offer", "How much?")
	m.Recipients = []string{sales}
	c := o.conversation(o.getsFor("sales", m).Conversation)
	if c.Department != "sales" {
		t.Errorf("the mail went to %s", c.Department)
	}
	from := func(said string) bridge.OutMail {
		t.Helper()
		o.writes(xavi, bridge.Opened{Conversation: c}, bridge.Said{ID: said, Text: said, ByMail: true})
		list := o.outbox(0)
		if len(list) != 1 {
			t.Fatalf("it sends %v", list)
		}
		o.sent(list)
		return list[0]
	}
	first := from("So.")
	if !strings.HasPrefix(first.From, "sales+b.") || !strings.Contains(string(first.Raw), "under sales+t.") {
		t.Errorf("from %s: %s", first.From, first.Raw)
	}
	thread := o.thread(c.Number, "anna@example.net")
	for i, address := range []string{sales, support} {
		answer := bridge.Letter{MessageID: fmt.Sprint("a", i, "@example.net"), From: "anna@example.com", Text: "Yes", Recipients: []string{o.mail.Addresses.ReplyTo(address, thread)}}
		if m := o.gets(answer); m.Conversation != c.Number {
			t.Errorf("the answer to %s came to #%d", address, m.Conversation)
		}
	}
	o.gets(bridge.Letter{MessageID: "b@relay", From: "mailer-daemon@relay", Recipients: []string{first.From}, Nature: bridge.Bounced, Bounce: bridge.Bounce{Failed: true, Words: "5.1.1"}})
	if got := o.posts(c.Number); got[len(got)-1] != "bounced 5.1.1" {
		t.Errorf("the log tells %q", got)
	}
	o.must(o.Pass(t.Context(), xavi, c.Visitor, bridge.Operator{}, bridge.Department{Name: "support"}, ""))
	o.must(o.Take(t.Context(), xavi, c.Number))
	if m := from("Here."); !strings.HasPrefix(m.From, "support+b.") || !strings.Contains(string(m.Raw), "under support+t.") {
		t.Errorf("passed on, from %s: %s", m.From, m.Raw)
	}
}

// Mail from any of our addresses is no visitor's.
func TestMail_EachOwnAddressIsKnown(t *testing.T) {
	o := newOfficeOf(t, twoDesks)
	for i, address := range []string{support, "Sales@Example.org"} {
		m := o.gets(bridge.Letter{MessageID: fmt.Sprint("o", i, "@example.org"), From: strings.ToLower(address), Text: "Hello", Recipients: []string{support}})
		if m.Conversation != 0 || m.Fate != string(bridge.Outside) {
			t.Errorf("mail from %s: %+v", address, m)
		}
	}
}

// Mail of a mailbox whose department is not there is asked of the department that followed it, and
// else of the one for requests that name none.
func TestMail_DepartmentIsGone(t *testing.T) {
	o := newOfficeOf(t, twoDesks)
	for i, department := range []string{"nowhere", "sales", "sales"} {
		if i == 2 {
			o.must(bridge.Conversation{}, o.Team.CloseDepartment(t.Context(), "sales", bridge.Department{Name: "support"}, func(bridge.Tx) error { return nil }))
		}
		want := map[int]string{0: "support", 1: "sales", 2: "support"}[i]
		m := anna(fmt.Sprint(i, "@example.net"), fmt.Sprint("Matter ", i), "How?")
		if c := o.conversation(o.getsFor(department, m).Conversation); c.Department != want {
			t.Errorf("mail to %s went to %s", department, c.Department)
		}
	}
}

// A provider without marks gets plain addresses. Answers are known by the ids in them then, and mail
// that came back by its Message-ID. Marks of another time are known still.
func TestMail_WithoutMarks(t *testing.T) {
	for _, separator := range []string{"", "-"} {
		o := newOfficeOf(t, bridge.Addresses{Support: support, Departments: twoDesks.Departments, Separator: separator})
		c := o.conversation(o.gets(anna("1@example.net", "Course", "How?")).Conversation)
		o.writes(xavi, bridge.Opened{Conversation: c}, bridge.Said{ID: "s", Text: "So."})
		list := o.outbox(2 * time.Minute)
		o.sent(list)
		out, local := list[0], "support"+separator
		if plain := out.From == support; plain != (separator == "") || !strings.Contains(string(out.Raw), "under "+local) || !strings.HasPrefix(out.From, local) {
			t.Errorf("%q: from %s: %s", separator, out.From, out.Raw)
		}
		answer := anna("2@example.net", "Re: Course", "Thanks")
		answer.InReplyTo = out.MessageID
		if m := o.gets(answer); m.Conversation != c.Number {
			t.Errorf("%q: the answer came to #%d", separator, m.Conversation)
		}
		stranger := bridge.Letter{MessageID: "3@example.net", From: "eve@example.com", Text: "Me too", InReplyTo: out.MessageID, Recipients: []string{support}}
		if m := o.gets(stranger); m.Conversation == c.Number {
			t.Errorf("%q: an id let a stranger in", separator)
		}
		token := o.thread(c.Number, "anna@example.net").Token
		for i, to := range []string{"support+t." + token + "@example.org", local + "t." + token + "@example.org"} {
			stranger.MessageID, stranger.InReplyTo, stranger.Recipients = fmt.Sprint("t", i, "@example.net"), "", []string{to}
			if m := o.gets(stranger); m.Conversation != c.Number && (i == 0 || separator != "") {
				t.Errorf("%q: mail to %s came to #%d", separator, to, m.Conversation)
			}
		}
		o.gets(bridge.Letter{MessageID: "b@relay", From: "mailer-daemon@relay", Recipients: []string{out.From}, Nature: bridge.Bounced,
			Bounce: bridge.Bounce{Failed: true, Words: "5.1.1", MessageID: out.MessageID}})
		if got := o.posts(c.Number); got[len(got)-1] != "bounced 5.1.1" {
			t.Errorf("%q: the log tells %q", separator, got)
		}
	}
}

// An answer that is addressed to two mailboxes is said once.
func TestMail_ToTwoMailboxes(t *testing.T) {
	o := newOfficeOf(t, twoDesks)
	c := o.conversation(o.getsFor("sales", anna("1@example.net", "Offer", "How much?")).Conversation)
	o.writes(xavi, bridge.Opened{Conversation: c}, bridge.Said{ID: "s", Text: "So.", ByMail: true})
	answer := anna("2@example.net", "Re: Offer", "Thanks")
	answer.InReplyTo = o.outbox(0)[0].MessageID
	first, second := o.getsFor("sales", answer), o.gets(answer)
	if first.Conversation != c.Number || second.Conversation != c.Number || second.Fate != "twice" {
		t.Errorf("it came to #%d and #%d, taken for %q", first.Conversation, second.Conversation, second.Fate)
	}
	n := 0
	events, err := o.Events(t.Context(), c.Number, 0, 100)
	o.must(c, err)
	for _, e := range events {
		if e.Text == "Thanks" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("it is said %d times", n)
	}
}
