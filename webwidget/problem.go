package webwidget

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"porchlight/bridge/phrase"
)

// problem is an error that clients are told of.
type problem struct {
	code   phrase.Code // stable, since programs go by it
	status int         // the HTTP status
	detail phrase.Phrase
	fields map[string]phrase.Phrase // field → what is wrong with it
	retry  int                      // seconds for Retry-After; 0: none
	wanted proofWanted
}

// proofWanted is the proof of work without which a call is refused (see toll.demand).
type proofWanted struct {
	Challenge string `json:"challenge,omitempty" doc:"the challenge of the proof that is wanted"`
	Bits      int    `json:"bits,omitempty" doc:"how many zero bits the proof needs"`
	Expires   string `json:"expires,omitempty" doc:"when the challenge ends (RFC 3339)"`
}

// problemAnswer is the body by which a problem is told (RFC 9457). Type is stable; Detail
// and Errors are in the reader's language.
type problemAnswer struct {
	Type   string            `json:"type" doc:"'urn:porchlight:problem:' and the code; stable"`
	Title  string            `json:"title" doc:"the title of the status"`
	Status int               `json:"status" doc:"the HTTP status"`
	Detail string            `json:"detail,omitempty" doc:"what is wrong, in the reader's language ('Accept-Language')"`
	Errors map[string]string `json:"errors,omitempty" doc:"each wrong field, and what is wrong with it"`
	proofWanted
}

// Error returns what is told, in English.
func (p *problem) Error() string { return p.detail.String() }

// in returns the body that tells the problem in a language.
func (p *problem) in(l *phrase.Language) problemAnswer {
	return problemAnswer{Type: "urn:porchlight:problem:" + string(p.code), Title: http.StatusText(p.status), Status: p.status,
		Detail: l.Say(p.detail), Errors: l.SayAll(p.fields), proofWanted: p.wanted}
}

func newProblem(code phrase.Code, detail phrase.Phrase) *problem {
	return &problem{code: code, status: kinds[code].status, detail: detail}
}

// invalid says what is wrong with one field.
func invalid(field string, wrong phrase.Phrase) *problem {
	p := newProblem(phrase.CodeInvalid, phrase.Say("Some fields need another look."))
	p.fields = map[string]phrase.Phrase{field: wrong}
	return p
}

// The codes of problems that the domain does not know.
const (
	codeMalformed   phrase.Code = "malformed"
	codeForeign     phrase.Code = "foreign-origin"
	codeNoMethod    phrase.Code = "method-not-allowed"
	codeProofWanted phrase.Code = "proof-wanted"
	codeNoKey       phrase.Code = "no-key"
)

// kind is what all problems of a code have in common.
type kind struct {
	status int // the HTTP status
	retry  int // how many seconds to wait before another try, if the domain refuses; 0: another try is of no use
	means  string
}

// kinds are the problems that clients are told of.
var kinds = map[phrase.Code]kind{
	codeMalformed:            {http.StatusBadRequest, 0, "the request can't be read"},
	codeForeign:              {http.StatusForbidden, 0, "the page's site is not in allowed_origins"},
	codeNoKey:                {http.StatusUnauthorized, 0, "the call needs a key of the site, or the key opens nothing any more"},
	phrase.CodeForbidden:     {http.StatusForbidden, 0, "it is not taken here, or not from this visitor"},
	phrase.CodeNotFound:      {http.StatusNotFound, 0, "there is no such thing, or none that this caller may know of"},
	codeNoMethod:             {http.StatusMethodNotAllowed, 0, "the address does not take this method; `Allow` has those that it takes"},
	phrase.CodeConflict:      {http.StatusConflict, 0, "the state does not allow it, or the `client_id` was used for something else"},
	phrase.CodeTooLarge:      {http.StatusRequestEntityTooLarge, 0, "something is longer than it may be"},
	phrase.CodeUnsupported:   {http.StatusUnsupportedMediaType, 0, "what was sent is of a type that is not taken"},
	phrase.CodeInvalid:       {http.StatusUnprocessableEntity, 0, "some fields are wrong: `errors` says which"},
	phrase.CodeEmailRequired: {http.StatusUnprocessableEntity, 0, "nobody is there, so an email address is needed"},
	codeProofWanted:          {http.StatusPreconditionRequired, 0, "very many requests are coming: send it again with `proof`"},
	phrase.CodeBusy:          {http.StatusTooManyRequests, 30, "a limit is reached; `Retry-After` says when to try again"},
	phrase.CodeInternal:      {http.StatusInternalServerError, 0, "a fault of the service, which its log tells of"},
	phrase.CodeUnavailable:   {http.StatusServiceUnavailable, 5, "nothing can be stored at the moment, or the service restarts; nothing was kept"},
}

// asProblem turns an error into what clients are told of it.
func asProblem(err error) *problem {
	var p *problem
	if errors.As(err, &p) {
		return p
	}
	code := phrase.CodeOf(err)
	p = newProblem(code, phrase.Of(err))
	p.retry = kinds[code].retry
	var e *phrase.Error
	if errors.As(err, &e) {
		p.fields = e.Fields
	}
	return p
}

// fail answers with an error, and logs an error that is a fault of ours.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	s.report(r, err)
	s.refuse(w, r, asProblem(err))
}

// report logs an error that is a fault of ours, unless the client has gone.
func (s *Server) report(r *http.Request, err error) {
	if asProblem(err).status == http.StatusInternalServerError && r.Context().Err() == nil {
		s.log.Error("request failed", "method", r.Method, "route", route(r), "err", err)
	}
}

// route returns the pattern of the request's route. Unlike the path, the pattern names nobody.
func route(r *http.Request) string {
	if c := chi.RouteContext(r.Context()); c != nil {
		return c.RoutePattern()
	}
	return ""
}

// refuse answers with a problem. People who look at a page get a page.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, p *problem) {
	if w.Header().Get("Cache-Control") == "" { // the path is not in the table of calls
		maps.Copy(w.Header(), plain)
	}
	if a, ok := r.Body.(*arriving); ok && !a.whole {
		w.Header().Set("Connection", "close") // otherwise net/http waits for the rest of the body before it answers
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Del("ETag")
	if p.retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(p.retry))
	}
	switch {
	case isPage(r):
		s.page.Refuse(w, r, p.status, p.detail)
		return
	case isTeam(r):
		s.team.Refuse(w, r, p.status, p.detail)
		return
	case s.unsubscribing.of(r) != nil:
		s.unsubscribing.of(r).Refuse(w, r, p.status, p.detail)
		return
	}
	l := tongue(r)
	w.Header().Set("Content-Language", l.Tag)
	writeJSON(w, p.status, "application/problem+json", p.in(l))
}

// isPage reports whether a person looks at the answer.
func isPage(r *http.Request) bool {
	return r.URL.Path == "/chat" || strings.HasPrefix(r.URL.Path, "/chat/")
}

// answer sends v as JSON.
func answer(w http.ResponseWriter, status int, v any) { writeJSON(w, status, "application/json", v) }

func writeJSON(w http.ResponseWriter, status int, contentType string, v any) {
	b, err := json.Marshal(v)
	if err != nil { // can't happen: answers hold only strings, numbers, and maps of these
		panic(err)
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	w.WriteHeader(status)
	_, _ = w.Write(b) // an error means that the client's connection is gone
}
