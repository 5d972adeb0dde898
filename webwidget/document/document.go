// Package document is what the HTML documents of the visitors' page and of the team's page have in common:
// how they are rendered, their style sheets, and their reader's language. It knows nothing of what they show.
package document

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"html/template"
	"net/http"
	"strconv"

	"porchlight/bridge/phrase"
)

// Set is the documents of a page, and their style sheet. Any goroutine may call its methods.
type Set struct {
	templates *template.Template
	name      string
	sheet     []byte
}

// New makes the documents of templates and a style sheet. The name of the sheet begins with name. New panics if
// the templates can't be parsed: they are part of the program.
func New(name, html, css string) *Set {
	return &Set{template.Must(template.New(name).Parse(html)), Named(name, ".css", []byte(css)), []byte(css)}
}

// Named is the name of an asset, which holds a hash of its content, so that a browser may keep the asset for ever.
func Named(name, ending string, content []byte) string {
	sum := sha256.Sum256(content)
	return name + "-" + hex.EncodeToString(sum[:5]) + ending
}

// Style returns the style sheet, which the server serves with its other assets.
func (s *Set) Style() (name string, sheet []byte) { return s.name, s.sheet }

// Frame is what all documents have in common. A view embeds it.
type Frame struct {
	Base  string // the path of the service, without a slash at the end
	Style string // the name of the style sheet
	// Language is the reader's.
	Language *phrase.Language
}

// Frame makes a Frame of the set's documents.
func (s *Set) Frame(base string, l *phrase.Language) Frame { return Frame{base, s.name, l} }

// Say says a format with its particulars, in the reader's language.
func (f Frame) Say(format string, args ...any) string {
	return f.Language.Say(phrase.Say(format, args...))
}

// Render answers with a document. The view embeds a Frame in the language l. A view that the template can't
// show is a panic: tests render every document.
func (s *Set) Render(w http.ResponseWriter, status int, name string, l *phrase.Language, view any) {
	var b bytes.Buffer
	if err := s.templates.ExecuteTemplate(&b, name, view); err != nil {
		panic(err) // can't happen: the tests render every document
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", l.Tag)
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // an error means that the client's connection is gone
}
