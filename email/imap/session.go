package imap

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
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
	place     place
	calm      bool   // no mail was found since the last look
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
		err = s.login(ctx, o)
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
	err := s.server.fail(step, f())
	switch {
	case !watch.Stop():
		return s.server.fail(step, late{limit})
	case errors.Is(err, errClosed) && s.readerEnds() && s.wire.guard.goodbye != "":
		return s.server.fail(step, fmt.Errorf("%w: %q", errClosed, s.wire.guard.goodbye))
	}
	return err
}

// hangUp ends the connection at once. It waits for nothing.
func (s *session) hangUp() { _ = s.wire.Close() }

// end ends the connection, and waits for the library's reader.
func (s *session) end() {
	s.unwatch()
	s.readerEnds()
}

// readerEnds ends the connection, and reports whether the library's reader has ended then. If it never does, reading
// must go on all the same over another connection.
func (s *session) readerEnds() bool {
	s.hangUp()
	late := time.NewTimer(stepLimit)
	defer late.Stop()
	select {
	case <-s.client.Closed():
		return true
	case <-late.C:
		return false
	}
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
