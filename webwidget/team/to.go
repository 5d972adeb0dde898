package team

import (
	"net/http"

	"porchlight/bridge/phrase"
)

// toView is the page that leads into one of the site's own systems.
type toView struct {
	frame
	URL, Name string
}

// To answers GET /team/to/{link}: it leads the operator for whom a link was made on into one of the site's own systems, with a
// token that is made now. That a program which shows a preview of the link asks for this page starts nothing, as long as it
// does not go on.
func (p *Page) To(w http.ResponseWriter, r *http.Request) {
	l := p.server.Language(r)
	to, err := p.bridge.SiteLinks.Follow(r.Context(), r.PathValue("link"))
	switch {
	case phrase.CodeOf(err) == phrase.CodeNotFound:
		documents.Render(w, http.StatusNotFound, "refusal", l, refusalView{frame: p.frame(l, l.Say(phrase.Say("The team's page"))), Detail: l.Say(phrase.Of(err))})
	case err != nil:
		p.server.Fail(w, r, err)
	default:
		f := p.frame(l, to.Name)
		f.Again = to.URL
		documents.Render(w, http.StatusOK, "to", l, toView{f, to.URL, to.Name})
	}
}
