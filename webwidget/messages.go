package webwidget

import (
	"net/http"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// The bodies of the calls about a conversation.
type (
	messageBody struct {
		ClientID string `json:"client_id" doc:"a random id of the browser's own, of at least 16 characters: under it the same message counts once; left out: one is made"`
		Text     string `json:"text" doc:"the message"`
		Replaces int64  `json:"replaces" doc:"the seq of the message that this one corrects; 0: it is a new one"`
	}
	typingBody struct {
		Active bool `json:"active" doc:"whether the visitor is writing"`
	}
	seenBody struct {
		Seq int64 `json:"seq" doc:"the last event that the visitor has seen, from 1"`
	}
	emailBody struct {
		Email string `json:"email" doc:"the address"`
	}
	feedbackBody struct {
		Score   float64 `json:"score" doc:"the vote: a whole number from 1, the worst, to 5, the best"`
		Comment string  `json:"comment" doc:"what the visitor says to it, which only operators read"`
	}
	looksBody struct {
		Hidden bool   `json:"hidden" doc:"whether the page is in the background"`
		URL    string `json:"url" doc:"the address of the page"`
		Title  string `json:"title" doc:"its title"`
	}
)

// storedAnswer says that a message is stored.
type storedAnswer struct {
	Seq      int64  `json:"seq" doc:"the event's number in the log"`
	ClientID string `json:"client_id" doc:"as it was sent"`
	At       string `json:"at" doc:"when it was stored (RFC 3339)"`
}

// write stores a visitor's message, or a correction of their last message. It answers
// 201, or 200 with the same body if the message came before.
func (s *Server) write(w http.ResponseWriter, r *http.Request, number int64) {
	var in messageBody
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
		e, repeated, err = s.bridge.VisitorWrites(r.Context(), number, in.ClientID, in.Text)
	} else {
		e, repeated, err = s.bridge.VisitorCorrects(r.Context(), number, in.ClientID, in.Text, in.Replaces)
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

// typing tells the operators that the visitor is writing, or has stopped.
func (s *Server) typing(w http.ResponseWriter, r *http.Request, number int64) {
	var in typingBody
	if err := s.readJSON(w, r, &in); err != nil {
		s.fail(w, r, err)
		return
	}
	c, err := s.bridge.Conversation(r.Context(), number)
	if err == nil {
		s.bridge.VisitorTypes(c, in.Active)
	}
	s.done(w, r, err)
}

// seen tells the operators up to which event the page has shown the log.
func (s *Server) seen(w http.ResponseWriter, r *http.Request, number int64) {
	var in seenBody
	if err := s.readJSON(w, r, &in); err != nil {
		s.fail(w, r, err)
		return
	}
	if in.Seq < 1 {
		s.fail(w, r, invalid("seq", phrase.Say("This must be the number of an event, from 1.")))
		return
	}
	c, err := s.bridge.Conversation(r.Context(), number)
	if err == nil {
		s.bridge.VisitorSaw(c, in.Seq)
	}
	s.done(w, r, err)
}

// leave says that the page is going away.
func (s *Server) leave(w http.ResponseWriter, r *http.Request, number int64) {
	s.done(w, r, s.bridge.VisitorLeaves(r.Context(), number))
}

// close ends the conversation.
func (s *Server) close(w http.ResponseWriter, r *http.Request, number int64) {
	s.done(w, r, s.bridge.VisitorCloses(r.Context(), number))
}

// email stores the address that a visitor gives after the request.
func (s *Server) email(w http.ResponseWriter, r *http.Request, number int64) {
	var in emailBody
	if err := s.readJSON(w, r, &in); err != nil {
		s.fail(w, r, err)
		return
	}
	s.done(w, r, s.bridge.VisitorMails(r.Context(), number, in.Email))
}

// transcript sends the conversation to its visitor.
func (s *Server) transcript(w http.ResponseWriter, r *http.Request, number int64) {
	var in emailBody
	if err := s.readJSON(w, r, &in); err != nil {
		s.fail(w, r, err)
		return
	}
	s.done(w, r, s.bridge.SendTranscript(r.Context(), number, in.Email))
}

// feedback stores the visitor's vote.
func (s *Server) feedback(w http.ResponseWriter, r *http.Request, number int64) {
	var in feedbackBody
	if err := s.readJSON(w, r, &in); err != nil {
		s.fail(w, r, err)
		return
	}
	score := int64(max(0, min(in.Score, 6))) // a vote that there is not stays one
	if float64(score) != in.Score {
		score = 0
	}
	s.done(w, r, s.bridge.VisitorVotes(r.Context(), number, score, in.Comment))
}

// done answers with 204, or with the error.
func (s *Server) done(w http.ResponseWriter, r *http.Request, err error) {
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// looks takes in which page the visitor is on now, and whether that page is hidden.
func (s *Server) looks(w http.ResponseWriter, r *http.Request, number int64) {
	var in looksBody
	if err := s.readJSON(w, r, &in); err != nil {
		s.fail(w, r, err)
		return
	}
	s.done(w, r, s.bridge.VisitorLooks(r.Context(), number, bridge.PageState{Hidden: in.Hidden, URL: in.URL, Title: in.Title}))
}
