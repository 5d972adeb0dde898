package webwidget

import (
	"net/http"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// storedAnswer says that a message is stored.
type storedAnswer struct {
	Seq      int64  `json:"seq"`
	ClientID string `json:"client_id"`
	At       string `json:"at"`
}

// write stores a visitor's message, or the correction of their last one: 201, or
// 200 and the same body if it came before.
func (s *Server) write(w http.ResponseWriter, r *http.Request) {
	var in struct {
		ClientID string `json:"client_id"`
		Text     string `json:"text"`
		Replaces int64  `json:"replaces"` // seq of the message that is corrected; 0: a new one
	}
	err := s.readJSON(w, r, &in)
	if err == nil {
		err = sound(in.ClientID)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	var e bridge.Event
	var repeated bool
	if in.Replaces == 0 {
		e, repeated, err = s.bridge.VisitorWrites(r.Context(), number(r), in.ClientID, in.Text)
	} else {
		e, repeated, err = s.bridge.VisitorCorrects(r.Context(), number(r), in.ClientID, in.Text, in.Replaces)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	status := http.StatusCreated
	if repeated {
		status = http.StatusOK
	}
	answer(w, status, storedAnswer{Seq: e.Seq, ClientID: e.ClientID(), At: stamp(e.At)})
}

// typing tells the operators that the visitor writes, or has stopped.
func (s *Server) typing(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Active bool `json:"active"`
	}
	if err := s.readJSON(w, r, &in); err != nil {
		s.fail(w, r, err)
		return
	}
	c, err := s.conversation(r)
	if err == nil {
		s.bridge.VisitorTypes(c, in.Active)
	}
	s.done(w, r, err)
}

// seen tells the operators up to where the page has shown the log.
func (s *Server) seen(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Seq int64 `json:"seq"`
	}
	if err := s.readJSON(w, r, &in); err != nil {
		s.fail(w, r, err)
		return
	}
	if in.Seq < 1 {
		s.fail(w, r, invalid("seq", phrase.Say("This must be the number of an event, from 1.")))
		return
	}
	c, err := s.conversation(r)
	if err == nil {
		s.bridge.VisitorSaw(c, in.Seq)
	}
	s.done(w, r, err)
}

// leave says that the page is going away.
func (s *Server) leave(w http.ResponseWriter, r *http.Request) {
	s.done(w, r, s.bridge.VisitorLeaves(r.Context(), number(r)))
}

// close ends the conversation.
func (s *Server) close(w http.ResponseWriter, r *http.Request) {
	s.done(w, r, s.bridge.VisitorCloses(r.Context(), number(r)))
}

// email stores the address that a visitor gives after the request.
func (s *Server) email(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Email string `json:"email"`
	}
	if err := s.readJSON(w, r, &in); err != nil {
		s.fail(w, r, err)
		return
	}
	s.done(w, r, s.bridge.VisitorMails(r.Context(), number(r), in.Email))
}

// done answers 204, or with the error.
func (s *Server) done(w http.ResponseWriter, r *http.Request, err error) {
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// page takes what the visitor's page shows now, and whether it is seen.
func (s *Server) looks(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Hidden bool   `json:"hidden"`
		URL    string `json:"url"`
		Title  string `json:"title"`
	}
	if err := s.readJSON(w, r, &in); err != nil {
		s.fail(w, r, err)
		return
	}
	s.done(w, r, s.bridge.VisitorLooks(r.Context(), number(r), bridge.PageState{Hidden: in.Hidden, URL: in.URL, Title: in.Title}))
}
