// Package unsubscribe is the page on which the recipient of mails that recur ends them, by the link in the mail. Mail
// programs use the link, too: List-Unsubscribe with one click (RFC 8058). So a GET, which programs make to look at
// links, shows a button and changes nothing, and a POST needs no cookie.
package unsubscribe

import (
	"context"
	_ "embed"
	"net/http"

	"porchlight/bridge/phrase"
	"porchlight/webwidget/document"
)

var (
	//go:embed unsubscribe.html
	html string
	//go:embed unsubscribe.css
	css string
)

// documents are those of unsubscribe.html.
var documents = document.New("unsubscribe", html, css)

// Style returns the page's style sheet, which the server serves with its other assets.
func Style() (name string, sheet []byte) { return documents.Style() }

// Server is what the page needs of the server around it. Any goroutine may call its methods.
type Server interface {
	// Language returns the language that the request asks for.
	Language(r *http.Request) *phrase.Language
	// Fail answers with an error, by Refuse.
	Fail(w http.ResponseWriter, r *http.Request, err error)
}

// A List is a kind of mail that recurs. Any goroutine may call its methods.
type List interface {
	// Title names the kind.
	Title() phrase.Phrase
	// Goes says where the mails of a link's token go; going is false if they have ended. CodeNotFound says that the
	// token is not ours.
	Goes(ctx context.Context, token string) (said phrase.Phrase, going bool, err error)
	// End ends them.
	End(ctx context.Context, token string) error
}

// Page answers the requests for one List. Any goroutine may call its methods.
type Page struct {
	list   List
	server Server
	base   string
}

// New makes a Page. base is the path of the service, without a slash at the end.
func New(l List, s Server, base string) *Page { return &Page{l, s, base} }

// view is what the documents show.
type view struct {
	document.Frame
	Title  string
	Said   string
	Action string // where the button leads; "": there is none
	Alert  bool   // something went wrong
}

// Ask answers a GET with a button.
func (p *Page) Ask(w http.ResponseWriter, r *http.Request) {
	said, going, err := p.goes(r)
	if err != nil {
		p.server.Fail(w, r, err)
		return
	}
	if !going {
		p.ended(w, r)
		return
	}
	v := p.view(r)
	v.Said, v.Action = v.Language.Say(said), r.URL.EscapedPath()
	p.show(w, http.StatusOK, v)
}

// End answers a POST: it ends the mails. That they have ended already is no error.
func (p *Page) End(w http.ResponseWriter, r *http.Request) {
	_, going, err := p.goes(r)
	if err == nil && going {
		err = p.list.End(r.Context(), r.PathValue("token"))
	}
	if err != nil {
		p.server.Fail(w, r, err)
		return
	}
	p.ended(w, r)
}

// longest is longer than any token that porchlight makes for addresses that people have, in bytes.
const longest = 1000

// goes says where the mails of the request's token go.
func (p *Page) goes(r *http.Request) (phrase.Phrase, bool, error) {
	token := r.PathValue("token")
	if len(token) > longest {
		return phrase.Phrase{}, false, Unknown()
	}
	return p.list.Goes(r.Context(), token)
}

// Unknown is the error for a link that is not ours.
func Unknown() error { return phrase.Fail(phrase.CodeNotFound, "This link is not known here.") }

// ended says that no more mails go.
func (p *Page) ended(w http.ResponseWriter, r *http.Request) {
	v := p.view(r)
	v.Said = v.Say("No more of these mails are sent to you.")
	p.show(w, http.StatusOK, v)
}

// Refuse answers with a document that says what is wrong.
func (p *Page) Refuse(w http.ResponseWriter, r *http.Request, status int, detail phrase.Phrase) {
	v := p.view(r)
	v.Said, v.Alert = v.Language.Say(detail), true
	p.show(w, status, v)
}

func (p *Page) view(r *http.Request) view {
	v := view{Frame: documents.Frame(p.base, p.server.Language(r))}
	v.Title = v.Language.Say(p.list.Title())
	return v
}

func (p *Page) show(w http.ResponseWriter, status int, v view) {
	documents.Render(w, status, "page", v.Language, v)
}
