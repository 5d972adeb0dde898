package e2e_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"porchlight/email/imap/imaptest"
	"porchlight/email/smtp/smtptest"
)

// relayWithTLS is a relay that knows two users, and the certificates of it and of Dovecot as a file.
func relayWithTLS(t *testing.T, dovecot *imaptest.Dovecot) (relay *smtptest.Sink, trust string) {
	t.Helper()
	config, _, err := smtptest.Certificate()
	if err != nil {
		t.Fatal(err)
	}
	relay, err = smtptest.Listen(smtptest.Options{TLS: config, Users: map[string]string{"support": "pw", "oauth": "t0ken"}, NeedAuth: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(relay.Close)
	text, err := os.ReadFile(dovecot.RootsFile)
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: config.Certificates[0].Certificate[0]})...)
	trust = filepath.Join(t.TempDir(), "trust.pem")
	if err := os.WriteFile(trust, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return relay, trust
}

// dkimKey is a new key in PEM.
func dkimKey(t *testing.T) string {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// TestCheck_Mail: whatever keeps mail from coming or going has a line with its own remedy, and the
// records for the DNS are printed. Nothing is sent.
func TestCheck_Mail(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	dovecot := imaptest.StartFor(t)
	relay, trust := relayWithTLS(t, dovecot)
	bare, err := smtptest.Listen(smtptest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer bare.Close()
	for _, c := range []struct {
		name, what, verdict string
		smtp, imap          string
		more                settings
		parts               []string
	}{
		{"relay", "SMTP", "ok", "smtp://support:pw@" + relay.Addr(), "", nil, []string{"support@example.org", "TLS 1.3", "logged in by SCRAM-SHA-256"}},
		{"relay by a token", "SMTP", "ok", "smtp://oauth@" + relay.Addr(), "", settings{"email.token_command": `["echo", "t0ken"]`}, []string{"logged in by OAUTHBEARER"}},
		{"no token", "SMTP", "FAIL", "smtp://oauth@" + relay.Addr(), "", settings{"email.token_path": `"/nowhere/token"`}, []string{"/nowhere/token", "There is no token"}},
		{"relay's password", "SMTP", "FAIL", "smtp://support:wrong@" + relay.Addr(), "", nil, []string{"535", "Are user and password right?"}},
		{"relay's port", "SMTP", "FAIL", "smtp://support:pw@127.0.0.1:1", "", nil, []string{"connection refused", "is the port right (587"}},
		{"relay without TLS", "SMTP", "FAIL", "smtp://support:pw@" + bare.Addr(), "", nil, []string{"STARTTLS"}},
		{"relay without login", "SMTP", "FAIL", "smtp://" + relay.Addr(), "", nil, []string{"The relay wants a login"}},
		{"relay unknown", "SMTP", "FAIL", "smtp://support:pw@" + relay.Addr(), "", settings{"email.trust": `""`}, []string{"certificate"}},
		{"no such authority", "SMTP", "FAIL", "smtp://support:pw@" + relay.Addr(), "", settings{"email.trust": `"/nowhere/ca.pem"`}, []string{"email.trust", "no such file"}},
		{"SPF", "DNS", "needs", "smtp://support:pw@" + relay.Addr(), "", nil, []string{`example.org. IN TXT "v=spf1 a mx ~all"`}},
		{"DMARC", "DNS", "needs", "smtp://support:pw@" + relay.Addr(), "", nil, []string{`_dmarc.example.org. IN TXT "v=DMARC1; p=none`}},
		{"DKIM elsewhere", "DNS", "needs", "smtp://support:pw@" + relay.Addr(), "", nil, []string{"_domainkey.example.org", "the relay signs"}},
		{"DKIM", "DNS", "needs", "smtp://support:pw@" + relay.Addr(), "", settings{"email.dkim_key": strconv.Quote(dkimKey(t))}, []string{`porchlight._domainkey.example.org. IN TXT "v=DKIM1; k=ed25519; p=`}},
		{"DKIM key", "SMTP", "FAIL", "smtp://support:pw@" + relay.Addr(), "", settings{"email.dkim_key": `"-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----"`}, []string{"email.dkim_key", "can't be read"}},
		{"mailbox", "IMAP", "ok", "", "imaps://support:" + imaptest.Password + "@" + dovecot.TLSAddr, nil, []string{"INBOX", "0 mails", "SCRAM-SHA-256", "IDLE"}},
		{"mailbox by STARTTLS", "IMAP", "ok", "", "imap://support:" + imaptest.Password + "@" + dovecot.PlainAddr, nil, []string{"INBOX"}},
		{"mailbox's password", "IMAP", "FAIL", "", "imaps://support:wrong@" + dovecot.TLSAddr, nil, []string{"AUTHENTICATIONFAILED", "Are user name and password right?"}},
		{"mailbox's port", "IMAP", "FAIL", "", "imaps://support:x@127.0.0.1:1", nil, []string{"connection refused", "993"}},
		{"mailbox without TLS", "IMAP", "FAIL", "", "imaps://support:x@" + dovecot.PlainAddr, nil, []string{"does not speak TLS from the first byte"}},
		{"mailbox unknown", "IMAP", "FAIL", "", "imap://support:x@" + dovecot.PlainAddr, settings{"email.trust": `""`}, []string{"signed the server's certificate"}},
		{"no such mailbox", "IMAP", "FAIL", "", "imaps://support:" + imaptest.Password + "@" + dovecot.TLSAddr + "/Tickets", nil, []string{`Is there a mailbox named "Tickets"`}},
		{"nothing is read", "IMAP", "ok", "smtp://support:pw@" + relay.Addr(), "", nil, []string{"off", "is not read"}},
		{"mailbox without relay", "IMAP", "WARN", "-", "imaps://support:x@" + dovecot.TLSAddr, nil, []string{"email.smtp is empty"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			all := settings{"email.from": `"Example Support <support@example.org>"`, "email.smtp": strconv.Quote("smtp+insecure://" + bare.Addr()), "email.imap": strconv.Quote(c.imap), "email.trust": strconv.Quote(trust)}
			if c.smtp != "" {
				all["email.smtp"] = strconv.Quote(strings.TrimPrefix(c.smtp, "-"))
			}
			for k, v := range c.more {
				all[k] = v
			}
			said, status := s.check(all)
			if (status != 0) != (c.verdict == "FAIL") {
				t.Errorf("status %d", status)
			}
			expectLine(t, said, c.what, c.verdict, c.parts...)
			if strings.Contains(said, "pw@") || strings.Contains(said, imaptest.Password) {
				t.Errorf("a password is shown:\n%s", said)
			}
		})
	}
	if n := len(relay.Mails()) + len(bare.Mails()); n != 0 {
		t.Errorf("the check sent %d mails", n)
	}
}
