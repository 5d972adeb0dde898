package smtp_test

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"porchlight/email/login"
	"porchlight/email/smtp"
)

// Whatever a relay says, sending ends, with a refusal whose words are one line, or as a success only if the relay has
// said yes to each step.
func FuzzRelay(f *testing.F) {
	hello := "220 x\r\n250-x\r\n250-SIZE 99999\r\n250-SMTPUTF8\r\n250 AUTH PLAIN SCRAM-SHA-256 XOAUTH2\r\n"
	for _, s := range []string{
		hello + "334 cj0s\r\n250 ok\r\n", hello + "235 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 taken\r\n", hello + "535 5.7.8 no\r\n535 no\r\n",
		"554 5.3.2 go\x1b[31m away\r\n", "220 x\r\n502 what?\r\n250 x\r\n", "220-x\r\n", "", "999999999999 x\r\n", "220 x\r\n250-SIZE -1\r\n250 AUTH\r\n\r\n",
		hello + "235 ok\r\n250 ok\r\n550-5.1.1 gone\r\n550 5.1.1.9 \xff\r\n250 ok\r\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, said string) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		done := make(chan struct{})
		go func() {
			defer close(done)
			c, err := l.Accept()
			if err != nil {
				return
			}
			defer c.Close()
			_, _ = io.WriteString(c, said)
			_ = c.(*net.TCPConn).CloseWrite()
			_, _ = io.Copy(io.Discard, c)
		}()
		r := smtp.New(smtp.Options{Addr: l.Addr().String(), Security: smtp.Insecure, Account: login.Account{User: "u", Password: "p"}, CommandLimit: 10 * time.Second, DataLimit: 10 * time.Second})
		err = r.Send(t.Context(), to("ann@example.net"), []byte(mail))
		l.Close()
		r.Close(t.Context())
		<-done
		if err == nil && (!strings.Contains(said, "354") || !strings.Contains(said, "235")) {
			t.Errorf("sent, although the relay said %q", said)
		}
		var refused *smtp.Refused
		if err != nil && (!errors.As(err, &refused) || strings.ContainsAny(err.Error(), "\r\n\x1b\x00") || refused.Kind == "" || len(refused.Text) > 4*501) {
			t.Errorf("to %q: %q", said, err)
		}
	})
}
