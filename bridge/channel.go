package bridge

import (
	"context"
	"slices"

	"porchlight/bridge/phrase"
)

// Way is a way by which notices reach operators beside XMPP.
type Way string

// The ways.
const (
	ByMail     Way = "mail"
	ByPushover Way = "pushover"
	ByWebhook  Way = "webhook"
)

// Ways lists all ways, in the order in which people read of them.
func Ways() []Way { return []Way{ByMail, ByPushover, ByWebhook} }

// On reports whether an operator wants notices by a way.
func (n Notify) On(w Way) bool {
	switch w {
	case ByMail:
		return n.Mail
	case ByPushover:
		return n.Pushover != ""
	case ByWebhook:
		return n.Webhook != ""
	}
	return false
}

// Without is n with a way switched off.
func (n Notify) Without(w Way) Notify {
	switch w {
	case ByMail:
		n.Mail, n.MailTo = false, ""
	case ByPushover:
		n.Pushover, n.Token = "", ""
	case ByWebhook:
		n.Webhook = ""
	}
	return n
}

// Notice tells an operator, outside XMPP, of requests that wait for them.
type Notice struct {
	ID       string   // the same when the notice is sent again because nobody knows whether it arrived
	Operator Operator // whom it is for; Operator.Notify says where it goes
	Requests []int64  // the numbers of the requests; none if it is a test
	Text     phrase.Phrase
}

// Channel carries notices by one way. Several goroutines may call its methods at a time.
type Channel interface {
	Way() Way
	// Send sends a notice, and returns when whoever passes it on to the operator has accepted it. ctx
	// ends after sendLimit. A *phrase.Error with CodeInvalid says, in a sentence for the operator, that
	// what they have set for this way is wrong: the notice is not sent again. After any other
	// error it is. Errors are logged, so they name no key and no address.
	Send(ctx context.Context, n Notice) error
}

// Notices tells operators, by the ways that they want, that they are asked though they are away. What is to
// be sent is stored with the offer, in the same transaction. The methods may be called by any goroutine.
type Notices struct{ bridge *Bridge }

// Has reports whether notices can be sent by a way.
func (n *Notices) Has(w Way) bool { return n.channel(w) != nil }

// channel is the channel of a way, nil if there is none.
func (n *Notices) channel(w Way) Channel {
	i := slices.IndexFunc(n.bridge.opts.Channels, func(c Channel) bool { return c.Way() == w })
	if i < 0 {
		return nil
	}
	return n.bridge.opts.Channels[i]
}

// Try sends a test to an operator by a way that Has, and returns the channel's error.
func (n *Notices) Try(ctx context.Context, o Operator, w Way) error {
	return send(ctx, n.channel(w), Notice{ID: newID(), Operator: o, Text: TestNotice()})
}

// TestNotice is what a test says.
func TestNotice() phrase.Phrase {
	return phrase.Say("This is a test. Notices of requests that wait come like this.")
}
