package post_test

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"porchlight/bridge/phrase"
	"porchlight/notify/post"
	"porchlight/notify/post/posttest"
)

func TestMain(m *testing.M) { posttest.Main(m) }

// here is the network of this machine.
func here() []netip.Prefix {
	return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
}

// What operators name is reached by https alone, and inside a private network only if the config allows that
// network, whatever name leads there.
func TestGuarded_ReachesWhatItMay(t *testing.T) {
	s := posttest.Secure(t)
	port := s.URL[strings.LastIndex(s.URL, ":"):]
	for name, try := range map[string]struct {
		address  string
		networks []netip.Prefix
		code     phrase.Code
	}{
		"a private address":            {s.URL, nil, phrase.CodeInvalid},
		"a name of a private address":  {"https://localhost" + port, nil, phrase.CodeInvalid},
		"an IPv4 address in IPv6":      {"https://[::ffff:127.0.0.1]" + port, nil, phrase.CodeInvalid},
		"another network is allowed":   {s.URL, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, phrase.CodeInvalid},
		"without encryption":           {"http" + strings.TrimPrefix(s.URL, "https"), here(), phrase.CodeInvalid},
		"another scheme":               {"file:///etc/passwd", here(), phrase.CodeInvalid},
		"no address":                   {"https://", here(), phrase.CodeInvalid},
		"a network that is allowed":    {s.URL, here(), ""},
		"a certificate of other names": {"https://localhost" + port, here(), phrase.CodeInternal},
	} {
		before := len(s.Got())
		a, err := post.Guarded("test", try.networks).Do(t.Context(), "POST", try.address, nil, "x")
		if arrived := len(s.Got()) > before; phrase.CodeOf(err) != try.code || arrived != (try.code == "") || arrived != a.Taken() {
			t.Errorf("%s: answered %d, %v, arrived: %v", name, a.Status, err, arrived)
		}
	}
}

// A redirect is not followed: it could lead anywhere.
func TestClient_FollowsNoRedirect(t *testing.T) {
	s := posttest.Secure(t)
	for _, status := range []int{301, 302, 303, 307, 308} {
		s.Answer(status, "")
		a, err := post.Guarded("test", here()).Do(t.Context(), "POST", s.URL+"/hook", nil, "x")
		if err != nil || a.Status != status || !a.Refused() || a.Taken() {
			t.Errorf("%d: %+v, %v", status, a, err)
		}
	}
	for _, r := range s.Got() {
		if r.Path != "/hook" {
			t.Errorf("it went on to %s", r.Path)
		}
	}
}

// What can't be reached is refused without a look-up, as far as the address says so.
func TestCheck(t *testing.T) {
	inside := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for address, want := range map[string]bool{
		"https://crm.example.org/":      true,
		"https://8.8.8.8/":              true,
		"https://10.1.2.3:9911/":        true,
		"https://127.0.0.1:9911/":       false,
		"https://[::1]/":                false,
		"https://[::ffff:192.168.1.1]/": false,
		"https://LOCALHOST./":           false,
		"https://crm.localhost/":        false,
		"https://localhost.example.org": true,
	} {
		if err := post.Check(address, inside); (err == nil) != want {
			t.Errorf("%s: %v", address, err)
		}
	}
	if err := post.Check("https://localhost/", []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}); err != nil {
		t.Errorf("localhost where it is allowed: %v", err)
	}
}

// Only the beginning of an answer is read.
func TestClient_ReadsNoLongAnswer(t *testing.T) {
	s := posttest.Plain(t)
	s.Answer(200, strings.Repeat("x", 1<<20))
	a, err := post.Trusted("porchlight/1").Do(t.Context(), "GET", s.URL, http.Header{"X-Test": {"1"}}, "")
	if err != nil || len(a.Body) != 64<<10 {
		t.Errorf("read %d bytes, %v", len(a.Body), err)
	}
	if got := s.Got()[0]; got.Header.Get("User-Agent") != "porchlight/1" || got.Header.Get("X-Test") != "1" {
		t.Errorf("the header was %v", got.Header)
	}
}

// An error names no address, since an address may be a secret.
func TestClient_ErrorsNameNoAddress(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for address, ctx := range map[string]context.Context{"https://" + l.Addr().String() + "/s3cret": t.Context(), "https://s3cret.invalid/": t.Context(), "https://127.0.0.1/s3cret": ended} {
		_, err := post.Guarded("test", here()).Do(ctx, "POST", address, nil, "x")
		if err == nil || strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("the error is %v", err)
		}
	}
}

// What time alone mends is no refusal.
func TestAnswer_Refused(t *testing.T) {
	for status, want := range map[int]bool{200: false, 204: false, 301: true, 400: true, 401: true, 404: true, 408: false, 410: true, 425: false, 429: false, 500: false, 503: false} {
		if got := (post.Answer{Status: status}).Refused(); got != want {
			t.Errorf("%d is refused: %v", status, got)
		}
	}
}

// What a receiver says is shown without the keys, on one line, and cut.
func TestWords(t *testing.T) {
	if got := post.Words("user k3y is\n invalid", "", "k3y"); got != "user … is invalid" {
		t.Errorf("says %q", got)
	}
	if got := []rune(post.Words(strings.Repeat("ü", 300))); len(got) != 200 || got[199] != '…' {
		t.Errorf("has %d characters", len(got))
	}
}
