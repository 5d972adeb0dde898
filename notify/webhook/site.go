package webhook

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/hook"
	"porchlight/bridge/phrase"
	"porchlight/notify/post"
)

// Site is a hook.Carrier: it tells the site's own systems what happens. Its methods may be called by any goroutine.
type Site struct {
	opts   Options
	client *post.Client
}

// NewSite makes a Site. The Secret of the options is not used: each webhook has its own.
func NewSite(opts Options) *Site { return &Site{opts, post.Guarded(opts.Agent, opts.Networks)} }

// Check refuses an address to which Post never posts, as far as the address alone says so; see post.Check.
func (s *Site) Check(address string) error { return post.Check(address, s.opts.Networks) }

// Post implements hook.Carrier.
func (s *Site) Post(ctx context.Context, p hook.Post) (hook.Answer, error) {
	key, ok := bridge.WebhookKey(p.Secret)
	if !ok {
		return hook.Answer{}, phrase.Fail(phrase.CodeInvalid, "The webhook has no secret with which posts are signed.")
	}
	a, err := s.client.Do(ctx, "POST", p.URL, signed(key, p.ID, s.opts.Now(), string(p.Body)), string(p.Body))
	if err != nil {
		return hook.Answer{}, err
	}
	return hook.Answer{Status: a.Status, Wait: asked(a.Header.Get("Retry-After"), s.opts.Now())}, nil
}

// asked reads Retry-After (RFC 9110 §10.2.3): seconds, or a date. What is neither is 0.
func asked(value string, now time.Time) time.Duration {
	if n, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(n) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
