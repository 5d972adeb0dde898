package webwidget

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"porchlight/bridge/phrase"
)

// routes is the table of all calls.
func (s *Server) routes() http.Handler {
	r := chi.NewRouter()
	r.Use(s.guard)
	r.NotFound(s.notOurs)
	r.MethodNotAllowed(s.methodNotAllowed(r))

	r.Group(func(r chi.Router) {
		r.Use(private)
		get(r, "/healthz", s.healthz)
		get(r, "/readyz", s.readyz)
	})
	r.Group(func(r chi.Router) {
		r.Use(open, s.limits.requests)
		get(r, "/v1/status", s.status)
		get(r, "/status.svg", s.statusSVG)
		get(r, "/status.png", s.statusPNG)
		r.Get("/v1/events", s.statusEvents)
		get(r, "/widget.js", s.loader)
		get(r, "/widget/{file}", s.file)
	})
	r.Route("/v1/conversations", func(r chi.Router) {
		r.MethodNotAllowed(s.methodNotAllowed(r))
		r.Use(private, s.listedOrigin, s.limits.requests)
		r.With(s.limits.conversations).Post("/", s.ask)
		get(r, "/{id}/files/{file}", s.download) // by token or by a signed link
		r.Route("/{id}", s.conversationRoutes)
	})
	r.Route("/chat", func(r chi.Router) {
		r.MethodNotAllowed(s.methodNotAllowed(r))
		r.Use(s.document, s.sameOrigin, s.limits.requests)
		get(r, "/", s.page.Show)
		get(r, "/news", s.page.News)
		r.With(s.limits.conversations).Post("/", s.page.Ask)
		r.With(s.limits.messages).Post("/messages", s.page.Write)
		r.Post("/email", s.page.Email)
		r.Post("/close", s.page.Close)
	})
	return r
}

// conversationRoutes is what lies under one conversation.
func (s *Server) conversationRoutes(r chi.Router) {
	r.MethodNotAllowed(s.methodNotAllowed(r))
	r.Use(s.authorize)
	get(r, "/", s.snapshot)
	r.Get("/events", s.events)
	r.With(s.limits.messages).Post("/messages", s.write)
	r.With(s.limits.messages).Post("/files", s.upload)
	r.With(s.limits.messages).Post("/page", s.looks)
	r.Post("/typing", s.typing)
	r.Post("/seen", s.seen)
	r.Post("/leave", s.leave)
	r.Post("/close", s.close)
	r.Post("/email", s.email)
}

// get serves GET and HEAD.
func get(r chi.Router, pattern string, h http.HandlerFunc) {
	r.Get(pattern, h)
	r.Head(pattern, h)
}

// notOurs serves every path that is not in the table.
func (s *Server) notOurs(w http.ResponseWriter, r *http.Request) {
	if s.opts.Home != nil && !strings.HasPrefix(r.URL.Path, "/v1/") && !strings.HasPrefix(r.URL.Path, "/chat/") {
		s.opts.Home.ServeHTTP(w, r)
		return
	}
	s.refuse(w, r, newProblem(http.StatusNotFound, "not-found", phrase.Say("There is nothing here.")))
}

// methodNotAllowed names the methods that are (RFC 9110 §15.5.6). It has to ask
// the router that is nearest to the route, because the ones above send all
// methods there.
func (s *Server) methodNotAllowed(routes chi.Routes) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		if c := chi.RouteContext(r.Context()); c.RoutePath != "" {
			path = c.RoutePath
		}
		var allowed []string
		for _, m := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
			if routes.Match(chi.NewRouteContext(), m, path) {
				allowed = append(allowed, m)
			}
		}
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		s.refuse(w, r, newProblem(http.StatusMethodNotAllowed, "method-not-allowed", phrase.Say("This address does not take %s.", r.Method)))
	}
}
