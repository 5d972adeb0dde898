package login_test

import (
	"context"
	"crypto/tls"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"porchlight/email/login"
)

// names are the mechanisms of exchanges.
func names(list []*login.Exchange) []string {
	var got []string
	for _, x := range list {
		got = append(got, x.Name)
	}
	return got
}

// source is a source with one token.
func source(token string) login.Token {
	return func(context.Context) (string, error) { return token, nil }
}

// The strongest mechanism comes first, then the strongest of each weaker kind. Names may be written as IMAP does.
func TestMechanisms_StrongestFirst(t *testing.T) {
	encrypted := &tls.ConnectionState{}
	for _, c := range []struct {
		offer   string
		account login.Account
		tls     *tls.ConnectionState
		want    string
	}{
		{"PLAIN LOGIN SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-1-PLUS SCRAM-SHA-256-PLUS", login.Account{User: "a", Password: "p"}, encrypted, "SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN"},
		{"PLAIN LOGIN SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-256-PLUS", login.Account{User: "a", Password: "p"}, nil, "SCRAM-SHA-256 PLAIN"},
		{"auth=plain AUTH=SCRAM-SHA-1 IDLE", login.Account{User: "a", Password: "p"}, encrypted, "SCRAM-SHA-1 PLAIN"},
		{"LOGIN GSSAPI", login.Account{User: "a", Password: "p"}, encrypted, "LOGIN"},
		{"PLAIN XOAUTH2 OAUTHBEARER", login.Account{User: "a", Token: source("t")}, encrypted, "OAUTHBEARER XOAUTH2"},
		{"PLAIN XOAUTH2", login.Account{User: "a", Password: "p", Token: source("t")}, encrypted, "XOAUTH2"},
	} {
		list, err := login.Mechanisms(t.Context(), c.account, login.Offer{Mechanisms: strings.Fields(c.offer), TLS: c.tls, Insecure: c.tls == nil})
		if err != nil || !slices.Equal(names(list), strings.Fields(c.want)) {
			t.Errorf("%s: got %v, %v", c.offer, names(list), err)
		}
	}
}

// Nothing is sent without TLS unless somebody asks for it, and no token is fetched for nothing.
func TestMechanisms_NothingWithoutTLS(t *testing.T) {
	fetched := false
	a := login.Account{User: "a", Password: "p", Token: func(context.Context) (string, error) { fetched = true; return "t", nil }}
	for _, mechanism := range []string{"PLAIN", "SCRAM-SHA-256", "XOAUTH2"} {
		if list, err := login.Mechanisms(t.Context(), a, login.Offer{Mechanisms: []string{mechanism}}); !errors.Is(err, login.ErrInsecure) || list != nil {
			t.Errorf("%s: got %v, %v", mechanism, names(list), err)
		}
	}
	if _, err := login.Mechanisms(t.Context(), a, login.Offer{Mechanisms: []string{"PLAIN"}, TLS: &tls.ConnectionState{}}); !errors.Is(err, login.ErrNoneFits) || !strings.Contains(err.Error(), "PLAIN") {
		t.Errorf("a token without a mechanism for it: %v", err)
	}
	if fetched {
		t.Error("a token was fetched for nothing")
	}
}

// A refusal of a token takes one more step, and only then the server says its error (RFC 7628 §3.2.3).
func TestBearer_AnswersARefusal(t *testing.T) {
	for mechanism, want := range map[string][2]string{
		"OAUTHBEARER": {"n,a=a=2Cb=3D,\x01auth=Bearer t0\x01\x01", "\x01"}, "XOAUTH2": {"user=a,b=\x01auth=Bearer t0\x01\x01", ""},
	} {
		list, err := login.Mechanisms(t.Context(), login.Account{User: "a,b=", Token: source("t0")}, login.Offer{Mechanisms: []string{mechanism}, Insecure: true})
		if err != nil {
			t.Fatal(err)
		}
		name, first, err := list[0].Start()
		if name != mechanism || string(first) != want[0] || err != nil {
			t.Errorf("%s: sent %q, %v", name, first, err)
		}
		if answer, err := list[0].Next([]byte(`{"status":"401"}`)); answer == nil || string(answer) != want[1] || err != nil || list[0].Fault() != nil {
			t.Errorf("%s: answered %q, %v", mechanism, answer, err)
		}
		if _, err := list[0].Next([]byte("more")); err == nil || list[0].Fault() == nil {
			t.Errorf("%s: a second challenge is answered", mechanism)
		}
	}
}

// A token comes from the first line of a file or of what a command prints, each time anew, and an error never
// shows one.
func TestToken(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	write := func(s string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, source := range map[string]login.Token{"file": login.FromFile(path), "command": login.FromCommand("cat", path)} {
		for _, token := range []string{"ya29.one", "ya29.two"} {
			write(token + "\r\nexpires soon\n")
			if got, err := source(t.Context()); got != token || err != nil {
				t.Errorf("%s: got %q, %v", name, got, err)
			}
		}
		for _, bad := range []string{"", "\nsecret", "secret\x01auth=x", "sec ret", strings.Repeat("s", 20_000), "sécret"} {
			write(bad)
			if got, err := source(t.Context()); got != "" || err == nil || strings.Contains(err.Error(), "ecret") {
				t.Errorf("%s: %.20q: got %.20q, %v", name, bad, got, err)
			}
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if _, err := source(t.Context()); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: no file: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := login.FromCommand("sleep", "600")(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := login.FromCommand("sh", "-c", "echo broken >&2; exit 3")(t.Context()); err == nil || !strings.Contains(err.Error(), "broken") {
		t.Errorf("got %v", err)
	}
}
