package smtp_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/email/login"
	"porchlight/email/smtp"
	"porchlight/email/smtp/smtptest"
)

// sink starts a relay that ends with the test. With TLS, the pool believes its certificate.
func sink(t *testing.T, o smtptest.Options, security smtp.Security) (*smtptest.Sink, smtp.Options) {
	t.Helper()
	var pool *x509.CertPool
	if security != smtp.Insecure {
		config, p, err := smtptest.Certificate()
		if err != nil {
			t.Fatal(err)
		}
		o.TLS, o.Implicit, pool = config, security == smtp.TLS, p
	}
	s, err := smtptest.Listen(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, smtp.Options{Addr: s.Addr(), Security: security, Roots: pool}
}

// mail is a small mail.
const mail = "From: <support@example.org>\r\nSubject: x\r\n\r\n.dot\r\nHello\r\n"

// to is an envelope for a recipient.
func to(address string) smtp.Envelope { return smtp.Envelope{From: "b@example.org", To: address} }

// refused is what Send said about a mail.
func refused(t *testing.T, err error) *smtp.Refused {
	t.Helper()
	var r *smtp.Refused
	if !errors.As(err, &r) {
		t.Fatalf("got %v, want a refusal", err)
	}
	return r
}

// With each kind of security mails go one after another over one connection, byte by byte as they were given, also
// with dots at the beginning of lines.
func TestRelay_SendsOverOneConnection(t *testing.T) {
	for _, security := range []smtp.Security{smtp.Insecure, smtp.StartTLS, smtp.TLS} {
		s, o := sink(t, smtptest.Options{}, security)
		r := smtp.New(o)
		for _, a := range []string{"ann@example.net", "bob@example.net"} {
			if err := r.Send(t.Context(), to(a), []byte(mail)); err != nil {
				t.Fatalf("%s: %v", security, err)
			}
		}
		r.Close(t.Context())
		got := s.Mails()
		if len(got) != 2 || got[0].To != "ann@example.net" || got[1].To != "bob@example.net" || got[0].From != "b@example.org" || s.Connections() != 1 {
			t.Fatalf("%s: got %v over %d connections", security, got, s.Connections())
		}
		if !bytes.Equal(got[0].Raw, []byte(mail)) {
			t.Errorf("%s: the mail came as %q", security, got[0].Raw)
		}
	}
}

// What a refusal is about follows from the code and from what was asked.
func TestRelay_SaysWhatAFailureIsAbout(t *testing.T) {
	for _, c := range []struct {
		rule smtptest.Rule
		want smtp.Kind
	}{
		{smtptest.Rule{At: "RCPT", Code: 451, Enhanced: [3]int{4, 7, 1}}, smtp.Temporary},
		{smtptest.Rule{At: "RCPT", Code: 550, Enhanced: [3]int{5, 1, 1}}, smtp.Permanent},
		{smtptest.Rule{At: "RCPT", Code: 550, Enhanced: [3]int{5, 7, 1}}, smtp.Permanent}, // a judgement on one recipient
		{smtptest.Rule{At: "RCPT", Code: 530, Enhanced: [3]int{5, 7, 0}}, smtp.Ours},
		{smtptest.Rule{At: "RCPT", Code: 550, Enhanced: [3]int{5, 7, 57}}, smtp.Ours},
		{smtptest.Rule{At: "MAIL", Code: 451, Enhanced: [3]int{4, 3, 0}}, smtp.Temporary},
		{smtptest.Rule{At: "MAIL", Code: 552, Enhanced: [3]int{5, 3, 4}}, smtp.Permanent},
		{smtptest.Rule{At: "MAIL", Code: 553, Enhanced: [3]int{5, 7, 1}}, smtp.Ours}, // we may not send as this sender
		{smtptest.Rule{At: "MAIL", Code: 535, Enhanced: [3]int{5, 7, 8}}, smtp.Ours},
		{smtptest.Rule{At: "DATA", Code: 452, Enhanced: [3]int{4, 3, 1}}, smtp.Temporary},
		{smtptest.Rule{At: "DATA", Code: 554, Enhanced: [3]int{5, 6, 0}}, smtp.Permanent},
		{smtptest.Rule{At: "DATA", Code: 554, Enhanced: [3]int{5, 7, 1}}, smtp.Permanent},
		{smtptest.Rule{At: "DATA", Code: 421, Enhanced: [3]int{4, 3, 2}}, smtp.Temporary},
		{smtptest.Rule{At: "DATA", Fault: smtptest.DropEarly}, smtp.Temporary},
		{smtptest.Rule{At: "DATA", Fault: smtptest.DropLate}, smtp.Temporary},
		{smtptest.Rule{At: "RCPT", Fault: smtptest.DropEarly}, smtp.Temporary},
	} {
		s, o := sink(t, smtptest.Options{}, smtp.Insecure)
		c.rule.Times, c.rule.Text = 1, "no\r\n"+c.rule.At+"\x1b[31m thanks"
		s.Fail(c.rule)
		relay := smtp.New(o)
		r := refused(t, relay.Send(t.Context(), to("ann@example.net"), []byte(mail)))
		if r.Kind != c.want || string(r.Stage) != c.rule.At || r.Code != c.rule.Code {
			t.Errorf("%+v: got %s, %s, %d (%v)", c.rule, r.Kind, r.Stage, r.Code, r)
		}
		if strings.ContainsAny(r.Error(), "\r\n\x1b") || c.rule.Code != 0 && !strings.Contains(r.Error(), c.rule.At+" [31m thanks") {
			t.Errorf("%+v: the words are %q", c.rule, r.Error())
		}
		// The next mail is not touched by what happened to this one.
		if err := relay.Send(t.Context(), to("bob@example.net"), []byte(mail)); err != nil {
			t.Errorf("%+v: the next mail: %v", c.rule, err)
		}
		if got := s.Mails(); got[len(got)-1].To != "bob@example.net" {
			t.Errorf("%+v: the sink has %v", c.rule, got)
		}
	}
}

// The relay's answer to one recipient is about that one alone.
func TestRelay_AnswersPerRecipient(t *testing.T) {
	s, o := sink(t, smtptest.Options{}, smtp.Insecure)
	s.Fail(smtptest.Rule{At: "RCPT", To: "gone@example.net", Code: 550, Enhanced: [3]int{5, 1, 1}, Text: "gone"})
	s.Fail(smtptest.Rule{At: "RCPT", To: "full@example.net", Code: 452, Enhanced: [3]int{4, 2, 2}, Text: "full"})
	r := smtp.New(o)
	var kinds []smtp.Kind
	for _, a := range []string{"gone@example.net", "ann@example.net", "full@example.net", "bob@example.net"} {
		if err := r.Send(t.Context(), to(a), []byte(mail)); err != nil {
			kinds = append(kinds, refused(t, err).Kind)
		}
	}
	if !slices.Equal(kinds, []smtp.Kind{smtp.Permanent, smtp.Temporary}) || len(s.Mails()) != 2 || s.Connections() != 1 {
		t.Errorf("got %v, %d mails over %d connections", kinds, len(s.Mails()), s.Connections())
	}
}

// A kept connection that the relay has closed meanwhile costs no attempt.
func TestRelay_ReplacesADeadConnection(t *testing.T) {
	s, o := sink(t, smtptest.Options{}, smtp.StartTLS)
	r := smtp.New(o)
	for range 3 {
		if err := r.Send(t.Context(), to("ann@example.net"), []byte(mail)); err != nil {
			t.Fatal(err)
		}
		s.Hangup()
	}
	if len(s.Mails()) != 3 || s.Connections() != 3 {
		t.Errorf("%d mails over %d connections", len(s.Mails()), s.Connections())
	}
	s.Fail(smtptest.Rule{At: "MAIL", Code: 421, Enhanced: [3]int{4, 4, 2}, Text: "idle too long", Times: 1})
	r = smtp.New(o)
	if k := refused(t, r.Send(t.Context(), to("ann@example.net"), []byte(mail))).Kind; k != smtp.Temporary {
		t.Errorf("421 on a new connection: %s", k)
	}
	if err := r.Send(t.Context(), to("ann@example.net"), []byte(mail)); err != nil {
		t.Error(err)
	}
	s.Fail(smtptest.Rule{At: "MAIL", Code: 421, Enhanced: [3]int{4, 4, 2}, Text: "idle too long", Times: 1})
	if err := r.Send(t.Context(), to("ann@example.net"), []byte(mail)); err != nil {
		t.Errorf("421 on a kept connection: %v", err)
	}
}

// What was lost after the last byte may have arrived, so it is not sent again at once: whoever keeps the mail decides.
func TestRelay_DoublesNothingAtOnce(t *testing.T) {
	s, o := sink(t, smtptest.Options{}, smtp.Insecure)
	r := smtp.New(o)
	if err := r.Send(t.Context(), to("ann@example.net"), []byte(mail)); err != nil {
		t.Fatal(err)
	}
	s.Fail(smtptest.Rule{At: "DATA", Fault: smtptest.DropLate, Times: 1})
	if got := refused(t, r.Send(t.Context(), to("bob@example.net"), []byte(mail))); got.Kind != smtp.Temporary || len(s.Mails()) != 2 {
		t.Errorf("got %v, %d mails", got, len(s.Mails()))
	}
}

// A relay that answers nothing any more costs no longer than the limit, and the end of the context ends the wait.
func TestRelay_DoesNotWaitForEver(t *testing.T) {
	for _, at := range []string{"MAIL", "RCPT", "DATA"} {
		s, o := sink(t, smtptest.Options{}, smtp.TLS)
		o.CommandLimit, o.DataLimit = time.Second, time.Second
		s.Fail(smtptest.Rule{At: at, Fault: smtptest.Stall})
		if r := refused(t, smtp.New(o).Send(t.Context(), to("ann@example.net"), []byte(mail))); r.Kind != smtp.Temporary || !strings.Contains(r.Error(), "timeout") && !strings.Contains(r.Error(), "within") {
			t.Errorf("%s: got %s, %v", at, r.Kind, r)
		}
		o.CommandLimit, o.DataLimit = 0, 0
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(200*time.Millisecond, cancel)
		if err := smtp.New(o).Send(ctx, to("ann@example.net"), []byte(mail)); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v", at, err)
		}
	}
}

