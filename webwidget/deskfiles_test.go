package webwidget_test

import (
	"context"
	"testing"

	"porchlight/bridge/phrase"
)

// drawer has one file of stored answers.
func drawer(_ context.Context, name, format string) ([]byte, error) {
	if name != "key" {
		return nil, phrase.Fail(phrase.CodeNotFound, "There is no such file.")
	}
	return []byte(format), nil
}

// A file of stored answers goes to who has its name, as a file that no cache keeps.
func TestAnswers_NeedTheirName(t *testing.T) {
	s := start(t, func(o *setup) { o.Answers = drawer })
	for format, typ := range map[string]string{"toml": "application/toml", "csv": "text/csv; charset=utf-8"} {
		r := s.do("GET", "/answers/key/answers."+format, "")
		if r.status != 200 || r.body != format || r.header.Get("Content-Type") != typ || r.header.Get("Cache-Control") != "no-store" ||
			r.header.Get("Content-Disposition") != `attachment; filename="answers.`+format+`"` || r.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", format, r.status, r.header)
		}
	}
	for _, path := range []string{"/answers", "/answers/", "/answers/key", "/answers/key/", "/answers/other/answers.toml", "/answers/key/answers.html", "/answers/key/answers", "/answers//answers.toml", "/answers/key/answers.toml/x"} {
		if r := s.do("GET", path, ""); r.status != 404 || r.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
}
