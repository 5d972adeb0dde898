package shop

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

var paths = []string{"/", "/pricing", "/contact"}

func get(t *testing.T, h http.Handler, method, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, path, nil))
	return w
}

// Every page has the script tag and the link for visitors without scripts, exactly as the
// documentation tells site owners to write them.
func TestHandler_Embeds(t *testing.T) {
	for origin, want := range map[string][]string{
		"":                         {`<script async src="/widget.js"></script>`, `<a href="/chat"><img src="/status.svg" `},
		"https://chat.example.org": {`<script async src="https://chat.example.org/widget.js"></script>`, `<a href="https://chat.example.org/chat"><img src="https://chat.example.org/status.svg" `},
	} {
		h := Handler(origin)
		for _, path := range paths {
			w := get(t, h, "GET", path)
			if w.Code != 200 || w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
				t.Errorf("%s: %d, %s", path, w.Code, w.Header().Get("Content-Type"))
			}
			for _, part := range want {
				if !strings.Contains(w.Body.String(), part) {
					t.Errorf("%s with origin %q lacks %s", path, origin, part)
				}
			}
		}
	}
}

// Pages hold nothing that a strict policy forbids, and load nothing from other sites.
func TestHandler_Strict(t *testing.T) {
	inline := regexp.MustCompile(`(?i)\sstyle=|<style|\son[a-z]+=|javascript:|<script[^>]*>[^<]`)
	foreign := regexp.MustCompile(`(?i)(src|href|url)[=(]["']?(https?:)?//`)
	h := Handler("")
	for _, path := range append(paths, "/shop.css") {
		w := get(t, h, "GET", path)
		body := w.Body.String()
		if m := inline.FindString(body); m != "" {
			t.Errorf("%s has inline code: %s", path, m)
		}
		if m := foreign.FindString(body); m != "" {
			t.Errorf("%s has a foreign address: %s", path, m)
		}
		if csp := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'self';") {
			t.Errorf("%s has the policy %q", path, csp)
		}
	}
	w := get(t, Handler("https://chat.example.org"), "GET", "/")
	if csp := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'self' https://chat.example.org;") {
		t.Errorf("the policy does not let porchlight in: %q", csp)
	}
}

// Every drawing that is used is there, and each page marks itself in the menu.
func TestHandler_Whole(t *testing.T) {
	use := regexp.MustCompile(`<use href="#([a-z]+)"`)
	h := Handler("")
	for _, path := range paths {
		body := get(t, h, "GET", path).Body.String()
		for _, m := range use.FindAllStringSubmatch(body, -1) {
			if !strings.Contains(body, `<symbol id="`+m[1]+`"`) {
				t.Errorf("%s lacks the drawing %s", path, m[1])
			}
		}
		if !strings.Contains(body, `href="`+path+`" aria-current="page"`) || strings.Count(body, "aria-current") != 1 {
			t.Errorf("%s does not mark itself in the menu", path)
		}
	}
}

// The shop has no other pages.
func TestHandler_NotFound(t *testing.T) {
	h := Handler("")
	for path, want := range map[string]int{"/nothing": 404, "/pages/shop.css": 404, "/widget.js": 404, "/shop.css": 200} {
		if w := get(t, h, "GET", path); w.Code != want {
			t.Errorf("GET %s: %d, want %d", path, w.Code, want)
		}
	}
	if w := get(t, h, "POST", "/pricing"); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST /pricing: %d", w.Code)
	}
}
