package bridge

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	mailInRow  = 256 << 10 // bytes: a larger mail is stored in parts beside its row
	mailPart   = 1 << 20   // bytes of each part
	emptyEvery = time.Hour // how often old mail is looked for
	emptyBatch = 20        // mails, and parts, in one turn
	leftFor    = time.Hour // parts without a mail that are younger may belong to one which is being stored
)

// MailPart is a part of a mail's bytes. The parts of a large mail are written one by one, each in a
// transaction of its own, since everybody else who writes waits while a transaction is written; and the
// store writes a row anew as a whole when anything in it changes, for which a mail's bytes are too large.
type MailPart struct {
	Apart string // names the mail's parts
	Part  int    // from 0
	Made  time.Time
	Raw   []byte
}

// partsOf cuts a mail's bytes into parts.
func partsOf(apart string, raw []byte, now time.Time) (list []MailPart) {
	for len(raw) > 0 {
		n := min(len(raw), mailPart)
		list = append(list, MailPart{Apart: apart, Part: len(list), Made: now, Raw: raw[:n]})
		raw = raw[n:]
	}
	return list
}

// setApart stores the parts of a large mail that comes, unless the mail is known. Its row is stored after
// them. When the program ends in between, the mail is fetched again, and the parts are left over. setApart
// returns the mail as its row has it, and the number of its parts.
func (m *Mailroom) setApart(ctx context.Context, mail InMail) (InMail, int, error) {
	if len(mail.Raw) <= mailInRow {
		return mail, 0, nil
	}
	known := false
	err := m.bridge.store.View(ctx, func(r Reader) error {
		c, err := r.MailCursor(mail.Mailbox)
		if err != nil {
			return err
		}
		_, err = r.MailByFingerprint(mail.Fingerprint)
		known = c.has(mail) || err == nil
		if isNotFound(err) {
			return nil
		}
		return err
	})
	if err != nil || known {
		return mail, 0, err
	}
	apart := newID()
	parts := partsOf(apart, mail.Raw, mail.Kept)
	for _, p := range parts {
		if err := m.bridge.store.Update(ctx, func(tx Tx) error { return tx.SaveMailPart(p) }); err != nil {
			return mail, 0, err
		}
	}
	mail.Apart, mail.Raw = apart, []byte{}
	return mail, len(parts), nil
}

// allThere fails unless a mail that is about to be stored has so many parts. They may have been deleted meanwhile, as
// left over, if the clock was set forward.
func allThere(r Reader, mail InMail, parts int) error {
	if mail.Apart == "" {
		return nil
	}
	n, err := r.CountMailParts(mail.Apart)
	if err == nil && n != parts {
		err = fmt.Errorf("store mail %d of %s: %d of %d parts are there", mail.UID, mail.Mailbox, n, parts)
	}
	return err
}

// QueueWriter writes mail that goes. It is a part of Tx.
type QueueWriter interface {
	CreateOutMail(m OutMail) error
	SaveMailPart(p MailPart) error
}

// QueueMail stores a mail that goes, as everything does that has one. A large one is stored in parts, too, but with
// what it tells of.
func QueueMail(tx QueueWriter, m OutMail) error {
	if len(m.Raw) > mailInRow {
		m.Apart = newID()
		for _, p := range partsOf(m.Apart, m.Raw, m.Made) {
			if err := tx.SaveMailPart(p); err != nil {
				return err
			}
		}
		m.Raw = []byte{}
	}
	return tx.CreateOutMail(m)
}

// whole adds a mail's bytes if they were set apart.
func (m *OutMail) whole(r Reader) (err error) {
	if m.Apart != "" {
		m.Raw, err = r.MailParts(m.Apart)
	}
	return err
}

// empty deletes the bytes of mail that is older than MailOptions.KeepRaw, a few in each turn, and the
// parts that are left over. What is known of a mail stays, so that answers to it find their conversation
// and nothing is stored twice. Each mail has a transaction of its own.
func (m *Mailroom) empty(ctx context.Context) error {
	now, keep := m.bridge.clock.Now(), m.bridge.opts.Mail.KeepRaw
	if since := now.Sub(m.emptied); since >= 0 && since < emptyEvery {
		return nil
	}
	var in []int64
	var out []string
	var left []MailPart
	err := m.bridge.store.View(ctx, func(r Reader) (err error) {
		if keep > 0 {
			if in, out, err = r.OldMail(now.Add(-keep), emptyBatch); err != nil {
				return err
			}
		}
		left, err = r.LeftMailParts(now.Add(-leftFor), emptyBatch)
		return err
	})
	if err != nil {
		return err
	}
	var errs []error
	for _, id := range in {
		errs = append(errs, m.bridge.store.Update(ctx, func(tx Tx) error { return tx.EmptyInMail(id) }))
	}
	for _, id := range out {
		errs = append(errs, m.bridge.store.Update(ctx, func(tx Tx) error { return tx.EmptyOutMail(id) }))
	}
	for _, p := range left {
		errs = append(errs, m.bridge.store.Update(ctx, func(tx Tx) error { return tx.DeleteMailPart(p) }))
	}
	if err := errors.Join(errs...); err != nil {
		m.emptied = now // it is tried again later
		return fmt.Errorf("delete old mail: %w", err)
	}
	if len(in) < emptyBatch && len(out) < emptyBatch && len(left) < emptyBatch {
		m.emptied = now
	}
	return nil
}
