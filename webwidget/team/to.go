package team

import (
	"net/http"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// toView is the page that leads into one of the site's own systems: by a button first, and then by itself.
type toView struct {
	frame
	Action    string // where the button leads; "": it was pressed
	URL, Name string
}

// To answers GET /team/to/{link} with a button that leads the operator for whom a link was made on into one of the site's own
// systems. No token is made: a program that shows a preview of the link, or looks whether it is harmful, gets none.
func (p *Page) To(w http.ResponseWriter, r *http.Request) {
	p.to(w, r, func(f frame, to bridge.Pointer) toView {
		return toView{frame: f, Action: p.opts.Base + "/team/to/" + r.PathValue("link"), Name: to.Name}
	})
}

// GoTo answers POST /team/to/{link}: it leads on, with a token that is made now. It leads by a page, since the policy of
// this one sends forms nowhere else.
func (p *Page) GoTo(w http.ResponseWriter, r *http.Request) {
	p.to(w, r, func(f frame, to bridge.Pointer) toView {
		f.Again = to.URL
		return toView{frame: f, URL: to.URL, Name: to.Name}
	})
}

func (p *Page) to(w http.ResponseWriter, r *http.Request, view func(frame, bridge.Pointer) toView) {
	l := p.server.Language(r)
	to, err := p.bridge.SiteLinks.Follow(r.Context(), r.PathValue("link"))
	switch {
	case phrase.CodeOf(err) == phrase.CodeNotFound:
		documents.Render(w, http.StatusNotFound, "refusal", l, refusalView{frame: p.frame(l, l.Say(phrase.Say("The team's page"))), Detail: l.Say(phrase.Of(err))})
	case err != nil:
		p.server.Fail(w, r, err)
	default:
		documents.Render(w, http.StatusOK, "to", l, view(p.frame(l, to.Name), to))
	}
}
