package db

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

const selectPost = `SELECT id, kind, conversation, upto, message_id, envelope_from, envelope_to, raw, state, words, tries, made_at, due_at, operator, apart, kept_at FROM posts `

func scanPost(r Row) bridge.OutMail {
	return bridge.OutMail{ID: r.text(0), Kind: bridge.MailKind(r.text(1)), Conversation: r.int(2), Upto: r.int(3), MessageID: r.text(4), From: r.text(5), To: r.text(6),
		Raw: append([]byte(nil), r.bytes(7)...), State: bridge.MailState(r.text(8)), Words: r.text(9), Tries: int(r.int(10)), Made: r.time(11), Due: r.time(12), Operator: bridge.OperatorJID(r.text(13)), Apart: r.text(14), Kept: r.time(15)}
}

// OutMail implements bridge.Reader.
func (r *Reader) OutMail(id string) (bridge.OutMail, error) {
	return one(r.s, "mail", scanPost, selectPost+`WHERE id = ?`, id)
}

// OutMailByMessageID implements bridge.Reader.
func (r *Reader) OutMailByMessageID(id string) (bridge.OutMail, error) {
	return inAnyCase(func(match string) (bridge.OutMail, error) {
		return one(r.s, "mail", scanPost, selectPost+`WHERE `+match+` LIMIT 1`, id)
	})
}

// OutMailsTo implements bridge.Reader.
func (r *Reader) OutMailsTo(number int64, address string, limit int) ([]string, error) {
	type sent struct {
		id   string
		made int64
	}
	all, err := list(r.s, "mails", func(r Row) sent { return sent{r.text(0), r.int(1)} }, `SELECT message_id, made_at FROM posts WHERE conversation = ? AND envelope_to = ?`, number, address)
	slices.SortFunc(all, func(a, b sent) int { return cmp.Or(cmp.Compare(a.made, b.made), cmp.Compare(a.id, b.id)) })
	var ids []string
	for _, s := range all[max(0, len(all)-limit):] {
		ids = append(ids, s.id)
	}
	return ids, err
}

// DueOutMail implements bridge.Reader. An index has all that it asks for, so that a long queue of large mails is
// looked through quickly.
func (r *Reader) DueOutMail(now time.Time, limit int) ([]string, error) {
	return list(r.s, "mails", scanText, `SELECT id FROM posts WHERE due_at <= ?
		ORDER BY CASE kind WHEN 'answer' THEN 1 WHEN 'transcript' THEN 1 WHEN 'statistics' THEN 3 ELSE 2 END, made_at, id LIMIT ?`, now.UnixMilli(), int64(limit))
}

// OverdueOutMail implements bridge.Reader.
func (r *Reader) OverdueOutMail(now time.Time, by time.Duration, limit int) ([]string, error) {
	return list(r.s, "mails", scanText, `SELECT id FROM posts WHERE due_at <= ? AND made_at <= ? AND due_at < made_at + ?
		ORDER BY due_at, kind, made_at, id LIMIT ?`, now.UnixMilli(), now.Add(-by).UnixMilli(), by.Milliseconds(), int64(limit))
}

// CountOutMail implements bridge.Reader.
func (r *Reader) CountOutMail() (int, time.Time, error) {
	type queue struct {
		n      int64
		oldest time.Time
	}
	q, err := one(r.s, "number of mails", func(r Row) queue { return queue{r.int(0), r.time(1)} }, `SELECT count(*), min(made_at) FROM posts WHERE due_at IS NOT NULL`)
	return int(q.n), q.oldest, err
}

// CountAutomaticMail implements bridge.Reader.
func (r *Reader) CountAutomaticMail(q bridge.AutomaticMail) (int, error) {
	const count = `SELECT count(*) FROM posts WHERE kind IN ('acknowledgement', 'closed') AND `
	var n int64
	var err error
	switch {
	case q.Conversation > 0:
		n, err = one(r.s, "number of mails", scanInt, count+`conversation = ?`, q.Conversation)
	case q.To != "":
		n, err = one(r.s, "number of mails", scanInt, count+`lower(envelope_to) = lower(?) AND made_at >= ?`, q.To, q.Since.UnixMilli())
	default:
		n, err = one(r.s, "number of mails", scanInt, count+`made_at >= ?`, q.Since.UnixMilli())
	}
	return int(n), err
}

