package webwidget

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"porchlight/bridge/phrase"
)

// A DeskFile finds a file to which the desk has linked, by the name that the desk gave it, and makes it in a format. A
// CodeNotFound error says that there is no file of that name.
type DeskFile func(ctx context.Context, name, format string) ([]byte, error)

// deskFile answers with a file to which the desk links. Whoever has the name, which only the desk can make, gets it. formats
// are their media types; saved is what the file is called without its format; find is nil if there are no such files.
func (s *Server) deskFile(find DeskFile, saved string, formats map[string]string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		format := chi.URLParam(r, "format")
		media, known := formats[format]
		if find == nil || !known {
			s.notOurs(w, r)
			return
		}
		file, err := find(r.Context(), chi.URLParam(r, "name"), format)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		w.Header().Set("Content-Disposition", `attachment; filename="`+saved+`.`+format+`"`)
		serveBytes(w, r, file, media, "no-store")
	}
}

// deskFileCalls are the calls of the files to which the desk links.
func deskFileCalls(s *Server) []call {
	row := func(below, saved string, find DeskFile, formats map[string]string, does, media string) call {
		return call{method: http.MethodGet, path: below + "/{name}/" + saved + ".{format}", handle: s.deskFile(find, saved, formats),
			room: &room{who: "whoever has the link, which the desk gives to operators", below: below, rate: s.limits.requests, let: headed(plain)},
			does: does, gives: []reply{{200, media, ""}}, refuse: []phrase.Code{phrase.CodeNotFound}}
	}
	return []call{
		row("/answers", "answers", s.opts.Answers, map[string]string{"toml": "application/toml", "csv": "text/csv; charset=utf-8"},
			"Sends the stored answers that an operator sees, as `toml` or `csv`. The link works for 15 minutes.", "application/toml or text/csv"),
		row("/exports", "visitor", s.opts.Exports, map[string]string{"json": "application/json", "txt": "text/plain; charset=utf-8"},
			"Sends all that is stored about a visitor, as `json` or `txt`, to an operator who may erase visitors. The link works for 15 minutes.", "application/json or text/plain"),
	}
}
