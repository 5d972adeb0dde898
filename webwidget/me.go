package webwidget

import (
	"net/http"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// The bodies of the calls about who a visitor is.
type (
	identityBody struct {
		Identity string `json:"identity" doc:"signed identity (JWT) of a visitor who is logged in to the site"`
	}
	meBody struct {
		Identity      string     `json:"identity" doc:"signed identity (JWT) of a visitor who is logged in to the site; left out: there is none"`
		Conversations []heldBody `json:"conversations" doc:"the conversations that the browser remembers, 30 at most"`
	}
	heldBody struct {
		ID    bridge.ConversationID `json:"id" doc:"the conversation's id"`
		Token string                `json:"token" doc:"the token that opens it"`
		Seen  int64                 `json:"seen" doc:"the last event that was on the browser's screen"`
	}
)

// meAnswer lists a visitor's conversations.
type meAnswer struct {
	Conversations []talkAnswer `json:"conversations" doc:"with the one first in which something was said last, 30 at most"`
}

type talkAnswer struct {
	ID     bridge.ConversationID `json:"id" doc:"names the conversation in addresses"`
	Token  string                `json:"token" doc:"the secret that opens the conversation; of one that only the identity opens it holds as long as the conversation is the identity's"`
	Number int64                 `json:"number" doc:"how people call it"`
	Kind   bridge.Kind           `json:"kind" doc:"'chat', or 'ticket'"`
	State  string                `json:"state" doc:"'waiting', 'active', 'ticket' or 'closed'"`
	About  string                `json:"about" doc:"the beginning of what the visitor asked"`
	Name   string                `json:"name" doc:"the visitor's name"`
	Email  string                `json:"email" doc:"the visitor's address, \"\" if there is none"`
	With   string                `json:"with" doc:"the name of the operator who answers, or who answered last; \"\": nobody has"`
	Last   lastAnswer            `json:"last" doc:"what was said last"`
	Seen   int64                 `json:"seen" doc:"as it was sent"`
	Unread int                   `json:"unread" doc:"how much of what operators said the visitor has neither seen nor answered"`
}

type lastAnswer struct {
	From string `json:"from" doc:"'visitor', 'operator' or 'system'"`
	Text string `json:"text" doc:"the beginning of the words, or the name of a file"`
	At   string `json:"at" doc:"when (RFC 3339)"`
}

// lineMost is how much of a text stands in a list, in bytes.
const lineMost = 200

// signsIn takes in who the visitor of a conversation is. The caller has the conversation's token.
func (s *Server) signsIn(w http.ResponseWriter, r *http.Request, number int64) {
	var in identityBody
	err := s.readJSON(w, r, &in)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	c, wrong := s.identities.verify(in.Identity)
	if wrong.Format != "" {
		s.fail(w, r, invalid("identity", wrong))
		return
	}
	s.done(w, r, s.bridge.Members.SignsIn(r.Context(), number, bridge.Vouched{Subject: c.Subject, Name: c.Name, Email: c.Email}))
}

// me lists the conversations of whoever asks: by the tokens that they have, and by a signed identity.
func (s *Server) me(w http.ResponseWriter, r *http.Request) {
	var in meBody
	if err := s.readJSON(w, r, &in, "text/plain"); err != nil {
		s.fail(w, r, err)
		return
	}
	subject := ""
	if in.Identity != "" {
		c, wrong := s.identities.verify(in.Identity)
		if wrong.Format != "" {
			s.fail(w, r, invalid("identity", wrong))
			return
		}
		subject = c.Subject
	}
	var held []bridge.Held
	for _, h := range in.Conversations {
		held = append(held, bridge.Held{ID: h.ID, Token: h.Token, Seen: h.Seen})
	}
	list, err := s.bridge.Members.Talks(r.Context(), subject, held)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	a := meAnswer{Conversations: []talkAnswer{}}
	for _, t := range list {
		one := talkAnswer{ID: t.ID, Token: t.Token, Number: t.Number, Kind: t.Kind, State: t.Public(), About: bridge.Cut(t.About, lineMost), Name: t.Name, Email: t.Email,
			With: t.With, Last: s.lastOf(r, t), Unread: t.Unread}
		for _, h := range held {
			if h.ID == t.ID {
				one.Seen = h.Seen
			}
		}
		a.Conversations = append(a.Conversations, one)
	}
	answer(w, http.StatusOK, a)
}

// lastOf is the line of a list.
func (s *Server) lastOf(r *http.Request, t bridge.Talk) lastAnswer {
	text := t.Last.Words(tongue(r, ""))
	if f, ok := t.Last.Data.(bridge.SentFile); ok {
		text = f.Name
	}
	return lastAnswer{From: string(t.Last.From), Text: bridge.Cut(text, lineMost), At: stamp(t.Last.At)}
}

// meCalls are the rows of the table of calls.
func meCalls(s *Server, r rooms) []call {
	return []call{
		{method: http.MethodPost, path: "/v1/me", room: r.listed, handle: s.me,
			does: "Lists a visitor's conversations: those of which the caller has the token, and those of a signed identity. Another identity's are left out. The JSON may also be sent as `text/plain`.",
			body: meBody{}, gives: []reply{{200, meAnswer{}, ""}}, refuse: []phrase.Code{phrase.CodeUnavailable}},
		{method: http.MethodPost, path: "/v1/conversations/{id}/identity", room: r.visitor, rate: s.limits.messages, handle: s.authorized(s.signsIn),
			does: "Says who the visitor of an open conversation is, for whom the site vouches; operators see it from then on, and the identity finds the conversation from any browser (`POST /v1/me`). What is another identity's is refused.",
			body: identityBody{}, gives: []reply{{204, nil, ""}}, refuse: []phrase.Code{phrase.CodeConflict, phrase.CodeForbidden, phrase.CodeUnavailable}},
	}
}
