package smtp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"

	"porchlight/email/login"
)

// Found is what Check has found out about the relay.
type Found struct {
	TLS        string   // the version, as in "TLS 1.3"; empty: not encrypted
	Mechanisms []string // the ways to log in that the relay offers
	Login      string   // the one that was used; empty: no login
	MaxBytes   int      // the largest mail that it takes (SIZE, RFC 1870); 0: it does not say
	UTF8       bool     // it takes addresses with letters beyond ASCII before the @ (SMTPUTF8, RFC 6531)
}

// String says it on one line.
func (f Found) String() string {
	list := []string{"not encrypted"}
	if f.TLS != "" {
		list[0] = f.TLS
	}
	if f.Login != "" {
		list = append(list, fmt.Sprintf("logged in by %s (offered: %s)", f.Login, strings.Join(f.Mechanisms, " ")))
	} else {
		list = append(list, "no login")
	}
	if f.MaxBytes > 0 {
		list = append(list, fmt.Sprintf("mails of up to %d MB", f.MaxBytes/1_000_000))
	}
	if f.UTF8 {
		list = append(list, "SMTPUTF8")
	}
	return strings.Join(list, ", ")
}

// Check connects, logs in and asks the relay whether it would take a mail from and to an address, which it then does not
// send. The error is a *Refused; Remedy says what to do about it. What was found before the error is returned, too.
func Check(ctx context.Context, o Options, from string) (Found, error) {
	c, err := dial(ctx, o)
	if err != nil {
		return Found{}, err
	}
	defer c.quit(ctx)
	f := Found{Mechanisms: c.mechanisms(), Login: c.login}
	if state, ok := c.client.TLSConnectionState(); ok {
		f.TLS = tls.VersionName(state.Version)
	}
	f.MaxBytes, _ = c.client.MaxMessageSize()
	f.UTF8, _ = c.client.Extension("SMTPUTF8")
	e := Envelope{From: from, To: from}
	options, err := c.prepare(&e, nil)
	if err != nil {
		return f, err
	}
	if err := c.envelope(ctx, e, options); err != nil {
		return f, err
	}
	if err := c.watch(ctx, o.command(), c.client.Reset); err != nil {
		return f, refusedBy(StageRcpt, err)
	}
	return f, nil
}

// Remedy says in English what to do about an error of Check or Send.
func Remedy(o Options, err error) string {
	var refused *Refused
	if !errors.As(err, &refused) {
		return ""
	}
	if refused.Code == 530 { // of whatever step (RFC 4954 §6, RFC 3207 §4)
		return "The relay wants a login, or TLS before it: write user and password into email.smtp, and smtp:// or smtps://."
	}
	switch refused.Stage {
	case StageConnect:
		return connectRemedy(refused)
	case StageTLS:
		return tlsRemedy(o, refused)
	case StageLogin:
		return loginRemedy(o, refused)
	case StageMail:
		return "The relay does not let us send as this sender: is email.from an address that this login may use? Relays like Postfix (reject_sender_login_mismatch) and Exchange (SendAs) tie them together; the bounce address, which is the same with a + part, has to be allowed, too."
	case StageRcpt:
		return "The relay does not take mail to email.from itself: does that mailbox exist, and does the relay know us (login, or its list of allowed networks)?"
	}
	return ""
}

// connectRemedy says what to do if there is no connection.
func connectRemedy(r *Refused) string {
	var dns *net.DNSError
	switch {
	case errors.As(r.Err, &dns):
		return "Is the host in email.smtp spelled right?"
	case errors.Is(r.Err, syscall.ECONNREFUSED):
		return "Nothing listens there: is the port right (587 with smtp://, 465 with smtps://)?"
	case errors.Is(r.Err, syscall.EHOSTUNREACH), errors.Is(r.Err, syscall.ENETUNREACH):
		return "There is no way to that host: is it right, and the network up?"
	case r.Code != 0:
		return "The relay does not talk to us: its words say why. Port 25 is for mail between servers; to hand in mail take 587 or 465."
	}
	return "Nothing came back: does a firewall stand between (many providers block port 25), and does the port speak TLS from the start (465: smtps://) or later (587: smtp://)?"
}

// tlsRemedy says what to do if the connection can't be encrypted.
func tlsRemedy(o Options, r *Refused) string {
	var unknown x509.UnknownAuthorityError
	var other x509.HostnameError
	var invalid x509.CertificateInvalidError
	var noTLS tls.RecordHeaderError
	switch {
	case errors.Is(r.Err, errNoStartTLS):
		return "Nothing is sent unencrypted: take smtps:// with the port for it (465), or have the relay offer STARTTLS."
	case errors.As(r.Err, &unknown):
		return "The relay's certificate is signed by nobody whom this machine knows: get one from a public authority, or add its authority to the machine's."
	case errors.As(r.Err, &other):
		return fmt.Sprintf("The certificate is for another name than the host of email.smtp (%s): write there the name that the certificate has.", o.Addr)
	case errors.As(r.Err, &invalid):
		return "The certificate is not valid, or not any more; is this machine's clock right?"
	case errors.As(r.Err, &noTLS):
		return "What answers there does not speak TLS from the start: with port 587 write smtp://, which uses STARTTLS."
	case timedOut(r.Err) && o.Security == StartTLS:
		return "Nothing came in time: does the port speak TLS from the start? Then write smtps:// (port 465)."
	}
	return "Encryption failed: is the port right (587 with smtp://, 465 with smtps://), and does the relay know TLS 1.2 or later?"
}

// loginRemedy says what to do if the relay does not let us in.
func loginRemedy(o Options, r *Refused) string {
	switch {
	case errors.Is(r.Err, errNoAuth):
		return "The relay offers no login on this port: take the port for handing in mail (587 or 465), or leave user and password away if it knows us by our address."
	case errors.Is(r.Err, login.ErrNoneFits) && o.Account.Token == nil:
		return "The relay takes no passwords in a way that porchlight knows; if it wants OAuth 2, configure a token."
	case errors.Is(r.Err, login.ErrNoneFits):
		return "The relay takes no tokens (OAUTHBEARER, XOAUTH2) here; configure a password."
	case r.Kind == Temporary:
		return "The relay can't judge the login now; try again later."
	case o.Account.Token != nil && r.Code != 0:
		return "The relay refuses the token: has it expired, and does it have the right to send mail (Google: https://mail.google.com/, Microsoft: SMTP.Send)?"
	case o.Account.Token != nil:
		return "There is no token: does the file or the command give one on its first line?"
	}
	return "Are user and password right? Special characters of them have to be percent-encoded in the URL, @ as %40. Gmail, Microsoft and others want a password for this one program (app password), or OAuth 2."
}
