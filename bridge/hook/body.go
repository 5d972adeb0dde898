package hook

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// body is what is posted, as Standard Webhooks has it ("Payload structure").
type body struct {
	Type      Type      `json:"type"`
	Timestamp time.Time `json:"timestamp"` // when it happened
	Data      data      `json:"data"`
}

// data has the conversation as it is when the post is made, and what happened as it was.
type data struct {
	Conversation *conversation `json:"conversation,omitempty"` // not in a test
	Seq          int64         `json:"seq,omitempty"`          // the event's number in the log: it orders the posts about a conversation
	Reason       string        `json:"reason,omitempty"`       // why the state has changed
	Operator     *person       `json:"operator,omitempty"`     // who took it, said it, or is voted about
	From         bridge.Role   `json:"from,omitempty"`         // whose message it is
	Text         string        `json:"text,omitempty"`         // the message, the new words, or the comment beside a vote
	File         *file         `json:"file,omitempty"`
	Replaces     int64         `json:"replaces,omitempty"` // the seq of what was corrected or taken back
	Retracted    bool          `json:"retracted,omitempty"`
	Score        int64         `json:"score,omitempty"` // from 1 to 5
	Deleted      bool          `json:"deleted,omitempty"`
	Webhook      string        `json:"webhook,omitempty"` // of a test: the webhook's name
}

type conversation struct {
	Number     int64       `json:"number"`
	ID         string      `json:"id"`
	Kind       bridge.Kind `json:"kind"`
	State      string      `json:"state"`
	Department string      `json:"department"`
	Opened     time.Time   `json:"opened_at"`
	Visitor    visitor     `json:"visitor"`
	Subject    string      `json:"reason"`
	Page       string      `json:"page,omitempty"`
	Language   string      `json:"language,omitempty"`

	Attributes json.RawMessage `json:"attributes,omitempty"`
	Fields     json.RawMessage `json:"fields,omitempty"`
}

type visitor struct {
	Name     string `json:"name"`
	Email    string `json:"email,omitempty"`
	Verified string `json:"verified,omitempty"` // the subject of the signed identity
}

type person struct {
	Name    string `json:"name"`
	Address string `json:"address,omitempty"`
}

type file struct {
	Name  string `json:"name"`
	Media string `json:"media_type,omitempty"`
	Bytes int64  `json:"bytes,omitempty"`
}

// bodyOf is what is posted about an event. Nothing in it opens the conversation or a file. taker is the event by
// which the operator joined who took it, if there is one.
func bodyOf(t Type, c bridge.Conversation, r bridge.Request, e, taker bridge.Event) []byte {
	d := data{Conversation: about(c, r), Seq: e.Seq}
	if e.Operator != "" {
		d.Operator = &person{e.Name, string(e.Operator)}
	}
	switch x := e.Data.(type) {
	case bridge.Turn:
		d.Reason = x.Reason
	case bridge.SentFile:
		d.File = &file{x.Name, x.Media, x.Bytes}
	case bridge.Amended:
		d.Replaces, d.Retracted = x.Of, e.Type == bridge.EventRetraction
	case bridge.Vote:
		d.Score, d.Deleted = x.Score, x.Deleted
	}
	switch t {
	case Message:
		d.From, d.Text = e.From, e.Words(phrase.Tongue())
	case Rated:
		if !d.Deleted { // else it is why an operator deleted the vote
			d.Text = e.Text
		}
	case Taken:
		if taker.Operator != "" {
			d.Operator = &person{taker.Name, string(taker.Operator)}
		}
	}
	return encode(body{t, e.At.UTC(), d})
}

// about describes a conversation.
func about(c bridge.Conversation, r bridge.Request) *conversation {
	a := &conversation{Number: c.Number, ID: string(c.ID), Kind: c.Kind, State: c.Public(), Department: c.Department, Opened: c.OpenedAt.UTC(),
		Visitor: visitor{r.Called(), c.Email, r.Verified}, Subject: r.Reason, Page: r.Page.URL, Language: r.Language}
	if json.Valid([]byte(r.Attributes)) {
		a.Attributes = json.RawMessage(r.Attributes)
	}
	if r.Fields != "" {
		a.Fields = json.RawMessage(r.Fields)
	}
	return a
}

// encode writes a body as JSON.
func encode(b body) []byte {
	text, err := json.Marshal(b)
	if err != nil { // can't happen: it holds texts, numbers, times, and JSON that was looked at
		panic(err)
	}
	return text
}

// postID is the id of a post. It follows from what is told to whom, so it is the same after a restart, and it has
// no dots, which separate the parts of what is signed.
func postID(hook string, c bridge.ConversationID, seq int64, t Type) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%s/%d/%s", hook, c, seq, t))
	return "msg_" + hex.EncodeToString(sum[:16])
}