// Undelivered implements bridge.Reader.
func (r *Reader) Undelivered(address string, since time.Time, limit int) ([]string, error) {
	return list(r.s, "mails", scanText, `SELECT words FROM posts WHERE state IN ('failed', 'bounced') AND lower(envelope_to) = lower(?) AND made_at >= ?
		ORDER BY made_at DESC LIMIT ?`, address, since.UnixMilli(), int64(limit))
}

// CreateOutMail implements bridge.Tx.
func (t *Tx) CreateOutMail(m bridge.OutMail) error {
	_, err := t.s.exec(`INSERT INTO posts (id, kind, conversation, upto, message_id, envelope_from, envelope_to, raw, state, words, tries, made_at, due_at, operator, apart, kept_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, m.ID, string(m.Kind), numberOrNull(m.Conversation), m.Upto, m.MessageID, m.From, m.To, m.Raw, string(m.State), m.Words,
		int64(m.Tries), millis(m.Made), millis(m.Due), orNull(string(m.Operator)), orNull(m.Apart), millis(m.Made))
	if err != nil {
		return fmt.Errorf("store mail: %w", err)
	}
	return nil
}

// SaveOutMail implements bridge.Tx.
func (t *Tx) SaveOutMail(m bridge.OutMail) error {
	return t.change("mail", `UPDATE posts SET state = ?, words = ?, tries = ?, due_at = ? WHERE id = ?`, string(m.State), m.Words, int64(m.Tries), millis(m.Due), m.ID)
}

const selectThread = `SELECT conversation, address, token, subject, last_mail FROM threads `

func scanThread(r Row) bridge.Thread {
	return bridge.Thread{Conversation: r.int(0), Address: r.text(1), Token: r.text(2), Subject: r.text(3), LastMail: r.text(4)}
}

// ThreadByToken implements bridge.Reader.
func (r *Reader) ThreadByToken(token string) (bridge.Thread, error) {
	return one(r.s, "thread", scanThread, selectThread+`WHERE token = ?`, token)
}

// Thread implements bridge.Reader.
func (r *Reader) Thread(number int64, address string) (bridge.Thread, error) {
	return one(r.s, "thread", scanThread, selectThread+`WHERE conversation = ? AND address = ?`, number, address)
}

// SaveThread implements bridge.Tx.
func (t *Tx) SaveThread(h bridge.Thread) error {
	_, err := t.s.exec(`INSERT INTO threads (conversation, address, token, subject, last_mail) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (conversation, address) DO UPDATE SET subject = excluded.subject, last_mail = excluded.last_mail`,
		h.Conversation, h.Address, h.Token, h.Subject, orNull(h.LastMail))
	if err != nil {
		return fmt.Errorf("save thread: %w", err)
	}
	return nil
}

// Mailing implements bridge.Reader.
func (r *Reader) Mailing(number int64) (bridge.Mailing, error) {
	m, err := one(r.s, "mailing", func(r Row) bridge.Mailing {
		return bridge.Mailing{Conversation: r.int(0), Upto: r.int(1), Due: r.time(2), Forced: r.bool(3)}
	}, `SELECT conversation, upto, due_at, forced FROM mailings WHERE conversation = ?`, number)
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		return bridge.Mailing{Conversation: number}, nil
	}
	return m, err
}

// DueMailings implements bridge.Reader.
func (r *Reader) DueMailings(now time.Time, limit int) ([]int64, error) {
	return list(r.s, "mailings", scanInt, `SELECT conversation FROM mailings WHERE due_at <= ? ORDER BY due_at, conversation LIMIT ?`, now.UnixMilli(), int64(limit))
}

// SaveMailing implements bridge.Tx.
func (t *Tx) SaveMailing(m bridge.Mailing) error {
	_, err := t.s.exec(`INSERT INTO mailings (conversation, upto, due_at, forced) VALUES (?, ?, ?, ?)
		ON CONFLICT (conversation) DO UPDATE SET upto = excluded.upto, due_at = excluded.due_at, forced = excluded.forced`,
		m.Conversation, m.Upto, millis(m.Due), m.Forced)
	if err != nil {
		return fmt.Errorf("save mailing: %w", err)
	}
	return nil
}
