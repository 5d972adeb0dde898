// Package smtptest is a relay for tests: it takes mails and keeps them in memory, and refuses, drops or stalls as it is
// told, for one recipient or for all.
package smtptest

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Mail is a mail that the sink has taken.
type Mail struct {
	From, To string // the envelope
	UTF8     bool   // whether it came with SMTPUTF8
	User     string // who was logged in
	Raw      []byte // as it came, with CRLF
	At       time.Time
	Cut      bool // the sink hung up instead of answering, so that the sender can't know
}

// Fault is how the sink fails.
type Fault string

// The faults.
const (
	Refuse    Fault = "refuse"     // answers with Rule.Code
	DropEarly Fault = "drop early" // closes the connection before the last byte of a mail; to MAIL and RCPT, without an answer
	DropLate  Fault = "drop late"  // takes the whole mail, keeps it, and closes the connection without an answer
	Stall     Fault = "stall"      // never answers
	Slow      Fault = "slow"       // takes and keeps a whole mail, and answers when Rule.Until is closed; to MAIL and RCPT as Stall
)

// Rule makes the sink fail.
type Rule struct {
	At       string // "MAIL", "RCPT" or "DATA"
	To       string // for this recipient only; empty: for all. Not known yet at MAIL
	Times    int    // how often; 0: always
	Fault    Fault
	Until    <-chan struct{} // for Slow
	Code     int             // for Refuse, as in 451 or 550
	Enhanced [3]int
	Text     string
}

// Options say what the sink offers. The zero value offers no TLS and wants no login.
type Options struct {
	Addr     string            // where it listens, as a sink that starts anew does; empty: on a free port of 127.0.0.1
	TLS      *tls.Config       // offers STARTTLS
	Implicit bool              // speaks TLS from the first byte instead
	Users    map[string]string // passwords, or tokens, by user; nil: nobody logs in
	Auth     []string          // the mechanisms offered; nil: all that the sink knows, with Users
	NeedAuth bool              // refuses mail of those who have not logged in
	UTF8     bool              // offers SMTPUTF8
	MaxBytes int64             // the largest mail; 0: any
}

// Sink is a relay. Its methods may be called by any goroutine.
type Sink struct {
	opts     Options
	listener net.Listener
	server   *smtp.Server
	served   chan struct{}
	closing  chan struct{} // closed by Close: what stalls ends

	mu      sync.Mutex
	rules   []*Rule
	mails   []Mail
	logins  []string // the mechanisms of successful logins
	conns   int      // how many connections there were
	open    map[*smtp.Conn]bool
	changed chan struct{} // closed and replaced when a mail comes
}

// Listen starts a sink.
func Listen(o Options) (*Sink, error) {
	l, err := net.Listen("tcp", cmp.Or(o.Addr, "127.0.0.1:0"))
	if err != nil {
		return nil, fmt.Errorf("start SMTP sink: %w", err)
	}
	s := &Sink{opts: o, listener: l, served: make(chan struct{}), closing: make(chan struct{}), changed: make(chan struct{}), open: make(map[*smtp.Conn]bool)}
	s.server = smtp.NewServer(smtp.BackendFunc(s.session))
	s.server.Domain, s.server.AllowInsecureAuth, s.server.EnableSMTPUTF8 = "sink.test", true, o.UTF8
	s.server.MaxMessageBytes, s.server.MaxLineLength = o.MaxBytes, 4000
	s.server.ErrorLog = log.New(io.Discard, "", 0)
	serve := net.Listener(counted{l, s})
	if o.Implicit {
		serve = tls.NewListener(serve, o.TLS)
	} else {
		s.server.TLSConfig = o.TLS
	}
	go func() {
		defer close(s.served)
		_ = s.server.Serve(serve) // it ends with Close
	}()
	return s, nil
}

// counted is a listener that counts. A session says nothing about connections: STARTTLS begins a new one.
type counted struct {
	net.Listener
	sink *Sink
}

// Accept waits for a connection and counts it.
func (c counted) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if err == nil {
		c.sink.mu.Lock()
		defer c.sink.mu.Unlock()
		c.sink.conns++
	}
	return conn, err
}

// Addr is where the sink listens, host:port.
func (s *Sink) Addr() string { return s.listener.Addr().String() }

// Close ends the sink and its connections, and waits for its listener.
func (s *Sink) Close() {
	close(s.closing)
	_ = s.server.Close() // what is left of connections does not matter
	<-s.served
}

// Fail adds a rule. The first rule that fits counts.
func (s *Sink) Fail(r Rule) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = append(s.rules, &r)
}

// Heal takes all rules away.
func (s *Sink) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = nil
}

// SetPassword changes what a user logs in with, or the token. The sink needs Options.Users.
func (s *Sink) SetPassword(user, password string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	users := maps.Clone(s.opts.Users) // sessions read the old one
	users[user] = password
	s.opts.Users = users
}

// users returns who may log in; nil: nobody does.
func (s *Sink) users() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opts.Users
}

// Mails lists what the sink has taken, in order.
func (s *Sink) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// Logins lists the mechanisms by which somebody has logged in, in order.
func (s *Sink) Logins() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.logins)
}

// Connections is how many connections there were.
func (s *Sink) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conns
}

// Hangup closes all connections, as a relay does with those that are silent for long.
func (s *Sink) Hangup() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.open {
		c.Conn().Close()
	}
}

// Await waits until the sink has taken n mails, and returns them; fewer if ctx ends first.
func (s *Sink) Await(ctx context.Context, n int) []Mail {
	for {
		s.mu.Lock()
		changed, mails := s.changed, slices.Clone(s.mails)
		s.mu.Unlock()
		if len(mails) >= n {
			return mails
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return mails
		}
	}
}

// keep stores a mail and wakes who waits for it.
func (s *Sink) keep(m Mail) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, m)
	close(s.changed)
	s.changed = make(chan struct{})
}

// rule finds the rule for a step, and counts its use.
func (s *Sink) rule(at, to string) (Rule, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, r := range s.rules {
		if r.At != at || r.To != "" && !strings.EqualFold(r.To, to) {
			continue
		}
		used := *r
		if r.Times > 0 {
			if r.Times--; r.Times == 0 {
				s.rules = slices.Delete(s.rules, i, i+1)
			}
		}
		return used, true
	}
	return Rule{}, false
}
