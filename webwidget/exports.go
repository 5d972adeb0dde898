package webwidget

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"porchlight/bridge/phrase"
)

// An ExportFile finds what is stored about a visitor by the name that the desk gave it, and makes it as json or txt. A
// CodeNotFound error says that there is no file of that name.
type ExportFile func(ctx context.Context, name, format string) ([]byte, error)

// exports answers GET /exports/{name}/visitor.{format}. Whoever has the name, which only the desk can make, gets the file.
func (s *Server) exports(w http.ResponseWriter, r *http.Request) {
	format := chi.URLParam(r, "format")
	if s.opts.Exports == nil || format != "json" && format != "txt" {
		s.notOurs(w, r)
		return
	}
	file, err := s.opts.Exports(r.Context(), chi.URLParam(r, "name"), format)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Disposition", `attachment; filename="visitor.`+format+`"`)
	serveBytes(w, r, file, map[string]string{"json": "application/json", "txt": "text/plain; charset=utf-8"}[format], "no-store")
}

// exportsCall is the row of the table of calls.
func exportsCall(s *Server) call {
	return call{method: http.MethodGet, path: "/exports/{name}/visitor.{format}", handle: s.exports,
		room: &room{who: "whoever has the link, which the desk gives to operators", below: "/exports", rate: s.limits.requests, let: headed(plain)},
		does: "Sends all that is stored about a visitor, as `json` or `txt`, to an operator who may erase visitors. The link works for 15 minutes.", gives: []reply{{200, "application/json or text/plain", ""}}, refuse: []phrase.Code{phrase.CodeNotFound}}
}
