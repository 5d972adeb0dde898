package db

import (
	"fmt"
	"time"

	"porchlight/bridge"
)

const selectPass = `SELECT hash, kind, operator, name, created_at, ends_at FROM passes `

func scanPass(r Row) bridge.Pass {
	return bridge.Pass{Hash: append([]byte(nil), r.bytes(0)...), Kind: bridge.PassKind(r.text(1)), Operator: bridge.OperatorJID(r.text(2)),
		Name: r.text(3), Made: r.time(4), Ends: r.time(5)}
}

// Pass implements bridge.Reader.
func (r *Reader) Pass(hash []byte) (bridge.Pass, error) {
	return one(r.s, "pass", scanPass, selectPass+`WHERE hash = ?`, hash)
}

// PassesOf implements bridge.Reader.
func (r *Reader) PassesOf(o bridge.OperatorJID, kind bridge.PassKind) ([]bridge.Pass, error) {
	return list(r.s, "passes", scanPass, selectPass+`WHERE operator = ? AND kind = ? ORDER BY created_at, hash`, string(o), string(kind))
}

// Walls implements bridge.Reader.
func (r *Reader) Walls() ([]bridge.Pass, error) {
	return list(r.s, "walls", scanPass, selectPass+`WHERE kind = 'wall' ORDER BY name`)
}

// SavePass implements bridge.Tx.
func (t *Tx) SavePass(p bridge.Pass) error {
	_, err := t.s.exec(`INSERT INTO passes (hash, kind, operator, name, created_at, ends_at) VALUES (?, ?, ?, ?, ?, ?)`,
		p.Hash, string(p.Kind), string(p.Operator), p.Name, millis(p.Made), millis(p.Ends))
	if err != nil {
		return fmt.Errorf("save pass: %w", err)
	}
	return nil
}

// DeletePass implements bridge.Tx.
func (t *Tx) DeletePass(hash []byte) error {
	return t.change("pass", `DELETE FROM passes WHERE hash = ?`, hash)
}

// DeletePassesOf implements bridge.Tx.
func (t *Tx) DeletePassesOf(o bridge.OperatorJID) error {
	_, err := t.s.exec(`DELETE FROM passes WHERE operator = ?`, string(o))
	if err != nil {
		return fmt.Errorf("delete passes: %w", err)
	}
	return nil
}

// DeleteEndedPasses implements bridge.Tx.
func (t *Tx) DeleteEndedPasses(now time.Time) error {
	_, err := t.s.exec(`DELETE FROM passes WHERE ends_at <= ?`, now.UnixMilli())
	if err != nil {
		return fmt.Errorf("delete passes: %w", err)
	}
	return nil
}
