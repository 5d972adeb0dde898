// Package smtp hands mails to one relay (RFC 5321, message submission by RFC 6409): it connects, insists on TLS, logs
// in, and sends stored bytes as they are, to one recipient in each transaction. It decides nothing about when a mail
// is tried again, but says what a failure is about: this mail now (Temporary), this mail for ever (Permanent), or us,
// so that every other mail would fail too (Ours).
package smtp

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"net"
	"time"

	"porchlight/email/login"
)

// Security is how a connection is encrypted.
type Security string

// The kinds of security.
const (
	StartTLS Security = "starttls" // STARTTLS (RFC 3207) is required: there is no way back to an open connection
	TLS      Security = "tls"      // TLS from the first byte (RFC 8314 §3.3)
	Insecure Security = "insecure" // no encryption, for tests and for a relay on the same machine
)

// Options say which relay takes the mails, and as whom we come.
type Options struct {
	Addr     string // host:port; the certificate has to be the host's
	Security Security
	Account  login.Account  // zero: no login
	Hello    string         // the name we greet with (EHLO); a domain of ours. Empty: localhost
	Roots    *x509.CertPool // whose certificates are believed; nil: those of the system

	CommandLimit time.Duration // for a connection, and for the answer to each command; 0: a minute
	DataLimit    time.Duration // for handing over a mail, and again for the answer to it; 0: 5 minutes
}

// Defaults of Options.
const (
	commandLimit = time.Minute
	dataLimit    = 5 * time.Minute
)

// command is how long a command may take.
func (o Options) command() time.Duration { return cmp.Or(o.CommandLimit, commandLimit) }

// data is how long it may take to hand over a mail, and to get the answer.
func (o Options) data() time.Duration { return cmp.Or(o.DataLimit, dataLimit) }

// Envelope says from where and to whom a mail goes. What the mail's header says does not count.
type Envelope struct {
	From string // the address to which it bounces; empty: none (the null path of RFC 5321 §4.5.5)
	To   string // the one recipient
}

// Relay sends mails to one relay, one after another, over a connection that it keeps. Only one goroutine at a time may
// call its methods.
type Relay struct {
	opts Options
	conn *conn // nil: there is none
}

// New returns a Relay. It does not connect yet.
func New(o Options) *Relay { return &Relay{opts: o} }

// Send hands a mail to the relay. raw is the whole mail, with CRLF; it is sent as it is. nil means that the relay has
// taken it over. Any other outcome is a *Refused, except the error of ctx. If a Temporary outcome is unknown, because
// the connection was lost after the last byte, the mail may arrive although Send failed; sending it again may double
// it, which is better than losing it.
//
// A kept connection that turns out to be dead before the relay has heard of the mail is replaced once, at once.
func (r *Relay) Send(ctx context.Context, e Envelope, raw []byte) error {
	kept := r.conn != nil
	err := r.try(ctx, e, raw)
	if kept && r.conn == nil && stale(err) {
		err = r.try(ctx, e, raw)
	}
	if ctx.Err() != nil && err != nil {
		return ctx.Err()
	}
	return err
}

// stale reports whether an error says no more than that the connection was dead when it was used again: the relay
// has closed it, or says that it does now (421).
func stale(err error) bool {
	var refused *Refused
	return errors.As(err, &refused) && refused.Stage == StageMail && (refused.Code == 421 || refused.Code == 0 && !timedOut(refused.Err))
}

// try sends a mail over the connection that there is, or a new one. A connection that can't be used any more is gone
// afterwards.
func (r *Relay) try(ctx context.Context, e Envelope, raw []byte) error {
	if r.conn == nil {
		c, err := dial(ctx, r.opts)
		if err != nil {
			return err
		}
		r.conn = c
	}
	err := r.conn.send(ctx, e, raw)
	if r.conn.dead {
		r.drop()
	}
	return err
}

// drop ends the connection without a word.
func (r *Relay) drop() {
	r.conn.close()
	r.conn = nil
}

// Close says goodbye and ends the connection, if there is one; the next Send makes a new one. Whoever has nothing to
// send for a while should call it, since relays do not like silent connections.
func (r *Relay) Close(ctx context.Context) {
	if r.conn != nil {
		r.conn.quit(ctx)
		r.conn = nil
	}
}

// timedOut reports whether an error says that something took too long.
func timedOut(err error) bool {
	var late net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &late) && late.Timeout()
}
