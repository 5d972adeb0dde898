package webwidget

import (
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
)

// guard surrounds every request. It sets time limits for reading and writing, tells
// browsers to stay with https if the server is reached by https (RFC 6797), and turns a
// panic into a 500.
func (s *Server) guard(next http.Handler) http.Handler {
	secure := []string{"max-age=31536000"}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.limitTime(http.NewResponseController(w), r)
		if s.secure {
			w.Header()["Strict-Transport-Security"] = secure
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
	if p == http.ErrAbortHandler { // tells net/http to cut the connection
		panic(p)
	}
	what := fmt.Sprintf("%T", p) // not its text, which may hold what a visitor wrote
	if e, ok := p.(runtime.Error); ok {
		what = e.Error()
	}
	s.log.Error("handler panicked", "method", r.Method, "route", route(r), "panic", what, "stack", string(debug.Stack()))
	if w.Header().Get("Content-Type") == eventStream { // too late for another answer
		panic(http.ErrAbortHandler)
	}
	s.refuse(w, r, asProblem(fmt.Errorf("handler panicked: %s", what)))
}
