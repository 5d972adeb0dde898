// Package pushover sends notices by Pushover (https://pushover.net/api). Pushover knows no key by which it would
// recognise a message that is sent again, so a message whose answer was lost may come twice.
package pushover

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/notify/post"
)

// The limits of a message, in characters ("Pushing Messages", "Limitations").
const (
	titleLength   = 250
	messageLength = 1024
	urlLength     = 512
)

// Options are what a Channel needs to know.
type Options struct {
	URL   string // of the service, without a slash at the end: https://api.pushover.net
	Token string // the site's application; "": each operator needs a token of their own
	Agent string // the name under which requests come
}

// Channel is a bridge.Channel. Its methods may be called by any goroutine.
type Channel struct {
	opts   Options
	client *post.Client
}

// New makes a Channel.
func New(opts Options) *Channel { return &Channel{opts, post.Trusted(opts.Agent)} }

// Way implements bridge.Channel.
func (c *Channel) Way() bridge.Way { return bridge.ByPushover }

// Send implements bridge.Channel.
func (c *Channel) Send(ctx context.Context, n bridge.Notice) error {
	var loud url.Values
	if n.Kind == bridge.NoticeAlarm {
		loud = url.Values{"priority": {"1"}} // at the user's quiet hours, too
	}
	_, err := c.push(ctx, n, loud)
	return err
}

// push sends a notice with further values, and returns its receipt, which only an emergency has.
func (c *Channel) push(ctx context.Context, n bridge.Notice, more url.Values) (receipt string, err error) {
	values := url.Values{
		"title":     {post.Clip(n.Say(n.Title), titleLength)},
		"message":   {post.Clip(n.Say(n.Text), messageLength)},
		"timestamp": {strconv.FormatInt(n.At.Unix(), 10)},
	}
	if len(n.Link) <= urlLength {
		values.Set("url", n.Link)
	}
	for name, v := range more {
		values[name] = v
	}
	a, err := c.call(ctx, "POST", "/1/messages.json", n.Operator.Notify, values)
	return a.Receipt, err
}

// Prove implements bridge.Prover: it asks Pushover whether it knows the key ("User/Group Validation").
func (c *Channel) Prove(ctx context.Context, o bridge.Operator) error {
	_, err := c.call(ctx, "POST", "/1/users/validate.json", o.Notify, url.Values{})
	return err
}

// The times of an emergency ("Message Priority"), in seconds. A user is not asked faster than every 30 s.
const (
	retryEvery = 60
	leastTime  = 60
	mostTime   = 10800
)

// Ring implements bridge.Ringer by emergency priority.
func (c *Channel) Ring(ctx context.Context, n bridge.Notice, most time.Duration) (receipt string, err error) {
	expire := min(max(int(most.Seconds()), leastTime), mostTime)
	return c.push(ctx, n, url.Values{"priority": {"2"}, "retry": {strconv.Itoa(retryEvery)}, "expire": {strconv.Itoa(expire)}})
}

// Heard implements bridge.Ringer by the state of the receipt ("Receipts and Callbacks").
func (c *Channel) Heard(ctx context.Context, o bridge.Operator, receipt string) (bridge.Heard, error) {
	a, err := c.call(ctx, "GET", "/1/receipts/"+url.PathEscape(receipt)+".json", bridge.Notify{Token: o.Notify.Token}, url.Values{})
	switch {
	case err != nil:
		return "", err
	case a.Acknowledged == 1:
		return bridge.WasSeen, nil
	case a.Expired == 1:
		return bridge.RangInVain, nil
	}
	return bridge.StillRings, nil
}

// Silence implements bridge.Ringer ("Canceling Emergency-Priority Retries").
func (c *Channel) Silence(ctx context.Context, o bridge.Operator, receipt string) error {
	_, err := c.call(ctx, "POST", "/1/receipts/"+url.PathEscape(receipt)+"/cancel.json", bridge.Notify{Token: o.Notify.Token}, url.Values{})
	return err
}

// Limits are how many messages the site's application may send this month.
type Limits struct {
	Limit, Remaining int
	Reset            time.Time
}

// Limits asks how many messages are left ("Checking Limits"), and so whether Pushover knows the site's token.
func (c *Channel) Limits(ctx context.Context) (Limits, error) {
	a, err := c.call(ctx, "GET", "/1/apps/limits.json", bridge.Notify{}, url.Values{})
	return Limits{a.Limit, a.Remaining, time.Unix(a.Reset, 0)}, err
}

// response is what Pushover answers. It has the fields of several calls.
type response struct {
	Status       int      `json:"status"` // 1 if all is well
	Errors       []string `json:"errors"`
	Receipt      string   `json:"receipt"`
	Acknowledged int      `json:"acknowledged"`
	Expired      int      `json:"expired"`
	Limit        int      `json:"limit"`
	Remaining    int      `json:"remaining"`
	Reset        int64    `json:"reset"`
}

// call makes one request for somebody with a key, or for nobody in particular. A *phrase.Error with CodeInvalid has
// Pushover's words; with CodeBusy the messages of the month are used up.
func (c *Channel) call(ctx context.Context, method, path string, o bridge.Notify, values url.Values) (r response, err error) {
	token := o.Token
	if token == "" {
		token = c.opts.Token
	}
	if token == "" {
		return r, phrase.Fail(phrase.CodeInvalid, "This site has no application at Pushover: give the token of one of your own, as in notify pushover USERKEY TOKEN.")
	}
	values.Set("token", token)
	if o.Pushover != "" {
		values.Set("user", o.Pushover)
	}
	address, body := c.opts.URL+path, values.Encode()
	if method == "GET" {
		address, body = address+"?"+body, ""
	}
	a, err := c.client.Do(ctx, method, address, http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, body)
	if err != nil {
		return r, fmt.Errorf("ask Pushover: %w", err)
	}
	garbled := json.Unmarshal(a.Body, &r)
	switch {
	case a.Status == http.StatusTooManyRequests:
		return r, phrase.Fail(phrase.CodeBusy, "Pushover takes no more messages of this application; its limit for the month is used up.")
	case a.Refused():
		words := post.Words(strings.Join(r.Errors, "; "), token, o.Pushover)
		if words == "" {
			words = strconv.Itoa(a.Status)
		}
		return r, phrase.Fail(phrase.CodeInvalid, "Pushover says: %s", words)
	case !a.Taken():
		return r, fmt.Errorf("ask Pushover: status %d", a.Status)
	case garbled != nil:
		return r, fmt.Errorf("read Pushover's answer: %w", garbled)
	case r.Status != 1:
		return r, fmt.Errorf("read Pushover's answer: status %d within", r.Status)
	}
	return r, nil
}
