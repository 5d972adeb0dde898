package imap

import (
	"context"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"time"

	"porchlight/email/login"
)

// Options say which mailbox is read, and how. Server and Account are needed, for New Clock and Log too.
type Options struct {
	Server  Server
	Account login.Account
	Roots   *x509.CertPool // who may sign the server's certificate; nil: whom the system trusts
	Since   time.Duration  // at the first start ever, mails that are not older are read too; 0: only new ones
	Report  Report         // may be nil
	Clock   Clock
	Log     *slog.Logger
	// Dial connects, instead of net.Dialer, if it is set.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
}

// Security says how a connection is encrypted.
type Security string

// How connections are encrypted.
const (
	TLS      Security = "tls"      // from the first byte on, RFC 8314 §3.2
	StartTLS Security = "starttls" // before the login, RFC 9051 §6.2.1; without it there is no login
	Insecure Security = "insecure" // not at all
)

// Server names a mailbox on a server.
type Server struct {
	Security Security
	Host     string // name or address
	Port     string
	Mailbox  string // its name on the server: INBOX
}

// schemes has the security and the port of each scheme of ParseURL.
var schemes = map[string]Server{
	"imaps":         {Security: TLS, Port: "993"},
	"imap":          {Security: StartTLS, Port: "143"},
	"imap+insecure": {Security: Insecure, Port: "143"},
}

// ParseURL reads imaps://HOST[:PORT][/MAILBOX] (TLS), imap://… (STARTTLS, required) or imap+insecure://…
// (no encryption). Without a path the mailbox is INBOX. A path is decoded (%20), and has the server's separator
// of folders in it. Name and password have no place in it.
func ParseURL(text string) (Server, error) {
	u, err := url.Parse(text)
	if err != nil {
		return Server{}, fmt.Errorf("read the mailbox's URL: %w", plainURLError(err))
	}
	s, known := schemes[u.Scheme]
	switch {
	case !known:
		return Server{}, fmt.Errorf("read the mailbox's URL: it begins with imaps:// (TLS), imap:// (STARTTLS) or imap+insecure:// (no encryption), not with %q", u.Scheme)
	case u.User != nil:
		return Server{}, fmt.Errorf("read the mailbox's URL: user name and password are options of their own, they do not belong into %s://…@%s", u.Scheme, u.Host)
	case u.Hostname() == "" || u.Opaque != "" || u.RawQuery != "" || u.Fragment != "":
		return Server{}, fmt.Errorf("read the mailbox's URL: it is to be %s://HOST/MAILBOX, not %q", u.Scheme, text)
	}
	s.Host = u.Hostname()
	if port := u.Port(); port != "" {
		s.Port = port
	}
	s.Mailbox = strings.TrimPrefix(u.Path, "/")
	if s.Mailbox == "" {
		s.Mailbox = "INBOX"
	}
	return s, nil
}

// plainURLError leaves out the URL, in which there may be a password.
func plainURLError(err error) error {
	if e, ok := err.(*url.Error); ok {
		return e.Err
	}
	return err
}

// Addr returns the host and port to connect to.
func (s Server) Addr() string { return net.JoinHostPort(s.Host, s.Port) }

// String returns the URL, as ParseURL reads it.
func (s Server) String() string {
	for scheme, has := range schemes {
		if has.Security == s.Security {
			return (&url.URL{Scheme: scheme, Host: s.Addr(), Path: "/" + s.Mailbox}).String()
		}
	}
	return s.Addr()
}
