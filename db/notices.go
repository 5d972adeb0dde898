package db

import (
	"fmt"
	"time"

	"porchlight/bridge"
)

const selectNotice = `SELECT conversation, operator, way, asked_at, due_at, sent, sent_at, failed, receipt FROM notices `

func scanNotice(r Row) bridge.DueNotice {
	return bridge.DueNotice{
		Conversation: r.int(0),
		Operator:     bridge.OperatorJID(r.text(1)),
		Way:          bridge.Way(r.text(2)),
		Asked:        r.time(3),
		Due:          r.time(4),
		Sent:         int(r.int(5)),
		SentAt:       r.time(6),
		Failed:       int(r.int(7)),
		Receipt:      r.text(8),
	}
}

// Notice implements bridge.Reader.
func (r *Reader) Notice(number int64, o bridge.OperatorJID, w bridge.Way) (bridge.DueNotice, error) {
	return one(r.s, "notice", scanNotice, selectNotice+`WHERE conversation = ? AND operator = ? AND way = ?`, number, string(o), string(w))
}

// DueNotices implements bridge.Reader.
func (r *Reader) DueNotices(w bridge.Way, now time.Time, limit int) ([]bridge.DueNotice, error) {
	return list(r.s, "notices", scanNotice, selectNotice+`WHERE way = ? AND due_at <= ? ORDER BY due_at, conversation, operator LIMIT ?`,
		string(w), now.UnixMilli(), int64(limit))
}

// LastNotice implements bridge.Reader.
func (r *Reader) LastNotice(o bridge.OperatorJID, w bridge.Way) (time.Time, error) {
	return one(r.s, "notice", func(r Row) time.Time { return r.time(0) }, `SELECT MAX(sent_at) FROM notices WHERE operator = ? AND way = ?`, string(o), string(w))
}

// SaveNotice implements bridge.Tx.
func (t *Tx) SaveNotice(n bridge.DueNotice) error {
	_, err := t.s.exec(`INSERT INTO notices (conversation, operator, way, asked_at, due_at, sent, sent_at, failed, receipt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (conversation, operator, way) DO UPDATE SET asked_at = excluded.asked_at, due_at = excluded.due_at, sent = excluded.sent,
		sent_at = excluded.sent_at, failed = excluded.failed, receipt = excluded.receipt`,
		n.Conversation, string(n.Operator), string(n.Way), millis(n.Asked), millis(n.Due), int64(n.Sent), millis(n.SentAt), int64(n.Failed), n.Receipt)
	if err != nil {
		return fmt.Errorf("save notice: %w", err)
	}
	return nil
}

// DeleteNotices implements bridge.Tx.
func (t *Tx) DeleteNotices(before time.Time) error {
	if _, err := t.s.exec(`DELETE FROM notices WHERE asked_at < ?`, before.UnixMilli()); err != nil {
		return fmt.Errorf("delete notices: %w", err)
	}
	return nil
}
