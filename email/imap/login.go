package imap

import (
	"context"
	"crypto/tls"
	"errors"

	"github.com/emersion/go-imap/v2"

	"porchlight/email/login"
)

// login logs in by the first of the ways that the server takes. A way is tried only after the server has refused
// the one before; a server that breaks off, or can't prove that it knows the password, gets no other try.
func (s *session) login(ctx context.Context, o Options) error {
	if err := s.refresh(); err != nil {
		return err
	}
	if s.client.State() == imap.ConnStateAuthenticated {
		s.mechanism = "PREAUTH"
		return nil
	}
	offer := login.Offer{Mechanisms: s.caps.AuthMechanisms(), Insecure: s.server.Security == Insecure}
	if len(offer.Mechanisms) == 0 && !s.caps.Has(imap.CapLoginDisabled) && o.Account.Token == nil {
		return s.command(o.Account)
	}
	if secured, ok := s.wire.Conn.(*tls.Conn); ok {
		state := secured.ConnectionState()
		offer.TLS = &state
	}
	ways, err := login.Mechanisms(ctx, o.Account, offer)
	if err != nil {
		return s.server.fail(LoggingIn, err)
	}
	for _, way := range ways {
		err = s.within(stepLimit, LoggingIn, func() error { return s.authenticate(way) })
		var no refused
		if !errors.As(err, &no) {
			break
		}
	}
	if err != nil {
		return err
	}
	return s.refresh()
}

// authenticate tries one way to log in.
func (s *session) authenticate(way *login.Exchange) error {
	err := s.client.Authenticate(way)
	s.mechanism = way.Name
	switch {
	case way.Fault() != nil:
		return way.Fault()
	case err != nil:
		return err
	}
	return way.Proved()
}

// command logs in by the command LOGIN (RFC 9051 §6.2.3), for servers that know no SASL.
func (s *session) command(a login.Account) error {
	s.mechanism = "LOGIN"
	err := s.within(stepLimit, LoggingIn, func() error { return s.client.Login(a.User, a.Password).Wait() })
	if err != nil {
		return err
	}
	return s.refresh()
}
