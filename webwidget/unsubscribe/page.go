// Package unsubscribe is the page on which the recipient of weekly statistics ends them, by the link in the mail. Mail
// programs use the link, too: List-Unsubscribe with one click (RFC 8058). So a GET, which programs make to look at
// links, shows a button and changes nothing, and a POST needs no cookie.
package unsubscribe

import (
	_ "embed"
	"net/http"

	"porchlight/bridge/phrase"
	"porchlight/bridge/report"
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

// Page answers the requests below /unsubscribe. Any goroutine may call its methods.
type Page struct {
	report *report.Report
	server Server
	base   string
}

// New makes a Page. report may be nil: then no link is known. base is the path of the service, without a slash at the end.
func New(report *report.Report, s Server, base string) *Page { return &Page{report, s, base} }

// view is what the documents show.
type view struct {
	document.Frame
	Said   string
	Action string // where the button leads; "": there is none
	Alert  bool   // something went wrong
}

// Ask answers GET /unsubscribe/{token} with a button.
func (p *Page) Ask(w http.ResponseWriter, r *http.Request) {
	s, going, err := p.subscribed(r)
	if err != nil {
		p.server.Fail(w, r, err)
		return
	}
	if !going {
		p.ended(w, r)
		return
	}
	v := p.view(r)
	v.Said, v.Action = v.Say("Statistics go to %s each Monday.", s.Address), p.base+report.UnsubscribePath+r.PathValue("token")
	p.show(w, http.StatusOK, v)
}

// End answers POST /unsubscribe/{token}: it ends the mails. That they have ended already is no error.
func (p *Page) End(w http.ResponseWriter, r *http.Request) {
	_, going, err := p.subscribed(r)
	if err == nil && going {
		err = p.report.Unsubscribe(r.Context(), r.PathValue("token"))
	}
	if err != nil {
		p.server.Fail(w, r, err)
		return
	}
	p.ended(w, r)
}

// longest is far longer than any token that porchlight makes, in bytes.
const longest = 200

// subscribed finds the subscription of the request's token.
func (p *Page) subscribed(r *http.Request) (report.Subscription, bool, error) {
	token := r.PathValue("token")
	if p.report == nil || len(token) > longest {
		return report.Subscription{}, false, phrase.Fail(phrase.CodeNotFound, "This link is not known here.")
	}
	return p.report.Subscribed(r.Context(), token)
}

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
	return view{Frame: documents.Frame(p.base, p.server.Language(r))}
}

func (p *Page) show(w http.ResponseWriter, status int, v view) {
	documents.Render(w, status, "page", v.Language, v)
}
