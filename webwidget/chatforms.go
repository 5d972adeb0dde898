package webwidget

import (
	"net/http"

	"porchlight/bridge"
)

// chatAsk takes the request form: it opens a conversation and sets the cookie.
// The form's client id makes a second click the same inquiry.
func (s *Server) chatAsk(w http.ResponseWriter, r *http.Request) {
	s.lookAtSetup(r)
	if err := s.readForm(w, r); err != nil {
		s.fail(w, r, err)
		return
	}
	f := r.PostForm
	form := formView{ClientID: f.Get("client_id"), Department: f.Get("department"), Name: f.Get("name"),
		Email: f.Get("email"), Reason: f.Get("reason"), Referrer: f.Get("referrer"), Returning: f.Get("returning") != ""}
	q := bridge.Inquiry{ClientID: form.ClientID, Department: form.Department, Request: bridge.Request{
		Name: form.Name, Email: form.Email, Reason: form.Reason,
		Page:     bridge.Page{URL: s.origins.own + s.base + "/chat", Referrer: form.Referrer},
		Language: language(r), Browser: r.UserAgent(), Address: s.client(r).String(),
	}}
	// The form says who sent it, not the cookie alone: by the second click the first has set one.
	if earlier, err := s.chatConversation(r); err == nil && form.Returning {
		q.Returning = earlier.Visitor
	}
	if err := sound(form.ClientID); err != nil {
		form.ClientID = "" // another one is made
		s.showForm(w, r, http.StatusUnprocessableEntity, form, asProblem(err))
		return
	}
	refund, again, err := s.payByWaiting(w, r, f.Get("wait"))
	if again != nil {
		form.Wait = again
		s.showForm(w, r, http.StatusPreconditionRequired, form, nil)
		return
	}
	var o bridge.Opened
	if err == nil {
		if o, err = s.bridge.Ask(r.Context(), q); err != nil {
			refund()
		}
	}
	if err != nil {
		s.report(r, err)
		wrong := asProblem(err)
		s.showForm(w, r, wrong.Status, form, wrong)
		return
	}
	s.setCookie(w, o.ID, o.Token)
	s.seeOther(w)
}

// chatWrite takes a message.
func (s *Server) chatWrite(w http.ResponseWriter, r *http.Request) {
	s.chatForm(w, r, func(c bridge.Conversation) error {
		err := sound(r.PostForm.Get("client_id"))
		if err == nil {
			_, _, err = s.bridge.VisitorWrites(r.Context(), c.Number, r.PostForm.Get("client_id"), r.PostForm.Get("text"))
		}
		return err
	})
}

// chatEmail takes an address that is given later.
func (s *Server) chatEmail(w http.ResponseWriter, r *http.Request) {
	s.chatForm(w, r, func(c bridge.Conversation) error {
		return s.bridge.VisitorMails(r.Context(), c.Number, r.PostForm.Get("email"))
	})
}

// chatClose ends the conversation.
func (s *Server) chatClose(w http.ResponseWriter, r *http.Request) {
	s.chatForm(w, r, func(c bridge.Conversation) error { return s.bridge.VisitorCloses(r.Context(), c.Number) })
}

// chatForm takes a form that is about the cookie's conversation, and shows it
// again with what the visitor typed if do refuses it.
func (s *Server) chatForm(w http.ResponseWriter, r *http.Request, do func(bridge.Conversation) error) {
	if err := s.readForm(w, r); err != nil {
		s.fail(w, r, err)
		return
	}
	c, err := s.chatConversation(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if err := do(c); err != nil {
		s.report(r, err)
		wrong := asProblem(err)
		s.showTalk(w, r, wrong.Status, c, wrong)
		return
	}
	s.seeOther(w)
}
