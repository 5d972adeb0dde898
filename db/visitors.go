package db

import (
	"fmt"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

const selectVisitor = `SELECT jid, name, email, subject, created_at, called, phone, remark FROM visitors `

func scanVisitor(r Row) bridge.Visitor {
	return bridge.Visitor{
		JID:       bridge.VisitorJID(r.text(0)),
		Name:      r.text(1),
		Email:     r.text(2),
		Subject:   r.text(3),
		CreatedAt: r.time(4),
		Called:    r.text(5),
		Phone:     r.text(6),
		Remark:    r.text(7),
	}
}

// Visitor implements bridge.Reader.
func (r *Reader) Visitor(v bridge.VisitorJID) (bridge.Visitor, error) {
	return one(r.s, "visitor", scanVisitor, selectVisitor+`WHERE jid = ?`, string(v))
}

// VisitorBySubject implements bridge.Reader.
func (r *Reader) VisitorBySubject(subject string) (bridge.Visitor, error) {
	return one(r.s, "visitor", scanVisitor, selectVisitor+`WHERE subject = ?`, subject)
}

// CreateVisitor implements bridge.Tx.
func (t *Tx) CreateVisitor(v bridge.Visitor) error {
	n, err := t.s.exec(`INSERT INTO visitors (jid, name, email, subject, created_at, called, phone, remark) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (jid) DO NOTHING`,
		string(v.JID), v.Name, v.Email, orNull(v.Subject), millis(v.CreatedAt), v.Called, v.Phone, v.Remark)
	if err != nil {
		return fmt.Errorf("create visitor: %w", err)
	}
	if n == 0 {
		return phrase.Fail(phrase.CodeConflict, "There is a visitor with this address already.")
	}
	return t.enterWords(v)
}

// SaveVisitor implements bridge.Tx.
func (t *Tx) SaveVisitor(v bridge.Visitor) error {
	err := t.change("visitor", `UPDATE visitors SET name = ?, email = ?, subject = ?, called = ?, phone = ?, remark = ? WHERE jid = ?`,
		v.Name, v.Email, orNull(v.Subject), v.Called, v.Phone, v.Remark, string(v.JID))
	if err != nil {
		return err
	}
	return t.enterWords(v)
}
