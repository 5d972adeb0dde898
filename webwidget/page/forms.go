package page

import (
	"net/http"
	"strings"

	"porchlight/bridge"
)

// Ask takes the request form: it opens a conversation and sets the cookie. The
// form's client id makes a second click the same inquiry.
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
	if err != nil {
		wrong := p.server.Explain(r, err)
		if wrong.Status == http.StatusUnprocessableEntity && wrong.Errors["client_id"].Format != "" {
			form.ClientID = "" // one that could be guessed; another is made
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
	p.seeOther(w)
}

// inquiry turns the form into the domain's words.
func (p *Page) inquiry(r *http.Request, form formView) (bridge.Inquiry, error) {
	q := bridge.Inquiry{ClientID: form.ClientID, Department: form.Department, Request: bridge.Request{
		Name: form.Name, Email: form.Email, Reason: form.Reason,
		Page:     bridge.Page{URL: p.opts.Own + p.opts.Base + "/chat", Referrer: form.Referrer},
		Language: language(r),
	}}
	if !form.Returning { // the cookie alone does not say who sent it: by the second click the first has set one
		return q, nil
	}
	earlier, _, err := p.known(r)
	q.Returning = earlier.Visitor
	return q, err
}

// Write takes a message.
func (p *Page) Write(w http.ResponseWriter, r *http.Request) {
	p.form(w, r, func(c bridge.Conversation) error {
		return p.server.Write(r, c.Number, r.PostForm.Get("client_id"), r.PostForm.Get("text"))
	})
}

// Email takes an address that is given later.
func (p *Page) Email(w http.ResponseWriter, r *http.Request) {
	p.form(w, r, func(c bridge.Conversation) error {
		return p.bridge.VisitorMails(r.Context(), c.Number, r.PostForm.Get("email"))
	})
}

// Close ends the conversation.
func (p *Page) Close(w http.ResponseWriter, r *http.Request) {
	p.form(w, r, func(c bridge.Conversation) error { return p.bridge.VisitorCloses(r.Context(), c.Number) })
}

// form takes a form that is about the cookie's conversation, and shows it again
// with what the visitor typed if do refuses it.
func (p *Page) form(w http.ResponseWriter, r *http.Request, do func(bridge.Conversation) error) {
	if err := p.server.ReadForm(w, r); err != nil {
		p.server.Fail(w, r, err)
		return
	}
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
	p.seeOther(w)
}

// seeOther leads back to the page, so that loading it anew posts nothing.
func (p *Page) seeOther(w http.ResponseWriter) {
	w.Header().Set("Location", p.opts.Base+"/chat")
	w.WriteHeader(http.StatusSeeOther)
}

// language is the first of Accept-Language.
func language(r *http.Request) string {
	tag, _, _ := strings.Cut(r.Header.Get("Accept-Language"), ",")
	tag, _, _ = strings.Cut(tag, ";")
	if tag = strings.TrimSpace(tag); len(tag) > 35 { // the longest of BCP 47
		return ""
	}
	return tag
}
