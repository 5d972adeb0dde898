// Package login proves to a mail server, for IMAP and SMTP alike, who we are: it makes the SASL
// exchanges (RFC 4422) for an account, the strongest that the server offers first.
//
//	list, err := login.Mechanisms(ctx, account, login.Offer{Mechanisms: caps, TLS: &state})
//	for _, x := range list {
//		err = client.Authenticate(x) // of go-imap; Auth of go-smtp
//		switch {
//		case x.Fault() != nil: // what the server sent is wrong
//			return x.Fault()
//		case err == nil:
//			return x.Proved() // does the server know the password, too? Only SCRAM can tell
//		case /* the connection has failed, or the failure is temporary */:
//			return err
//		}
//	}
//	return err // the server has refused each
//
// An account has a password or a source of OAuth 2 access tokens. A password is proved by SCRAM-SHA-256 or
// SCRAM-SHA-1 (RFC 5802, 7677; with channel binding if the server can), else sent by PLAIN (RFC 4616) or LOGIN
// (draft-murchison-sasl-login-00). A token is sent by OAUTHBEARER (RFC 7628) or XOAUTH2
// (https://developers.google.com/workspace/gmail/imap/xoauth2-protocol). Nothing is sent without TLS unless Offer.Insecure
// asks for it. IMAP's command LOGIN is no SASL mechanism and not made here.
package login

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"

	"github.com/emersion/go-sasl"
)

// Account is what a mail server knows us by.
type Account struct {
	User     string
	Password string // used if Token is nil
	Token    Token  // a source of OAuth 2 access tokens; nil: the password counts
}

// Zero reports whether there is nothing to log in with.
func (a Account) Zero() bool { return a.User == "" && a.Password == "" && a.Token == nil }

// Offer is what a server offers over a connection.
type Offer struct {
	// Mechanisms are their names, with or without the AUTH= that IMAP puts before each. Case does not matter.
	Mechanisms []string
	TLS        *tls.ConnectionState // nil: the connection is not encrypted
	Insecure   bool                 // log in without TLS all the same (tests only)
}

// ErrInsecure says that there is no TLS, without which nothing is proved.
var ErrInsecure = errors.New("the connection is not encrypted, so nothing that belongs to the login is sent")

// ErrNoneFits says that the server offers no mechanism for what the account has.
var ErrNoneFits = errors.New("no way to log in is offered that fits")

// Exchange is one attempt to log in by one mechanism. It is a sasl.Client and is used once, by one goroutine.
type Exchange struct {
	Name   string // the mechanism, for example SCRAM-SHA-256
	client sasl.Client
	fault  error
}

// Start begins the exchange: the mechanism's name and what is sent with it, if anything is.
func (x *Exchange) Start() (string, []byte, error) {
	_, first, err := x.client.Start()
	x.fault = err
	return x.Name, first, err
}

// Next answers a challenge of the server's. The answer to the last one may be empty, but is never nil, because it has to
// be sent (RFC 4954 §4).
func (x *Exchange) Next(challenge []byte) ([]byte, error) {
	if x.fault != nil {
		return nil, x.fault
	}
	answer, err := x.client.Next(challenge)
	if err != nil {
		x.fault = fmt.Errorf("%s: %w", x.Name, err)
	}
	return answer, x.fault
}

// Fault returns why we broke the exchange off, nil if we did not: then it was the server that refused, or the
// connection that failed.
func (x *Exchange) Fault() error { return x.fault }

// Proved is asked when the server has ended the exchange as a success. It returns an error if the server's own proof is
// missing. SCRAM has one; with the other mechanisms TLS alone says who the server is.
func (x *Exchange) Proved() error {
	if s, ok := x.client.(*scramClient); ok && !s.proved {
		return fmt.Errorf("%s: %w", x.Name, errUnproved)
	}
	return nil
}

// Mechanisms returns an exchange for each kind of mechanism that the server offers and the account can do, the
// strongest first. The caller tries the next one only if the server refused the one before: a server may offer SCRAM
// although it has the password of this account in a form that SCRAM can't use. It asks the account's Token for a new
// token, which may wait for a command, as long as ctx allows. It returns ErrInsecure, ErrNoneFits or the error of
// Token.
func Mechanisms(ctx context.Context, a Account, o Offer) ([]*Exchange, error) {
	if o.TLS == nil && !o.Insecure {
		return nil, ErrInsecure
	}
	offered := make(map[string]bool)
	for _, name := range o.Mechanisms {
		offered[strings.TrimPrefix(strings.ToUpper(name), "AUTH=")] = true
	}
	var list []*Exchange
	var err error
	if a.Token != nil {
		list, err = bearers(ctx, a, offered)
	} else {
		list = passwords(a, o, offered)
	}
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("%w: the server offers %s", ErrNoneFits, named(o.Mechanisms))
	}
	return list, err
}

// named lists mechanisms for an error.
func named(list []string) string {
	if len(list) == 0 {
		return "nothing"
	}
	return strings.Join(list, " ")
}

// bearers are the exchanges that send a token.
func bearers(ctx context.Context, a Account, offered map[string]bool) ([]*Exchange, error) {
	if !offered[oauthBearer] && !offered[xoauth2] {
		return nil, nil
	}
	token, err := a.Token(ctx)
	if err != nil {
		return nil, err
	}
	var list []*Exchange
	for _, name := range []string{oauthBearer, xoauth2} {
		if offered[name] {
			list = append(list, &Exchange{Name: name, client: &bearer{name: name, user: a.User, token: token}})
		}
	}
	return list, nil
}

// passwords are the exchanges that prove or send a password: one with channel binding, one SCRAM without it, and one
// that sends the password.
func passwords(a Account, o Offer, offered map[string]bool) []*Exchange {
	var list []*Exchange
	if o.TLS != nil {
		list = append(list, firstScram(a, o, offered, "-PLUS")...)
	}
	list = append(list, firstScram(a, o, offered, "")...)
	switch {
	case offered[sasl.Plain]:
		list = append(list, &Exchange{Name: sasl.Plain, client: sasl.NewPlainClient("", a.User, a.Password)})
	case offered[sasl.Login]:
		list = append(list, &Exchange{Name: sasl.Login, client: &plainLogin{answers: []string{a.User, a.Password}}})
	}
	return list
}
