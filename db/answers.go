package db

import (
	"fmt"
	"strings"

	"porchlight/bridge"
)

// Answers implements bridge.Reader.
func (r *Reader) Answers() ([]bridge.Answer, error) {
	return list(r.s, "answers", func(r Row) bridge.Answer {
		a := bridge.Answer{AnswerKey: bridge.AnswerKey{Name: r.text(0), Owner: bridge.OperatorJID(r.text(1)), Department: r.text(2), Language: r.text(3)},
			Text: r.text(4), Uses: r.int(6)}
		if actions := r.text(5); actions != "" {
			a.Then = strings.Split(actions, "\n")
		}
		return a
	}, `SELECT name, owner, department, language, text, actions, uses FROM answers ORDER BY name, owner, department, language`)
}

// SaveAnswer implements bridge.Tx.
func (t *Tx) SaveAnswer(a bridge.Answer) error {
	_, err := t.s.exec(`INSERT INTO answers (name, owner, department, language, text, actions, uses) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (name, owner, department, language) DO UPDATE SET text = excluded.text, actions = excluded.actions`,
		a.Name, string(a.Owner), a.Department, a.Language, a.Text, strings.Join(a.Then, "\n"), a.Uses)
	if err != nil {
		return fmt.Errorf("save answer: %w", err)
	}
	return nil
}

// CountAnswer implements bridge.Tx.
func (t *Tx) CountAnswer(k bridge.AnswerKey) error {
	return t.change("stored answer", `UPDATE answers SET uses = uses + 1 WHERE name = ? AND owner = ? AND department = ? AND language = ?`,
		k.Name, string(k.Owner), k.Department, k.Language)
}

// DeleteAnswer implements bridge.Tx.
func (t *Tx) DeleteAnswer(k bridge.AnswerKey) error {
	return t.change("stored answer", `DELETE FROM answers WHERE name = ? AND owner = ? AND department = ? AND language = ?`,
		k.Name, string(k.Owner), k.Department, k.Language)
}
