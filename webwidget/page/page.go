package page

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/http"
	"strconv"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

var (
	//go:embed page.html
	html string
	//go:embed page.css
	css string
)

// documents are those of page.html.
var documents = template.Must(template.New("page").Parse(html))

// Server is what the page needs of the server around it. Its methods may be
// called by any goroutine.
type Server interface {
	// ReadForm reads the body of a posted form into r.PostForm.
	ReadForm(w http.ResponseWriter, r *http.Request) error
	// Cursor is the number of the log's event up to which the reader has it; end is
	// the log's last.
	Cursor(r *http.Request, end int64) (int64, error)
	// Ask opens a conversation. When many requests come it wants the visitor to wait
	// first: then it answers with a Wait, whose Given comes back in given.
	Ask(w http.ResponseWriter, r *http.Request, q bridge.Inquiry, given string) (bridge.Opened, *Wait, error)
	// Write stores a visitor's message.
	Write(r *http.Request, number int64, clientID, text string) error
	// Language is the one that the request asks for.
	Language(r *http.Request) *phrase.Language
	// Explain turns an error into what the visitor is told, and logs a fault of ours.
	Explain(r *http.Request, err error) Wrong
	// Fail answers with an error that concerns the page as a whole, by Refuse.
	Fail(w http.ResponseWriter, r *http.Request, err error)
}

// Wait asks a person to send the form again after some seconds.
type Wait struct {
	Given   string
	Seconds int
}

// Wrong is what a visitor is told of an error.
type Wrong struct {
	Status int // of HTTP
	Detail phrase.Phrase
	Errors map[string]phrase.Phrase // field → what is wrong with it
}

// Options is what a Page needs to know.
type Options struct {
	Own    string // origin of the service, e.g. https://chat.example.org
	Base   string // path below it, without a slash at the end
	Secure bool   // Own is https
	Script string // name of the module that shows the widget instead, "" if there is none
}

// Page answers the requests below /chat. All its methods may be called by any
// goroutine.
type Page struct {
	bridge *bridge.Bridge
	server Server
	opts   Options
	style  string
}

// New makes a Page.
func New(b *bridge.Bridge, s Server, opts Options) *Page {
	style, _ := Style()
	return &Page{bridge: b, server: s, opts: opts, style: style}
}

// Style is the page's style sheet, which the server serves with its other assets. The
// name holds a hash of the content.
func Style() (name string, sheet []byte) {
	sum := sha256.Sum256([]byte(css))
	return "chat-" + hex.EncodeToString(sum[:5]) + ".css", []byte(css)
}

// frame is what every document has.
type frame struct {
	Base, Style, Script string
	Language            *phrase.Language // the visitor's
}

func (p *Page) frame(r *http.Request) frame {
	return frame{Base: p.opts.Base, Style: p.style, Script: p.opts.Script, Language: p.server.Language(r)}
}

// Say says a format with its particulars.
func (f frame) Say(format string, args ...any) string {
	return f.Language.Say(phrase.Say(format, args...))
}

// SayWithLink says a format with a link in it to an address below Base.
func (f frame) SayWithLink(format, words, address string) template.HTML {
	link := `<a href="` + template.HTMLEscapeString(f.Base+address) + `">` + template.HTMLEscapeString(f.Say(words)) + `</a>`
	return template.HTML(fmt.Sprintf(template.HTMLEscapeString(f.Language.Translate(format)), link))
}

// refusalView is an error of the page as a whole.
type refusalView struct {
	frame
	Detail string
}

// Refuse answers with a document that says why there is no other.
func (p *Page) Refuse(w http.ResponseWriter, r *http.Request, status int, detail phrase.Phrase) {
	f := p.frame(r)
	p.render(w, status, "refusal", f.Language, refusalView{f, f.Language.Say(detail)})
}

// render answers with a document in a language.
func (p *Page) render(w http.ResponseWriter, status int, name string, l *phrase.Language, view any) {
	var b bytes.Buffer
	if err := documents.ExecuteTemplate(&b, name, view); err != nil { // the views fit: the tests render them all
		panic(err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", l.Tag)
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // an error is that of the client's connection
}
