package db

import (
	"encoding/json"
	"fmt"
	"time"

	"porchlight/bridge"
)

func scanAudit(r Row) bridge.Audit {
	a := bridge.Audit{
		ID:     r.int(0),
		At:     r.time(1),
		By:     bridge.OperatorJID(r.text(2)),
		ByName: r.text(3),
		About:  r.text(4),
		Line:   r.text(5),
	}
	fromJSON(r.text(6), &a.Changes)
	return a
}

const selectAudit = `SELECT id, created_at, by_operator, by_name, about, line, changes FROM audits WHERE `

// Audits implements bridge.Reader.
func (r *Reader) Audits(about string, from, to time.Time, limit int) ([]bridge.Audit, error) {
	const within = `created_at >= ? AND created_at < ? ORDER BY created_at DESC, id DESC LIMIT ?`
	if about == "" {
		return list(r.s, "audits", scanAudit, selectAudit+within, from.UnixMilli(), to.UnixMilli(), int64(limit))
	}
	return list(r.s, "audits", scanAudit, selectAudit+`about = ? AND `+within, about, from.UnixMilli(), to.UnixMilli(), int64(limit))
}

// AppendAudit implements bridge.Tx.
func (t *Tx) AppendAudit(a *bridge.Audit) error {
	changes, err := toJSON(a.Changes, len(a.Changes) == 0)
	if err == nil {
		a.ID, _, err = t.s.assign(`INSERT INTO audits (created_at, by_operator, by_name, about, line, changes) VALUES (?, ?, ?, ?, ?, ?) RETURNING id`,
			millis(a.At), string(a.By), a.ByName, a.About, a.Line, changes)
	}
	if err != nil {
		return fmt.Errorf("append audit: %w", err)
	}
	return nil
}

// toJSON returns a value in the form that is stored: as JSON, or "" if it is nothing.
func toJSON(value any, nothing bool) (string, error) {
	if nothing {
		return "", nil
	}
	b, err := json.Marshal(value)
	return string(b), err
}

// fromJSON reads what toJSON wrote. What is no JSON, which nothing stores, leaves the value as it is.
func fromJSON(stored string, value any) {
	if stored != "" {
		json.Unmarshal([]byte(stored), value)
	}
}
