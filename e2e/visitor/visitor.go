// Package visitor is a visitor's HTTP client for tests and benchmarks. It makes the documented calls
// and no others, and returns answers as they came. All methods may be called by any goroutine,
// except those of a Stream.
package visitor

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// Client talks to one porchlight.
type Client struct {
	Base string // such as http://127.0.0.1:8080
	HTTP *http.Client
}

// New makes a client for the porchlight at base.
func New(base string) *Client { return &Client{Base: base, HTTP: http.DefaultClient} }

// Problem is an answer that refuses a call (RFC 9457).
type Problem struct {
	HTTPStatus int               `json:"-"`
	Type       string            `json:"type"`
	Title      string            `json:"title"`
	Status     int               `json:"status"`
	Detail     string            `json:"detail"`
	Errors     map[string]string `json:"errors"`
}

// Error is the service's answer as a text.
func (p *Problem) Error() string {
	return fmt.Sprintf("status %d, %s: %s %v", p.HTTPStatus, p.Type, p.Detail, p.Errors)
}

// Answer is an answer of the service as it came.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Request is one call. Body may be nil, []byte, which is sent as it is, or anything that
// encoding/json takes. A body is sent as JSON unless Header says otherwise.
type Request struct {
	Method, Path, Token string
	Header              map[string]string
	Body                any
}

// open sends a request and returns the answer with its body unread.
func (c *Client) open(ctx context.Context, r Request) (*http.Response, error) {
	var body io.Reader
	switch b := r.Body.(type) {
	case nil:
	case []byte:
		body = bytes.NewReader(b)
	default:
		encoded, err := json.Marshal(b)
		if err != nil {
			return nil, fmt.Errorf("encode body: %w", err)
		}
		body = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, c.Base+r.Path, body)
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.Token != "" {
		req.Header.Set("Authorization", "Bearer "+r.Token)
	}
	for name, value := range r.Header {
		req.Header.Set(name, value)
	}
	answer, err := c.HTTP.Do(req)
	if err != nil {
		return nil, fmt.Errorf("send request: %w", err)
	}
	return answer, nil
}

// Do makes one call. No status is an error.
func (c *Client) Do(ctx context.Context, r Request) (Answer, error) {
	answer, err := c.open(ctx, r)
	if err != nil {
		return Answer{}, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return Answer{}, fmt.Errorf("read answer: %w", err)
	}
	return Answer{answer.StatusCode, answer.Header, body}, nil
}

// call makes one call and decodes the answer into out, unless out is nil. A status from 300 on gives
// a *Problem.
func (c *Client) call(ctx context.Context, r Request, out any) (status int, err error) {
	a, err := c.Do(ctx, r)
	if err != nil {
		return 0, err
	}
	if a.Status >= 300 {
		return a.Status, problemOf(a.Status, a.Body)
	}
	if out != nil {
		if err := json.Unmarshal(a.Body, out); err != nil {
			return a.Status, fmt.Errorf("decode answer: %w", err)
		}
	}
	return a.Status, nil
}

func problemOf(status int, body []byte) *Problem {
	p := &Problem{HTTPStatus: status}
	if json.Unmarshal(body, p) != nil {
		p.Detail = string(body)
	}
	return p
}

// Status says whether somebody is there.
type Status struct {
	Status      string
	Departments []struct{ Name, Title, Status string }
	Operators   int
}

// Status asks whether somebody is there.
func (c *Client) Status(ctx context.Context) (Status, error) {
	var s Status
	_, err := c.call(ctx, Request{Method: "GET", Path: "/v1/status"}, &s)
	return s, err
}

