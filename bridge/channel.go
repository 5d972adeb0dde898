package bridge

import (
	"context"
	"slices"
	"time"

	"porchlight/bridge/phrase"
)

// Way is a way by which notices reach operators beside XMPP.
type Way string

// The ways.
const (
	ByMail     Way = "mail"
	ByPushover Way = "pushover"
	ByNtfy     Way = "ntfy"
	ByWebhook  Way = "webhook"
)

// Ways lists all ways, in the order in which people read of them.
func Ways() []Way { return []Way{ByMail, ByPushover, ByNtfy, ByWebhook} }

// On reports whether an operator wants notices by a way.
func (n Notify) On(w Way) bool {
	switch w {
	case ByMail:
		return n.Mail
	case ByPushover:
		return n.Pushover != ""
	case ByNtfy:
		return n.Ntfy != ""
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
		n.Pushover, n.Token, n.Urgent = "", "", false
	case ByNtfy:
		n.Ntfy, n.NtfyToken = "", ""
	case ByWebhook:
		n.Webhook, n.WebhookSecret = "", ""
	}
	return n
}

// Notice tells an operator something outside XMPP.
type Notice struct {
	ID       string   // the same when the notice is sent again because nobody knows whether it arrived
	Operator Operator // whom it is for; Operator.Notify says where it goes
	Kind     NoticeKind
	At       time.Time     // when this notice was made
	Requests []Asked       // the requests, if the notice is about requests
	Title    phrase.Phrase // what it is about, in a few words
	Text     phrase.Phrase
	Link     string // an address that opens the desk in a chat client (XEP-0147)
}

// NoticeKind is what a notice is about.
type NoticeKind string

// The kinds of notices.
const (
	NoticeRequests NoticeKind = "requests.waiting" // requests wait for the operator
	NoticeTest     NoticeKind = "test"             // nothing happened; the operator tries their ways
	NoticeAlarm    NoticeKind = "alarm.raised"     // something is wrong with porchlight or what it needs
	NoticeWell     NoticeKind = "alarm.over"       // that is over
)

// Say says something to the operator whom the notice is for, in their language.
func (n Notice) Say(p phrase.Phrase) string { return n.Operator.Reads().Say(p) }

// Asked is a request that an operator is told of.
type Asked struct {
	Number     int64
	Name       string // what the visitor is called
	Department string // the department's title
	Page       string // the address of the visitor's page without its query; "": not known
	Since      time.Time
}

// Channel carries notices by one way. Several goroutines may call its methods at a time.
type Channel interface {
	Way() Way
	// Send sends a notice, and returns when whoever passes it on to the operator has accepted it. ctx
	// ends after sendLimit. A *phrase.Error with CodeInvalid says, in a sentence for the operator, that
	// what they have set for this way is wrong, and one with CodeBusy that the service takes no more for
	// hours or days: the notice is not sent again. After any other error it is. Errors are logged, so they name no key and no address.
	Send(ctx context.Context, n Notice) error
}

// Prover is a Channel that can ask whether what an operator has set for its way is right, before anything is sent.
type Prover interface {
	// Prove returns nil if it is right. Its errors are those of Channel.Send.
	Prove(ctx context.Context, o Operator) error
}

// Ringer is a Channel whose notices can ring until the operator says that they have seen them.
type Ringer interface {
	// Ring sends a notice that rings for so long at most. The receipt names it from then on.
	Ring(ctx context.Context, n Notice, most time.Duration) (receipt string, err error)
	// Heard says what became of a notice that was sent to an operator.
	Heard(ctx context.Context, o Operator, receipt string) (Heard, error)
	// Silence ends the ringing.
	Silence(ctx context.Context, o Operator, receipt string) error
}

// Heard is what became of a notice that rings.
type Heard string

// What may become of a notice that rings.
const (
	StillRings Heard = "rings"
	WasSeen    Heard = "seen"    // the operator says so
	RangInVain Heard = "expired" // its time is over
)

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

// Prove tests whether what an operator has set for a way that Has is right, and then sends a test. It returns the
// channel's error.
func (n *Notices) Prove(ctx context.Context, o Operator, w Way) error {
	ch := n.channel(w)
	if p, ok := ch.(Prover); ok {
		if err := attempt(ctx, ch, func(ctx context.Context) error { return p.Prove(ctx, o) }); err != nil {
			return err
		}
	}
	return n.Try(ctx, o, w)
}

// Try sends a test to an operator by a way that Has, and returns the channel's error.
func (n *Notices) Try(ctx context.Context, o Operator, w Way) error {
	ch := n.channel(w)
	return attempt(ctx, ch, func(ctx context.Context) error {
		return ch.Send(ctx, n.about(Notice{ID: newID(), Operator: o, Kind: NoticeTest, Text: TestNotice()}))
	})
}

// about fills in what is alike in all notices.
func (n *Notices) about(notice Notice) Notice {
	domain := n.bridge.opts.Domain
	notice.At = n.bridge.clock.Now()
	switch notice.Kind {
	case NoticeRequests:
		notice.Title = phrase.Say("Requests wait: %s", domain)
	case NoticeTest:
		notice.Title = phrase.Say("Test: %s", domain)
	case NoticeAlarm:
		notice.Title = phrase.Say("Alarm: %s", domain)
	case NoticeWell:
		notice.Title = phrase.Say("All is well again: %s", domain)
	}
	notice.Link = "xmpp:desk@" + domain + "?message"
	return notice
}

// TestNotice is what a test says.
func TestNotice() phrase.Phrase {
	return phrase.Say("This is a test. Notices of requests that wait come like this.")
}
