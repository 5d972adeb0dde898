package db

import (
	"fmt"
	"time"

	"porchlight/bridge"
)

const selectSession = `SELECT operator, began_at, ended_at FROM sessions `

func scanSession(r Row) bridge.Session {
	return bridge.Session{Operator: bridge.OperatorJID(r.text(0)), Began: r.time(1), Ended: r.time(2)}
}

// LastSession implements bridge.Reader.
func (r *Reader) LastSession(o bridge.OperatorJID) (bridge.Session, error) {
	return one(r.s, "session", scanSession, selectSession+`WHERE operator = ? ORDER BY began_at DESC LIMIT 1`, string(o))
}

// OpenSessions implements bridge.Reader.
func (r *Reader) OpenSessions() ([]bridge.Session, error) {
	return list(r.s, "sessions", scanSession, selectSession+`WHERE ended_at IS NULL ORDER BY operator`)
}

// SessionsSince implements bridge.Reader.
func (r *Reader) SessionsSince(at time.Time) ([]bridge.Session, error) {
	return list(r.s, "sessions", scanSession, selectSession+`WHERE ended_at >= ? ORDER BY ended_at, operator`, at.UnixMilli())
}

// Logins implements bridge.Reader.
func (r *Reader) Logins() (int, error) {
	n, err := one(r.s, "number of sessions", scanInt, `SELECT COUNT(*) FROM sessions`)
	return int(n), err
}

// SaveSession implements bridge.Tx.
func (t *Tx) SaveSession(s bridge.Session) error {
	_, err := t.s.exec(`INSERT INTO sessions (operator, began_at, ended_at) VALUES (?, ?, ?)
		ON CONFLICT (operator, began_at) DO UPDATE SET ended_at = excluded.ended_at`, string(s.Operator), millis(s.Began), millis(s.Ended))
	if err != nil {
		return fmt.Errorf("save session: %w", err)
	}
	return nil
}
