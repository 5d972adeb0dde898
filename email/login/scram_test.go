package login_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"hash"
	"net"
	"strings"
	"testing"
	"time"

	"porchlight/email/login"
	"porchlight/email/smtp/smtptest"
)

// scram is the server's side of RFC 5802, written for the tests alone.
type scram struct {
	hash            func() hash.Hash
	password        string
	binding         []byte // what the client must bind to; nil: nothing
	gs2, bare, said string
}

// first answers the client's first message.
func (s *scram) first(message []byte) []byte {
	at := bytes.Index(message, []byte("n="))
	s.gs2, s.bare = string(message[:at]), string(message[at:])
	_, nonce, _ := strings.Cut(s.bare, ",r=")
	s.said = "r=" + nonce + "server,s=" + base64.StdEncoding.EncodeToString([]byte("salt")) + ",i=4096"
	return []byte(s.said)
}

// final answers the client's proof: with the server's own, or with an error.
func (s *scram) final(message []byte) string {
	without, proof, _ := strings.Cut(string(message), ",p=")
	want := "c=" + base64.StdEncoding.EncodeToString(append([]byte(s.gs2), s.binding...))
	if !strings.HasPrefix(without, want+",") {
		return "e=channel-bindings-dont-match"
	}
	mac := func(key []byte, text string) []byte {
		h := hmac.New(s.hash, key)
		h.Write([]byte(text))
		return h.Sum(nil)
	}
	salted, err := pbkdf2.Key(s.hash, s.password, []byte("salt"), 4096, s.hash().Size())
	if err != nil {
		panic(err)
	}
	key := mac(salted, "Client Key")
	h := s.hash()
	h.Write(key)
	signature := mac(h.Sum(nil), s.bare+","+s.said+","+without)
	for i := range key {
		key[i] ^= signature[i]
	}
	if proof != base64.StdEncoding.EncodeToString(key) {
		return "e=invalid-proof"
	}
	return "v=" + base64.StdEncoding.EncodeToString(mac(mac(salted, "Server Key"), s.bare+","+s.said+","+without))
}

// exchange is the one exchange by a mechanism.
func exchange(t testing.TB, mechanism string, state *tls.ConnectionState) *login.Exchange {
	t.Helper()
	list, err := login.Mechanisms(t.Context(), login.Account{User: "ann", Password: "secret"}, login.Offer{Mechanisms: []string{mechanism}, TLS: state, Insecure: true})
	if err != nil || len(list) != 1 || list[0].Name != mechanism {
		t.Fatalf("got %v, %v", names(list), err)
	}
	return list[0]
}

