package webwidget

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/webwidget/peer"
)

// inquiry is the body of POST /v1/conversations.
type inquiry struct {
	ClientID   string          `json:"client_id" doc:"a random id of the browser's own, of at least 16 characters: under it the same request opens one conversation, and another one is refused; left out: one is made"`
	Name       string          `json:"name" doc:"the visitor's name; may be left out"`
	Email      string          `json:"email" doc:"the visitor's address; has to be there while nobody is online"`
	Reason     string          `json:"reason" doc:"what the request is about"`
	Department string          `json:"department" doc:"the name of the department that it is for; left out: any"`
	Page       pageOf          `json:"page" doc:"which page the visitor looks at"`
	Language   string          `json:"language" doc:"BCP 47 tag of the language that the visitor reads"`
	Identity   string          `json:"identity" doc:"signed identity (JWT) of a visitor who is logged in to the site"`
	Attributes json.RawMessage `json:"attributes" doc:"an object with further facts that the site tells the operators"`
	Phone      string          `json:"phone" doc:"the visitor's phone number, if the site asks for it"`
	Fields     answers         `json:"fields" doc:"an object with what the visitor filled into the site's own fields, by their names; a box that is ticked has 'yes'"`
	Consent    string          `json:"consent" doc:"the text of the site's beside which the visitor ticked the box, word for word; needed if the site has one"`
	TimeZone   string          `json:"time_zone" doc:"the time zone of the browser, such as Europe/Berlin"`
	Proof      proofAnswer     `json:"proof" doc:"the proof of work, when it is wanted"`
	Invitation string          `json:"invitation" doc:"the token of the invitation that the visitor answers"`
	Previous   string          `json:"previous" doc:"id of an earlier conversation of the visitor, whose token is in 'Authorization'"`
}

// answers are what a visitor filled in, by the name of the field.
type answers map[string]string

// pageOf is the page at which the visitor looked.
type pageOf struct {
	URL      string `json:"url" doc:"its address"`
	Title    string `json:"title" doc:"its title"`
	Referrer string `json:"referrer" doc:"where the visitor came from"`
}

// openedAnswer is the answer to an inquiry.
type openedAnswer struct {
	ID       bridge.ConversationID `json:"id" doc:"names the conversation in addresses"`
	Token    string                `json:"token" doc:"the secret that opens the conversation"`
	Number   int64                 `json:"number" doc:"how people call it"`
	Visitor  bridge.VisitorJID     `json:"visitor" doc:"the visitor's XMPP address"`
	State    string                `json:"state" doc:"'waiting' or 'ticket'"`
	Position int                   `json:"position" doc:"the place in the queue, from 1; 0 for a ticket"`
	Wait     int64                 `json:"wait,omitempty" doc:"for about how many seconds the visitor will wait, left out if that is not known"`
	Seq      int64                 `json:"seq" doc:"the last event's number in the log"`
	Snapshot *snapshotAnswer       `json:"snapshot,omitempty" doc:"where the conversation stands, if the query asked for it"`
}

// ask opens a conversation: 201, or 200 if the same inquiry came before. The inquiry may be called text/plain, so that
// browsers ask for no leave before they send it (Fetch standard, CORS-safelisted request-header). That opens no way in: a
// page of another site still has its Origin, by which it is refused.
func (s *Server) ask(w http.ResponseWriter, r *http.Request) {
	s.lookout.look(r)
	var in inquiry
	if err := s.readJSON(w, r, &in, "text/plain"); err != nil {
		s.fail(w, r, err)
		return
	}
	q, err := s.inquiryOf(r, in)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	answered := s.invite(in.Invitation, &q)
	refund, err := s.toll.pay(w, r, peer.Of(s.proxies.client(r)), in.Proof)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	o, err := s.bridge.Ask(r.Context(), q)
	if err != nil {
		refund()
		s.fail(w, r, err)
		return
	}
	answered(r.Context(), o)
	status := http.StatusCreated
	if o.Repeated {
		status = http.StatusOK
	}
	a := openedAnswer{ID: o.ID, Token: o.Token, Number: o.Number, Visitor: o.Visitor, State: o.Public(), Position: o.Position, Wait: o.Wait, Seq: o.Seq}
	if with := wanted(r); slices.Contains(with, "snapshot") {
		// The request is stored: whoever can't have this too asks for it by another call.
		if now, err := s.snapshotOf(r.Context(), o.Number, with); err == nil {
			a.Snapshot = &now
		}
	}
	answer(w, status, a)
}

// wanted lists what the caller wants the answer to say beside the rest.
func wanted(r *http.Request) []string { return strings.Split(r.URL.Query().Get("with"), ",") }

// inquiryOf turns the body of a call into an inquiry of the domain.
func (s *Server) inquiryOf(r *http.Request, in inquiry) (bridge.Inquiry, error) {
	attributes, err := compactObject(in.Attributes)
	if err == nil {
		err = sound(in.ClientID)
	}
	if err != nil {
		return bridge.Inquiry{}, err
	}
	q := bridge.Inquiry{
		ClientID:   in.ClientID,
		Department: in.Department,
		Form:       &bridge.Filled{Phone: in.Phone, Fields: in.Fields, Consent: in.Consent},
		Request: bridge.Request{
			Name: in.Name, Email: in.Email, Reason: in.Reason,
			Page:     bridge.Page{URL: in.Page.URL, Title: in.Page.Title, Referrer: in.Page.Referrer},
			Language: in.Language, Browser: r.UserAgent(), Attributes: attributes, TimeZone: in.TimeZone,
			Address: s.proxies.client(r).String(),
		},
	}
	if q.Returning, err = s.returning(r.Context(), in.Previous, bearer(r.Header)); err != nil {
		return bridge.Inquiry{}, err
	}
	if in.Identity != "" {
		err = s.identities.put(in.Identity, &q.Request)
	}
	return q, err
}

