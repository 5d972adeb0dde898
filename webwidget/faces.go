package webwidget

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"porchlight/bridge/phrase"
	"porchlight/bridge/portraits"
)

// teamAnswer says who is there for visitors.
type teamAnswer struct {
	Operators []faceAnswer `json:"operators" doc:"who is there now, five at most, always in the same order; nobody if the site or the operators don't want it"`
}

type faceAnswer struct {
	ID string `json:"id" doc:"by which GET /v1/operators/{id} tells the same"`
	cardAnswer
}

// cardAnswer is what visitors may know of an operator.
type cardAnswer struct {
	Name   string `json:"name" doc:"how visitors know the operator"`
	About  string `json:"about" doc:"what the operator tells of themselves, \"\" for nothing"`
	Avatar string `json:"avatar" doc:"where the operator's picture is, a path below public_url; \"\" if there is none"`
}

// faceCalls are the calls by which pages learn who is there.
func faceCalls(s *Server, r rooms) []call {
	return []call{
		{method: http.MethodGet, path: "/v1/team", room: r.open, handle: s.onDuty,
			does:  "Says who is there for visitors now. The setting `faces` and each operator can switch that off.",
			query: []param{{"department", "the name of the department that is meant; left out: all departments together"}},
			gives: []reply{{200, teamAnswer{}, ""}}, refuse: []phrase.Code{phrase.CodeNotFound}},
		{method: http.MethodGet, path: "/v1/operators/{operator}", room: r.open, handle: s.operator,
			does:  "Tells who an operator is, by the id that `GET /v1/team` gives.",
			gives: []reply{{200, cardAnswer{}, ""}}, refuse: []phrase.Code{phrase.CodeNotFound}},
		{method: http.MethodGet, path: portraits.Path + "{picture}", room: r.open, handle: s.face,
			does:  "Sends an operator's picture. Its name holds a hash of the content, so it may be cached for ever.",
			gives: []reply{{200, "image/png or image/jpeg", ""}, {304, nil, "to a client that has it already, by `If-None-Match`"}}, refuse: []phrase.Code{phrase.CodeNotFound}},
	}
}

// onDuty answers GET /v1/team.
func (s *Server) onDuty(w http.ResponseWriter, r *http.Request) {
	list, err := s.opts.Portraits.OnDuty(r.URL.Query().Get("department"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	a := teamAnswer{Operators: []faceAnswer{}}
	for _, f := range list {
		a.Operators = append(a.Operators, faceAnswer{f.ID, cardOf(f)})
	}
	answer(w, http.StatusOK, a)
}

// operator answers GET /v1/operators/{operator}.
func (s *Server) operator(w http.ResponseWriter, r *http.Request) {
	f, err := s.opts.Portraits.Who(chi.URLParam(r, "operator"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, cardOf(f))
}

func cardOf(f portraits.Face) cardAnswer { return cardAnswer{f.Name, f.About, f.Picture} }

// face answers GET /faces/{picture}.
func (s *Server) face(w http.ResponseWriter, r *http.Request) {
	p, err := s.opts.Portraits.Find(r.Context(), chi.URLParam(r, "picture"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	serveBytes(w, r, p.Bytes, p.Media, immutable)
}
