package imap

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
)

// dialLimit is how long connecting may take; a handshake may take as long again.
const dialLimit = 30 * time.Second

// wire is a connection to a server.
type wire struct {
	net.Conn          // what is said: within TLS, if there is TLS
	under    net.Conn // what carries it
	first    io.Reader
	guard    guard // what is read goes through it
}

// dial connects, with TLS if the server is to have it. The first thing that the connection gives is a greeting.
func dial(ctx context.Context, o Options) (*wire, error) {
	ctx, cancel := context.WithTimeout(ctx, dialLimit)
	defer cancel()
	dialer := o.Dial
	if dialer == nil {
		dialer = (&net.Dialer{}).DialContext
	}
	conn, err := dialer(ctx, "tcp", o.Server.Addr())
	if err != nil {
		return nil, o.Server.fail(Connecting, err)
	}
	w := &wire{Conn: conn, under: conn}
	if o.Server.Security == Insecure {
		return w, nil
	}
	if err := w.secure(o); err != nil {
		_ = conn.Close()
		return nil, o.Server.fail(Securing, err)
	}
	return w, nil
}

// secure starts TLS. The library's own STARTTLS is not used because what is written could not be corrected
// there (see Write).
func (w *wire) secure(o Options) error {
	// A deadline, unlike the context of a handshake, holds for the words before it, too.
	if err := w.under.SetDeadline(time.Now().Add(dialLimit)); err != nil {
		return err
	}
	if o.Server.Security == StartTLS {
		if err := askForTLS(w.under); err != nil {
			return err
		}
		// The library waits for a greeting, and would ask for capabilities in a goroutine of its own if it
		// had none. They are asked for anew anyway.
		w.first = strings.NewReader("* OK [CAPABILITY IMAP4rev1] encrypted\r\n")
	}
	inner := tls.Client(w.under, &tls.Config{ServerName: o.Server.Host, RootCAs: o.Roots, MinVersion: tls.VersionTLS12})
	if err := inner.Handshake(); err != nil {
		return err
	}
	w.Conn = inner
	return w.under.SetDeadline(time.Time{})
}

// askForTLS says STARTTLS (RFC 9051 §6.2.1). A server that greets as if somebody had logged in already, or that
// sends anything after its consent in the clear, is refused (RFC 9051 §11.1 and 7.1.4).
func askForTLS(conn net.Conn) error {
	lines := bufio.NewReader(io.LimitReader(conn, 64<<10))
	greeting, err := lines.ReadString('\n')
	if err != nil {
		return err
	}
	if !isWord(greeting, "*", "OK") {
		return answerOf(greeting)
	}
	if _, err := io.WriteString(conn, "S1 STARTTLS\r\n"); err != nil {
		return err
	}
	for {
		line, err := lines.ReadString('\n')
		switch {
		case err != nil:
			return err
		case isWord(line, "*"):
			continue // such as capabilities, which are asked for again after the handshake
		case !isWord(line, "S1", "OK"):
			return answerOf(line)
		case lines.Buffered() > 0:
			return errors.New("the server sent something in the clear after it had agreed to TLS")
		}
		return nil
	}
}

// isWord reports whether a line begins with the words.
func isWord(line string, words ...string) bool {
	has := strings.Fields(line)
	if len(has) < len(words) {
		return false
	}
	for i, word := range words {
		if !strings.EqualFold(has[i], word) {
			return false
		}
	}
	return true
}

// answerOf makes an error of a line that is not what it should be.
func answerOf(line string) error {
	_, words, _ := strings.Cut(strings.TrimSpace(line), " ")
	typ, text, _ := strings.Cut(words, " ")
	switch t := imap.StatusResponseType(strings.ToUpper(typ)); t {
	case imap.StatusResponseTypeNo, imap.StatusResponseTypeBad, imap.StatusResponseTypeBye, imap.StatusResponseTypePreAuth:
		return &imap.Error{Type: t, Text: text}
	}
	const most = 100
	return fmt.Errorf("what listens there does not speak IMAP: it says %.*q", most, line)
}

// Read gives the greeting first that secure has left.
func (w *wire) Read(p []byte) (int, error) {
	if w.first != nil {
		n, err := w.first.Read(p)
		if n > 0 || err == nil {
			return n, nil
		}
		w.first = nil
	}
	n, err := w.Conn.Read(p)
	if bad := w.guard.check(p[:n]); bad != nil {
		return 0, bad
	}
	return n, err
}

// Write corrects how the library answers a challenge with nothing, as SCRAM does last: it writes "=", which
// is the word for nothing only within the command AUTHENTICATE itself (RFC 9051 §6.2.2). Dovecot refuses it.
func (w *wire) Write(p []byte) (int, error) {
	if bytes.Equal(p, []byte("=\r\n")) {
		n, err := w.Conn.Write(p[1:])
		return n + 1, err
	}
	return w.Conn.Write(p)
}

// Close closes the connection at once, without a goodbye for which TLS would wait.
func (w *wire) Close() error { return w.under.Close() }
