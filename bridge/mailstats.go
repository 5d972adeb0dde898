package bridge

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// StatisticsDraft is what a mail with figures shall say. Its texts are in the language of who ordered it.
type StatisticsDraft struct {
	Operator    Operator // who ordered it
	To          string
	Subject     string
	Parts       []string // paragraphs of several lines
	Picture     []byte   // a PNG; nil: none
	Alt         string   // says the figures of the picture in words
	Width       int      // of the picture as it is shown, in CSS pixels, as is Height
	Height      int
	Unsubscribe string // a link that takes a POST (RFC 8058); "": the mail does not come again
	// What follows is set by Mailroom.Statistics.
	MessageID string // without angle brackets
	Loop      string // see Draft.Loop
	At        time.Time
}

// Statistics writes a mail with figures. Who calls it stores the mail among those that go.
func (m *Mailroom) Statistics(d StatisticsDraft) (OutMail, error) {
	if !m.On() {
		return OutMail{}, mailIsOff()
	}
	from, now := m.bridge.opts.Mail.Addresses.Support, m.bridge.clock.Now()
	out := OutMail{ID: strings.ToLower(rand.Text()[:16]), Kind: StatisticsMail, Operator: d.Operator.JID, To: d.To, MessageID: "s." + newID() + "@" + domainOf(from), State: MailQueued, Made: now, Due: now}
	out.From = m.bounceAddress(from, out.ID)
	d.MessageID, d.Loop, d.At = out.MessageID, m.seal("loop", out.MessageID), now
	raw, err := m.bridge.opts.Mail.Post.Statistics(d)
	if err != nil {
		return out, err
	}
	out.Raw = raw
	return out, nil
}

// Ready returns nil if mail can be sent at all, else an error that says how to turn it on.
func (m *Mailroom) Ready() error {
	if !m.On() {
		return mailIsOff()
	}
	return nil
}

// tellOrderer tells who ordered a mail that the mail is late, or was not delivered. An operator who is disabled is
// told nothing.
func (u *commit) tellOrderer(o OutMail, p Posted) error {
	var said phrase.Phrase
	switch p {
	case PostLate:
		said = phrase.Say("The statistics for %s could not be sent yet, and are tried again: %s", o.To, o.Words)
	case PostFailed:
		said = phrase.Say("The statistics for %s were NOT sent: %s", o.To, o.Words)
	case PostBounced:
		said = phrase.Say("The statistics for %s came back: %s", o.To, o.Words)
	}
	if _, ok := u.b.Team.Operator(o.Operator); !ok || said.Format == "" {
		return nil
	}
	_, err := u.tell(DeskEntry{Operator: o.Operator, Kind: DeskNotice, Phrase: said})
	return err
}

// Tell tells an operator something at the desk, unless they are disabled or deleted.
func (t *Team) Tell(ctx context.Context, o OperatorJID, said phrase.Phrase) error {
	if _, ok := t.Operator(o); !ok {
		return nil
	}
	return t.bridge.update(ctx, func(u *commit) error {
		_, err := u.tell(DeskEntry{Operator: o, Kind: DeskNotice, Phrase: said})
		return err
	})
}
