package webwidget_test

import (
	"net/http"
	"strings"
	"testing"

	"porchlight/webwidget"
)

func TestOrigin_Table(t *testing.T) {
	s := start(t, func(o *setup) {
		o.PublicURL = "https://chat.example.org:443/"
		o.AllowedOrigins = []string{"https://www.example.org", "http://Shop.example.org:8080/", "http://plain.example.org:80"}
	}).online()
	for _, c := range []struct {
		origin  string
		allowed bool
	}{
		{"https://www.example.org", true},
		{"http://shop.example.org:8080", true},
		{"http://plain.example.org", true},
		{"https://chat.example.org", true}, // its own
		{"http://" + s.host, true},         // the host that was called
		{"https://" + s.host, true},        // a proxy speaks TLS
		{"http://www.example.org", false},
		{"https://www.example.org:8443", false},
		{"https://www.example.org.evil.example", false},
		{"https://evil-www.example.org", false},
		{"https://example.org", false},
		{"http://shop.example.org", false},
		{"null", false},
		{"http://", false},
		{"ftp://" + s.host, false},
		{"https://evil.example", false},
		{"http://evil" + s.host, false},
		{"*", false},
	} {
		for _, call := range []struct{ method, path, body string }{
			{"POST", "/v1/conversations", `{"reason":"x"}`}, {"GET", "/v1/conversations/nothing", ""}, {"OPTIONS", "/v1/conversations/nothing/messages", ""},
		} {
			r := s.do(call.method, call.path, call.body, "Origin: "+c.origin, "Access-Control-Request-Method: POST")
			if got := r.header.Get("Access-Control-Allow-Origin"); (got == c.origin) != c.allowed || !c.allowed && got != "" {
				t.Errorf("%s %s from %s: Access-Control-Allow-Origin %q", call.method, call.path, c.origin, got)
			}
			if !strings.Contains(strings.Join(r.header.Values("Vary"), ","), "Origin") {
				t.Errorf("%s %s from %s: Vary %q", call.method, call.path, c.origin, r.header.Values("Vary"))
			}
			if !c.allowed {
				r.refused(t, http.StatusForbidden, "foreign-origin")
			} else if r.status == http.StatusForbidden {
				t.Errorf("%s %s from %s: refused", call.method, call.path, c.origin)
			}
		}
	}
	if o := s.ask(""); o.Number != 7 { // each of the 6 allowed origins has opened a conversation
		t.Errorf("the next conversation is #%d, want #7: a foreign page opened one, or an own could not", o.Number)
	}
}

func TestOrigin_NoneIsAllowed(t *testing.T) {
	s := start(t, func(o *setup) { o.AllowedOrigins = nil }).online()
	s.ask("") // without Origin, so it comes from no browser
	s.do("POST", "/v1/conversations", `{"reason":"x"}`, "Origin: http://"+s.host).want(t, http.StatusCreated)
	s.do("POST", "/v1/conversations", `{"reason":"x"}`, "Origin: https://www.example.org").refused(t, http.StatusForbidden, "foreign-origin")
}

func TestOrigin_Preflight(t *testing.T) {
	s := start(t)
	for _, path := range []string{"", "/abc", "/abc/events", "/abc/messages"} {
		r := s.do("OPTIONS", "/v1/conversations"+path, "", "Origin: https://www.example.org", "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: authorization,content-type")
		r.want(t, http.StatusNoContent)
		for name, want := range map[string]string{
			"Access-Control-Allow-Origin":  "https://www.example.org",
			"Access-Control-Allow-Methods": "GET, POST",
			"Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
			"Access-Control-Max-Age":       "7200",
		} {
			if got := r.header.Get(name); got != want {
				t.Errorf("%s %s: %q, want %q", path, name, got, want)
			}
		}
		if r.header.Get("Access-Control-Allow-Credentials") != "" {
			t.Error("credentials are allowed")
		}
	}
}

// Pages must be able to read why they were refused, and when to try again.
func TestOrigin_ProblemsCanBeRead(t *testing.T) {
	s := start(t)
	r := s.do("POST", "/v1/conversations", `{}`, "Origin: https://www.example.org")
	r.refused(t, 422, "invalid")
	if r.header.Get("Access-Control-Allow-Origin") != "https://www.example.org" || r.header.Get("Access-Control-Expose-Headers") != "Retry-After" {
		t.Errorf("headers %v", r.header)
	}
}

func TestNew_RefusesWrongOptions(t *testing.T) {
	b := start(t).bridge
	for _, o := range []webwidget.Options{
		{}, {PublicURL: "chat.example.org"}, {PublicURL: "ftp://chat.example.org"}, {PublicURL: "http://"}, {PublicURL: "http://%zz"},
		{PublicURL: "http://x", AllowedOrigins: []string{"www.example.org"}},
		{PublicURL: "http://x", AllowedOrigins: []string{"*"}},
		{PublicURL: "http://x", AllowedOrigins: []string{"https://www.example.org/shop"}},
		{PublicURL: "http://x", AllowedOrigins: []string{"https://a@www.example.org"}},
		{PublicURL: "http://x", AllowedOrigins: []string{"https://www.example.org?x"}},
		{PublicURL: "http://x", AllowedOrigins: []string{""}},
	} {
		if s, err := webwidget.New(b, o); err == nil {
			s.Close()
			t.Errorf("%+v was accepted", o)
		}
	}
}
