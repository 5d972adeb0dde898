package db

import (
	"fmt"
	"time"

	"porchlight/bridge"
)

// Reminder implements bridge.Reader.
func (r *Reader) Reminder(o bridge.OperatorJID) (bridge.Reminder, error) {
	found, err := list(r.s, "reminder", func(row Row) bridge.Reminder {
		return bridge.Reminder{Operator: o, Told: row.time(0), Due: row.time(1), Targets: row.text(2)}
	}, `SELECT told_at, due_at, targets FROM reminders WHERE operator = ?`, string(o))
	if err != nil || len(found) == 0 {
		return bridge.Reminder{Operator: o}, err
	}
	return found[0], nil
}

// DueReminders implements bridge.Reader.
func (r *Reader) DueReminders(now time.Time, limit int) ([]bridge.OperatorJID, error) {
	return list(r.s, "due reminders", func(row Row) bridge.OperatorJID { return bridge.OperatorJID(row.text(0)) },
		`SELECT operator FROM reminders WHERE due_at <= ? ORDER BY due_at, operator LIMIT ?`, now.UnixMilli(), int64(limit))
}

// SaveReminder implements bridge.Tx.
func (t *Tx) SaveReminder(m bridge.Reminder) error {
	_, err := t.s.exec(`INSERT INTO reminders (operator, told_at, due_at, targets) VALUES (?, ?, ?, ?)
		ON CONFLICT (operator) DO UPDATE SET told_at = excluded.told_at, due_at = excluded.due_at, targets = excluded.targets`,
		string(m.Operator), millis(m.Told), millis(m.Due), m.Targets)
	if err != nil {
		return fmt.Errorf("save reminder: %w", err)
	}
	return nil
}
