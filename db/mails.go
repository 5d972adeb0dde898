package db

import (
	"fmt"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// MailCursor implements bridge.Reader.
func (r *Reader) MailCursor(mailbox string) (bridge.MailCursor, error) {
	c, err := one(r.s, "mailbox", func(r Row) bridge.MailCursor {
		return bridge.MailCursor{Validity: uint32(r.int(0)), Next: uint32(r.int(1)), Last: r.time(2)}
	}, `SELECT validity, next_uid, last_at FROM mailboxes WHERE name = ?`, mailbox)
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		return bridge.MailCursor{}, nil
	}
	return c, err
}

// InMail implements bridge.Reader.
func (r *Reader) InMail(id int64) (bridge.InMail, error) {
	return one(r.s, "mail", func(r Row) bridge.InMail {
		return bridge.InMail{ID: r.int(0), Mailbox: r.text(1), Validity: uint32(r.int(2)), UID: uint32(max(0, r.int(3))), Fingerprint: r.text(4), MessageID: r.text(5),
			Received: r.time(6), Bytes: r.int(7), Raw: append([]byte(nil), r.bytes(8)...), State: bridge.MailState(r.text(9)), Fate: r.text(10), Conversation: r.int(11), Failed: int(r.int(12)), Due: r.time(13), Apart: r.text(14), Kept: r.time(15)}
	}, `SELECT id, mailbox, validity, uid, fingerprint, message_id, received_at, bytes, raw, state, fate, conversation, failed, due_at, apart, kept_at FROM mails WHERE id = ?`, id)
}

// UnsortedMail implements bridge.Reader.
func (r *Reader) UnsortedMail(now time.Time, limit int) ([]int64, error) {
	return list(r.s, "mails", scanInt, `SELECT id FROM mails WHERE state IN ('new', 'sorted') AND id > 0 AND (due_at IS NULL OR due_at <= ?) ORDER BY id LIMIT ?`,
		now.UnixMilli(), int64(limit))
}

// MailByFingerprint implements bridge.Reader.
func (r *Reader) MailByFingerprint(fingerprint string) (int64, error) {
	return one(r.s, "mail", scanInt, `SELECT id FROM mails WHERE fingerprint = ?`, fingerprint)
}

// ConversationOfMail implements bridge.Reader.
func (r *Reader) ConversationOfMail(messageID string) (int64, error) {
	return inAnyCase(func(match string) (int64, error) {
		number, err := one(r.s, "mail", scanInt, `SELECT conversation FROM posts WHERE `+match+` AND conversation IS NOT NULL LIMIT 1`, messageID)
		if phrase.CodeOf(err) != phrase.CodeNotFound {
			return number, err
		}
		return one(r.s, "mail", scanInt, `SELECT conversation FROM mails WHERE `+match+` AND conversation IS NOT NULL ORDER BY id DESC LIMIT 1`, messageID)
	})
}

// MailElsewhere implements bridge.Reader.
func (r *Reader) MailElsewhere(messageID, mailbox string) (int64, error) {
	return one(r.s, "mail", scanInt, `SELECT conversation FROM mails WHERE message_id = ? AND mailbox <> ? AND conversation IS NOT NULL ORDER BY id DESC LIMIT 1`, messageID, mailbox)
}

// SaveMailCursor implements bridge.Tx.
func (t *Tx) SaveMailCursor(mailbox string, c bridge.MailCursor) error {
	_, err := t.s.exec(`INSERT INTO mailboxes (name, validity, next_uid, last_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET validity = excluded.validity, next_uid = excluded.next_uid, last_at = excluded.last_at`,
		mailbox, int64(c.Validity), int64(c.Next), millis(c.Last))
	if err != nil {
		return fmt.Errorf("save mailbox: %w", err)
	}
	return nil
}

// CreateInMail implements bridge.Tx.
func (t *Tx) CreateInMail(m *bridge.InMail) error {
	raw := m.Raw
	if raw == nil { // nothing of it could be fetched; nil would be stored as NULL
		raw = []byte{}
	}
	id, _, err := t.s.assign(`INSERT INTO mails (mailbox, validity, uid, fingerprint, message_id, received_at, bytes, raw, state, fate, conversation, failed, due_at, apart, kept_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, m.Mailbox, int64(m.Validity), int64(m.UID), m.Fingerprint, orNull(m.MessageID), millis(m.Received),
		m.Bytes, raw, string(m.State), m.Fate, numberOrNull(m.Conversation), int64(m.Failed), millis(m.Due), orNull(m.Apart), millis(m.Kept))
	if err != nil {
		return fmt.Errorf("store mail: %w", err)
	}
	m.ID = id
	return nil
}

// ForgetUIDs implements bridge.Tx. A UID that was forgotten is below 0, and no other mail's.
func (t *Tx) ForgetUIDs(mailbox string, validity, from uint32) error {
	if _, err := t.s.exec(`UPDATE mails SET uid = -id WHERE mailbox = ? AND validity = ? AND uid >= ?`, mailbox, int64(validity), int64(from)); err != nil {
		return fmt.Errorf("forget UIDs: %w", err)
	}
	return nil
}

// SaveInMail implements bridge.Tx.
func (t *Tx) SaveInMail(m bridge.InMail) error {
	return t.change("mail", `UPDATE mails SET message_id = ?, state = ?, fate = ?, conversation = ?, failed = ?, due_at = ? WHERE id = ?`,
		orNull(m.MessageID), string(m.State), m.Fate, numberOrNull(m.Conversation), int64(m.Failed), millis(m.Due), m.ID)
}

// numberOrNull is a conversation's number, NULL for 0.
func numberOrNull(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}
