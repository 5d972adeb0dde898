package webwidget

import (
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"time"
)

// guard surrounds every request: time limits for reading and writing, https for
// ever if it is https once (RFC 6797), and a panic becomes a 500.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// A reader that stalls must not hold the answer for ever; streams move the limit on. Not every
		// writer can do it (a test's recorder): then the connection's own limits count.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute))
		s.limitBody(w, r)
		if s.secure {
			w.Header().Set("Strict-Transport-Security", "max-age=31536000")
		}
		defer func() {
			if p := recover(); p != nil {
				s.panicked(w, r, p)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

func (s *Server) panicked(w http.ResponseWriter, r *http.Request, p any) {
	if p == http.ErrAbortHandler { // how net/http is told to cut the connection
		panic(p)
	}
	what := fmt.Sprintf("%T", p) // its text may hold what a visitor wrote
	if e, ok := p.(runtime.Error); ok {
		what = e.Error()
	}
	s.log.Error("handler panicked", "method", r.Method, "route", route(r), "panic", what, "stack", string(debug.Stack()))
	if w.Header().Get("Content-Type") == eventStream { // too late for another answer
		panic(http.ErrAbortHandler)
	}
	s.refuse(w, r, asProblem(fmt.Errorf("handler panicked: %s", what)))
}

// Headers of reference/security.md §3, one middleware per row.

// private is the row of the API: nothing is kept, nobody else may read it.
func private(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		plainHeaders(w.Header())
		next.ServeHTTP(w, r)
	})
}

// open is the row of what every site may load: it is the same for everybody.
func open(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		plainHeaders(w.Header())
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		next.ServeHTTP(w, r)
	})
}

// plainHeaders suit an answer that is no document.
func plainHeaders(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
}

// document is the row of the conversation's page. Its forms go to the page
// itself, so form-action is 'self', and it frames its own news.
func (s *Server) document(next http.Handler) http.Handler {
	csp := "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; frame-src 'self'; " +
		"base-uri 'none'; form-action 'self'; object-src 'none'; frame-ancestors " + s.origins.ancestors() + "; require-trusted-types-for 'script'"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		plainHeaders(h)
		h.Set("Content-Security-Policy", csp)
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		h.Set("Cross-Origin-Embedder-Policy", "require-corp")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), "+
			"geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), usb=(), xr-spatial-tracking=()")
		next.ServeHTTP(w, r)
	})
}
