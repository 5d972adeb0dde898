package team

import (
	_ "embed"
	"net/http"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/archive"
	"porchlight/bridge/onsite"
	"porchlight/bridge/phrase"
	"porchlight/bridge/report"
	"porchlight/bridge/voice"
	"porchlight/chart"
	"porchlight/webwidget/document"
)

var (
	//go:embed team.html
	html string
	//go:embed team.css
	css string
	//go:embed board.css
	boardCSS string
	//go:embed figures.css
	figuresCSS string
	//go:embed visitors.css
	visitorsCSS string
	//go:embed live.js
	live []byte
)

// documents are those of team.html.
var documents = document.New("team", html, css+boardCSS+figuresCSS+visitorsCSS+chart.Style())

// Server is what the page needs of the server around it. Any goroutine may call its methods.
type Server interface {
	// Language returns the language that the request asks for.
	Language(r *http.Request) *phrase.Language
	// Fail answers with an error, by Refuse.
	Fail(w http.ResponseWriter, r *http.Request, err error)
}

// Options is what a Page needs to know.
type Options struct {
	Base    string           // the path of the service, without a slash at the end
	Secure  bool             // the service is reached by https
	Report  *report.Report   // nil: nothing is counted
	Archive *archive.Archive // nil: nothing can be searched
	Onsite  *onsite.Site     // nil: it is not known who is on the site
}

// Page answers the requests below /team. Any goroutine may call its methods.
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

// Script returns the script that keeps a board up to date, which the server serves with its other assets.
func Script() (name string, script []byte) { return document.Named("live", ".js", live), live }

// frame is what all documents have in common.
type frame struct {
	document.Frame
	Title string
	Live  string // the name of the script that keeps the document up to date, in whose place it loads itself anew; "": none
	Every int    // seconds until the document loads itself anew; 0: never
	Again string // the address that it loads then
}

func (p *Page) frame(l *phrase.Language, title string) frame {
	return frame{Frame: documents.Frame(p.opts.Base, l), Title: title}
}

// reader is the operator who looks at the page.
type reader struct {
	bridge.Operator
	voice.Voice
	tongue *phrase.Language
}

func (p *Page) reader(o bridge.Operator) reader {
	return reader{o, voice.For(p.bridge, o).Telling(p.zone(o)), o.Reads()}
}

// zone is the zone in which the page tells an operator times: the site's if its hours are set, else the reader's.
func (p *Page) zone(o bridge.Operator) *time.Location {
	if site := p.bridge.Hours.Site(); !site.Empty() {
		return site.Zone()
	}
	return p.bridge.Hours.Zone(o)
}

// now is the time in that zone.
func (p *Page) now(who reader) time.Time { return p.bridge.Now().In(p.zone(who.Operator)) }

// refusalView says why something is not shown, and where a link comes from.
type refusalView struct {
	frame
	Detail string
	Lost   string // where a new link comes from, if the reader needs one
}

// Refuse answers with a document that says why the page can't be shown.
func (p *Page) Refuse(w http.ResponseWriter, r *http.Request, status int, detail phrase.Phrase) {
	l := p.server.Language(r)
	f := p.frame(l, l.Say(phrase.Say("The team's page")))
	if f.Again = p.sameSite(r, status); f.Again == "" && r.Method == http.MethodGet && status >= http.StatusTooManyRequests {
		f.Every, f.Again = retryEvery, p.opts.Base+r.URL.RequestURI() // a screen on a wall has nobody who would try again
	}
	v := refusalView{frame: f, Detail: l.Say(detail)}
	switch {
	case status != http.StatusNotFound && status != http.StatusForbidden:
	case strings.Contains(r.URL.Path, "/team/wall/"):
		v.Lost = l.Say(phrase.Say("A super operator can send team-wall and a name to the desk: it answers with a new link."))
	default:
		v.Lost = l.Say(phrase.Say("Send team to the desk: it answers with a new link."))
	}
	documents.Render(w, status, "refusal", l, v)
}

// retryEvery is after how many seconds a page loads itself anew that could not be shown at the moment.
const retryEvery = 30

// sameSite returns the address to load once more if the reader came from another site without a
// cookie, else "". A link from another site brings no cookie (SameSite=Strict), but the page's own does.
func (p *Page) sameSite(r *http.Request, status int) string {
	query := r.URL.Query()
	if status != http.StatusForbidden || r.Method != http.MethodGet || query.Has("again") || r.Header.Get("Sec-Fetch-Site") != "cross-site" {
		return ""
	}
	return p.opts.Base + "/team?again=1"
}
