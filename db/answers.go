package db

import (
	"fmt"

	"porchlight/bridge"
)

// Answers is as bridge.Store has it.
func (r *reader) Answers() ([]bridge.Answer, error) {
	return list(r.c, "answers", func(r row) bridge.Answer { return bridge.Answer{Name: r.text(0), Text: r.text(1)} },
		`SELECT name, text FROM answers ORDER BY name`)
}

// SaveAnswer is as bridge.Store has it.
func (t *tx) SaveAnswer(a bridge.Answer) error {
	_, err := t.c.exec(`INSERT INTO answers (name, text) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET text = excluded.text`, a.Name, a.Text)
	if err != nil {
		return fmt.Errorf("save answer: %w", err)
	}
	return nil
}

// DeleteAnswer is as bridge.Store has it.
func (t *tx) DeleteAnswer(name string) error {
	return t.change("stored answer", `DELETE FROM answers WHERE name = ?`, name)
}
