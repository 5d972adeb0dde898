package imap

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"time"

	"github.com/emersion/go-imap/v2"

	"porchlight/email/login"
)

// Step is what was done when something failed.
type Step string

// The steps, in the order in which they are taken.
const (
	Connecting Step = "connect to"
	Securing   Step = "start TLS with"
	LoggingIn  Step = "log in to"
	Selecting  Step = "open the mailbox of"
	Reading    Step = "read mail of"
	Waiting    Step = "wait for mail of"
	Storing    Step = "store mail of" // the fault is ours
)

// Failure is why a mailbox can't be read.
type Failure struct {
	Step   Step
	Server Server
	Err    error  // with the server's words, if it said any
	Advice string // what to do, in English; may be empty
}

// Error says what failed, and what to do about it.
func (f *Failure) Error() string {
	text := fmt.Sprintf("%s %s: %v", f.Step, f.Server, f.Err)
	if f.Advice != "" {
		text += ". " + f.Advice
	}
	return text
}

// Unwrap returns Err.
func (f *Failure) Unwrap() error { return f.Err }

// refused is an answer by which the server refuses a command.
type refused struct{ answer *imap.Error }

// Error quotes the server, whose words may hold anything.
func (r refused) Error() string {
	words := string(r.answer.Type) + " "
	if r.answer.Code != "" {
		words += "[" + string(r.answer.Code) + "] "
	}
	words += r.answer.Text
	const most = 300
	if len(words) > most {
		words = strings.ToValidUTF8(words[:most], "") + "…"
	}
	return fmt.Sprintf("the server says %q", strings.TrimSpace(words))
}

// Unwrap returns the library's error.
func (r refused) Unwrap() error { return r.answer }

// late is the error of a step that took too long.
type late struct{ limit time.Duration }

// Error says how long it took.
func (l late) Error() string { return fmt.Sprintf("the server does not answer within %s", l.limit) }

// Timeout reports that this is a time-out.
func (l late) Timeout() bool { return true }

var (
	errClosed     = errors.New("the server closed the connection")
	errNoValidity = errors.New("the server gives the mailbox no UIDVALIDITY, without which mails have no lasting numbers (RFC 9051 §2.3.1.1)")
)

// fail makes a Failure of an error, and puts the library's errors into plain words.
func (s Server) fail(step Step, err error) error {
	if err == nil {
		return nil
	}
	var done *Failure
	if errors.As(err, &done) {
		return err
	}
	var answer *imap.Error
	switch {
	case errors.As(err, &answer):
		err = refused{answer}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		err = errClosed
	}
	return &Failure{Step: step, Server: s, Err: err, Advice: s.advice(step, err)}
}

// advice says what to do about an error.
func (s Server) advice(step Step, err error) string {
	var dns *net.DNSError
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	var slow net.Error
	switch {
	case errors.As(err, &dns):
		return fmt.Sprintf("Is the host %s spelled right?", s.Host)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Sprintf("Nothing listens there: is the server running, and is %s its port for IMAP (993 with TLS, 143 without)?", s.Port)
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "There is no way to that host: is it the right one, and the network up?"
	case errors.As(err, &unknown):
		return "Nobody whom this machine trusts has signed the server's certificate: if it is your own authority, name its file as one to trust"
	case errors.As(err, &name):
		return "The certificate is for another name: use the name of the server that stands in it"
	case errors.As(err, &invalid):
		return "The server's certificate is not valid: is it expired, or this machine's clock wrong?"
	case errors.As(err, &record):
		return "What listens there does not speak TLS from the first byte on: imaps:// is for port 993, imap:// (STARTTLS) for 143"
	case errors.As(err, &slow) && slow.Timeout() && (step == Connecting || step == Securing):
		return "Does a firewall stand between? A port for TLS (993) also stays silent when it is spoken to without: use imaps:// for it, imap:// for 143"
	}
	return s.adviceOn(step, err)
}

// adviceOn says what to do about an error that is the server's answer.
func (s Server) adviceOn(step Step, err error) string {
	var no refused
	said := errors.As(err, &no)
	switch {
	case errors.Is(err, login.ErrNoneFits):
		return "The account has a password and the server wants a token (OAuth), or the other way round"
	case step == Securing && said:
		return "The server has no STARTTLS on this port: use imaps:// and port 993, if it has that"
	case step == LoggingIn && said && no.answer.Code == imap.ResponseCodeUnavailable:
		return "The server can't check logins now; that may pass"
	case step == LoggingIn && said:
		return "Are user name and password right? Many providers want a password made for programs, or have IMAP switched off until you switch it on"
	case step == Selecting && said:
		return fmt.Sprintf("Is there a mailbox named %q? The path of the URL names it; most have INBOX", s.Mailbox)
	}
	return ""
}

// hopeless reports whether a login is of no use before somebody has changed something.
func hopeless(err error) bool {
	var f *Failure
	if !errors.As(err, &f) || f.Step != LoggingIn {
		return false
	}
	var no refused
	return errors.Is(err, login.ErrNoneFits) || errors.As(err, &no) && no.answer.Code != imap.ResponseCodeUnavailable
}
