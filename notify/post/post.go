// Package post makes the requests by which notices leave over HTTP. A request is made once, within a time limit,
// follows no redirect and reads only the beginning of the answer. Errors name no address and no key, since an
// address may itself be a secret.
package post

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

const (
	limit  = 15 * time.Second // for a whole request, less than the bridge gives a notice
	answer = 64 << 10         // bytes that are read of an answer, and of its header
)

// Client makes requests. Any goroutine may call its methods.
type Client struct {
	http    http.Client
	guarded bool
	agent   string
}

// Trusted makes a client for a receiver that the config names. It uses the proxy that the environment names.
// agent is the name under which it comes (RFC 9110 §10.1.5).
func Trusted(agent string) *Client {
	return client(agent, &net.Dialer{}, http.ProxyFromEnvironment)
}

// Guarded makes a client for receivers that operators name: it reaches them by https alone, and at public
// addresses or in one of the networks that are listed. The address that is looked at is the one that is
// connected to, so a name that changes between a look and the connection opens nothing.
func Guarded(agent string, networks []netip.Prefix) *Client {
	c := client(agent, &net.Dialer{ControlContext: guard(networks)}, nil)
	c.guarded = true
	return c
}

func client(agent string, d *net.Dialer, proxy func(*http.Request) (*url.URL, error)) *Client {
	d.Timeout = limit
	return &Client{agent: agent, http: http.Client{
		Timeout:       limit,
		Transport:     &http.Transport{DialContext: d.DialContext, Proxy: proxy, ForceAttemptHTTP2: true, DisableKeepAlives: true, MaxResponseHeaderBytes: answer},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Answer is what a receiver answered, of any status.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte // the first 64 KB
}

// Taken reports whether the receiver has taken what was sent (2xx).
func (a Answer) Taken() bool { return a.Status >= 200 && a.Status < 300 }

// Refused reports whether the same request would be refused again: a redirect, or an error of the sender's
// (RFC 9110 §15.4 and §15.5) that time alone does not mend.
func (a Answer) Refused() bool {
	switch a.Status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return false
	}
	return a.Status >= 300 && a.Status < 500
}

// Do makes a request. Its error says that there was no answer; a *phrase.Error with CodeInvalid says that this
// address may not be used.
func (c *Client) Do(ctx context.Context, method, address string, header http.Header, body string) (Answer, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil || req.URL.Host == "" || c.guarded && req.URL.Scheme != "https" {
		return Answer{}, phrase.Fail(phrase.CodeInvalid, "The address is not valid: it begins with https://.")
	}
	for name, values := range header {
		req.Header[name] = values
	}
	req.Header.Set("User-Agent", c.agent)
	resp, err := c.http.Do(req)
	if err != nil {
		return Answer{}, bare(err)
	}
	defer resp.Body.Close()
	read, err := io.ReadAll(io.LimitReader(resp.Body, answer))
	if err != nil {
		return Answer{}, fmt.Errorf("read answer: %w", bare(err))
	}
	return Answer{resp.StatusCode, resp.Header, read}, nil
}

// bare takes the addresses out of an error.
func bare(err error) error {
	var refused *phrase.Error
	if errors.As(err, &refused) {
		return refused
	}
	var whole *url.Error
	if errors.As(err, &whole) {
		if whole.Timeout() {
			return context.DeadlineExceeded
		}
		err = whole.Err
	}
	var lookup *net.DNSError
	if errors.As(err, &lookup) {
		return errors.New("look up host: " + lookup.Err)
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return fmt.Errorf("%s: %w", op.Op, op.Err)
	}
	return err
}

// Clip cuts a text to so many characters, and marks that with an ellipsis.
func Clip(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most-1]) + "…"
}

// Words are the words of a receiver as an operator may read them: on one line, cut, and without the keys that
// the request had.
func Words(said string, keys ...string) string {
	for _, k := range keys {
		if k != "" {
			said = strings.ReplaceAll(said, k, "…")
		}
	}
	return Clip(strings.Join(strings.Fields(strings.ToValidUTF8(said, "")), " "), 200)
}
