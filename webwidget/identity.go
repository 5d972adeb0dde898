package webwidget

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// claims are the claims of a signed identity that porchlight uses.
type claims struct {
	Name  string `json:"name"`
	Email string `json:"email"`
	jwt.RegisteredClaims
}

// maxSubject bounds the id that a site gives its visitor, in bytes.
const maxSubject = 255

// identities checks signed identities (JWT, RFC 7519, HS256 only). Any goroutine may call
// its methods.
type identities struct {
	key     []byte        // Options.IdentityKey
	longest time.Duration // Options.IdentityLasts
	public  string        // Options.PublicURL
	now     func() time.Time
}

// put replaces what the visitor wrote by what an identity says; an address that the identity does not have stays as it
// was written, and is not proved. It refuses an identity that can't be verified: a logged-in visitor must not become
// somebody else unnoticed.
func (i identities) put(token string, q *bridge.Request) error {
	c, wrong := i.verify(token)
	if wrong.Format != "" {
		return invalid("identity", wrong)
	}
	q.Verified = c.Subject
	if c.Name != "" {
		q.Name = c.Name
	}
	if c.Email != "" {
		q.Email = c.Email
	}
	return nil
}

// verify returns the claims of a good token, or a sentence that says what is wrong with it.
func (i identities) verify(token string) (c claims, wrong phrase.Phrase) {
	if len(i.key) == 0 {
		return c, phrase.Say("Signed identities are not set up here.")
	}
	_, err := jwt.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return i.key, nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired(), jwt.WithTimeFunc(i.now))
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return c, phrase.Say("The identity has expired.")
	case err != nil:
		return c, phrase.Say("The identity is not signed as it should be.")
	case i.longest > 0 && c.ExpiresAt.After(i.now().Add(i.longest)):
		return c, phrase.Say("The identity expires (exp) too late. At most %s from now are allowed.", i.longest)
	case len(c.Audience) > 0 && !slices.ContainsFunc(c.Audience, i.isOurs):
		return c, phrase.Say("The identity is for another service (aud).")
	case bridge.MailSubject(c.Subject):
		return c, phrase.Say("The subject (sub) of an identity does not begin with %s: that stands for people who write by mail.", "mail:")
	case c.Subject == "" || len(c.Subject) > maxSubject:
		return c, phrase.Say("The identity needs a subject (sub) of at most %d bytes.", maxSubject)
	}
	return c, wrong
}

// isOurs reports whether an audience (RFC 7519 §4.1.3) is this service.
func (i identities) isOurs(audience string) bool {
	return strings.TrimRight(audience, "/") == strings.TrimRight(i.public, "/")
}
