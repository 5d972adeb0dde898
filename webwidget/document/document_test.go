package document_test

import (
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"porchlight/bridge/phrase"
	"porchlight/webwidget/document"
)

// view is a document's content.
type view struct {
	document.Frame
	Who string
}

// A document speaks its reader's language, escapes what others wrote, and says how long it is.
func TestSet_Render(t *testing.T) {
	s := document.New("talk", `{{define "page"}}<link href="{{.Base}}/{{.Style}}">{{.Say "Votes"}}: {{.Who}}{{end}}`, "a{}")
	l := phrase.Tongue("de")
	w := httptest.NewRecorder()
	s.Render(w, 404, "page", l, view{s.Frame("/live", l), "<b>"})
	name, _ := s.Style()
	want := `<link href="/live/` + name + `">Bewertungen: &lt;b&gt;`
	h := w.Header()
	if w.Body.String() != want || w.Code != 404 || h.Get("Content-Language") != "de" || h.Get("Content-Type") != "text/html; charset=utf-8" || h.Get("Content-Length") != strconv.Itoa(len(want)) {
		t.Errorf("%d %v %s, want %s", w.Code, h, w.Body, want)
	}
}

// A style sheet has another name when it has another content, so that no browser shows an old one.
func TestSet_Style(t *testing.T) {
	a, sheet := document.New("talk", "", "a{}").Style()
	b, _ := document.New("talk", "", "a{color:red}").Style()
	if a == b || !strings.HasPrefix(a, "talk-") || !strings.HasSuffix(a, ".css") || string(sheet) != "a{}" {
		t.Errorf("names %s and %s of %s", a, b, sheet)
	}
}