// handshake makes an encrypted connection and returns both sides' states.
func handshake(t *testing.T, version uint16) (client, server tls.ConnectionState) {
	t.Helper()
	config, pool, err := smtptest.Certificate()
	if err != nil {
		t.Fatal(err)
	}
	a, b := net.Pipe()
	for _, c := range []net.Conn{a, b} {
		t.Cleanup(func() { c.Close() })
		if err := c.SetDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	one, two := tls.Client(a, &tls.Config{RootCAs: pool, ServerName: "127.0.0.1", MaxVersion: version}), tls.Server(b, config)
	done := make(chan error, 1)
	go func() { done <- two.HandshakeContext(t.Context()) }()
	if err := one.HandshakeContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	return one.ConnectionState(), two.ConnectionState()
}

// Both sides prove that they know the password, with and without channel binding, and the exchange knows whether
// the server has done so.
func TestScram_BothSidesProve(t *testing.T) {
	client13, server13 := handshake(t, tls.VersionTLS13)
	exported, err := server13.ExportKeyingMaterial("EXPORTER-Channel-Binding", nil, 32)
	if err != nil {
		t.Fatal(err)
	}
	client12, server12 := handshake(t, tls.VersionTLS12)
	for _, c := range []struct {
		mechanism string
		hash      func() hash.Hash
		state     *tls.ConnectionState
		binding   []byte
	}{
		{"SCRAM-SHA-256", sha256.New, nil, nil}, {"SCRAM-SHA-1", sha1.New, nil, nil},
		{"SCRAM-SHA-256-PLUS", sha256.New, &client13, exported}, {"SCRAM-SHA-1-PLUS", sha1.New, &client13, exported},
		{"SCRAM-SHA-256-PLUS", sha256.New, &client12, server12.TLSUnique},
	} {
		s, x := &scram{hash: c.hash, password: "secret", binding: c.binding}, exchange(t, c.mechanism, c.state)
		_, first, err := x.Start()
		if err != nil {
			t.Fatal(err)
		}
		proof, err := x.Next(s.first(first))
		if err != nil {
			t.Fatal(err)
		}
		if x.Proved() == nil {
			t.Errorf("%s: the server counts as proved before it has proved anything", c.mechanism)
		}
		last := s.final(proof)
		if answer, err := x.Next([]byte(last)); err != nil || answer == nil || len(answer) != 0 || x.Proved() != nil || x.Fault() != nil {
			t.Errorf("%s: to %s: %q, %v", c.mechanism, last, answer, err)
		}
	}
}

// A server that can't prove that it knows the password is not believed, and one that asks for too much is not served.
func TestScram_MistrustsTheServer(t *testing.T) {
	for what, messages := range map[string][2]string{
		"another password":  {"", ""},
		"no proof":          {"", "v=AAAA"},
		"its own error":     {"", "e=other-error"},
		"another nonce":     {"r=abc,s=c2FsdA==,i=4096", ""},
		"no end of hashing": {"r=%s,s=c2FsdA==,i=2000000000", ""},
		"rounds below one":  {"r=%s,s=c2FsdA==,i=0", ""},
		"no rounds":         {"r=%s,s=c2FsdA==", ""},
		"an empty value":    {"r=%s,s=c2FsdA==,i=4096,", ""}, // the state machine alone would not end
		"nothing":           {"r=", ""},
		"an extension":      {"m=x,r=%s,s=c2FsdA==,i=4096", ""},
	} {
		s, x := &scram{hash: sha256.New, password: "other"}, exchange(t, "SCRAM-SHA-256", nil)
		_, start, err := x.Start()
		if err != nil {
			t.Fatal(err)
		}
		first := s.first(start)
		if messages[0] != "" {
			_, nonce, _ := strings.Cut(string(start), ",r=")
			first = []byte(strings.ReplaceAll(messages[0], "%s", nonce+"x"))
		}
		proof, err := x.Next(first)
		if err == nil {
			last := messages[1]
			if last == "" {
				last = s.final(proof)
			}
			_, err = x.Next([]byte(last))
		}
		if err == nil || x.Fault() == nil || x.Proved() == nil {
			t.Errorf("%s: believed", what)
		}
		if _, err := x.Next([]byte("again")); err == nil { // and no panic
			t.Errorf("%s: goes on after an error", what)
		}
	}
}

// Whatever a server sends, the exchange ends.
func FuzzScram(f *testing.F) {
	f.Add("r=%s,s=c2FsdA==,i=1", "v=AAAA")
	f.Add("r=%s,s=,i=1,", "e=x")
	f.Add(",,", "")
	f.Add("i=5,s=A,r=%s", "v=")
	f.Fuzz(func(t *testing.T, first, last string) {
		x := exchange(t, "SCRAM-SHA-256", nil)
		_, start, err := x.Start()
		if err != nil {
			t.Fatal(err)
		}
		_, nonce, _ := strings.Cut(string(start), ",r=")
		first = strings.ReplaceAll(first, "%s", nonce)
		if at := strings.Index(first, "i="); at >= 0 && len(first) > at+6 {
			first = first[:at+6] // no time is spent on hashing
		}
		if _, err := x.Next([]byte(first)); err != nil {
			return
		}
		if _, err := x.Next([]byte(last)); err == nil {
			t.Fatalf("a server that knows no password is believed: %s", fmt.Sprint(first, last))
		}
	})
}
