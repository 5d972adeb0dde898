package webwidget

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"porchlight/bridge/phrase"
)

// routes makes the router of the table of calls. Every path of the table, and
// every path below a room's, answers as its room does, whatever the method.
func (s *Server) routes() http.Handler {
	r := chi.NewRouter()
	r.Use(s.guard)
	r.NotFound(s.notOurs)
	methods := make(map[string][]string)
	for _, c := range s.calls() {
		methods[c.path] = append(methods[c.path], c.methods()...)
	}
	r.MethodNotAllowed(s.unknownMethod(r, methods))
	for _, c := range s.calls() {
		for _, path := range c.paths() {
			r.Handle(path, s.elsewhere(c.room, s.methodNotAllowed(methods[c.path])))
		}
		if c.room.below != "" {
			r.Handle(c.room.below+"/*", s.elsewhere(c.room, s.notOurs))
		}
	}
	for _, c := range s.calls() {
		h := s.entrance(c.room, c.rate, c.handle)
		for _, path := range c.paths() {
			for _, m := range c.methods() {
				r.Method(m, path, h)
			}
		}
	}
	return r
}

// entrance is the way to a handler: through its room, and counted.
func (s *Server) entrance(in *room, also *rate, h http.HandlerFunc) http.Handler {
	return in.let(s.counted(in.rate, also)(h))
}

// elsewhere is the way to what is in a room and not in the table.
func (s *Server) elsewhere(in *room, h http.HandlerFunc) http.Handler {
	if in.token {
		return s.entrance(in, nil, s.authorized(func(w http.ResponseWriter, r *http.Request, _ int64) { h(w, r) }))
	}
	return s.entrance(in, nil, h)
}

// unknownMethod answers where even the router does not know the method.
func (s *Server) unknownMethod(r chi.Routes, methods map[string][]string) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		c := chi.NewRouteContext()
		r.Match(c, http.MethodGet, req.URL.Path)
		s.methodNotAllowed(methods[c.RoutePattern()])(w, req)
	}
}

// notOurs serves every path that is not in the table.
func (s *Server) notOurs(w http.ResponseWriter, r *http.Request) {
	if s.opts.Home != nil && !strings.HasPrefix(r.URL.Path, "/v1/") && !strings.HasPrefix(r.URL.Path, "/chat/") {
		s.opts.Home.ServeHTTP(w, r)
		return
	}
	s.refuse(w, r, newProblem(http.StatusNotFound, "not-found", phrase.Say("There is nothing here.")))
}

// methodNotAllowed names the methods that are (RFC 9110 §15.5.6).
func (s *Server) methodNotAllowed(methods []string) http.HandlerFunc {
	allow := strings.Join(methods, ", ")
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", allow)
		s.refuse(w, r, newProblem(http.StatusMethodNotAllowed, "method-not-allowed", phrase.Say("This address does not take %s.", r.Method)))
	}
}
