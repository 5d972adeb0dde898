package smtp_test

import (
	"io"
	"net"
	"strings"
	"testing"

	"porchlight/email/login"
	"porchlight/email/smtp"
)

// scripted is a relay that says what it is told to whoever comes, at once, and then as much more as it can of
// something else.
func scripted(t testing.TB, said, more string) smtp.Options {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { l.Close(); <-done })
	go func() {
		defer close(done)
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		for _, err = io.WriteString(c, said); err == nil && more != ""; {
			_, err = io.WriteString(c, more)
		}
		_ = c.(*net.TCPConn).CloseWrite()
		_, _ = io.Copy(io.Discard, c)
	}()
	return smtp.Options{Addr: l.Addr().String(), Security: smtp.Insecure}
}

// With SCRAM a relay that says yes before it has proved that it knows the password is not believed.
func TestRelay_WantsTheServersProof(t *testing.T) {
	o := scripted(t, "220 x\r\n250-x\r\n250 AUTH SCRAM-SHA-256\r\n235 welcome\r\n250 ok\r\n250 ok\r\n354 go\r\n250 taken\r\n", "")
	o.Account = login.Account{User: "support", Password: "secret"}
	r := refused(t, smtp.New(o).Send(t.Context(), to("ann@example.net"), []byte(mail)))
	if r.Kind != smtp.Ours || r.Stage != smtp.StageLogin || !strings.Contains(r.Text, "did not prove") {
		t.Errorf("got %s, %v", r.Kind, r)
	}
}

// An answer without end is not kept in memory until time is up.
func TestRelay_ListensToSoMuch(t *testing.T) {
	o := scripted(t, "220 x\r\n", "250-"+strings.Repeat("x", 1000)+"\r\n")
	r := refused(t, smtp.New(o).Send(t.Context(), to("ann@example.net"), []byte(mail)))
	if r.Kind != smtp.Temporary || !strings.Contains(r.Text, "too much") {
		t.Errorf("got %s, %v", r.Kind, r)
	}
}

// silent is a relay that says something to whoever comes, and then nothing more, until the test ends.
func silent(t *testing.T, said string) smtp.Options {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { l.Close(); <-done })
	go func() {
		defer close(done)
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		_, _ = io.WriteString(c, said)
		_, _ = io.Copy(io.Discard, c)
	}()
	return smtp.Options{Addr: l.Addr().String(), Security: smtp.Insecure}
}
