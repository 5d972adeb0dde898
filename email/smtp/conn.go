package smtp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-smtp"
)

// What can be wrong with a relay before a mail is sent.
var (
	errNoStartTLS = errors.New("the relay does not offer STARTTLS")
	errLogin      = errors.New("the login failed")
	errNoAuth     = fmt.Errorf("%w: the relay offers no login (AUTH)", errLogin)
)

// conn is a connection to the relay, logged in. Each of its steps runs under watch.
type conn struct {
	opts   Options
	wire   *wire
	client *smtp.Client
	login  string // the mechanism by which we are logged in
	dead   bool   // it can't be used any more
}

// dial connects, encrypts and logs in. It returns a *Refused.
func dial(ctx context.Context, o Options) (*conn, error) {
	host, _, err := net.SplitHostPort(o.Addr)
	if err != nil {
		return nil, refusedBy(StageConnect, err)
	}
	d := net.Dialer{Timeout: o.command()}
	tcp, err := d.DialContext(ctx, "tcp", o.Addr)
	if err != nil {
		return nil, refusedBy(StageConnect, err)
	}
	c := &conn{opts: o, wire: &wire{Conn: tcp}}
	err = c.open(ctx, &tls.Config{ServerName: host, RootCAs: o.Roots, MinVersion: tls.VersionTLS12})
	if err == nil && !o.Account.Zero() {
		err = c.authenticate(ctx)
	}
	if err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// open encrypts the connection as the options say and hears what the relay can do.
func (c *conn) open(ctx context.Context, config *tls.Config) error {
	var encrypted *tls.Conn
	switch c.opts.Security {
	case TLS:
		encrypted = tls.Client(c.wire, config)
	case StartTLS:
		err := c.watch(ctx, 2*c.opts.command(), func() error { return c.startTLS(config) })
		if err != nil {
			return refusedBy(StageTLS, err)
		}
	case Insecure:
		c.use(smtp.NewClient(c.wire))
	default:
		return refusedBy(StageConnect, fmt.Errorf("the security %q is unknown", c.opts.Security))
	}
	if encrypted != nil {
		if err := c.watch(ctx, c.opts.command(), func() error { return encrypted.HandshakeContext(ctx) }); err != nil {
			return refusedBy(StageTLS, err)
		}
		c.use(smtp.NewClient(encrypted))
	}
	stage := StageConnect
	if c.opts.Security == StartTLS {
		stage = StageTLS // the handshake is part of this step
	}
	hello := "localhost"
	if c.opts.Hello != "" {
		hello = c.opts.Hello
	}
	if err := c.watch(ctx, 2*c.opts.command(), func() error { return c.client.Hello(hello) }); err != nil {
		return refusedBy(stage, err)
	}
	return nil
}

// startTLS waits for the greeting and turns on encryption. go-smtp does it only on a client that it makes itself.
func (c *conn) startTLS(config *tls.Config) error {
	client, err := smtp.NewClientStartTLS(c.wire, config)
	if err != nil {
		if strings.Contains(err.Error(), "support STARTTLS") { // go-smtp has no value for it
			err = errNoStartTLS
		}
		return err
	}
	c.use(client)
	return nil
}

// use takes a client with the deadlines of the options.
func (c *conn) use(client *smtp.Client) {
	client.CommandTimeout, client.SubmissionTimeout = c.opts.command(), c.opts.data()
	c.client = client
}

// send runs one transaction. It returns a *Refused.
func (c *conn) send(ctx context.Context, e Envelope, raw []byte) error {
	o, err := c.prepare(&e, raw)
	if err != nil {
		return err
	}
	err = c.transact(ctx, e, o, raw)
	if err != nil && !c.dead && c.watch(ctx, c.opts.command(), c.client.Reset) != nil {
		c.dead = true
	}
	return err
}

// transact names sender and recipient and hands over the mail.
func (c *conn) transact(ctx context.Context, e Envelope, o *smtp.MailOptions, raw []byte) error {
	if err := c.envelope(ctx, e, o); err != nil {
		return err
	}
	if err := c.watch(ctx, c.opts.command()+2*c.opts.data(), func() error { return c.data(raw) }); err != nil {
		return refusedBy(StageData, err)
	}
	return nil
}

// envelope names sender and recipient.
func (c *conn) envelope(ctx context.Context, e Envelope, o *smtp.MailOptions) error {
	if err := c.watch(ctx, c.opts.command(), func() error { return c.client.Mail(e.From, o) }); err != nil {
		return refusedBy(StageMail, err)
	}
	if err := c.watch(ctx, c.opts.command(), func() error { return c.client.Rcpt(e.To, nil) }); err != nil {
		return refusedBy(StageRcpt, err)
	}
	return nil
}

// data hands over the mail and waits for the answer to it.
func (c *conn) data(raw []byte) error {
	w, err := c.client.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(raw); err != nil {
		return err
	}
	return w.Close()
}

// watch runs a step. The step ends with an error when ctx ends or time is up, because the connection is closed then.
// A connection on which a step failed otherwise than by an answer is dead, and so is one that the relay closes (421).
func (c *conn) watch(ctx context.Context, limit time.Duration, step func() error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	c.wire.read = 0
	stop := context.AfterFunc(ctx, func() { c.wire.Conn.Close() })
	err := step()
	if !stop() {
		c.dead = true
		if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
			err = fmt.Errorf("the relay did not finish within %v: %w", limit, context.DeadlineExceeded)
		}
	}
	var answer *smtp.SMTPError
	if err != nil && (!errors.As(err, &answer) || answer.Code == 421) {
		c.dead = true
	}
	return err
}

// quit says goodbye and ends the connection.
func (c *conn) quit(ctx context.Context) {
	if !c.dead {
		_ = c.watch(ctx, c.opts.command(), c.client.Quit) // whether the relay hears it does not matter
	}
	c.close()
}

// close ends the connection.
func (c *conn) close() { c.wire.Conn.Close() }
