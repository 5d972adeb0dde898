package imap

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
)

// How long the steps of a session may take. The library itself waits for ever for the first byte of an answer.
const (
	stepLimit = time.Minute     // what is answered at once
	bodyLimit = 6 * time.Minute // a mail of 25 MB over a slow line; the library itself gives up after 5 minutes
)

// session is one connection on which the mailbox is open. One goroutine uses it, except that hangUp is for any.
type session struct {
	server    Server
	wire      *wire
	client    *imapclient.Client
	news      chan struct{} // has something in it when the server has said that there may be mail
	box       *imap.SelectData
	caps      imap.CapSet
	mechanism string // by which we logged in
	unwatch   func() bool
}

// open connects, logs in and opens the mailbox. Errors are *Failure.
func open(ctx context.Context, o Options) (*session, error) {
	w, err := dial(ctx, o)
	if err != nil {
		return nil, err
	}
	s := &session{server: o.Server, wire: w, news: make(chan struct{}, 1)}
	s.client = imapclient.New(w, &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		// The library's reader waits for the handler, so it must not wait for anything.
		Mailbox: func(d *imapclient.UnilateralDataMailbox) {
			if d.NumMessages != nil {
				select {
				case s.news <- struct{}{}:
				default:
				}
			}
		},
	}})
	s.unwatch = context.AfterFunc(ctx, s.hangUp)
	err = s.within(stepLimit, Connecting, s.client.WaitGreeting)
	if err == nil {
		err = s.login(o)
	}
	if err == nil {
		err = s.within(stepLimit, Selecting, s.examine)
	}
	if err != nil {
		s.end()
		return nil, err
	}
	return s, nil
}

// within takes one step. After the limit it closes the connection, which ends whatever waits for the server.
// (Client.Close would wait for the library's reader, and that for whoever reads a mail.)
func (s *session) within(limit time.Duration, step Step, f func() error) error {
	watch := time.AfterFunc(limit, s.hangUp)
	err := f()
	if !watch.Stop() {
		err = late{limit}
	}
	return s.server.fail(step, err)
}

// hangUp ends the connection at once. It waits for nothing.
func (s *session) hangUp() { _ = s.wire.Close() }

// end ends the connection, and waits for the library's reader.
func (s *session) end() {
	s.unwatch()
	s.hangUp()
	<-s.client.Closed()
}

// login logs in by the first of the ways that the server takes.
func (s *session) login(o Options) error {
	if s.client.State() == imap.ConnStateAuthenticated {
		s.mechanism = "PREAUTH"
		return s.refresh()
	}
	if err := s.refresh(); err != nil {
		return err
	}
	names := s.caps.AuthMechanisms()
	byCommand := len(names) == 0 && !s.caps.Has(imap.CapLoginDisabled)
	if byCommand {
		names = []string{sasl.Plain}
	}
	ways, err := o.Mechanisms(names, s.server.Security != Plain)
	if err != nil {
		return s.server.fail(LoggingIn, err)
	}
	err = s.server.fail(LoggingIn, errNoMechanism)
	for _, way := range ways {
		err = s.within(stepLimit, LoggingIn, func() error { return s.authenticate(way, byCommand) })
		var no refused
		if err == nil || !errors.As(err, &no) {
			break // a server that breaks off, or can't prove that it knows the password, gets no other try
		}
	}
	if err != nil {
		return err
	}
	return s.refresh()
}

// authenticate tries one way to log in.
func (s *session) authenticate(way sasl.Client, byCommand bool) error {
	noted := &noting{Client: way, name: &s.mechanism}
	if !byCommand {
		return s.client.Authenticate(noted)
	}
	_, first, err := noted.Start()
	if err != nil {
		return err
	}
	parts := strings.Split(string(first), "\x00") // RFC 4616: authzid NUL authcid NUL passwd
	if s.mechanism != sasl.Plain || len(parts) != 3 {
		return errNoMechanism
	}
	s.mechanism = "LOGIN"
	return s.client.Login(parts[1], parts[2]).Wait()
}

// noting is a SASL client that notes its name.
type noting struct {
	sasl.Client
	name *string
}

// Start implements sasl.Client.
func (n *noting) Start() (mech string, ir []byte, err error) {
	mech, ir, err = n.Client.Start()
	*n.name = mech
	return mech, ir, err
}

// refresh asks what the server can do. What it said before TLS or before the login counts no more.
func (s *session) refresh() error {
	return s.within(stepLimit, LoggingIn, func() (err error) {
		s.caps, err = s.client.Capability().Wait()
		return err
	})
}

// examine opens the mailbox. Nothing in it is changed: people read it too.
func (s *session) examine() (err error) {
	s.box, err = s.client.Select(s.server.Mailbox, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err == nil && s.box.UIDValidity == 0 {
		err = errNoValidity
	}
	return err
}
