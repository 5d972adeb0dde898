package imap

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"testing"

	"porchlight/email/imap/imaptest"
	"porchlight/email/login"
)

// Every way to connect works with a real server, and the strongest login is used. (The library's own answer to the
// last challenge of SCRAM is refused by Dovecot.)
func TestDovecot_Check(t *testing.T) {
	d := imaptest.StartFor(t)
	if err := d.Deliver("ann", letter(1)); err != nil {
		t.Fatal(err)
	}
	for _, security := range []Security{TLS, StartTLS, Insecure} {
		got, err := Check(t.Context(), at(t, d, security))
		want := Found{Mailbox: "INBOX", Mails: 1, Idle: true, Mechanism: "SCRAM-SHA-256"}
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", security, got, err)
		}
	}
}

// What is wrong is said with the server's words and with what to do.
func TestDovecot_CheckErrors(t *testing.T) {
	d := imaptest.StartFor(t)
	for _, c := range []struct {
		name   string
		change func(*Options)
		step   Step
		words  []string
	}{
		{"a wrong password", func(o *Options) { o.Account.Password = "wrong" }, LoggingIn,
			[]string{`the server says "NO [AUTHENTICATIONFAILED] Authentication failed."`, "Are user name and password right?"}},
		{"no such mailbox", func(o *Options) { o.Server.Mailbox = "Nowhere" }, Selecting,
			[]string{"Mailbox doesn't exist: Nowhere", `Is there a mailbox named "Nowhere"?`}},
		{"nobody trusts the certificate", func(o *Options) { o.Roots = x509.NewCertPool() }, Securing,
			[]string{"certificate", "Nobody whom this machine trusts"}},
		{"the certificate is for another name", func(o *Options) {
			o.Server.Host = "mail.example.org"
			o.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, d.PlainAddr)
			}
		}, Securing, []string{"mail.example.org", "use the name of the server that stands in it"}},
		{"nobody listens", func(o *Options) { o.Server.Port = "1" }, Connecting, []string{"connection refused", "Nothing listens there"}},
		{"TLS where there is none", func(o *Options) { o.Server.Security = TLS }, Securing,
			[]string{"does not speak TLS", "imap:// (STARTTLS)"}},
		{"a token that the server does not take", func(o *Options) { o.Account = login.Account{User: "ann", Token: login.FromFile("/dev/null")} }, LoggingIn,
			[]string{"wants a token (OAuth), or the other way round"}},
	} {
		o := at(t, d, StartTLS)
		c.change(&o)
		_, err := Check(t.Context(), o)
		var f *Failure
		if !errors.As(err, &f) || f.Step != c.step {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for _, w := range c.words {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %q does not say %q", c.name, err, w)
			}
		}
	}
}

// Without STARTTLS there is no login.
func TestDovecot_NoStartTLS(t *testing.T) {
	d := imaptest.StartFor(t, "ssl = no")
	_, err := Check(t.Context(), at(t, d, StartTLS))
	if err == nil || !strings.Contains(err.Error(), "use imaps:// and port 993") {
		t.Errorf("without STARTTLS: %v", err)
	}
	if strings.Contains(d.Log(), "method=") {
		t.Errorf("somebody logged in: %s", d.Log())
	}
}

// Older servers have weaker logins only.
func TestDovecot_Mechanisms(t *testing.T) {
	for _, name := range []string{"plain", "login", "scram-sha-1"} {
		d := imaptest.StartFor(t, "auth_mechanisms = "+name)
		got, err := Check(t.Context(), at(t, d, TLS))
		if want := strings.ToUpper(name); err != nil || got.Mechanism != want {
			t.Errorf("%s: %+v, %v", want, got, err)
		}
		d.Stop()
	}
}
