package bridge

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"porchlight/bridge/phrase"
)

// NoticeDraft is what a mail to an operator shall say.
type NoticeDraft struct {
	Notice
	To          string
	MessageID   string // without angle brackets
	Loop        string // see Draft.Loop
	Unsubscribe string // a link that takes a POST (RFC 8058); "": there is none
}

// mailWay is the Channel by which notices go by mail: it puts them among the mail that goes. An alarm that can't be
// stored goes past the store, since it may say just that.
type mailWay struct{ m *Mailroom }

// Way implements Channel.
func (mailWay) Way() Way { return ByMail }

// Send implements Channel. A notice that was kept before is not kept again.
func (w mailWay) Send(ctx context.Context, n Notice) error {
	b := w.m.bridge
	to := n.Operator.noticesTo()
	if wrong, ok := b.wrongAddress(to); !ok {
		return &phrase.Error{Code: phrase.CodeInvalid, Phrase: wrong}
	}
	from, now := b.opts.Mail.Addresses.Support, b.clock.Now()
	out := OutMail{ID: noticeID(n), Kind: NoticeMail, To: to, State: MailQueued, Made: now, Due: now}
	out.MessageID = "n." + out.ID + "@" + domainOf(from)
	out.From = w.m.bounceAddress(from, out.ID)
	raw, err := b.opts.Mail.Post.Notify(NoticeDraft{Notice: n, To: to, MessageID: out.MessageID, Loop: w.m.seal("loop", out.MessageID), Unsubscribe: w.m.noticesLink(n.Operator.JID, to)})
	if err != nil {
		return err
	}
	out.Raw = raw
	err = b.store.Update(ctx, func(tx Tx) error {
		if _, err := tx.OutMail(out.ID); !isNotFound(err) {
			return err
		}
		return QueueMail(tx, out)
	})
	if phrase.CodeOf(err) == phrase.CodeUnavailable && (n.Kind == NoticeAlarm || n.Kind == NoticeWell) {
		select {
		case w.m.urgent <- out:
			return nil
		default: // there are too many, and it is tried again
		}
	}
	return err
}

// noticeID is the id of the mail with a notice. The notice's own may be long, and has characters that an
// address can't have.
func noticeID(n Notice) string {
	sum := sha256.Sum256([]byte(n.ID + "\x00" + string(n.Operator.JID)))
	return hex.EncodeToString(sum[:noticeBytes])
}

const (
	noticeBytes = 12 // of a mail's id: the local part of an address has 64 octets (RFC 5321 §4.5.3.1.1)
	mostUrgent  = 16 // mails that go past the store
)

// Urgent has the mails that could not be stored and have to go all the same: alarms about the store. Whoever sends
// them keeps them in memory until they are sent.
func (m *Mailroom) Urgent() <-chan OutMail { return m.urgent }

// noticeLost tells the operators whose notice did not arrive, at the desk. Nothing of that goes by mail.
func (u *commit) noticeLost(o OutMail, p Posted) error {
	var said phrase.Phrase
	switch p {
	case PostFailed:
		said = phrase.Say("The notice by mail to %s was NOT sent: %s", o.To, o.Words)
	case PostBounced:
		said = phrase.Say("The notice by mail to %s came back: %s", o.To, o.Words)
	default:
		return nil
	}
	return u.tellNoticed(o, said)
}

// tellNoticed tells those something at the desk to whom a notice by mail went, or else the super operators.
func (u *commit) tellNoticed(o OutMail, said phrase.Phrase) error {
	var whose []OperatorJID
	for _, op := range u.b.Team.Everybody() {
		if strings.EqualFold(op.noticesTo(), o.To) {
			whose = append(whose, op.JID)
		}
	}
	if len(whose) == 0 {
		whose = u.b.opts.SuperOperators
	}
	for _, jid := range whose {
		if _, err := u.tell(DeskEntry{Operator: jid, Kind: DeskNotice, Phrase: said}); err != nil {
			return err
		}
	}
	return nil
}
