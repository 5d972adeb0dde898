// Package webhook posts notices to an address that an operator names, and what happens in conversations to those that
// super operators name, signed as Standard Webhooks describes (https://www.standardwebhooks.com). What is sent again
// has the same id, by which a receiver recognises it.
package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/notify/post"
)

// Options are what a Channel needs to know.
type Options struct {
	Secret   string         // whsec_…, with which posts are signed unless the operator has a secret; "": there is none
	Networks []netip.Prefix // private networks in which receivers may be
	Agent    string         // the name under which requests come
	Now      func() time.Time
}

// Channel is a bridge.Channel. Its methods may be called by any goroutine.
type Channel struct {
	opts   Options
	client *post.Client
}

// New makes a Channel.
func New(opts Options) *Channel { return &Channel{opts, post.Guarded(opts.Agent, opts.Networks)} }

// Way implements bridge.Channel.
func (c *Channel) Way() bridge.Way { return bridge.ByWebhook }

// Send implements bridge.Channel. Each attempt is signed with its own time, since receivers refuse what is old.
func (c *Channel) Send(ctx context.Context, n bridge.Notice) error {
	to := n.Operator.Notify
	secret := to.WebhookSecret
	if secret == "" {
		secret = c.opts.Secret
	}
	key, ok := bridge.WebhookKey(secret)
	if !ok {
		return phrase.Fail(phrase.CodeInvalid, "A webhook needs a secret with which posts are signed: notify webhook URL SECRET.")
	}
	body := string(Body(n))
	a, err := c.client.Do(ctx, "POST", to.Webhook, signed(key, id(n.ID), c.opts.Now(), body), body)
	switch {
	case err != nil:
		return fmt.Errorf("post to webhook: %w", err)
	case a.Refused():
		return phrase.Fail(phrase.CodeInvalid, "The webhook answered %d.", a.Status)
	case !a.Taken():
		return fmt.Errorf("post to webhook: status %d", a.Status)
	}
	return nil
}

// signed is the header of a post that is made at a time ("Webhook headers").
func signed(key []byte, id string, now time.Time, body string) http.Header {
	at := strconv.FormatInt(now.Unix(), 10)
	header := http.Header{"Content-Type": {"application/json"}}
	header.Set("webhook-id", id)
	header.Set("webhook-timestamp", at)
	header.Set("webhook-signature", "v1,"+sign(key, id, at, body))
	return header
}

// sign is the signature of a post ("Signature scheme", symmetric).
func sign(key []byte, id, at, body string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + at + "." + body))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// id is the id of a post: it says nothing, and has no dots, which separate the parts of what is signed.
func id(notice string) string {
	sum := sha256.Sum256([]byte(notice))
	return "msg_" + hex.EncodeToString(sum[:16])
}

// message is the body of a post ("Payload structure").
type message struct {
	Type      bridge.NoticeKind `json:"type"`
	Timestamp time.Time         `json:"timestamp"`
	Data      data              `json:"data"`
}

type data struct {
	Operator string    `json:"operator"` // whom the notice is for
	Title    string    `json:"title"`
	Text     string    `json:"text"` // all of it in words, in the operator's language
	Link     string    `json:"link"` // opens the desk in a chat client
	Requests []request `json:"requests,omitempty"`
}

type request struct {
	Number     int64     `json:"number"`
	Name       string    `json:"name"`
	Department string    `json:"department"`
	Page       string    `json:"page,omitempty"`
	Since      time.Time `json:"since"` // since when the visitor waits
}

// Body is what is posted of a notice, as JSON.
func Body(n bridge.Notice) []byte {
	m := message{n.Kind, n.At.UTC().Truncate(time.Second), data{Operator: string(n.Operator.JID), Title: n.Say(n.Title), Text: n.Say(n.Text), Link: n.Link}}
	for _, a := range n.Requests {
		m.Data.Requests = append(m.Data.Requests, request{a.Number, a.Name, a.Department, a.Page, a.Since.UTC().Truncate(time.Second)})
	}
	b, err := json.Marshal(m)
	if err != nil { // can't happen: the message holds texts, numbers and times
		panic(err)
	}
	return b
}
