package page

import (
	_ "embed"
	"fmt"
	"html/template"
	"net/http"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/webwidget/document"
)

var (
	//go:embed page.html
	html string
	//go:embed page.css
	css string
)

// documents are those of page.html.
var documents = document.New("chat", html, css)

// Server is what the page needs of the server around it. Any goroutine may call its
// methods.
type Server interface {
	// ReadForm reads the body of a posted form into r.PostForm.
	ReadForm(w http.ResponseWriter, r *http.Request) error
	// Cursor returns the number of the last event that the reader has. End is the number
	// of the log's last event.
	Cursor(r *http.Request, end int64) (int64, error)
	// Ask opens a conversation. When many requests come, the visitor has to wait first:
	// then Ask returns a Wait, whose Given comes back as given with the next try.
	Ask(w http.ResponseWriter, r *http.Request, q bridge.Inquiry, given string) (bridge.Opened, *Wait, error)
	// Write stores a visitor's message.
	Write(r *http.Request, number int64, clientID, text string) error
	// Take stores a visitor's file, from a form with the fields client_id and file in this order.
	Take(w http.ResponseWriter, r *http.Request, number int64) error
	// Language returns the language that the request asks for.
	Language(r *http.Request) *phrase.Language
	// Explain turns an error into what the visitor is told, and logs a fault of ours.
	Explain(r *http.Request, err error) Wrong
	// Fail answers with an error that concerns the page as a whole, by Refuse.
	Fail(w http.ResponseWriter, r *http.Request, err error)
}

// Wait asks a person to send the form again after some seconds. The form brings Given
// along, by which the server knows that the seconds are over.
type Wait struct {
	Given   string
	Seconds int
}

// Wrong is what a visitor is told about an error.
type Wrong struct {
	Status int // the HTTP status
	Detail phrase.Phrase
	Errors map[string]phrase.Phrase // field → what is wrong with it
}

// Options is what a Page needs to know.
type Options struct {
	Own    string // the origin of the service, e.g. https://chat.example.org
	Base   string // the path of the service, without a slash at the end
	Secure bool   // Own is https
	Script string // the name of the module that shows the widget instead; "": none
	// MaxFile is how many bytes a visitor's file may have; 0: no files are taken.
	MaxFile int64
}

// Page answers the requests below /chat. Any goroutine may call its methods.
type Page struct {
	bridge *bridge.Bridge
	server Server
	opts   Options
}

// New makes a Page.
func New(b *bridge.Bridge, s Server, opts Options) *Page {
	return &Page{bridge: b, server: s, opts: opts}
}

// Style returns the page's style sheet, which the server serves with its other assets.
func Style() (name string, sheet []byte) { return documents.Style() }

// frame is what all documents have in common.
type frame struct {
	document.Frame
	Script string
}

func (p *Page) frame(r *http.Request) frame {
	return frame{documents.Frame(p.opts.Base, p.server.Language(r)), p.opts.Script}
}

// SayWithLink says a format whose %s is a link: words that lead to an address below Base.
func (f frame) SayWithLink(format, words, address string) template.HTML {
	link := `<a href="` + template.HTMLEscapeString(f.Base+address) + `">` + template.HTMLEscapeString(f.Say(words)) + `</a>`
	return template.HTML(fmt.Sprintf(template.HTMLEscapeString(f.Language.Translate(format)), link))
}

// refusalView is an error of the page as a whole.
type refusalView struct {
	frame
	Detail string
}

// Refuse answers with a document that says why the page can't be shown.
func (p *Page) Refuse(w http.ResponseWriter, r *http.Request, status int, detail phrase.Phrase) {
	f := p.frame(r)
	documents.Render(w, status, "refusal", f.Language, refusalView{f, f.Language.Say(detail)})
}
