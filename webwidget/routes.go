package webwidget

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"porchlight/bridge/phrase"
)

// router brings requests to the calls of the table. Every path of the table, and every
// path below a room's, answers as its room does, whatever the method.
type router struct {
	s       *Server
	mux     *chi.Mux
	methods map[string][]string // the methods that each path of the table takes
}

// newRouter makes the router of s.
func newRouter(s *Server) http.Handler {
	r := &router{s, chi.NewRouter(), make(map[string][]string)}
	r.mux.Use(s.guard)
	r.mux.NotFound(s.notOurs)
	r.mux.MethodNotAllowed(r.unknownMethod)
	table := calls(s)
	for _, c := range table {
		r.methods[c.path] = append(r.methods[c.path], c.methods()...)
	}
	for _, c := range table {
		r.others(c)
	}
	for _, c := range table {
		h := r.entrance(c.room, c.rate, c.handle)
		for _, path := range c.paths() {
			for _, m := range c.methods() {
				r.mux.Method(m, path, h)
			}
		}
	}
	return r.mux
}

// others refuses every other request for a call's path, and for paths below the path of
// the call's room, in the way of that room. A call that is added later wins over it.
func (r *router) others(c call) {
	refuse, lost := r.s.methodNotAllowed(r.methods[c.path]), http.HandlerFunc(r.s.notOurs)
	if c.room.token {
		admitted := func(h http.HandlerFunc) http.HandlerFunc {
			return r.s.authorized(func(w http.ResponseWriter, r *http.Request, _ int64) { h(w, r) })
		}
		refuse, lost = admitted(refuse), admitted(lost)
	}
	for _, path := range c.paths() {
		r.mux.Handle(path, r.entrance(c.room, nil, refuse))
	}
	if c.room.below != "" {
		r.mux.Handle(c.room.below+"/*", r.entrance(c.room, nil, lost))
	}
}

// entrance leads a request to a handler through the rules of a room, and counts it.
func (r *router) entrance(in *room, also *rate, h http.HandlerFunc) http.Handler {
	return in.let(r.s.counted(in.rate, also)(h))
}

// unknownMethod answers a request with a method that chi does not know.
func (r *router) unknownMethod(w http.ResponseWriter, req *http.Request) {
	c := chi.NewRouteContext()
	r.mux.Match(c, http.MethodGet, req.URL.Path)
	r.s.methodNotAllowed(r.methods[c.RoutePattern()])(w, req)
}

// notOurs serves every path that is not in the table.
func (s *Server) notOurs(w http.ResponseWriter, r *http.Request) {
	if s.opts.Home != nil && !strings.HasPrefix(r.URL.Path, "/v1/") && !strings.HasPrefix(r.URL.Path, "/chat/") && !isTeam(r) && s.unsubscribing.of(r) == nil {
		s.opts.Home.ServeHTTP(w, r)
		return
	}
	s.refuse(w, r, newProblem(phrase.CodeNotFound, phrase.Say("There is nothing here.")))
}

// methodNotAllowed refuses a request and names the methods that are allowed (RFC 9110
// §15.5.6).
func (s *Server) methodNotAllowed(methods []string) http.HandlerFunc {
	allow := strings.Join(methods, ", ")
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", allow)
		s.refuse(w, r, newProblem(codeNoMethod, phrase.Say("This address does not take %s.", r.Method)))
	}
}
