package smtp_test

import (
	"errors"
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
		o := scripted(t, said, "")
		o.Account, o.CommandLimit, o.DataLimit = login.Account{User: "u", Password: "p"}, 10*time.Second, 10*time.Second
		r := smtp.New(o)
		err := r.Send(t.Context(), to("ann@example.net"), []byte(mail))
		r.Close(t.Context())
		if err == nil && (!strings.Contains(said, "354") || !strings.Contains(said, "235")) {
			t.Errorf("sent, although the relay said %q", said)
		}
		var refused *smtp.Refused
		if err != nil && (!errors.As(err, &refused) || strings.ContainsAny(err.Error(), "\r\n\x1b\x00") || refused.Kind == "" || len(refused.Text) > 4*501) {
			t.Errorf("to %q: %q", said, err)
		}
	})
}
