package team

import (
	"net/http"
	"slices"

	"porchlight/bridge"
	"porchlight/bridge/report"
)

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
