package team

import (
	"net/http"

	"porchlight/bridge"
	"porchlight/bridge/hours"
	"porchlight/bridge/phrase"
)

// pageView is the whole page.
type pageView struct {
	frame
	Reader string // the operator's name
	Seeks  bool   // the operator may search
	Sees   bool   // the operator may see who is on the site
	Clock  string
	Alert  string // what is wrong with what was chosen
	Board  boardView
	Stats  *statsView // nil: nothing is counted
	Week   weekView
	Votes  votesView
}

// clock says when the page was made, and where the clocks show that.
func (p *Page) clock(who reader) string {
	now := p.now(who)
	return who.Phrase(hours.Day(now)) + " " + now.Format("15:04") + " " + now.Location().String()
}

// Show answers GET /team with all that the operator may see.
func (p *Page) Show(w http.ResponseWriter, r *http.Request) { p.admitted(w, r, p.show) }

func (p *Page) show(w http.ResponseWriter, r *http.Request, who reader) {
	q := queryOf(r)
	v := pageView{frame: p.frame(who.tongue, ""), Reader: who.Name, Seeks: who.May(bridge.MaySearch) && p.opts.Archive != nil, Sees: p.sees(who.Operator), Clock: p.clock(who)}
	v.Title = v.Say("The team's page")
	status := http.StatusOK
	if err := p.seen(who, q); err != nil { // the rest of the page is for the reader
		status, v.Alert, q.Who = http.StatusForbidden, v.Language.Say(phrase.Of(err)), ""
		if phrase.CodeOf(err) == phrase.CodeNotFound {
			status = http.StatusNotFound
		}
	}
	during, err := bridge.ParseRange(q.During, p.bridge.Hours.Today())
	if err != nil {
		status, v.Alert, q.During = http.StatusUnprocessableEntity, v.Language.Say(phrase.Of(err)), usualRange
		during, err = bridge.ParseRange(q.During, p.bridge.Hours.Today())
	}
	if err == nil {
		v.Board, err = p.board(r, who, true)
	}
	if err == nil {
		v.Stats, err = p.stats(r, v.frame, who, q)
	}
	if err == nil {
		v.Votes, err = p.votes(r, who, q, during)
	}
	if err != nil {
		p.server.Fail(w, r, err)
		return
	}
	v.Week = p.week(v.frame, who)
	documents.Render(w, status, "page", v.Language, v)
}
