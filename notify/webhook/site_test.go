package webhook_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"porchlight/bridge/hook"
	"porchlight/bridge/phrase"
	"porchlight/notify/post/posttest"
	"porchlight/notify/webhook"
)

func carrier(networks ...string) *webhook.Site {
	o := webhook.Options{Agent: "porchlight/test", Now: func() time.Time { return time.Unix(1614265330, 0) }}
	for _, n := range networks {
		o.Networks = append(o.Networks, netip.MustParsePrefix(n))
	}
	return webhook.NewSite(o)
}

func toHook(url string) hook.Post {
	return hook.Post{ID: "msg_1", URL: url, Secret: ownSecret, Body: []byte(`{"type":"test"}`)}
}

// A post comes signed with the webhook's own secret, and what the receiver answers comes back, whatever it is.
func TestSite_Post(t *testing.T) {
	s := posttest.Secure(t)
	for _, status := range []int{204, 500, 410, 302} {
		s.Answer(status, "")
		a, err := carrier("127.0.0.0/8").Post(t.Context(), toHook(s.URL+"/hook"))
		if err != nil || a.Status != status || a.Taken() != (status == 204) {
			t.Errorf("%d: %+v, %v", status, a, err)
		}
	}
	got := s.Got()
	if len(got) != 4 || got[0].Path != "/hook" || !verified(got[0], ownSecret) || got[0].Body != `{"type":"test"}` || got[0].Header.Get("webhook-id") != "msg_1" {
		t.Errorf("came: %+v", got)
	}
}

// A redirect is followed nowhere, so none leads into a private network.
func TestSite_ARedirectLeadsNowhere(t *testing.T) {
	inside := posttest.Secure(t)
	outside := httptest.NewTLSServer(http.RedirectHandler(inside.URL, http.StatusTemporaryRedirect))
	defer outside.Close()
	a, err := carrier("127.0.0.0/8").Post(t.Context(), toHook(outside.URL))
	if err != nil || a.Status != http.StatusTemporaryRedirect || a.Taken() || len(inside.Got()) != 0 {
		t.Errorf("answered %+v, %v; the other receiver got %v", a, err, inside.Got())
	}
}

// A name that resolves to a private address, and such an address itself, are refused unless the config allows the
// network.
func TestSite_PrivateAddresses(t *testing.T) {
	s := posttest.Secure(t)
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	for _, url := range []string{s.URL, "https://localhost:" + port, "https://[::ffff:127.0.0.1]:" + port, "https://10.1.2.3/hook", "https://169.254.169.254/latest"} {
		_, err := carrier().Post(t.Context(), toHook(url))
		if phrase.CodeOf(err) != phrase.CodeInvalid || !strings.Contains(err.Error(), "private network") {
			t.Errorf("%s: %v", url, err)
		}
	}
	if got := s.Got(); len(got) != 0 {
		t.Errorf("came: %+v", got)
	}
}

// A receiver that closes the connection half-way through its answer, or before it, has not taken anything. One that
// stalls is left when the context ends.
func TestSite_BrokenReceivers(t *testing.T) {
	half := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		w.WriteHeader(200)
		w.Write([]byte("half"))
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}))
	defer half.Close()
	if a, err := carrier("127.0.0.0/8").Post(t.Context(), toHook(half.URL)); err == nil {
		t.Errorf("half an answer: %+v", a)
	}
	come := make(chan struct{})
	stalls := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) // only then does the server notice that the client is gone
		close(come)
		<-r.Context().Done()
	}))
	defer stalls.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-come
		cancel()
	}()
	if a, err := carrier("127.0.0.0/8").Post(ctx, toHook(stalls.URL)); err == nil {
		t.Errorf("no answer: %+v", a)
	}
}

// How long a receiver asks to wait is read from Retry-After in both of its forms.
func TestSite_RetryAfter(t *testing.T) {
	for value, want := range map[string]time.Duration{"120": 2 * time.Minute, "Thu, 25 Feb 2021 15:03:10 GMT": time.Minute, "": 0, "soon": 0, "-5": 0, "Thu, 25 Feb 1999 15:03:10 GMT": 0, "99999999999": 0} {
		s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", value)
			w.WriteHeader(503)
		}))
		if a, err := carrier("127.0.0.0/8").Post(t.Context(), toHook(s.URL)); err != nil || a.Wait != want {
			t.Errorf("%q: %+v, %v", value, a, err)
		}
		s.Close()
	}
}