// A relay that says nothing, or nothing after its greeting, costs no longer than the limit, and nothing is wrong with us.
func TestRelay_SilentFromTheStart(t *testing.T) {
	for _, security := range []smtp.Security{smtp.Insecure, smtp.StartTLS, smtp.TLS} {
		for _, said := range []string{"", "220 x ESMTP\r\n", "220 x ESMTP\r\n250-x\r\n250 STARTTLS\r\n"} {
			if security == smtp.Insecure && strings.Contains(said, "STARTTLS") {
				continue // it has said all that is asked for, and stalls at MAIL
			}
			o := silent(t, said)
			o.Security, o.CommandLimit = security, 100*time.Millisecond
			r := refused(t, smtp.New(o).Send(t.Context(), to("ann@example.net"), []byte(mail)))
			if want := security == smtp.TLS && said != ""; (r.Kind == smtp.Ours) != want { // a greeting in the clear where TLS should begin
				t.Errorf("%s, %q: got %s at %s, %v", security, said, r.Kind, r.Stage, r)
			}
			if r.Stage != smtp.StageConnect && r.Stage != smtp.StageTLS {
				t.Errorf("%s, %q: it came as far as %s", security, said, r.Stage)
			}
		}
	}
}

// A certificate for another name is not believed, though its authority is.
func TestRelay_CertificateOfAnotherName(t *testing.T) {
	for _, security := range []smtp.Security{smtp.StartTLS, smtp.TLS} {
		s, o := sink(t, smtptest.Options{Users: map[string]string{"support": "secret"}}, security) // it is for 127.0.0.1
		_, port, err := net.SplitHostPort(o.Addr)
		if err != nil {
			t.Fatal(err)
		}
		o.Addr, o.Account = net.JoinHostPort("localhost", port), login.Account{User: "support", Password: "secret"}
		r := refused(t, smtp.New(o).Send(t.Context(), to("ann@example.net"), []byte(mail)))
		if r.Kind != smtp.Ours || r.Stage != smtp.StageTLS || !strings.Contains(r.Text, "localhost") || len(s.Logins())+len(s.Mails()) != 0 {
			t.Errorf("%s: got %s at %s, %v", security, r.Kind, r.Stage, r)
		}
	}
}

