package team

import (
	"html/template"
	"net/http"

	"porchlight/bridge"
	"porchlight/bridge/onsite"
	"porchlight/bridge/phrase"
)

// visitorsView is the list of those who are on the site now.
type visitorsView struct {
	frame
	Reader, Clock, Made string
	Off                 string // why nobody is shown; "": they are
	Counted             string // how many there are
	Visits              []visit
	More                int // how many further ones there are
}

// visit is somebody who is on the site.
type visit struct {
	ID, Name           string // Name is "" if it is not known
	Verified           bool
	Page, Title        string
	There, Pages, From string
	Before             string       // what there was before; "": nothing
	Stands             []string     // what is open, and whether they are invited
	Invite             template.URL // opens the chat with the desk, with what invites them written; "": they can't be invited now
}

// visitsListed is how many visitors are listed.
const visitsListed = 100

// sees reports whether an operator may see who is on the site.
func (p *Page) sees(o bridge.Operator) bool {
	return p.opts.Onsite != nil && o.May(bridge.MayVisitors)
}

// seer is admitted for those who may see who is on the site.
func (p *Page) seer(w http.ResponseWriter, r *http.Request, next func(http.ResponseWriter, *http.Request, reader)) {
	p.admitted(w, r, func(w http.ResponseWriter, r *http.Request, who reader) {
		if !p.sees(who.Operator) {
			p.server.Fail(w, r, unseen())
			return
		}
		next(w, r, who)
	})
}

func unseen() error {
	return phrase.Fail(phrase.CodeForbidden, "You may not see who is on the site. A super operator can allow it.")
}

// AdmitsSeer reports as an error that the request comes from no browser of somebody who may see who is on the site.
func (p *Page) AdmitsSeer(r *http.Request) error {
	o, err := p.bridge.Passes.Who(r.Context(), p.session(r))
	if err == nil && !p.sees(o) {
		err = unseen()
	}
	return err
}

// Visitors answers GET /team/visitors with those who are on the site, in a list that keeps itself up to date.
func (p *Page) Visitors(w http.ResponseWriter, r *http.Request) { p.seer(w, r, p.visitors) }

func (p *Page) visitors(w http.ResponseWriter, r *http.Request, who reader) {
	v := visitorsView{frame: p.frame(who.tongue, ""), Reader: who.Name, Clock: p.clock(who), Made: p.now(who).Format("15:04:05")}
	v.Title, v.Every, v.Again = v.Say("Who is on the site now"), boardEvery, p.opts.Base+visitorsPath
	v.Live, _ = Script()
	if err := p.opts.Onsite.Shown(); err != nil {
		v.Off = v.Language.Say(phrase.Of(err))
	}
	list, open := p.opts.Onsite.Visits(), 0
	for i, x := range list {
		if x.Open {
			open++
		}
		if i < visitsListed {
			v.Visits = append(v.Visits, p.visit(who, x))
		}
	}
	v.Counted, v.More = v.Say("%d on the site, %d have the widget open:", len(list), open), len(list)-len(v.Visits)
	w.Header().Set("Content-Security-Policy", scripted+w.Header().Get("Content-Security-Policy"))
	documents.Render(w, http.StatusOK, "visitors", v.Language, v)
}

// visitorsPath is where the list is found.
const visitorsPath = "/team/" + bridge.VisitorsPage

// visit says who somebody on the site is, and where.
func (p *Page) visit(who reader, x onsite.Visit) visit {
	now := p.bridge.Now()
	v := visit{ID: x.ID, Verified: x.Who.Verified, Page: x.Path(), Title: x.Page.Title, From: x.Page.Referrer, There: who.Phrase(bridge.Span(now.Sub(x.Since)))}
	if x.Who.Name != "" {
		v.Name = who.Visitor(x.Who.Name)
	}
	if x.Pages > 1 {
		v.Pages = who.Say("%d pages", x.Pages) + ", " + who.Phrase(bridge.Span(now.Sub(x.Began)))
	}
	if before, ok := x.Who.Before(who.Short); ok {
		v.Before = who.Phrase(before)
	}
	for _, s := range x.Stands(now) {
		v.Stands = append(v.Stands, who.Phrase(s))
	}
	if x.Bars(who.Operator, now) == nil {
		v.Invite = template.URL(p.bridge.Onsite.Line("invite-visitor " + x.ID)) // the scheme is our own
	}
	return v
}
