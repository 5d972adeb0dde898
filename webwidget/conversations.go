package webwidget

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/webwidget/peer"
)

// inquiry is the body of POST /v1/conversations.
type inquiry struct {
	ClientID   string          `json:"client_id"`
	Name       string          `json:"name"`
	Email      string          `json:"email"`
	Reason     string          `json:"reason"`
	Department string          `json:"department"`
	Page       pageOf          `json:"page"`
	Language   string          `json:"language"`
	Identity   string          `json:"identity"`
	Attributes json.RawMessage `json:"attributes"`
	TimeZone   string          `json:"time_zone"` // of the browser, such as Europe/Berlin
	Proof      proofAnswer     `json:"proof"`     // of work, when it is wanted
	Previous   string          `json:"previous"`  // id of an earlier conversation; its token is in the Authorization header
}

// pageOf is the page that the visitor looked at.
type pageOf struct {
	URL      string `json:"url"`
	Title    string `json:"title"`
	Referrer string `json:"referrer"`
}

// openedAnswer is what a visitor gets for an inquiry.
type openedAnswer struct {
	ID       bridge.ConversationID `json:"id"`
	Token    string                `json:"token"`
	Number   int64                 `json:"number"`
	Visitor  bridge.VisitorJID     `json:"visitor"`
	State    string                `json:"state"`
	Position int                   `json:"position"`
	Seq      int64                 `json:"seq"`
}

// ask opens a conversation: 201, or 200 if the same inquiry came before.
func (s *Server) ask(w http.ResponseWriter, r *http.Request) {
	s.lookout.look(r)
	var in inquiry
	if err := s.readJSON(w, r, &in); err != nil {
		s.fail(w, r, err)
		return
	}
	q, err := s.inquiryOf(r, in)
	if err != nil {
		s.fail(w, r, err)
		return
	}
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
	status := http.StatusCreated
	if o.Repeated {
		status = http.StatusOK
	}
	answer(w, status, openedAnswer{ID: o.ID, Token: o.Token, Number: o.Number, Visitor: o.Visitor, State: o.Public(), Position: o.Position, Seq: o.Seq})
}

// inquiryOf turns the body into the domain's words.
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
		Request: bridge.Request{
			Name: in.Name, Email: in.Email, Reason: in.Reason,
			Page:     bridge.Page{URL: in.Page.URL, Title: in.Page.Title, Referrer: in.Page.Referrer},
			Language: in.Language, Browser: r.UserAgent(), Attributes: attributes, TimeZone: in.TimeZone,
			Address: s.proxies.client(r).String(),
		},
		Returning: s.returning(r.Context(), in.Previous, bearer(r.Header)),
	}
	if in.Identity != "" {
		err = s.identities.put(in.Identity, &q.Request)
	}
	return q, err
}

// compactObject is a JSON object without white space, "" if there is none or nothing in it.
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

// returning is the visitor of an earlier conversation, "" unless its id and
// token fit. A wrong one is no reason to refuse a new request.
func (s *Server) returning(ctx context.Context, id, token string) bridge.VisitorJID {
	if id == "" || token == "" {
		return ""
	}
	c, err := s.bridge.Authorize(ctx, bridge.ConversationID(id), token)
	if err != nil {
		return ""
	}
	return c.Visitor
}

// snapshotAnswer is a conversation as its visitor sees it.
type snapshotAnswer struct {
	ID       bridge.ConversationID `json:"id"`
	Number   int64                 `json:"number"`
	Kind     bridge.Kind           `json:"kind"`
	State    string                `json:"state"`
	Reason   string                `json:"reason"`
	Operator *operatorAnswer       `json:"operator,omitempty"`
	Position int                   `json:"position,omitempty"`
	Seq      int64                 `json:"seq"`
	Receipts receiptsAnswer        `json:"receipts"`
	Files    *filesAnswer          `json:"files,omitempty"` // only with ?with=files, and if files are taken
}

type operatorAnswer struct {
	Name   string `json:"name"`
	Avatar string `json:"avatar"`
}

type receiptsAnswer struct {
	Confirmed int64 `json:"confirmed"`
	Delivered int64 `json:"delivered"`
	Seen      int64 `json:"seen"`
}

// snapshot answers GET /v1/conversations/{id}.
func (s *Server) snapshot(w http.ResponseWriter, r *http.Request, number int64) {
	now, err := s.bridge.Snapshot(r.Context(), number)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	a := snapshotAnswer{ID: now.ID, Number: now.Number, Kind: now.Kind, State: now.Public(), Reason: now.Reason, Position: now.Position, Seq: now.Seq,
		Receipts: receiptsAnswer{now.Receipts[bridge.Confirmed], now.Receipts[bridge.Delivered], now.Receipts[bridge.Displayed]}}
	if now.OperatorName != "" {
		a.Operator = &operatorAnswer{Name: now.OperatorName}
	}
	if r.URL.Query().Get("with") == "files" && s.opts.MaxFile > 0 {
		a.Files = &filesAnswer{MaxBytes: s.opts.MaxFile, Types: bridge.FileTypes()}
	}
	answer(w, http.StatusOK, a)
}
