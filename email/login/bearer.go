package login

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
)

// Names of mechanisms that send a token.
const (
	oauthBearer = sasl.OAuthBearer
	xoauth2     = "XOAUTH2"
)

// Token is a source of OAuth 2 access tokens. It is asked for each login, and returns a token that is valid now or
// an error, which never holds a token. It may be called by any goroutine and waits no longer than ctx allows.
type Token func(ctx context.Context) (string, error)

// commandLimit is how long a command may take that prints a token.
const commandLimit = 30 * time.Second

// longestToken is far longer than any token.
const longestToken = 16 << 10

// FromFile is a source that reads a file anew for each login, so that something else may renew it. The token is its
// first line.
func FromFile(path string) Token {
	return func(context.Context) (string, error) {
		text, err := os.ReadFile(path)
		if err != nil {
			return "", fmt.Errorf("read token: %w", err)
		}
		token, err := firstLine(text)
		if err != nil {
			return "", fmt.Errorf("read token: %s: %w", path, err)
		}
		return token, nil
	}
}

// FromCommand is a source that runs a command for each login, without a shell, and takes the first line that it
// prints. The command renews the token if it has to, within 30 s.
func FromCommand(name string, args ...string) Token {
	return func(ctx context.Context) (string, error) {
		ctx, cancel := context.WithTimeout(ctx, commandLimit)
		defer cancel()
		cmd := exec.CommandContext(ctx, name, args...)
		cmd.WaitDelay = time.Second // a child of the command may keep its output open
		out, err := cmd.Output()
		var failed *exec.ExitError
		switch {
		case ctx.Err() != nil:
			return "", fmt.Errorf("run %s for a token: %w", name, ctx.Err())
		case errors.As(err, &failed):
			return "", fmt.Errorf("run %s for a token: %w: %.300q", name, err, bytes.TrimSpace(failed.Stderr))
		case err != nil:
			return "", fmt.Errorf("run %s for a token: %w", name, err)
		}
		token, err := firstLine(out)
		if err != nil {
			return "", fmt.Errorf("run %s for a token: %w", name, err)
		}
		return token, nil
	}
}

// firstLine is the token in a text. A token consists of visible ASCII (RFC 6750 §2.1), so it can't break
// out of the message that carries it.
func firstLine(text []byte) (string, error) {
	line, _, _ := strings.Cut(string(text[:min(len(text), longestToken+1)]), "\n")
	line = strings.TrimSpace(line)
	switch {
	case line == "":
		return "", errors.New("the first line is empty; it has to be the access token")
	case len(line) > longestToken || strings.ContainsFunc(line, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "", errors.New("the first line is no access token")
	}
	return line, nil
}

// bearer is OAUTHBEARER or XOAUTH2. On a failure the server sends a challenge with its reasons, which has to be
// answered before the server ends the exchange with an error code (RFC 7628 §3.2.3).
type bearer struct {
	name, user, token string
	challenged        bool
}

// Start sends the token.
func (b *bearer) Start() (string, []byte, error) {
	if strings.ContainsAny(b.user, "\x00\x01") {
		return "", nil, errors.New("the user's name has control characters")
	}
	if b.name == xoauth2 {
		return b.name, fmt.Appendf(nil, "user=%s\x01auth=Bearer %s\x01\x01", b.user, b.token), nil
	}
	user := strings.NewReplacer("=", "=3D", ",", "=2C").Replace(b.user) // saslname of RFC 5801 §4
	return b.name, fmt.Appendf(nil, "n,a=%s,\x01auth=Bearer %s\x01\x01", user, b.token), nil
}

// Next answers the reasons of a refusal.
func (b *bearer) Next([]byte) ([]byte, error) {
	if b.challenged {
		return nil, sasl.ErrUnexpectedServerChallenge
	}
	b.challenged = true
	if b.name == xoauth2 {
		return []byte{}, nil
	}
	return []byte{1}, nil
}

// plainLogin is LOGIN. Servers word their two questions differently, so the order alone counts.
type plainLogin struct{ answers []string }

// Start waits for the first question.
func (*plainLogin) Start() (string, []byte, error) { return sasl.Login, nil, nil }

// Next answers a question.
func (l *plainLogin) Next([]byte) ([]byte, error) {
	if len(l.answers) == 0 {
		return nil, sasl.ErrUnexpectedServerChallenge
	}
	answer := l.answers[0]
	l.answers = l.answers[1:]
	return []byte(answer), nil
}