// A password that is right again is taken without a new start.
func TestRelay_PasswordIsRightAgain(t *testing.T) {
	s, o := sink(t, smtptest.Options{Users: map[string]string{"support": "new"}, NeedAuth: true}, smtp.TLS)
	o.Account = login.Account{User: "support", Password: "secret"}
	relay := smtp.New(o)
	if r := refused(t, relay.Send(t.Context(), to("ann@example.net"), []byte(mail))); r.Kind != smtp.Ours || r.Stage != smtp.StageLogin {
		t.Errorf("got %s at %s", r.Kind, r.Stage)
	}
	s.SetPassword("support", "secret")
	if err := relay.Send(t.Context(), to("ann@example.net"), []byte(mail)); err != nil || len(s.Mails()) != 1 {
		t.Errorf("the password is right again: %v", err)
	}
}

// Without STARTTLS, or with a certificate that nobody vouches for, nothing is sent, and the whole queue has to wait.
func TestRelay_InsistsOnTLS(t *testing.T) {
	users := map[string]string{"support": "secret"}
	open, o := sink(t, smtptest.Options{Users: users}, smtp.Insecure)
	o.Security, o.Account = smtp.StartTLS, login.Account{User: "support", Password: "secret"}
	r := refused(t, smtp.New(o).Send(t.Context(), to("ann@example.net"), []byte(mail)))
	if r.Kind != smtp.Ours || r.Stage != smtp.StageTLS || len(open.Mails()) != 0 || len(open.Logins()) != 0 {
		t.Errorf("no STARTTLS: got %s, %v", r.Kind, r)
	}
	_, o = sink(t, smtptest.Options{Users: users}, smtp.StartTLS)
	o.Security = smtp.TLS
	if r := refused(t, smtp.New(o).Send(t.Context(), to("ann@example.net"), []byte(mail))); r.Kind != smtp.Ours || r.Stage != smtp.StageTLS {
		t.Errorf("TLS at a port that begins without: got %s, %v", r.Kind, r)
	}
	for _, security := range []smtp.Security{smtp.StartTLS, smtp.TLS} {
		s, o := sink(t, smtptest.Options{Users: users}, security)
		o.Roots, o.Account = x509.NewCertPool(), login.Account{User: "support", Password: "secret"}
		r := refused(t, smtp.New(o).Send(t.Context(), to("ann@example.net"), []byte(mail)))
		if r.Kind != smtp.Ours || r.Stage != smtp.StageTLS || len(s.Mails()) != 0 || len(s.Logins()) != 0 {
			t.Errorf("%s, unknown certificate: got %s, %v", security, r.Kind, r)
		}
	}
}

