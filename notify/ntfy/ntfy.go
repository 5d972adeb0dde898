// Package ntfy sends notices to topics of an ntfy server, of the site's own or of ntfy.sh
// (https://docs.ntfy.sh/publish/). ntfy does not recognise a message that is sent again, so a message whose
// answer was lost may come twice.
package ntfy

import (
	"context"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/netip"
	"strconv"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/notify/post"
)

// Of a longer message a server makes a file (limits of config: message-size-limit, 4096 bytes). A character has
// four bytes at most.
const (
	titleLength   = 200
	messageLength = 1000
)

// Options are what a Channel needs to know.
type Options struct {
	Networks []netip.Prefix // private networks in which servers may be
	Agent    string         // the name under which requests come
}

// Channel is a bridge.Channel. Its methods may be called by any goroutine.
type Channel struct{ client *post.Client }

// New makes a Channel.
func New(opts Options) *Channel { return &Channel{post.Guarded(opts.Agent, opts.Networks)} }

// Way implements bridge.Channel.
func (c *Channel) Way() bridge.Way { return bridge.ByNtfy }

// dailyLimit is the code of ntfy's error that no more messages are taken on that day.
const dailyLimit = 42908

// Send implements bridge.Channel.
func (c *Channel) Send(ctx context.Context, n bridge.Notice) error {
	to := n.Operator.Notify
	header := http.Header{
		"X-Title":    {mime.BEncoding.Encode("utf-8", post.Clip(n.Say(n.Title), titleLength))},
		"X-Priority": {priority(n.Kind)},
		"X-Click":    {n.Link},
	}
	if to.NtfyToken != "" {
		header.Set("Authorization", "Bearer "+to.NtfyToken)
	}
	a, err := c.client.Do(ctx, "POST", to.Ntfy, header, post.Clip(n.Say(n.Text), messageLength))
	if err != nil {
		return fmt.Errorf("post to ntfy: %w", err)
	}
	if a.Taken() {
		return nil
	}
	var said struct {
		Code  int    `json:"code"`
		Error string `json:"error"`
	}
	if json.Unmarshal(a.Body, &said) != nil || said.Error == "" {
		said.Error = strconv.Itoa(a.Status)
	}
	switch {
	case said.Code == dailyLimit:
		return phrase.Fail(phrase.CodeBusy, "ntfy takes no more messages today: %s", post.Words(said.Error, to.NtfyToken, to.Ntfy))
	case a.Refused():
		return phrase.Fail(phrase.CodeInvalid, "ntfy says: %s", post.Words(said.Error, to.NtfyToken, to.Ntfy))
	}
	return fmt.Errorf("post to ntfy: status %d", a.Status)
}

// priority is how loud a notice is ("Message priority"): 3 is ntfy's default, 5 the loudest.
func priority(k bridge.NoticeKind) string {
	switch k {
	case bridge.NoticeRequests:
		return "4"
	case bridge.NoticeAlarm:
		return "5"
	}
	return "3"
}
