package bridge

import (
	"cmp"
	"context"

	"porchlight/bridge/phrase"
)

// NoticeDraft is what a mail to an operator shall say.
type NoticeDraft struct {
	Notice
	To        string
	MessageID string // without angle brackets
	Loop      string // see Draft.Loop
}

// mailWay is the Channel by which notices go by mail: it puts them among the mail that goes.
type mailWay struct{ m *Mailroom }

// Way implements Channel.
func (mailWay) Way() Way { return ByMail }

// Send implements Channel. A notice that was kept before is not kept again.
func (w mailWay) Send(ctx context.Context, n Notice) error {
	b := w.m.bridge
	to := cmp.Or(n.Operator.Notify.MailTo, string(n.Operator.JID))
	if !ValidEmail(to) {
		return phrase.Fail(phrase.CodeInvalid, "This is no email address.")
	}
	from, now := b.opts.Mail.Addresses.Support, b.clock.Now()
	out := OutMail{ID: n.ID, Kind: NoticeMail, To: to, MessageID: "n." + n.ID + "@" + domainOf(from), State: MailQueued, Made: now, Due: now}
	out.From = w.m.bounceAddress(from, out.ID)
	raw, err := b.opts.Mail.Post.Notify(NoticeDraft{Notice: n, To: to, MessageID: out.MessageID, Loop: w.m.seal("loop", out.MessageID)})
	if err != nil {
		return err
	}
	out.Raw = raw
	return b.store.Update(ctx, func(tx Tx) error {
		if _, err := tx.OutMail(out.ID); !isNotFound(err) {
			return err
		}
		return tx.CreateOutMail(out)
	})
}
