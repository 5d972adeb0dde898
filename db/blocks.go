package db

import (
	"fmt"

	"porchlight/bridge"
)

// Blocks implements bridge.Reader.
func (r *Reader) Blocks() ([]bridge.Block, error) {
	return list(r.s, "blocks", func(r Row) bridge.Block {
		return bridge.Block{Target: r.text(0), Name: r.text(1), Reason: r.text(2), By: bridge.OperatorJID(r.text(3)), At: r.time(4), Ends: r.time(5)}
	}, `SELECT target, name, reason, operator, created_at, ends_at FROM blocks ORDER BY created_at, target`)
}

// SaveBlock implements bridge.Tx.
func (t *Tx) SaveBlock(b bridge.Block) error {
	_, err := t.s.exec(`INSERT INTO blocks (target, name, reason, operator, created_at, ends_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (target) DO UPDATE SET name = excluded.name, reason = excluded.reason, operator = excluded.operator,
		created_at = excluded.created_at, ends_at = excluded.ends_at`,
		b.Target, b.Name, b.Reason, string(b.By), millis(b.At), millis(b.Ends))
	if err != nil {
		return fmt.Errorf("save block: %w", err)
	}
	return nil
}

// DeleteBlock implements bridge.Tx.
func (t *Tx) DeleteBlock(target string) error {
	return t.change("block", `DELETE FROM blocks WHERE target = ?`, target)
}