// compactObject returns a JSON object without white space, "" if raw is absent or an empty object.
func compactObject(raw json.RawMessage) (string, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return "", nil
	}
	var b bytes.Buffer
	if err := json.Compact(&b, raw); err != nil || raw[0] != '{' {
		return "", invalid("attributes", phrase.Say("This must be a JSON object."))
	}
	if b.String() == "{}" {
		return "", nil
	}
	return b.String(), nil
}

// returning returns the visitor of an earlier conversation, "" unless its id and token
// fit. A token that does not fit is no reason to refuse a new request.
func (s *Server) returning(ctx context.Context, id, token string) (bridge.VisitorJID, error) {
	if id == "" || token == "" {
		return "", nil
	}
	c, err := s.bridge.Authorize(ctx, bridge.ConversationID(id), token)
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		return "", nil
	}
	return c.Visitor, err
}

// snapshotAnswer is a conversation as its visitor sees it.
type snapshotAnswer struct {
	ID       bridge.ConversationID `json:"id" doc:"the conversation's id"`
	Number   int64                 `json:"number" doc:"how people call it"`
	Kind     bridge.Kind           `json:"kind" doc:"'chat', or 'ticket'"`
	State    string                `json:"state" doc:"'waiting', 'active', 'ticket' or 'closed'"`
	Reason   string                `json:"reason" doc:"the reason of the last change of state, \"\" for none"`
	Operator *operatorAnswer       `json:"operator,omitempty" doc:"the operator who answers, while the conversation is active"`
	Position int                   `json:"position,omitempty" doc:"the place in the queue, from 1, while the conversation waits"`
	Wait     int64                 `json:"wait,omitempty" doc:"for about how many seconds the visitor will wait, left out if that is not known"`
	Seq      int64                 `json:"seq" doc:"the last event's number in the log"`
	Receipts receiptsAnswer        `json:"receipts" doc:"how far the messages of the visitor have come"`
	Files    *filesAnswer          `json:"files,omitempty" doc:"what files are taken, if any are and the query asked for it"`
	Feedback *feedbackAnswer       `json:"feedback,omitempty" doc:"the visitor's vote, if there is one or can be one and the query asked for it"`
	Mail     bool                  `json:"mail,omitempty" doc:"whether the conversation can be sent by mail, if the query asked for it"`
}

type feedbackAnswer struct {
	Open    bool   `json:"open" doc:"whether the visitor can vote now, or change the vote"`
	Score   int64  `json:"score,omitempty" doc:"the vote that there is, from 1 to 5"`
	Comment string `json:"comment,omitempty" doc:"what the visitor said to it"`
	Until   string `json:"until,omitempty" doc:"until when the vote can be changed (RFC 3339)"`
}

// feedbackOf is what a visitor is told of their own vote, nil if there is none and can be none now.
func feedbackOf(b bridge.Ballot) *feedbackAnswer {
	if !b.Open && b.ID == 0 {
		return nil
	}
	a := &feedbackAnswer{Open: b.Open, Score: b.Score, Comment: b.Comment}
	if a.Open && a.Score > 0 {
		a.Until = stamp(b.Until())
	}
	return a
}

type operatorAnswer struct {
	Name   string `json:"name" doc:"how visitors know the operator"`
	Avatar string `json:"avatar" doc:"where the operator's picture is, a path below public_url; \"\" if there is none"`

	WhatsApp string `json:"whatsapp,omitempty" doc:"the address of a chat with the operator in WhatsApp, while the operator is available or within their hours"`
}

type receiptsAnswer struct {
	Confirmed int64 `json:"confirmed" doc:"up to this event the messages have left for the operators"`
	Delivered int64 `json:"delivered" doc:"up to this event an operator's client has the messages"`
	Seen      int64 `json:"seen" doc:"up to this event an operator has seen the messages"`
}

// snapshot answers GET /v1/conversations/{id}.
func (s *Server) snapshot(w http.ResponseWriter, r *http.Request, number int64) {
	a, err := s.snapshotOf(r.Context(), number, wanted(r))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, a)
}

// snapshotOf says where a conversation stands, with what else is wanted of it.
func (s *Server) snapshotOf(ctx context.Context, number int64, with []string) (snapshotAnswer, error) {
	now, err := s.bridge.Snapshot(ctx, number)
	if err != nil {
		return snapshotAnswer{}, err
	}
	a := snapshotAnswer{ID: now.ID, Number: now.Number, Kind: now.Kind, State: now.Public(), Reason: toldReason(now.Reason), Position: now.Position, Wait: now.Wait, Seq: now.Seq,
		Receipts: receiptsAnswer{now.Receipts[bridge.Confirmed], now.Receipts[bridge.Delivered], now.Receipts[bridge.Displayed]}}
	if now.OperatorName != "" {
		a.Operator = &operatorAnswer{Name: now.OperatorName, Avatar: s.opts.Portraits.Address(now.Owner), WhatsApp: now.WhatsApp}
	}
	a.Mail = slices.Contains(with, "mail") && s.bridge.Mail.On()
	if slices.Contains(with, "feedback") {
		ballot, err := s.bridge.Votes.Ballot(ctx, number)
		if err != nil {
			return snapshotAnswer{}, err
		}
		a.Feedback = feedbackOf(ballot)
	}
	if slices.Contains(with, "files") && s.opts.MaxFile > 0 {
		a.Files = &filesAnswer{MaxBytes: s.opts.MaxFile, Types: bridge.FileTypes()}
	}
	return a, nil
}
