package email

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"sync/atomic"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/email/imap"
	"porchlight/email/letter"
)

// inbox keeps what one mailbox brings. It is an imap.Store and an imap.Report.
type inbox struct {
	Mailbox
	channel *Channel
	name    string      // under which the store knows the mailbox
	up      atomic.Bool // it is read
}

// Cursor implements imap.Store.
func (in *inbox) Cursor(ctx context.Context) (imap.Cursor, error) {
	c, err := in.channel.bridge.Mail.Cursor(ctx, in.name)
	return imap.Cursor{Validity: c.Validity, Next: c.Next, Last: c.Last}, err
}

// Start implements imap.Store.
func (in *inbox) Start(ctx context.Context, c imap.Cursor) error {
	return in.channel.bridge.Mail.Begin(ctx, in.name, bridge.MailCursor{Validity: c.Validity, Next: c.Next, Last: c.Last})
}

// Take implements imap.Store.
func (in *inbox) Take(ctx context.Context, raw imap.Raw) error {
	err := in.channel.bridge.Mail.Keep(ctx, in.mail(raw))
	if err == nil {
		in.channel.health.came.Add(1)
		in.channel.wakeSorter()
	}
	if phrase.CodeOf(err) == phrase.CodeUnavailable {
		return fmt.Errorf("%w: %w", imap.ErrStore, err)
	}
	return err
}

// Quarantine implements imap.Store.
func (in *inbox) Quarantine(ctx context.Context, raw imap.Raw, why error) error {
	l := letter.ReadHeader(raw.Body, letter.Options{})
	err := in.channel.bridge.Mail.Refuse(ctx, in.mail(raw), l.From.Addr, l.Subject, why)
	if err == nil {
		in.channel.health.refused.Add(1)
	}
	return err
}

// Pass implements imap.Store.
func (in *inbox) Pass(ctx context.Context, validity, uid uint32) error {
	return in.channel.bridge.Mail.Skip(ctx, in.name, validity, uid)
}

// mail is what the bridge keeps of a mail.
func (in *inbox) mail(raw imap.Raw) bridge.InMail {
	return bridge.InMail{Mailbox: in.name, Validity: raw.Validity, UID: raw.UID, Fingerprint: in.fingerprint(raw), Received: raw.Received, Bytes: raw.Size, Raw: raw.Body}
}

// fingerprint is the same for the same mail under another UID, or at another of the mailbox's addresses. It
// covers what no server changes: the fields that name the mail, and its body; and all of a mail without a
// Message-ID, since some programs send mails that differ in nothing else. A mail of which nothing was
// fetched is known by its UID in its mailbox alone.
func (in *inbox) fingerprint(raw imap.Raw) string {
	if len(raw.Body) == 0 {
		return hash(fmt.Sprintf("uid %d/%d %s", raw.Validity, raw.UID, in.name), nil)
	}
	l := letter.ReadHeader(raw.Body, letter.Options{})
	if l.ID == "" {
		return hash(in.name, raw.Body)
	}
	_, body, ok := bytes.Cut(raw.Body, []byte("\r\n\r\n"))
	if !ok {
		_, body, _ = bytes.Cut(raw.Body, []byte("\n\n"))
	}
	return hash(fmt.Sprint(in.name, "\x00", l.ID, "\x00", l.From.Addr, "\x00", l.Subject, "\x00", l.Date.Unix(), "\x00"), body)
}

// hash is the hash of what names a mail, and of what it says.
func hash(names string, said []byte) string {
	h := sha256.New()
	io.WriteString(h, names)
	h.Write(said)
	return hex.EncodeToString(h.Sum(nil))
}

// Down implements imap.Report.
func (in *inbox) Down(err error) {
	in.up.Store(false)
	in.channel.bridge.Alarms.Raise("mailbox "+in.name, phrase.Say("The mailbox %s can't be read, so mail to it is not answered: %s", in.name, err.Error()))
}

// Well implements imap.Report.
func (in *inbox) Well() {
	in.up.Store(true)
	in.channel.log.Info("mailbox is read", "mailbox", in.name)
	in.channel.bridge.Alarms.Clear("mailbox "+in.name, phrase.Say("The mailbox %s is read again.", in.name))
}
