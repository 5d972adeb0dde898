package db

import (
	"bytes"
	"fmt"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// MailParts implements bridge.Reader. Parts are deleted from the first on, so a mail whose parts are not numbered from 0
// on without a gap is not whole.
func (r *Reader) MailParts(apart string) ([]byte, error) {
	missing := false
	n := int64(0)
	parts, err := list(r.s, "parts of a mail", func(r Row) []byte {
		missing = missing || r.int(1) != n
		n++
		return append([]byte(nil), r.bytes(0)...)
	}, `SELECT raw, part FROM mail_parts WHERE apart = ? ORDER BY part`, apart)
	if err == nil && (missing || n == 0) {
		return nil, notFound("part of a mail")
	}
	return bytes.Join(parts, nil), err
}

// CountMailParts implements bridge.Reader.
func (r *Reader) CountMailParts(apart string) (int, error) {
	n, err := one(r.s, "number of mails", scanInt, `SELECT count(*) FROM mail_parts WHERE apart = ?`, apart)
	return int(n), err
}

// OldMail implements bridge.Reader.
func (r *Reader) OldMail(before time.Time, limit int) (in []int64, out []string, err error) {
	in, err = list(r.s, "mails", scanInt, `SELECT id FROM mails WHERE kept_at < ? AND state IN ('done', 'refused') ORDER BY kept_at, id LIMIT ?`, before.UnixMilli(), int64(limit))
	if err != nil {
		return nil, nil, err
	}
	out, err = list(r.s, "mails", scanText, `SELECT id FROM posts WHERE kept_at < ? AND state <> 'queued' ORDER BY kept_at, id LIMIT ?`, before.UnixMilli(), int64(limit))
	return in, out, err
}

// LeftMailParts implements bridge.Reader.
func (r *Reader) LeftMailParts(before time.Time, limit int) ([]bridge.MailPart, error) {
	return list(r.s, "parts of mails", func(r Row) bridge.MailPart { return bridge.MailPart{Apart: r.text(0), Part: int(r.int(1))} },
		`SELECT p.apart, p.part FROM mail_parts p WHERE p.made_at < ? AND NOT EXISTS (SELECT 1 FROM mails WHERE mails.apart = p.apart)
			AND NOT EXISTS (SELECT 1 FROM posts WHERE posts.apart = p.apart) ORDER BY p.made_at, p.apart, p.part LIMIT ?`, before.UnixMilli(), int64(limit))
}

// SaveMailPart implements bridge.Tx.
func (t *Tx) SaveMailPart(p bridge.MailPart) error {
	_, err := t.s.exec(`INSERT INTO mail_parts (apart, part, made_at, raw) VALUES (?, ?, ?, ?)`, p.Apart, int64(p.Part), millis(p.Made), p.Raw)
	if err != nil {
		return fmt.Errorf("store part of a mail: %w", err)
	}
	return nil
}

// DeleteMailPart implements bridge.Tx.
func (t *Tx) DeleteMailPart(p bridge.MailPart) error {
	_, err := t.s.exec(`DELETE FROM mail_parts WHERE apart = ? AND part = ?
		AND NOT EXISTS (SELECT 1 FROM mails WHERE mails.apart = mail_parts.apart) AND NOT EXISTS (SELECT 1 FROM posts WHERE posts.apart = mail_parts.apart)`, p.Apart, int64(p.Part))
	if err != nil {
		return fmt.Errorf("delete part of a mail: %w", err)
	}
	return nil
}

// EmptyInMail implements bridge.Tx.
func (t *Tx) EmptyInMail(id int64) error {
	return t.change("mail", `UPDATE mails SET raw = ?, apart = NULL, kept_at = NULL WHERE id = ?`, []byte{}, id)
}

// EmptyOutMail implements bridge.Tx.
func (t *Tx) EmptyOutMail(id string) error {
	return t.change("mail", `UPDATE posts SET raw = ?, apart = NULL, kept_at = NULL WHERE id = ?`, []byte{}, id)
}

// inAnyCase looks for what a Message-ID names, first as it is written, and then in whichever case.
func inAnyCase[T any](look func(match string) (T, error)) (found T, err error) {
	for _, match := range [...]string{`message_id = ?`, `lower(message_id) = lower(?)`} {
		if found, err = look(match); phrase.CodeOf(err) != phrase.CodeNotFound {
			return found, err
		}
	}
	return found, err
}
