package imap

import (
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"testing"

	"porchlight/email/imap/imaptest"
	"porchlight/email/login"
)

// at says how to reach a Dovecot.
func at(t *testing.T, d *imaptest.Dovecot, security Security) Options {
	t.Helper()
	addr := d.PlainAddr
	if security == TLS {
		addr = d.TLSAddr
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	return Options{
		Server: Server{Security: security, Host: host, Port: port, Mailbox: "INBOX"}, Roots: d.Roots,
		Account: login.Account{User: "ann", Password: imaptest.Password}, Clock: wall{}, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
}

// Whatever is delivered is taken once and in order, while the server ends the session after every fifth mail.
func TestDovecot_KickedEveryFifthMail(t *testing.T) {
	d := imaptest.StartFor(t)
	s := newShelf()
	read(t, at(t, d, TLS), s)
	s.wait(t, "reading", func() bool { return len(s.health) > 0 })
	const mails = 150
	var want []string
	for n := range mails {
		if err := d.Deliver("ann", letter(n)); err != nil {
			t.Fatal(err)
		}
		want = append(want, fmt.Sprintf("<%d@test>", n))
		if n%5 == 4 {
			if err := d.Kick("ann"); err != nil {
				t.Fatal(err)
			}
		}
	}
	s.wait(t, "all mails", func() bool { return len(s.taken) >= mails })
	s.mu.Lock()
	defer s.mu.Unlock()
	if got := s.ids(); !slices.Equal(got, want) {
		t.Errorf("taken: %v", got)
	}
	for uid, n := range s.tries {
		if n != 1 {
			t.Errorf("mail %d was taken %d times", uid, n)
		}
	}
	if len(s.aside)+len(s.passed) > 0 {
		t.Errorf("set aside: %v; passed over: %v", s.aside, s.passed)
	}
}

// When the server numbers all mails anew, none is taken again, and one that came meanwhile is taken.
func TestDovecot_Renumbered(t *testing.T) {
	d := imaptest.StartFor(t)
	s := newShelf()
	stop := read(t, at(t, d, StartTLS), s)
	s.wait(t, "reading", func() bool { return len(s.health) > 0 })
	deliver := func(from, to int) {
		for n := from; n < to; n++ {
			if err := d.Deliver("ann", letter(n)); err != nil {
				t.Fatal(err)
			}
		}
	}
	deliver(0, 3)
	s.wait(t, "three mails", func() bool { return len(s.taken) == 3 })
	stop()
	if err := d.Renumber("ann"); err != nil {
		t.Fatal(err)
	}
	deliver(3, 5)
	old := s.cursor.Validity
	read(t, at(t, d, StartTLS), s)
	s.wait(t, "five mails", func() bool { return len(s.taken) == 5 && s.cursor.Next == 6 })
	s.mu.Lock()
	defer s.mu.Unlock()
	if last := s.starts[len(s.starts)-1]; last.Validity == old || len(s.starts) != 2 {
		t.Errorf("reading began at %+v", s.starts)
	}
}

// A server that goes away is told, and also that it is back; what came is taken then.
func TestDovecot_GoneForAWhile(t *testing.T) {
	d := imaptest.StartFor(t)
	s := newShelf()
	read(t, at(t, d, TLS), s)
	s.wait(t, "reading", func() bool { return len(s.health) == 1 })
	d.Halt()
	s.wait(t, "the trouble", func() bool { return len(s.health) == 2 })
	if err := d.Restart(); err != nil {
		t.Fatal(err)
	}
	if err := d.Deliver("ann", letter(1)); err != nil {
		t.Fatal(err)
	}
	s.wait(t, "the mail", func() bool { return len(s.taken) == 1 && len(s.health) == 3 })
	if told := s.told(); !strings.Contains(told[1], "connection refused") || told[2] != "well" {
		t.Errorf("told: %q", told)
	}
}

// A mailbox that is deleted is told. When it is made anew, with other numbers, what comes is taken, once.
func TestDovecot_MadeAnew(t *testing.T) {
	d := imaptest.StartFor(t)
	if err := d.Create("ann", "Tickets"); err != nil {
		t.Fatal(err)
	}
	o := at(t, d, TLS)
	o.Server.Mailbox = "Tickets"
	s := newShelf()
	read(t, o, s)
	s.wait(t, "reading", func() bool { return len(s.health) == 1 })
	deliver := func(n int) {
		if err := d.DeliverTo("ann", "Tickets", letter(n)); err != nil {
			t.Fatal(err)
		}
	}
	deliver(1)
	s.wait(t, "the first mail", func() bool { return len(s.taken) == 1 })
	if err := d.Delete("ann", "Tickets"); err != nil {
		t.Fatal(err)
	}
	s.wait(t, "the trouble", func() bool { return len(s.health) == 2 })
	if err := d.Create("ann", "Tickets"); err != nil {
		t.Fatal(err)
	}
	deliver(2)
	s.wait(t, "the second mail", func() bool { return len(s.taken) == 2 && len(s.health) == 3 })
	deliver(3)
	s.wait(t, "the third mail", func() bool { return len(s.taken) == 3 })
	told := s.told()
	s.mu.Lock()
	defer s.mu.Unlock()
	if got, want := s.ids(), []string{"<1@test>", "<2@test>", "<3@test>"}; !slices.Equal(got, want) || !strings.Contains(told[1], "Tickets") {
		t.Errorf("taken: %v, told: %q", got, told)
	}
}
