package page

import (
	"crypto/rand"
	"net/http"
	"strconv"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// Ask takes the request form: it opens a conversation and sets the cookie. The form's
// client id makes the same inquiry of a second click. Whoever goes back and sends something else asks anew.
func (p *Page) Ask(w http.ResponseWriter, r *http.Request) {
	if err := p.server.ReadForm(w, r); err != nil {
		p.server.Fail(w, r, err)
		return
	}
	f := r.PostForm
	form := formView{ClientID: f.Get("client_id"), Department: f.Get("department"), Name: f.Get("name"),
		Email: f.Get("email"), Reason: f.Get("reason"), Referrer: f.Get("referrer"), Returning: f.Get("returning") != ""}
	var o bridge.Opened
	var wait *Wait
	q, err := p.inquiry(r, form)
	if err == nil {
		o, wait, err = p.server.Ask(w, r, q, f.Get("wait"))
	}
	if phrase.CodeOf(err) == phrase.CodeConflict {
		q.ClientID = rand.Text()
		o, wait, err = p.server.Ask(w, r, q, f.Get("wait"))
	}
	if err != nil {
		wrong := p.server.Explain(r, err)
		if wrong.Status == http.StatusUnprocessableEntity && wrong.Errors["client_id"].Format != "" {
			form.ClientID = "" // it could be guessed, so showForm makes another
		}
		p.showForm(w, r, wrong.Status, form, &wrong)
		return
	}
	if wait != nil {
		form.Wait = wait
		p.showForm(w, r, http.StatusPreconditionRequired, form, nil)
		return
	}
	p.setCookie(w, o.ID, o.Token)
	p.seeOther(w, "/chat")
}

// inquiry turns the form into an inquiry.
func (p *Page) inquiry(r *http.Request, form formView) (bridge.Inquiry, error) {
	q := bridge.Inquiry{ClientID: form.ClientID, Department: form.Department, Form: p.filled(r), Request: bridge.Request{
		Name: form.Name, Email: form.Email, Reason: form.Reason,
		Page:     bridge.Page{URL: p.opts.Own + p.opts.Base + "/chat", Referrer: form.Referrer},
		Language: language(r),
	}}
	if !form.Returning { // a cookie that came later proves nothing: a second click brings the cookie that the first has set
		return q, nil
	}
	earlier, _, err := p.known(r)
	q.Returning = earlier.Visitor
	return q, err
}

// Write takes the form with a message.
func (p *Page) Write(w http.ResponseWriter, r *http.Request) {
	p.form(w, r, func(c bridge.Conversation) error {
		return p.server.Write(r, c.Number, r.PostForm.Get("client_id"), r.PostForm.Get("text"))
	})
}

// Send takes the form with a file.
func (p *Page) Send(w http.ResponseWriter, r *http.Request) {
	p.about(w, r, func(c bridge.Conversation) error { return p.server.Take(w, r, c.Number) })
}

// Email takes the form with an address that the visitor gives after the request.
func (p *Page) Email(w http.ResponseWriter, r *http.Request) {
	p.form(w, r, func(c bridge.Conversation) error {
		return p.bridge.VisitorMails(r.Context(), c.Number, r.PostForm.Get("email"))
	})
}

// Close ends the conversation.
func (p *Page) Close(w http.ResponseWriter, r *http.Request) {
	p.form(w, r, func(c bridge.Conversation) error { return p.bridge.VisitorCloses(r.Context(), c.Number) })
}

// Vote takes the form with the visitor's vote.
func (p *Page) Vote(w http.ResponseWriter, r *http.Request) {
	p.form(w, r, func(c bridge.Conversation) error { return p.vote(r, c) })
}

// vote stores the vote of a form that was read.
func (p *Page) vote(r *http.Request, c bridge.Conversation) error {
	score, err := strconv.ParseInt(r.PostForm.Get("score"), 10, 64)
	if err != nil {
		score = 0 // no vote that there is
	}
	return p.bridge.VisitorVotes(r.Context(), c.Number, score, r.PostForm.Get("comment"))
}

// form takes a form about the cookie's conversation, as about does.
func (p *Page) form(w http.ResponseWriter, r *http.Request, do func(bridge.Conversation) error) {
	if err := p.server.ReadForm(w, r); err != nil {
		p.server.Fail(w, r, err)
		return
	}
	p.about(w, r, do)
}

// about does something about the cookie's conversation. If do refuses it, the page is shown
// again with what the visitor typed.
func (p *Page) about(w http.ResponseWriter, r *http.Request, do func(bridge.Conversation) error) {
	c, err := p.conversation(r)
	if err != nil {
		p.server.Fail(w, r, err)
		return
	}
	if err := do(c); err != nil {
		wrong := p.server.Explain(r, err)
		p.showTalk(w, r, wrong.Status, c, &wrong)
		return
	}
	p.seeOther(w, "/chat")
}

// seeOther leads the browser to a path below Options.Base, so that loading it anew posts nothing.
func (p *Page) seeOther(w http.ResponseWriter, path string) {
	w.Header().Set("Location", p.opts.Base+path)
	w.WriteHeader(http.StatusSeeOther)
}

// language returns the first language of Accept-Language, "" if there is none.
func language(r *http.Request) string {
	tag, _, _ := strings.Cut(r.Header.Get("Accept-Language"), ",")
	tag, _, _ = strings.Cut(tag, ";")
	if tag = strings.TrimSpace(tag); len(tag) > 35 { // longer than RFC 5646 §4.4.1 asks to take
		return ""
	}
	return tag
}
