package webwidget

import (
	"errors"
	"slices"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// claims are those of a signed identity that mean something here.
type claims struct {
	Name  string `json:"name"`
	Email string `json:"email"`
	jwt.RegisteredClaims
}

// maxSubject bounds what a site calls its visitor, in bytes.
const maxSubject = 255

// identify checks a signed identity (JWT, RFC 7519, HS256 only) and puts what
// it says in the place of what the visitor wrote. One that can't be verified is
// refused: a logged-in visitor must not become somebody else unnoticed.
func (s *Server) identify(token string, q *bridge.Request) error {
	c, wrong := s.verify(token)
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

// verify returns the claims of a good token, or in a sentence what is wrong.
func (s *Server) verify(token string) (c claims, wrong phrase.Phrase) {
	if len(s.opts.IdentityKey) == 0 {
		return c, phrase.Say("Signed identities are not set up here.")
	}
	_, err := jwt.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return s.opts.IdentityKey, nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired(), jwt.WithTimeFunc(s.bridge.Now))
	longest := s.opts.IdentityLasts
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return c, phrase.Say("The identity has expired.")
	case err != nil:
		return c, phrase.Say("The identity is not signed as it should be.")
	case longest > 0 && c.ExpiresAt.After(s.bridge.Now().Add(longest)):
		return c, phrase.Say("The identity expires (exp) too late. At most %s from now are allowed.", longest)
	case len(c.Audience) > 0 && !slices.ContainsFunc(c.Audience, s.isPublicURL):
		return c, phrase.Say("The identity is for another service (aud).")
	case c.Subject == "" || len(c.Subject) > maxSubject:
		return c, phrase.Say("The identity needs a subject (sub) of at most %d bytes.", maxSubject)
	}
	return c, wrong
}

// isPublicURL reports whether an audience (RFC 7519 §4.1.3) is this service.
func (s *Server) isPublicURL(audience string) bool {
	return strings.TrimRight(audience, "/") == strings.TrimRight(s.opts.PublicURL, "/")
}
