package imap

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net"
	"slices"
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"porchlight/email/login"
)

// A server of IMAP4rev2, the library's own: what is delivered wakes who waits, and a mailbox that was deleted and made
// anew is read from its first mail.
func TestMemoryServer(t *testing.T) {
	users, ann := imapmemserver.New(), imapmemserver.NewUser("ann", "secret")
	users.AddUser(ann)
	create := func() {
		if err := ann.Create("INBOX", nil); err != nil {
			t.Fatal(err)
		}
	}
	deliver := func(n int) {
		if _, err := ann.Append("INBOX", bytes.NewReader(letter(n)), &imap.AppendOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	create()
	serve := func() (string, func()) {
		server := imapserver.New(&imapserver.Options{
			NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
				return users.NewSession(), nil, nil
			},
			Caps: imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIMAP4rev2: {}}, InsecureAuth: true, Logger: log.New(io.Discard, "", 0),
		})
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- server.Serve(l) }()
		return l.Addr().String(), func() {
			_ = server.Close()
			<-done
		}
	}
	s := newShelf()
	for round := range 2 {
		addr, end := serve()
		host, port, _ := net.SplitHostPort(addr)
		stop := read(t, Options{
			Server: Server{Security: Insecure, Host: host, Port: port, Mailbox: "INBOX"}, Clock: wall{}, Log: quiet(),
			Account: login.Account{User: "ann", Password: "secret"},
		}, s)
		s.wait(t, "reading", func() bool { return len(s.starts) == round+1 && len(s.taken) == 3*round })
		for n := range 2 {
			deliver(3*round + n)
			s.wait(t, "a mail", func() bool { return len(s.taken) == 3*round+n+1 })
		}
		stop()
		end()
		if err := ann.Delete("INBOX"); err != nil {
			t.Fatal(err)
		}
		create()
		deliver(3*round + 2)
	}
	var want []string
	for n := range 5 {
		want = append(want, fmt.Sprintf("<%d@test>", n))
	}
	if got := s.ids(); !slices.Equal(got, want) || s.starts[0].Validity == s.starts[1].Validity {
		t.Errorf("taken: %v, begun at %+v", got, s.starts)
	}
}
