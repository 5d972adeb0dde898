package webwidget_test

import (
	"net/http"
	"strings"
	"testing"
)

// The matrix of response headers says which headers each kind of answer must carry; "" stands
// for a header that it must not carry.
func TestHeaders_Matrix(t *testing.T) {
	s := start(t, func(o *setup) { o.PublicURL = "https://chat.example.org" }).online()
	o := s.ask("")
	auth := "Authorization: Bearer " + o.Token
	conversation := "/v1/conversations/" + o.ID
	api := map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin",
		"Access-Control-Allow-Origin": "", "Vary": "Origin", "Referrer-Policy": "no-referrer", "Set-Cookie": "",
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
	public := map[string]string{"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "cross-origin",
		"Access-Control-Allow-Origin": "*", "Set-Cookie": ""}
	script := with(public, "Content-Type", "text/javascript; charset=utf-8")
	frame := map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "cross-origin",
		"Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Opener-Policy": "same-origin", "Referrer-Policy": "no-referrer",
		"Strict-Transport-Security": "max-age=31536000", "Content-Type": "text/html; charset=utf-8", "Access-Control-Allow-Origin": "",
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; frame-src 'self'; " +
			"base-uri 'none'; form-action 'self'; object-src 'none'; frame-ancestors 'self' https://www.example.org; require-trusted-types-for 'script'"}
	linked := with(with(with(frame, "Cross-Origin-Resource-Policy", "same-origin"), "X-Frame-Options", "DENY"),
		"Content-Security-Policy", strings.Replace(frame["Content-Security-Policy"], "'self' https://www.example.org", "'none'", 1))
	team := map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin",
		"Cross-Origin-Opener-Policy": "same-origin", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY", "Set-Cookie": "",
		"Strict-Transport-Security": "max-age=31536000", "Content-Type": "text/html; charset=utf-8", "Access-Control-Allow-Origin": "",
		"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; " +
			"object-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"}
	for _, row := range []map[string]string{api, public, script} {
		row["Strict-Transport-Security"] = "max-age=31536000"
	}
	health := with(with(api, "Vary", ""), "Content-Type", "application/json")
	for _, c := range []struct {
		method, path, body, header string
		status                     int
		want                       map[string]string
	}{
		{"GET", conversation, "", auth, 200, with(api, "Content-Type", "application/json")},
		{"POST", "/v1/conversations", `{"reason":"x"}`, "", 201, with(api, "Content-Type", "application/json")},
		{"POST", "/v1/conversations", `{}`, "", 422, with(api, "Content-Type", "application/problem+json")},
		{"POST", conversation + "/messages", `{"text":"x"}`, auth, 201, api},
		{"POST", conversation + "/typing", `{"active":true}`, auth, 204, api},
		{"GET", conversation + "/events", "", auth, 200, api},
		{"GET", conversation, "", "", 404, api},
		{"GET", "/v1/conversations", "", "", 405, with(api, "Allow", "POST")},
		{"DELETE", conversation, "", auth, 405, with(api, "Allow", "GET, HEAD")},
		{"GET", conversation + "/messages", "", auth, 405, with(api, "Allow", "POST")},
		{"GET", "/v1/status", "", "", 200, with(public, "Content-Type", "application/json")},
		{"GET", "/v1/status?department=none", "", "", 404, with(public, "Cache-Control", "no-store")},
		{"GET", "/status.svg", "", "", 200, with(public, "Content-Type", "image/svg+xml")},
		{"GET", "/status.png", "", "", 200, with(public, "Content-Type", "image/png")},
		{"GET", "/widget.js", "", "", 200, with(script, "Cache-Control", "public, max-age=300")},
		{"GET", "/widget/nothing.js", "", "", 404, with(public, "Cache-Control", "no-store")},
		{"GET", "/chat", "", "", 200, frame},
		{"GET", "/chat?department=none", "", "", 404, frame},
		{"GET", "/chat/news", "", "", 404, frame},
		{"GET", "/chat/resume/unknown", "", "", 404, linked},
		{"POST", "/chat/resume/unknown", "", "", 404, linked},
		{"GET", "/chat/vote/unknown", "", "", 404, linked},
		{"GET", "/team", "", "", 403, team},
		{"GET", "/team/unknown", "", "", 404, team},
		{"POST", "/team/unknown", "", "", 404, team},
		{"GET", "/team/wall/unknown", "", "", 404, team},
		{"GET", "/team/some/where", "", "", 404, team},
		{"GET", "/team/stats.csv", "", "", 403, team},
		{"GET", "/healthz", "", "", 200, health},
		{"GET", "/readyz", "", "", 200, health},
		{"GET", "/nothing", "", "", 404, with(api, "Vary", "")},
		{"GET", "/v1/nothing", "", "", 404, with(api, "Vary", "")},
		{"POST", "/healthz", "", "", 405, with(with(api, "Vary", ""), "Allow", "GET, HEAD")},
	} {
		var headers []string
		if c.header != "" {
			headers = append(headers, c.header)
		}
		r := s.do(c.method, c.path, c.body, headers...)
		if r.status != c.status {
			t.Errorf("%s %s: status %d, want %d", c.method, c.path, r.status, c.status)
		}
		for name, want := range c.want {
			if got := strings.Join(r.header.Values(name), ", "); got != want && !(name == "Vary" && want == "" && got == "Accept-Encoding") {
				t.Errorf("%s %s: %s is %q, want %q", c.method, c.path, name, got, want)
			}
		}
		if (strings.HasPrefix(c.path, "/chat") || strings.HasPrefix(c.path, "/team")) && !strings.Contains(r.header.Get("Permissions-Policy"), "camera=()") {
			t.Errorf("%s: Permissions-Policy %q", c.path, r.header.Get("Permissions-Policy"))
		}
	}
}

