package team

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/report"
)

// boardView is the queue as a board.
type boardView struct {
	Waiting, Active, Available int
	Aims, Endangered           int    // how many departments have targets, and how many conversations miss one or soon do
	Longest                    string // how long the one has waited who has waited longest; "": nobody waits
	Departments                []lamp
	Named                      bool      // visitors are named
	Requests                   []request // those that wait, the longest wait first
	More                       int       // how many further ones wait
	People                     []duty    // who is there
	Talks                      []talk    // who talks to whom
	MoreTalks                  int       // how many further ones do
}

// lamp is a department on the board.
type lamp struct {
	Title, State string
	Lit          bool
	Waiting      int
	Longest      string
}

// request is somebody who waits.
type request struct {
	Number                            int64
	Visitor, Department, Kind, Waited string
	Danger                            string // which target is in danger or missed; "": none is
	Late                              bool   // it is missed
}

// duty is an operator on the board.
type duty struct {
	Name, State string
	Available   bool
	Active      int
}

// boardLooks is how many open conversations the board looks at.
const boardLooks = 5000

// listed is how many requests and how many conversations a board lists: on a screen no more than it has room for.
func listed(named bool) int {
	if named {
		return 15
	}
	return 6
}

// board makes the board of what an operator serves. Visitors are named if named says so.
func (p *Page) board(r *http.Request, who reader, named bool) (v boardView, err error) {
	open, err := p.bridge.OpenFor(r.Context(), who.Operator, boardLooks)
	if err != nil {
		return v, err
	}
	waiting := slices.DeleteFunc(slices.Clone(open), func(c bridge.Conversation) bool { return c.State != bridge.Waiting })
	slices.SortStableFunc(waiting, func(a, b bridge.Conversation) int {
		return cmp.Compare(a.WaitsSince.UnixMilli(), b.WaitsSince.UnixMilli())
	})
	v.Waiting, v.Active, v.Longest = len(waiting), len(open)-len(waiting), p.longest(who, waiting)
	for _, c := range open {
		if p.bridge.Hours.Danger(c).Target != "" {
			v.Endangered++
		}
	}
	titles := make(map[string]string)
	for _, d := range p.bridge.Team.Departments() {
		if d.Targets != (bridge.Targets{}) {
			v.Aims++
		}
		titles[d.Name] = cmp.Or(d.Title, d.Name)
		theirs := slices.DeleteFunc(slices.Clone(waiting), func(c bridge.Conversation) bool { return c.Department != d.Name })
		state, lit := who.Lamp(d.Name)
		v.Departments = append(v.Departments, lamp{titles[d.Name], state, lit, len(theirs), p.longest(who, theirs)})
	}
	v.Named, v.More = named, max(0, len(waiting)-listed(named))
	if v.Requests, err = p.requests(r, who, waiting[:len(waiting)-v.More], titles, named); err != nil {
		return v, err
	}
	if v.Talks, v.MoreTalks, err = p.talks(r, who, open, titles, named); err != nil {
		return v, err
	}
	duties, err := p.bridge.Team.Duties(r.Context())
	for _, o := range duties {
		if o.Available {
			v.Available++
		}
		if o.Enabled && (o.Available || o.Show != bridge.ShowOffline) {
			v.People = append(v.People, duty{o.Name, who.Duty(o), o.Available, o.Active})
		}
	}
	return v, err
}

// longest says how long the first of those has waited who are sorted by their wait.
func (p *Page) longest(who reader, waiting []bridge.Conversation) string {
	if len(waiting) == 0 {
		return ""
	}
	return who.Phrase(bridge.Span(p.bridge.Now().Sub(waiting[0].WaitsSince)))
}

// requests lists requests that wait. Their visitors are named if named says so.
func (p *Page) requests(r *http.Request, who reader, waiting []bridge.Conversation, titles map[string]string, named bool) (list []request, err error) {
	for _, c := range waiting {
		one := request{Number: c.Number, Department: cmp.Or(titles[c.Department], c.Department), Kind: who.Say("chat"), Waited: p.longest(who, []bridge.Conversation{c})}
		if c.Kind == bridge.Ticket {
			one.Kind = who.Say("ticket")
		}
		d := p.bridge.Hours.Danger(c)
		one.Danger, one.Late = who.Danger(d), d.Late()
		if named {
			if one.Visitor, err = p.called(r, who, c); err != nil {
				return nil, err
			}
		}
		list = append(list, one)
	}
	return list, nil
}

