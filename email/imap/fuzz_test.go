package imap

import (
	"context"
	"io"
	"net"
	"testing"

	"porchlight/email/login"
)

// FuzzServer: whatever a server sends, reading ends with the connection, without a panic, and what is taken is a
// mail that came whole.
func FuzzServer(f *testing.F) {
	greeting := "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello\r\n* CAPABILITY IMAP4rev1\r\nT1 OK\r\n"
	f.Add([]byte("* PREAUTH [CAPABILITY IMAP4rev1 IDLE] hello\r\n* CAPABILITY IMAP4rev1 IDLE\r\nT1 OK done\r\n" +
		"* 1 EXISTS\r\n* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 2]\r\nT2 OK done\r\n* SEARCH 1\r\nT3 OK done\r\n" +
		"* 1 FETCH (UID 1 RFC822.SIZE 5 INTERNALDATE \"01-Jan-2026 00:00:00 +0000\")\r\nT4 OK done\r\n" +
		"* 1 FETCH (UID 1 BODY[]<0> {5}\r\nhello)\r\nT5 OK done\r\n+ waiting\r\n* 2 EXISTS\r\nT6 OK done\r\n"))
	f.Add([]byte("* PREAUTH [CAPABILITY IMAP4rev1] hello\r\n* CAPABILITY IMAP4rev1\r\nT1 OK\r\n* OK [UIDVALIDITY 7]\r\nT2 OK\r\n" +
		"* ESEARCH (TAG \"T3\") UID ALL 1:4294967295\r\nT3 OK\r\n* 1 FETCH (UID 1 ENVELOPE NIL BODY[] {99}\r\nx"))
	f.Add([]byte(greeting + "+ \r\nT2 NO [AUTHENTICATIONFAILED] no\r\n"))
	f.Add([]byte("* BYE\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		ours, theirs := net.Pipe()
		go func() {
			go io.Copy(io.Discard, theirs)
			_, _ = theirs.Write(data)
			theirs.Close()
		}()
		s := newShelf()
		s.cursor = Cursor{Validity: 7, Next: 1}
		o := Options{
			Server: Server{Security: Insecure, Host: "imap.test", Port: "143", Mailbox: "INBOX"}, Clock: wall{}, Log: quiet(), Report: s,
			Account: login.Account{User: "ann", Password: "secret"}, Dial: func(context.Context, string, string) (net.Conn, error) { return ours, nil },
		}
		if err := New(o, s).session(t.Context()); err == nil {
			t.Error("reading ended without an error")
		}
		for _, raw := range s.taken {
			if raw.Size != int64(len(raw.Body)) && raw.Whole {
				t.Errorf("taken: %+v", raw)
			}
		}
	})
}
