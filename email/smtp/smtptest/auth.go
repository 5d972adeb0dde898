package smtptest

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"hash"
	"strings"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	scram "mellium.im/sasl"
)

// xoauth2 is the name of the mechanism that go-sasl does not know.
const xoauth2 = "XOAUTH2"

// rounds of hashing for SCRAM.
const rounds = 4096

// serverOf is a mechanism's side of the server, nil if it is not known. in is told who has logged in. The secrets of
// users are passwords, and tokens for the mechanisms that send tokens.
func serverOf(name string, users map[string]string, in func(user string)) sasl.Server {
	check := func(user, secret string) error {
		if want, ok := users[user]; !ok || want != secret {
			return smtp.ErrAuthFailed
		}
		in(user)
		return nil
	}
	switch name {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, user, secret string) error { return check(user, secret) })
	case sasl.Login:
		return &loginServer{check: check}
	case sasl.OAuthBearer, xoauth2:
		return &bearerServer{check: check}
	case "SCRAM-SHA-256":
		return newScram(scram.ScramSha256, sha256.New, users, in)
	case "SCRAM-SHA-1":
		return newScram(scram.ScramSha1, sha1.New, users, in)
	}
	return nil
}

// loginServer is LOGIN.
type loginServer struct {
	check func(user, secret string) error
	heard []string
}

// Next asks for the name and then for the password.
func (l *loginServer) Next(answer []byte) ([]byte, bool, error) {
	if answer != nil {
		l.heard = append(l.heard, string(answer))
	}
	switch len(l.heard) {
	case 0:
		return []byte("Username:"), false, nil
	case 1:
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(l.heard[0], l.heard[1])
}

// bearerServer is OAUTHBEARER and XOAUTH2. A refusal takes one more step (RFC 7628 §3.2.3).
type bearerServer struct {
	check  func(user, secret string) error
	failed error
}

// Next looks at the token.
func (b *bearerServer) Next(answer []byte) ([]byte, bool, error) {
	if answer == nil {
		return []byte{}, false, nil
	}
	if b.failed != nil {
		return nil, true, b.failed
	}
	user, token := "", ""
	for part := range bytes.FieldsFuncSeq(answer, func(r rune) bool { return r == 1 }) {
		text := string(part)
		switch {
		case strings.HasPrefix(text, "user="):
			user = text[len("user="):]
		case strings.HasPrefix(text, "n,a="):
			user = strings.TrimSuffix(text[len("n,a="):], ",")
		case strings.HasPrefix(text, "auth=Bearer "):
			token = text[len("auth=Bearer "):]
		}
	}
	if b.failed = b.check(user, token); b.failed != nil {
		return []byte(`{"status":"invalid_token","schemes":"bearer"}`), false, nil
	}
	return nil, true, nil
}

// scramServer is SCRAM by mellium's state machine.
type scramServer struct {
	machine *scram.Negotiator
	in      func(user string)
	user    string
	proved  bool
}

func newScram(m scram.Mechanism, h func() hash.Hash, users map[string]string, in func(string)) sasl.Server {
	s := &scramServer{in: in}
	s.machine = scram.NewServer(m, nil, scram.SaltedCredentials(func(user, _ []byte, _ string) ([]byte, []byte, int64, error) {
		secret, ok := users[string(user)]
		if !ok {
			return nil, nil, 0, scram.ErrAuthn
		}
		s.user = string(user)
		salt := []byte("salt of the sink")
		return salt, scram.SCRAMSaltPassword(h, []byte(secret), salt, rounds), rounds, nil
	}))
	return s
}

// Next passes what came to the state machine, and waits for the empty answer to its proof.
func (s *scramServer) Next(answer []byte) ([]byte, bool, error) {
	switch {
	case answer == nil:
		return []byte{}, false, nil
	case s.proved && len(answer) == 0:
		s.in(s.user)
		return nil, true, nil
	case s.proved:
		return nil, true, errors.New("the last answer is not empty")
	}
	more, challenge, err := s.machine.Step(answer)
	if err != nil {
		return nil, true, smtp.ErrAuthFailed
	}
	s.proved = !more
	return challenge, false, nil
}