// with copies m and sets one more header.
func with(m map[string]string, name, value string) map[string]string {
	c := map[string]string{name: value}
	for k, v := range m {
		if k != name {
			c[k] = v
		}
	}
	return c
}

func TestHSTS_OnlyWithHTTPS(t *testing.T) {
	if r := start(t).do("GET", "/chat", ""); r.header.Get("Strict-Transport-Security") != "" {
		t.Error("Strict-Transport-Security without https")
	}
}

func TestHome_ServesWhatIsNotOurs(t *testing.T) {
	s := start(t, func(o *setup) {
		o.Home = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(r.Method + " " + r.URL.Path)) })
	})
	for _, path := range []string{"/", "/shop/lamps", "/favicon.ico", "/chatter", "/v1"} {
		if r := s.do("POST", path, ""); r.status != 200 || r.body != "POST "+path || r.header.Get("Content-Security-Policy") != "" {
			t.Errorf("%s: %d %q %v", path, r.status, r.body, r.header)
		}
	}
	s.do("GET", "/v1/nothing", "").refused(t, 404, "not-found")
	s.do("GET", "/widget/nothing.js", "").refused(t, 404, "not-found")
	s.do("POST", "/v1/status", "").refused(t, 405, "method-not-allowed")
	if r := s.do("GET", "/chat/nothing", ""); r.status != 404 || !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") {
		t.Errorf("/chat/nothing: %d %v", r.status, r.header)
	}
}

func TestPanic_Becomes500(t *testing.T) {
	s := start(t, func(o *setup) {
		o.Home = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/abort" {
				panic(http.ErrAbortHandler)
			}
			w.Header().Set("Cache-Control", "public")
			w.Header().Set("ETag", `"x"`)
			panic("what a visitor wrote")
		})
	})
	r := s.do("GET", "/boom", "")
	r.refused(t, http.StatusInternalServerError, "internal")
	if r.header.Get("Cache-Control") != "no-store" || r.header.Get("ETag") != "" {
		t.Errorf("an error may be cached: %v", r.header)
	}
	if log := s.log.String(); strings.Count(log, "handler panicked") != 1 || strings.Contains(log, "visitor wrote") {
		t.Errorf("log %q, want one line without the text", log)
	}
	if res, err := s.client.Get(s.url + "/abort"); err == nil {
		res.Body.Close()
		t.Errorf("an aborted answer came with status %d", res.StatusCode)
	}
	o := s.online().ask("")
	s.store.set(func(g *gate) { g.hook = func() { panic("in the store") } })
	s.call(o, "GET", "", "").refused(t, http.StatusInternalServerError, "internal")
}
