package webwidget

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"porchlight/bridge/phrase"
)

// readJSON reads the request's body into v. Fields that v does not have are ignored. The
// error is a *problem that says what is wrong. The body may also be called one of the other types.
func (s *Server) readJSON(w http.ResponseWriter, r *http.Request, v any, also ...string) error {
	if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != "application/json" && !slices.Contains(also, t) {
		return newProblem(phrase.CodeUnsupported, phrase.Say("Send JSON, with Content-Type: application/json."))
	}
	body, err := s.readBody(w, r)
	if err != nil {
		return err
	}
	return decode(body, v)
}

// readBody reads the whole body, within a limit of size and a limit of time (see
// arriving).
func (s *Server) readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.ContentLength > s.opts.MaxBody {
		return nil, s.tooLarge()
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.opts.MaxBody))
	var beyond *http.MaxBytesError
	switch {
	case errors.As(err, &beyond):
		return nil, s.tooLarge()
	case err != nil:
		return nil, newProblem(codeMalformed, phrase.Say("The request did not arrive whole."))
	}
	return body, nil
}

func (s *Server) tooLarge() *problem {
	return newProblem(phrase.CodeTooLarge, phrase.Say("The request is too large. At most %d bytes are allowed.", s.opts.MaxBody))
}

// decode reads one JSON object (RFC 8259) from body.
func decode(body []byte, v any) error {
	if !utf8.Valid(body) {
		return malformed(phrase.Say("The body is not UTF-8."))
	}
	if text := bytes.TrimLeft(body, " \t\r\n"); len(text) > 0 && text[0] != '{' {
		return malformed(phrase.Say("The body is not a JSON object."))
	}
	err := json.Unmarshal(body, v)
	var wrongType *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &wrongType):
		return invalid(wrongType.Field, phrase.Say("This must not be a JSON %s.", strings.Fields(wrongType.Value)[0]))
	case errors.As(err, &syntax):
		return malformed(phrase.Say("The body is not JSON: see byte %d.", syntax.Offset))
	case err != nil:
		return malformed(phrase.Say("The body is not JSON."))
	}
	return nil
}

func malformed(detail phrase.Phrase) *problem {
	return newProblem(codeMalformed, detail)
}

// bearer returns the token of the Authorization header (RFC 6750 §2.1), "" if there is
// none.
func bearer(h http.Header) string {
	scheme, token, _ := strings.Cut(h.Get("Authorization"), " ")
	if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") || len(token) > maxToken {
		return ""
	}
	return token
}

// maxToken is far longer than any token that porchlight makes, in bytes.
const maxToken = 256

// whole reads a number from 0 out of a query or a header. For "" it returns absent.
func whole(name, s string, absent int64) (int64, error) {
	if s == "" {
		return absent, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0, malformed(phrase.Say("%s must be a number, from 0.", name))
	}
	return n, nil
}

// cursor returns the number of the last event that the reader of a log has, which is
// Last-Event-ID or else ?after=. A number past the log's end counts as its end.
func cursor(r *http.Request, end int64) (int64, error) {
	name, value := "Last-Event-ID", r.Header.Get("Last-Event-ID")
	if value == "" {
		name, value = "after", r.URL.Query().Get("after")
	}
	n, err := whole(name, value, 0)
	return min(n, end), err
}
