package db

import (
	"fmt"
	"time"

	"porchlight/bridge"
)

// CarriedOut implements bridge.Reader.
func (r *Reader) CarriedOut(o bridge.OperatorJID, origin string) (time.Time, error) {
	found, err := list(r.s, "command", func(r Row) time.Time { return r.time(0) },
		`SELECT created_at FROM commands WHERE operator = ? AND origin = ?`, string(o), origin)
	if err != nil || len(found) == 0 {
		return time.Time{}, err
	}
	return found[0], nil
}

// SaveCarriedOut implements bridge.Tx.
func (t *Tx) SaveCarriedOut(o bridge.OperatorJID, origin string, at, since time.Time) error {
	_, err := t.s.exec(`DELETE FROM commands WHERE operator = ? AND created_at < ?`, string(o), millis(since))
	if err == nil {
		_, err = t.s.exec(`INSERT INTO commands (operator, origin, created_at) VALUES (?, ?, ?)
			ON CONFLICT (operator, origin) DO UPDATE SET created_at = excluded.created_at`, string(o), origin, millis(at))
	}
	if err != nil {
		return fmt.Errorf("save command: %w", err)
	}
	return nil
}
