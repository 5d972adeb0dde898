package bridge

import (
	"context"
)

// Cursor returns how far a mailbox has been read.
func (m *Mailroom) Cursor(ctx context.Context, mailbox string) (c MailCursor, err error) {
	err = m.bridge.store.View(ctx, func(r Reader) (err error) {
		c, err = r.MailCursor(mailbox)
		return err
	})
	return c, err
}

// Begin says where reading a mailbox begins: the first time, under a new UIDVALIDITY, or when the server gives UIDs
// anew that it gave before.
func (m *Mailroom) Begin(ctx context.Context, mailbox string, c MailCursor) error {
	return m.bridge.store.Update(ctx, func(tx Tx) error {
		was, err := tx.MailCursor(mailbox)
		if err == nil && was.Validity == c.Validity && c.Next < was.Next {
			err = tx.ForgetUIDs(mailbox, c.Validity, c.Next)
		}
		if err != nil {
			return err
		}
		return tx.SaveMailCursor(mailbox, c)
	})
}

// Keep stores a mail, unless it came before, and moves the mailbox's cursor past it in the same
// transaction. The mail is sorted later.
func (m *Mailroom) Keep(ctx context.Context, mail InMail) error {
	mail.State = MailNew
	return m.keep(ctx, mail, func(*commit) error { return nil })
}

// Refuse stores a mail that can't be read, moves the cursor past it, and tells the super operators in the same
// transaction. from and subject are what its header says, as far as that can be read.
func (m *Mailroom) Refuse(ctx context.Context, mail InMail, from, subject string, why error) error {
	mail.State = MailRefused
	m.bridge.log.Error("a mail can't be read", "mailbox", mail.Mailbox, "uid", mail.UID, "bytes", mail.Bytes, "err", why)
	return m.keep(ctx, mail, func(u *commit) error { return u.unread(mail, from, subject) })
}

// keep stores a mail and moves the cursor; stored is called in the same transaction if the mail is a new one.
func (m *Mailroom) keep(ctx context.Context, mail InMail, stored func(*commit) error) error {
	mail.Kept = m.bridge.clock.Now()
	mail, parts, err := m.setApart(ctx, mail)
	if err != nil {
		return err
	}
	return m.bridge.update(ctx, func(u *commit) error {
		tx := u.tx
		c, err := tx.MailCursor(mail.Mailbox)
		if err != nil || c.has(mail) {
			return err
		}
		if _, err := tx.MailByFingerprint(mail.Fingerprint); err == nil {
			return tx.SaveMailCursor(mail.Mailbox, c.past(mail))
		} else if !isNotFound(err) {
			return err
		}
		if err := allThere(tx, mail, parts); err != nil {
			return err
		}
		created := mail
		if err := tx.CreateInMail(&created); err != nil {
			return err
		}
		if err := stored(u); err != nil {
			return err
		}
		return tx.SaveMailCursor(mail.Mailbox, c.past(mail))
	})
}

// has reports whether the cursor is past a mail.
func (c MailCursor) has(mail InMail) bool { return c.Validity == mail.Validity && mail.UID < c.Next }

// past is the cursor after a mail.
func (c MailCursor) past(mail InMail) MailCursor {
	return MailCursor{Validity: mail.Validity, Next: mail.UID + 1, Last: later(c.Last, mail.Received)}
}

// Skip moves a mailbox's cursor past a mail that somebody deleted.
func (m *Mailroom) Skip(ctx context.Context, mailbox string, validity, uid uint32) error {
	return m.bridge.store.Update(ctx, func(tx Tx) error {
		c, err := tx.MailCursor(mailbox)
		if err != nil || c.Validity == validity && uid < c.Next {
			return err
		}
		return tx.SaveMailCursor(mailbox, MailCursor{Validity: validity, Next: uid + 1, Last: c.Last})
	})
}
