package db

import (
	"fmt"

	"porchlight/bridge"
)

// Answers implements bridge.Reader.
func (r *Reader) Answers() ([]bridge.Answer, error) {
	return list(r.s, "answers", func(r Row) bridge.Answer { return bridge.Answer{Name: r.text(0), Text: r.text(1)} },
		`SELECT name, text FROM answers ORDER BY name`)
}

// SaveAnswer implements bridge.Tx.
func (t *Tx) SaveAnswer(a bridge.Answer) error {
	_, err := t.s.exec(`INSERT INTO answers (name, text) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET text = excluded.text`, a.Name, a.Text)
	if err != nil {
		return fmt.Errorf("save answer: %w", err)
	}
	return nil
}

// DeleteAnswer implements bridge.Tx.
func (t *Tx) DeleteAnswer(name string) error {
	return t.change("stored answer", `DELETE FROM answers WHERE name = ?`, name)
}