// called is what the visitor of a conversation is called.
func (p *Page) called(r *http.Request, who reader, c bridge.Conversation) (string, error) {
	card, err := p.bridge.Card(r.Context(), c.Number)
	if err != nil {
		return "", err
	}
	return who.Visitor(card.Request.Called()), nil
}

// boardEvery is after how many seconds the board of a screen loads itself anew.
const boardEvery = 15

// screenView is the board on a screen of its own.
type screenView struct {
	frame
	Clock string // the time, as clocks on walls show it
	Made  string // the same to the second
	Board boardView
	Today []figure // of today's chats, under their headings
	Heads []string
}

// Wall answers GET /team/wall/{token} with the board for a screen: with numbers and the names of
// operators, and without a word that anybody wrote.
func (p *Page) Wall(w http.ResponseWriter, r *http.Request) {
	maker, err := p.bridge.Passes.Screen(r.Context(), r.PathValue("token"))
	if err != nil {
		p.server.Fail(w, r, err)
		return
	}
	p.screen(w, r, p.reader(maker), r.URL.EscapedPath())
}

// AdmitsScreen reports as an error that the request has no link of a screen.
func (p *Page) AdmitsScreen(r *http.Request) error {
	_, err := p.bridge.Passes.Screen(r.Context(), r.PathValue("token"))
	return err
}

// Board answers GET /team/board with the board that loads itself anew.
func (p *Page) Board(w http.ResponseWriter, r *http.Request) {
	p.admitted(w, r, func(w http.ResponseWriter, r *http.Request, who reader) { p.screen(w, r, who, "/team/board") })
}

// screen renders the board on a screen of its own, where nothing stands that anybody wrote. Path is where
// it is found.
func (p *Page) screen(w http.ResponseWriter, r *http.Request, who reader, path string) {
	f := p.frame(who.tongue, "")
	f.Title, f.Every, f.Again = f.Say("The team now"), boardEvery, p.opts.Base+path
	f.Live, _ = Script()
	now := p.now(who)
	v := screenView{frame: f, Clock: now.Format("15:04"), Made: now.Format("15:04:05")}
	var err error
	if v.Board, err = p.board(r, who, false); err == nil && who.SeesNumbersOf("") {
		err = p.today(r, who, &v)
	}
	if err != nil {
		p.server.Fail(w, r, err)
		return
	}
	w.Header().Set("Content-Security-Policy", scripted+w.Header().Get("Content-Security-Policy"))
	documents.Render(w, http.StatusOK, "screen", f.Language, v)
}

// scripted is what the policy of a board allows beyond that of the team's other pages: the script that keeps it up to date.
const scripted = "script-src 'self'; connect-src 'self'; "

// today puts some figures of today's chats on a screen.
func (p *Page) today(r *http.Request, who reader, v *screenView) error {
	if p.opts.Report == nil {
		return nil
	}
	now := p.opts.Report.Today()
	during, err := bridge.ParseRange("today", now)
	if err != nil {
		return err
	}
	a, err := p.opts.Report.Of(r.Context(), report.Whose{Kind: bridge.Chat}, during)
	for _, c := range columns(bridge.Chat) {
		if slices.Contains([]string{"conversations", "first_answer", "missed", "vote"}, c.name) {
			v.Heads = append(v.Heads, v.Say(c.Title))
			v.Today = append(v.Today, c.of(who.Voice, a, now))
		}
	}
	return err
}

// now is the time in the site's zone if hours are set, else in the reader's.
func (p *Page) now(who reader) time.Time {
	if site := p.bridge.Hours.Site(); !site.Empty() {
		return p.bridge.Now().In(site.Zone())
	}
	return p.bridge.Now().In(p.bridge.Hours.Zone(who.Operator))
}
