package db

import (
	"fmt"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

func scanDeskEntry(r Row) bridge.DeskEntry {
	return bridge.DeskEntry{
		Operator:     bridge.OperatorJID(r.text(0)),
		Seq:          r.int(1),
		Kind:         bridge.DeskKind(r.text(2)),
		At:           r.time(3),
		Conversation: r.int(4),
		Ref:          r.int(5),
		Phrase:       phrase.Decode(r.text(6)),
	}
}

// DeskEntries implements bridge.Reader.
func (r *Reader) DeskEntries(o bridge.OperatorJID, after int64, limit int) ([]bridge.DeskEntry, error) {
	return list(r.s, "desk entries", scanDeskEntry, `SELECT operator, seq, kind, created_at, conversation, ref, text
		FROM desk_entries WHERE operator = ? AND seq > ? ORDER BY seq LIMIT ?`, string(o), after, int64(limit))
}

// UnconfirmedDesks implements bridge.Reader.
func (r *Reader) UnconfirmedDesks() (map[bridge.OperatorJID]int64, error) {
	cursors := make(map[bridge.OperatorJID]int64)
	err := r.s.each(func(r Row) bool {
		cursors[bridge.OperatorJID(r.text(0))] = r.int(1)
		return true
	}, `SELECT jid, desk_confirmed FROM operators WHERE desk_confirmed < desk_seq AND removed = FALSE`)
	if err != nil {
		return nil, fmt.Errorf("read cursors of desks: %w", err)
	}
	return cursors, nil
}

// AppendDesk implements bridge.Tx.
func (t *Tx) AppendDesk(e *bridge.DeskEntry) error {
	seq, known, err := t.s.assign(`UPDATE operators SET desk_seq = desk_seq + 1 WHERE jid = ? RETURNING desk_seq`, string(e.Operator))
	if err != nil {
		return fmt.Errorf("append desk entry: %w", err)
	}
	if !known {
		return notFound("operator")
	}
	var conversation any
	if e.Conversation != 0 {
		conversation = e.Conversation
	}
	_, err = t.s.exec(`INSERT INTO desk_entries (operator, seq, kind, created_at, conversation, ref, text) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		string(e.Operator), seq, string(e.Kind), millis(e.At), conversation, e.Ref, e.Phrase.Encode())
	if err != nil {
		return fmt.Errorf("append desk entry: %w", err)
	}
	e.Seq = seq
	return nil
}

// ConfirmDesk implements bridge.Tx.
func (t *Tx) ConfirmDesk(o bridge.OperatorJID, seq int64) error {
	return t.change("operator", `UPDATE operators SET desk_confirmed = CASE WHEN desk_confirmed < ? THEN ? ELSE desk_confirmed END
		WHERE jid = ?`, seq, seq, string(o))
}

// ReturnDesk implements bridge.Tx.
func (t *Tx) ReturnDesk(o bridge.OperatorJID, seq int64) error {
	return t.change("operator", `UPDATE operators SET desk_confirmed = CASE WHEN desk_confirmed > ? THEN ? ELSE desk_confirmed END
		WHERE jid = ?`, seq, seq, string(o))
}