// Inquiry is a visitor's request.
type Inquiry struct {
	ClientID   string         `json:"client_id,omitempty"`
	Name       string         `json:"name,omitempty"`
	Email      string         `json:"email,omitempty"`
	Reason     string         `json:"reason"`
	Fields     any            `json:"fields,omitempty"` // what is filled into the site's own fields, by their labels
	Department string         `json:"department,omitempty"`
	Page       *Page          `json:"page,omitempty"`
	Language   string         `json:"language,omitempty"`
	TimeZone   string         `json:"time_zone,omitempty"`
	Identity   string         `json:"identity,omitempty"`
	Attributes map[string]any `json:"attributes,omitempty"`
	Previous   string         `json:"previous,omitempty"`
	Invitation string         `json:"invitation,omitempty"` // the token of one that is answered
	Token      string         `json:"-"`                    // of Previous
}

// Page is the page of the site on which the visitor is.
type Page struct {
	URL      string `json:"url"`
	Title    string `json:"title"`
	Referrer string `json:"referrer"`
}

// Conversation is a conversation of the visitor, as Ask returned it.
type Conversation struct {
	*Client  `json:"-"`
	ID       string `json:"id"`
	Token    string `json:"token"`
	Number   int64  `json:"number"`
	Visitor  string `json:"visitor"` // bare JID
	State    string `json:"state"`
	Position int    `json:"position"`
	Seq      int64  `json:"seq"`
	Repeated bool   `json:"-"` // whether the same inquiry came before
}

// Ask opens a conversation.
func (c *Client) Ask(ctx context.Context, q Inquiry) (*Conversation, error) {
	conv := &Conversation{Client: c}
	status, err := c.call(ctx, Request{Method: "POST", Path: "/v1/conversations", Token: q.Token, Body: q}, conv)
	conv.Repeated = status == http.StatusOK
	return conv, err
}

// At makes a request for a path below the conversation, with the conversation's token.
func (c *Conversation) At(method, path string, body any) Request {
	return Request{Method: method, Path: "/v1/conversations/" + c.ID + path, Token: c.Token, Body: body}
}

// Stored is the service's answer to a message that it has stored.
type Stored struct {
	Seq      int64  `json:"seq"`
	ClientID string `json:"client_id"`
	At       string `json:"at"`
}

// Write sends a message. Without a clientID the service makes one.
func (c *Conversation) Write(ctx context.Context, clientID, text string) (Stored, error) {
	var s Stored
	_, err := c.call(ctx, c.At("POST", "/messages", map[string]string{"client_id": clientID, "text": text}), &s)
	return s, err
}

// Snapshot is the state of the conversation as its visitor sees it.
type Snapshot struct {
	ID, Kind, State, Reason string
	Number, Seq             int64
	Operator                *struct{ Name, Avatar string }
	Position                int
	Receipts                struct{ Confirmed, Delivered, Seen int64 }
}

// Snapshot asks for the conversation's state.
func (c *Conversation) Snapshot(ctx context.Context) (Snapshot, error) {
	var s Snapshot
	_, err := c.call(ctx, c.At("GET", "", nil), &s)
	return s, err
}

// Event is an entry of the log, a receipt or typing.
type Event struct {
	Seq      int64
	Type, At string
	From     string
	Name     string
	Text     string
	ClientID string `json:"client_id"`
	State    string
	Reason   string
	Action   string
	Position int
	Upto     int64
	Status   string
	Active   bool
	ReplyTo  int64 `json:"reply_to"` // a seq, like the next field
	To       int64
	File     *struct{ Name, URL string }
}

// Events is a piece of the log.
type Events struct {
	Events []Event
	Seq    int64
}

// Poll asks for the events past a seq, and waits up to wait seconds if there are none.
func (c *Conversation) Poll(ctx context.Context, after int64, wait int) (Events, error) {
	var e Events
	path := "/events?after=" + strconv.FormatInt(after, 10) + "&wait=" + strconv.Itoa(wait)
	_, err := c.call(ctx, c.At("GET", path, nil), &e)
	return e, err
}

// Post makes one of the calls that answer without a body: /typing, /seen, /leave, /close, /email.
func (c *Conversation) Post(ctx context.Context, path string, body any) error {
	_, err := c.call(ctx, c.At("POST", path, body), nil)
	return err
}
