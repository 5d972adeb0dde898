package team

import (
	"net/http"

	"porchlight/bridge"
)

// longest is far longer than any token that porchlight makes, in bytes.
const longest = 100

// enterView is the button that opens the page.
type enterView struct {
	frame
	Action string
}

// Enter answers GET /team/{link} with a button. The link still works afterwards.
func (p *Page) Enter(w http.ResponseWriter, r *http.Request) {
	link := r.PathValue("link")
	if err := p.bridge.Passes.Works(r.Context(), link); err != nil {
		p.server.Fail(w, r, err)
		return
	}
	f := p.frame(p.server.Language(r), "")
	f.Title = f.Say("The team's page")
	documents.Render(w, http.StatusOK, "enter", f.Language, enterView{f, p.opts.Base + "/team/" + link})
}

// Open answers POST /team/{link}: it turns the link into a session of this browser, in place of the one
// that the browser may have.
func (p *Page) Open(w http.ResponseWriter, r *http.Request) {
	session, to, err := p.bridge.Passes.Redeem(r.Context(), r.PathValue("link"), p.session(r))
	if err != nil {
		p.server.Fail(w, r, err)
		return
	}
	p.setCookie(w, session, int(bridge.SessionLasts.Seconds()))
	p.seeOther(w, to)
}

// Leave answers POST /team/leave: it ends the browser's session.
func (p *Page) Leave(w http.ResponseWriter, r *http.Request) {
	if err := p.bridge.Passes.Leave(r.Context(), p.session(r)); err != nil {
		p.server.Fail(w, r, err)
		return
	}
	p.setCookie(w, "", -1)
	p.seeOther(w, "")
}

// seeOther leads the browser to a view of the page, so that loading it anew posts nothing. to is the end of
// the address, as bridge.View writes it.
func (p *Page) seeOther(w http.ResponseWriter, to string) {
	w.Header().Set("Location", p.opts.Base+"/team"+to)
	w.WriteHeader(http.StatusSeeOther)
}

// The names of the cookie that holds the session's token. No script can read the cookie, and no other
// site's page makes a browser send it. With the prefix (RFC 6265bis §4.1.3.2) nobody else can set it,
// but browsers take that from https, and some of them from http on their own machine. For others a
// service that is reached by http, which is one for trials, sets a second one.
const (
	cookieName = "__Host-porchlight_team"
	httpCookie = "porchlight_team"
)

// setCookie sets the cookie for so many seconds; below 0 it takes the cookie away.
func (p *Page) setCookie(w http.ResponseWriter, session string, seconds int) {
	c := http.Cookie{Name: cookieName, Value: session, Path: "/", MaxAge: seconds, HttpOnly: true, Secure: true, SameSite: http.SameSiteStrictMode}
	http.SetCookie(w, &c)
	if !p.opts.Secure {
		c.Name, c.Secure = httpCookie, false
		http.SetCookie(w, &c)
	}
}

// session is the token in the cookie, "" if there is none.
func (p *Page) session(r *http.Request) string {
	cookie, err := r.Cookie(cookieName)
	if err != nil && !p.opts.Secure {
		cookie, err = r.Cookie(httpCookie)
	}
	if err != nil || len(cookie.Value) > longest {
		return ""
	}
	return cookie.Value
}

// Admits reports as an error that the request comes from no browser with a session.
func (p *Page) Admits(r *http.Request) error {
	_, err := p.bridge.Passes.Who(r.Context(), p.session(r))
	return err
}

// admitted lets in a browser with a session, and hands its operator on, as they are now.
func (p *Page) admitted(w http.ResponseWriter, r *http.Request, next func(w http.ResponseWriter, r *http.Request, who reader)) {
	o, err := p.bridge.Passes.Who(r.Context(), p.session(r))
	if err != nil {
		p.server.Fail(w, r, err)
		return
	}
	next(w, r, p.reader(o))
}
