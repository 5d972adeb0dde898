package webwidget_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"porchlight/bridge"
)

// wanted is the answer to a client that has to prove work.
type wanted struct {
	Type, Challenge, Expires string
	Bits                     int
}

// demand posts an inquiry, and returns which proof the service wants.
func (s *service) demand(body string, headers ...string) wanted {
	s.Helper()
	r := s.do("POST", "/v1/conversations", body, headers...)
	r.refused(s.T, http.StatusPreconditionRequired, "proof-wanted")
	var w wanted
	s.must(json.Unmarshal([]byte(r.body), &w))
	return w
}

// solve does the work by trying one nonce after the other, and returns the body with the
// proof. With a - before it the nonce is not good any more.
func (w wanted) solve(body string) string {
	good := func(nonce string) bool {
		sum := sha256.Sum256([]byte(w.Challenge + ":" + nonce))
		return strings.HasPrefix(fmt.Sprintf("%08b%08b%08b", sum[0], sum[1], sum[2]), strings.Repeat("0", w.Bits))
	}
	for i := 0; ; i++ {
		if nonce := strconv.Itoa(i); good(nonce) && !good("-"+nonce) {
			return strings.TrimSuffix(body, "}") + fmt.Sprintf(`,"proof":{"challenge":%q,"nonce":%q}}`, w.Challenge, nonce)
		}
	}
}

func TestToll_Proof(t *testing.T) {
	s := start(t, func(o *setup) {
		o.Proof, o.ProofBits, o.TrustedProxies = "always", 6, prefixes("127.0.0.1/32")
	}).online()
	const body = `{"reason":"x"}`
	w := s.demand(body)
	if w.Bits != 6 || w.Type != "urn:porchlight:problem:proof-wanted" {
		t.Errorf("%+v", w)
	}
	if ends, err := time.Parse(time.RFC3339, w.Expires); err != nil || time.Until(ends) > 2*time.Minute || time.Until(ends) < time.Minute {
		t.Errorf("it expires at %q", w.Expires)
	}
	good := w.solve(body)
	s.demand(good, "X-Forwarded-For: 203.0.113.9") // another client can't use the proof
	for _, bad := range []string{`{"reason":"x","proof":{}}`, `{"reason":"x","proof":{"challenge":"x","nonce":"y"}}`, strings.Replace(good, `"nonce":"`, `"nonce":"-`, 1)} {
		s.demand(bad)
	}
	s.do("POST", "/v1/conversations", strings.Replace(good, `"x"`, `""`, 1)).refused(t, 422, "invalid") // a refused inquiry does not use the proof up
	s.ask(good)
	s.demand(good) // the proof is good only once
	if st := s.Stats(); st.ProofsWanted != 6 {
		t.Errorf("%d proofs were wanted", st.ProofsWanted)
	}
}

// The service wants a proof once a storm has begun, and none before.
func TestToll_Storm(t *testing.T) {
	s := start(t, func(o *setup) {
		o.Proof, o.ProofBits = "storm", 4
		o.limits.OffersAtOnce, o.limits.OffersWithin = 2, time.Hour
	}).online()
	for range 20 {
		if s.bridge.Storm.On() {
			s.ask(s.demand(`{"reason":"x"}`).solve(`{"reason":"x"}`))
			return
		}
		s.ask(`{"reason":"x"}`)
	}
	t.Error("no storm came")
}

// A person without script waits and sends the form again.
func TestToll_WithoutScript(t *testing.T) {
	clock := &moved{}
	s := start(t, func(o *setup) { o.Proof, o.ProofBits, o.clock = "always", 30, clock }).online()
	form := url.Values{"client_id": {"0123456789abcdef"}, "reason": {"My words"}, "name": {"Anna"}}
	post := func(want int) reply {
		t.Helper()
		r := s.do("POST", "/chat", form.Encode(), "Content-Type: application/x-www-form-urlencoded", "Sec-Fetch-Site: same-origin")
		r.want(t, want)
		if m := regexp.MustCompile(`name="wait" value="([^"]+)"`).FindStringSubmatch(r.body); m != nil {
			form.Set("wait", m[1])
		}
		return r
	}
	if r := post(428); !strings.Contains(r.body, "My words") || !strings.Contains(r.body, `value="Anna"`) || !strings.Contains(r.body, "count to 5") {
		t.Errorf("what was typed is lost, or nothing says what to do: %s", r.body)
	}
	early := form.Get("wait")
	post(428)
	if form.Get("wait") != early {
		t.Error("who sends too early has to wait anew")
	}
	clock.move(5 * time.Second)
	post(200) // the redirect has led to the page of the conversation
	form.Set("client_id", "another-0123456789abcdef")
	post(428) // the waiting is good only once
}

// The whole site has a rate, which requests without proof do not use up.
func TestToll_Site(t *testing.T) {
	s := start(t, func(o *setup) {
		o.Proof, o.ProofBits, o.ConversationsPerMinute, o.SitePerMinute, o.TrustedProxies = "always", 4, 1000, 2, prefixes("127.0.0.1/32")
	}).online()
	from := func(i int) string { return fmt.Sprintf("X-Forwarded-For: 203.0.%d.9", i) }
	for i := range 20 {
		s.demand(`{"reason":"x"}`, from(i))
	}
	for i := range 3 {
		r := s.do("POST", "/v1/conversations", s.demand(`{"reason":"x"}`, from(i)).solve(`{"reason":"x"}`), from(i))
		if i < 2 {
			r.want(t, 201)
		} else if r.refused(t, 429, "busy"); r.header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
}

// A network has a rate of its own, beside the rates of its addresses.
func TestLimits_Network(t *testing.T) {
	s := start(t, func(o *setup) { o.ConversationsPerMinute, o.TrustedProxies = 2, prefixes("127.0.0.1/32") }).online()
	for kind, format := range map[string]string{"/24": "203.0.113.%d", "/48": "2001:db8:1:%d::1"} {
		for i := range 9 {
			r := s.do("POST", "/v1/conversations", `{"reason":"x"}`, "X-Forwarded-For: "+fmt.Sprintf(format, i+1))
			if want := map[bool]int{true: 201, false: 429}[i < 8]; r.status != want {
				t.Errorf("%s: the %d. gets %d, want %d", kind, i+1, r.status, want)
			}
		}
	}
}

// moved is a clock that a test moves while goroutines look at it.
type moved struct{ by atomic.Int64 }

func (m *moved) Now() time.Time       { return bridge.SystemClock{}.Now().Add(time.Duration(m.by.Load())) }
func (m *moved) move(d time.Duration) { m.by.Add(int64(d)) }