// The relay lets us in by the strongest mechanism; if it refuses the password, the queue has to wait.
func TestRelay_LogsIn(t *testing.T) {
	users := map[string]string{"support": "secret", "büro,=": "pässword"}
	for _, c := range []struct {
		offered []string
		account login.Account
		want    string // the mechanism; "": refused
	}{
		{nil, login.Account{User: "support", Password: "secret"}, "SCRAM-SHA-256"},
		{[]string{"LOGIN", "PLAIN"}, login.Account{User: "support", Password: "secret"}, "PLAIN"},
		{[]string{"LOGIN"}, login.Account{User: "büro,=", Password: "pässword"}, "LOGIN"},
		{[]string{"SCRAM-SHA-1"}, login.Account{User: "support", Password: "secret"}, "SCRAM-SHA-1"},
		{[]string{"XOAUTH2"}, login.Account{User: "support", Token: token("secret")}, "XOAUTH2"},
		{[]string{"XOAUTH2", "OAUTHBEARER"}, login.Account{User: "support", Token: token("secret")}, "OAUTHBEARER"},
		{nil, login.Account{User: "support", Password: "wrong"}, ""},
		{[]string{"XOAUTH2"}, login.Account{User: "support", Token: token("old")}, ""},
		{[]string{"OAUTHBEARER"}, login.Account{User: "support", Token: token("old")}, ""},
		{[]string{"CRAM-MD5"}, login.Account{User: "support", Password: "secret"}, ""},
		{[]string{"PLAIN"}, login.Account{User: "support", Token: token("secret")}, ""},
	} {
		s, o := sink(t, smtptest.Options{Users: users, Auth: c.offered, NeedAuth: true}, smtp.StartTLS)
		o.Account = c.account
		err := smtp.New(o).Send(t.Context(), to("ann@example.net"), []byte(mail))
		switch {
		case c.want == "":
			if r := refused(t, err); r.Kind != smtp.Ours || r.Stage != smtp.StageLogin {
				t.Errorf("%v: got %s at %s: %v", c.offered, r.Kind, r.Stage, r)
			}
		case err != nil:
			t.Errorf("%v: %v", c.offered, err)
		case !slices.Equal(s.Logins(), []string{c.want}) || s.Mails()[0].User != c.account.User:
			t.Errorf("%v: logged in by %v as %q", c.offered, s.Logins(), s.Mails()[0].User)
		}
	}
	s, o := sink(t, smtptest.Options{Users: users, NeedAuth: true}, smtp.TLS)
	if r := refused(t, smtp.New(o).Send(t.Context(), to("ann@example.net"), []byte(mail))); r.Kind != smtp.Ours || r.Code != 530 || len(s.Mails()) != 0 {
		t.Errorf("without a login: %s, %v", r.Kind, r)
	}
}

