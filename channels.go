package main

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/config"
	"porchlight/notify/ntfy"
	"porchlight/notify/pushover"
	"porchlight/notify/webhook"
)

// agent is the name under which porchlight comes to the services that carry notices.
const agent = "porchlight/" + version

// channels makes the ways by which notices leave beside XMPP.
func channels(cfg config.Config) (list []bridge.Channel) {
	private := networks(cfg)
	all := []bridge.Channel{
		toPushover(cfg),
		ntfy.New(ntfy.Options{Networks: private, Agent: agent}),
		webhook.New(webhook.Options{Secret: cfg.Notify.WebhookSecret.Reveal(), Networks: private, Agent: agent, Now: time.Now}),
	}
	for _, ch := range all {
		if slices.Contains(cfg.Notify.Ways, string(ch.Way())) {
			list = append(list, ch)
		}
	}
	return list
}

// networks are the private networks in which receivers of notices and of webhooks may be.
func networks(cfg config.Config) (list []netip.Prefix) {
	for _, s := range cfg.Notify.Networks {
		if p, err := netip.ParsePrefix(s); err == nil { // the config has checked it
			list = append(list, p)
		}
	}
	return list
}

func toPushover(cfg config.Config) *pushover.Channel {
	return pushover.New(pushover.Options{URL: cfg.Notify.PushoverURL, Token: cfg.Notify.PushoverToken.Reveal(), Agent: agent})
}

// pushover says whether Pushover knows the site's token, and how many messages are left.
func (c *checker) pushover(ctx context.Context) {
	if !slices.Contains(c.cfg.Notify.Ways, string(bridge.ByPushover)) {
		c.ok("Pushover", "off")
		return
	}
	if c.cfg.Notify.PushoverToken.Reveal() == "" {
		c.ok("Pushover", "the site has no application; operators give tokens of their own")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	l, err := toPushover(c.cfg).Limits(ctx)
	switch {
	case phrase.CodeOf(err) == phrase.CodeInvalid:
		c.fail("Pushover", "notify.pushover_token: %v", phrase.Of(err))
	case err != nil && phrase.CodeOf(err) != phrase.CodeBusy:
		c.fail("Pushover", "notify.pushover_url: %s can't be asked: %v", c.cfg.Notify.PushoverURL, err)
	case err != nil || l.Remaining <= l.Limit/20:
		c.warn("Pushover", "knows the token; few messages are left for this month: %d of %d", l.Remaining, l.Limit)
	default:
		c.ok("Pushover", "knows the token; %d of %d messages are left for this month", l.Remaining, l.Limit)
	}
}
