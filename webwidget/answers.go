package webwidget

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"porchlight/bridge/phrase"
)

// An AnswersFile finds a file of the operators' stored answers by its name, and makes it as toml or csv. A CodeNotFound error
// says that there is no file of that name.
type AnswersFile func(ctx context.Context, name, format string) ([]byte, error)

// answers answers GET /answers/{name}/answers.{format}. Whoever has the name, which only the desk can make, gets the file.
func (s *Server) answers(w http.ResponseWriter, r *http.Request) {
	format := chi.URLParam(r, "format")
	if s.opts.Answers == nil || format != "toml" && format != "csv" {
		s.notOurs(w, r)
		return
	}
	file, err := s.opts.Answers(r.Context(), chi.URLParam(r, "name"), format)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Disposition", `attachment; filename="answers.`+format+`"`)
	serveBytes(w, r, file, map[string]string{"toml": "application/toml", "csv": "text/csv; charset=utf-8"}[format], "no-store")
}

// answersCall is the row of the table of calls.
func answersCall(s *Server) call {
	return call{method: http.MethodGet, path: "/answers/{name}/answers.{format}", handle: s.answers,
		room: &room{who: "whoever has the link, which the desk gives to operators", below: "/answers", rate: s.limits.requests, let: headed(plain)},
		does: "Sends the stored answers that an operator sees, as `toml` or `csv`. The link works for 15 minutes.", gives: []reply{{200, "application/toml or text/csv", ""}}, refuse: []phrase.Code{phrase.CodeNotFound}}
}