// token is a source with one token.
func token(s string) login.Token {
	return func(context.Context) (string, error) { return s, nil }
}

// Domains are written in ASCII. SMTPUTF8 is used where it is needed and offered, and not otherwise; what can't be
// written is refused before the relay hears of it.
func TestRelay_Addresses(t *testing.T) {
	for _, c := range []struct {
		utf8     bool
		from, to string
		want     string // the recipient as it came; "": refused for ever
		asUTF8   bool
	}{
		{false, "b@example.org", "ann@bücher.example", "ann@xn--bcher-kva.example", false},
		{true, "b@bücher.example", "ann@example.net", "ann@example.net", false},
		{true, "b@example.org", "änn@bücher.example", "änn@xn--bcher-kva.example", true},
		{false, "b@example.org", "änn@example.net", "", false},
		{true, "b@example.org", "ann@example.net> BODY=7BIT", "", false},
		{true, "b@example.org", "ann@example.net\r\nDATA", "", false},
		{true, "b@example.org", "ann> BODY=7BIT@example.net", "", false},
		{true, "b@example.org", "an n@example.net", "", false},
		{true, "b@example.org", "ann\x00@example.net", "", false},
		{true, "b@example.org", strings.Repeat("a", 250) + "@example.net", "", false},
		{true, "b@example.org", "ann", "", false},
		{true, "b@example.org", "@example.net", "", false},
		{true, "<>", "ann@example.net", "", false},
		{true, "", "ann@example.net", "ann@example.net", false},
		{true, "b@example.org", "ann@exa mple.net", "", false},
	} {
		s, o := sink(t, smtptest.Options{UTF8: c.utf8}, smtp.Insecure)
		err := smtp.New(o).Send(t.Context(), smtp.Envelope{From: c.from, To: c.to}, []byte(mail))
		got := s.Mails()
		switch {
		case c.want == "":
			if r := refused(t, err); r.Kind != smtp.Permanent || r.Code != 0 || len(got) != 0 {
				t.Errorf("%q: %v, %v", c.to, err, got)
			}
		case err != nil || len(got) != 1 || got[0].To != c.want || got[0].UTF8 != c.asUTF8:
			t.Errorf("%q: %v, %v", c.to, err, got)
		}
	}
}

// A mail that is larger than the relay takes is not sent.
func TestRelay_MindsTheSize(t *testing.T) {
	s, o := sink(t, smtptest.Options{MaxBytes: 100}, smtp.Insecure)
	r := smtp.New(o)
	if got := refused(t, r.Send(t.Context(), to("ann@example.net"), []byte(mail+strings.Repeat("x", 100)))); got.Kind != smtp.Permanent || got.Code != 0 {
		t.Errorf("got %s, %v", got.Kind, got)
	}
	if err := r.Send(t.Context(), to("ann@example.net"), []byte(mail)); err != nil || len(s.Mails()) != 1 {
		t.Errorf("the next mail: %v", err)
	}
}

// nobody is an address at which nobody listens.
func nobody(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// Nobody listens: the mail may go later.
func TestRelay_NobodyThere(t *testing.T) {
	if r := refused(t, smtp.New(smtp.Options{Addr: nobody(t), Security: smtp.Insecure}).Send(t.Context(), to("ann@example.net"), []byte(mail))); r.Kind != smtp.Temporary || r.Stage != smtp.StageConnect {
		t.Errorf("got %s at %s", r.Kind, r.Stage)
	}
}
