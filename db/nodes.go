package db

import (
	"fmt"
	"strings"

	"porchlight/bridge"
)

// NodeReader reads what the nodes of a store tell each other, in the transaction of the Reader that it is a part of.
type NodeReader struct{ s *Session }

// Presences implements bridge.Reader.
func (r *NodeReader) Presences() ([]bridge.Presence, error) {
	return list(r.s, "presences", func(row Row) bridge.Presence {
		return bridge.Presence{Operator: bridge.OperatorJID(row.text(0)), Show: bridge.Show(row.text(1)), Since: row.time(2), Fault: bridge.Fault{Condition: row.text(3), Text: row.text(4)}}
	}, `SELECT operator, show, since, fault, fault_text FROM presences ORDER BY operator`)
}

// PageElsewhere implements bridge.Reader.
func (r *NodeReader) PageElsewhere(number int64, node string) (elsewhere bool, err error) {
	err = r.s.each(func(Row) bool {
		elsewhere = true
		return false
	}, `SELECT node FROM pages WHERE conversation = ? AND node <> ? LIMIT 1`, number, node)
	if err != nil {
		return false, fmt.Errorf("read pages: %w", err)
	}
	return elsewhere, nil
}

// PagesOf implements bridge.Reader.
func (r *NodeReader) PagesOf(node string, limit int) ([]int64, error) {
	return list(r.s, "pages", scanInt, `SELECT conversation FROM pages WHERE node = ? ORDER BY conversation LIMIT ?`, node, int64(limit))
}

// Pagers implements bridge.Reader. It goes from one node to the next, so it does not read all pages.
func (r *NodeReader) Pagers() (nodes []string, err error) {
	for last, found := "", true; found; {
		found = false
		err := r.s.each(func(row Row) bool {
			last, found = row.text(0), true
			nodes = append(nodes, last)
			return false
		}, `SELECT node FROM pages WHERE node > ? ORDER BY node LIMIT 1`, last)
		if err != nil {
			return nil, fmt.Errorf("read nodes with pages: %w", err)
		}
	}
	return nodes, nil
}

// seqsAtOnce is how many conversations one statement asks for.
const seqsAtOnce = 200

var selectSeqs = `SELECT number, seq FROM conversations WHERE number IN (?` + strings.Repeat(", ?", seqsAtOnce-1) + `)`

// Seqs implements bridge.Reader.
func (r *NodeReader) Seqs(numbers []int64) (map[int64]int64, error) {
	seqs := make(map[int64]int64, len(numbers))
	args := make([]any, seqsAtOnce)
	for len(numbers) > 0 {
		n := min(len(numbers), seqsAtOnce)
		for i := range args {
			args[i] = numbers[min(i, n-1)] // the same text, however many there are
		}
		numbers = numbers[n:]
		err := r.s.each(func(row Row) bool {
			seqs[row.int(0)] = row.int(1)
			return true
		}, selectSeqs, args...)
		if err != nil {
			return nil, fmt.Errorf("read ends of logs: %w", err)
		}
	}
	return seqs, nil
}

// SavePresence implements bridge.Tx.
func (t *Tx) SavePresence(p bridge.Presence) error {
	_, err := t.s.exec(`INSERT INTO presences (operator, show, since, fault, fault_text) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (operator) DO UPDATE SET show = excluded.show, since = excluded.since, fault = excluded.fault, fault_text = excluded.fault_text`,
		string(p.Operator), string(p.Show), millis(p.Since), p.Fault.Condition, p.Fault.Text)
	if err != nil {
		return fmt.Errorf("save presence: %w", err)
	}
	return nil
}

// DeletePresence implements bridge.Tx.
func (t *Tx) DeletePresence(o bridge.OperatorJID) error {
	if _, err := t.s.exec(`DELETE FROM presences WHERE operator = ?`, string(o)); err != nil {
		return fmt.Errorf("delete presence: %w", err)
	}
	return nil
}

// SavePage implements bridge.Tx.
func (t *Tx) SavePage(number int64, node string) error {
	if _, err := t.s.exec(`INSERT INTO pages (conversation, node) VALUES (?, ?) ON CONFLICT (conversation, node) DO NOTHING`, number, node); err != nil {
		return fmt.Errorf("save page: %w", err)
	}
	return nil
}

// DeletePage implements bridge.Tx.
func (t *Tx) DeletePage(number int64, node string) error {
	if _, err := t.s.exec(`DELETE FROM pages WHERE conversation = ? AND node = ?`, number, node); err != nil {
		return fmt.Errorf("delete page: %w", err)
	}
	return nil
}

// KeepSetting implements bridge.Tx. The second statement sees what somebody else has committed while the first one waited.
func (t *Tx) KeepSetting(key, value string) (string, error) {
	if _, err := t.s.exec(`INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING`, key, value); err != nil {
		return "", fmt.Errorf("keep setting: %w", err)
	}
	return t.Setting(key)
}
