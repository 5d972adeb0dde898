package smtp_test

import (
	"crypto/x509"
	"errors"
	"strings"
	"testing"

	"porchlight/email/login"
	"porchlight/email/smtp"
	"porchlight/email/smtp/smtptest"
)

// A check says what the relay can do, and sends nothing.
func TestCheck_SaysWhatTheRelayCan(t *testing.T) {
	s, o := sink(t, smtptest.Options{Users: map[string]string{"support": "secret"}, Auth: []string{"PLAIN", "SCRAM-SHA-256"}, MaxBytes: 25_000_000, UTF8: true}, smtp.StartTLS)
	o.Account = login.Account{User: "support", Password: "secret"}
	found, err := smtp.Check(t.Context(), o, "support@bücher.example")
	if want := "TLS 1.3, logged in by SCRAM-SHA-256 (offered: PLAIN SCRAM-SHA-256), mails of up to 25 MB, SMTPUTF8"; err != nil || found.String() != want {
		t.Errorf("got %q, %v", found, err)
	}
	if len(s.Mails()) != 0 {
		t.Error("the check has sent a mail")
	}
	_, o = sink(t, smtptest.Options{}, smtp.Insecure)
	if found, err := smtp.Check(t.Context(), o, "support@example.org"); err != nil || found.String() != "not encrypted, no login" {
		t.Errorf("got %q, %v", found, err)
	}
}

// Each failure has its own remedy.
func TestRemedy(t *testing.T) {
	users := map[string]string{"support": "secret"}
	right := login.Account{User: "support", Password: "secret"}
	for want, c := range map[string]struct {
		security smtp.Security
		sink     smtptest.Options
		rule     smtptest.Rule
		change   func(*smtp.Options)
	}{
		"Nothing listens":           {security: smtp.TLS, change: func(o *smtp.Options) { o.Addr = nobody(t) }},
		"spelled right":             {security: smtp.TLS, change: func(o *smtp.Options) { o.Addr = "no.such.host.invalid:465" }},
		"have the relay offer":      {security: smtp.Insecure, change: func(o *smtp.Options) { o.Security = smtp.StartTLS }},
		"signed by nobody":          {security: smtp.TLS, change: func(o *smtp.Options) { o.Roots = x509.NewCertPool() }},
		"is for another name":       {security: smtp.StartTLS, change: func(o *smtp.Options) { o.Addr = strings.Replace(o.Addr, "127.0.0.1", "localhost", 1) }},
		"does not speak TLS from":   {security: smtp.StartTLS, change: func(o *smtp.Options) { o.Security = smtp.TLS }},
		"Are user and password":     {security: smtp.TLS, sink: smtptest.Options{Users: users}, change: func(o *smtp.Options) { o.Account = login.Account{User: "support", Password: "x"} }},
		"offers no login":           {security: smtp.TLS, change: func(o *smtp.Options) { o.Account = right }},
		"The relay wants a login":   {security: smtp.TLS, sink: smtptest.Options{Users: users, NeedAuth: true}},
		"takes no passwords":        {security: smtp.TLS, sink: smtptest.Options{Users: users, Auth: []string{"XOAUTH2"}}, change: func(o *smtp.Options) { o.Account = right }},
		"takes no tokens":           {security: smtp.TLS, sink: smtptest.Options{Users: users, Auth: []string{"PLAIN"}}, change: func(o *smtp.Options) { o.Account = login.Account{User: "support", Token: token("t")} }},
		"refuses the token":         {security: smtp.TLS, sink: smtptest.Options{Users: users}, change: func(o *smtp.Options) { o.Account = login.Account{User: "support", Token: token("t")} }},
		"There is no token":         {security: smtp.TLS, sink: smtptest.Options{Users: users}, change: func(o *smtp.Options) { o.Account = login.Account{User: "support", Token: login.FromFile("/nowhere")} }},
		"let us send as":            {security: smtp.TLS, rule: smtptest.Rule{At: "MAIL", Code: 553, Enhanced: [3]int{5, 7, 1}}},
		"mail to email.from itself": {security: smtp.TLS, rule: smtptest.Rule{At: "RCPT", Code: 554, Enhanced: [3]int{5, 7, 1}}},
	} {
		s, o := sink(t, c.sink, c.security)
		if c.rule.At != "" {
			s.Fail(c.rule)
		}
		if c.change != nil {
			c.change(&o)
		}
		_, err := smtp.Check(t.Context(), o, "support@example.org")
		if got := smtp.Remedy(o, err); !strings.Contains(got, want) {
			t.Errorf("%v: got %q, want one with %q", err, got, want)
		}
	}
	if got := smtp.Remedy(smtp.Options{}, errors.New("x")); got != "" {
		t.Errorf("got %q", got)
	}
}
