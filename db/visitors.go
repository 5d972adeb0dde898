package db

import (
	"fmt"

	"porchlight/bridge"
)

const selectVisitor = `SELECT jid, name, email, subject, created_at FROM visitors `

func scanVisitor(r row) bridge.Visitor {
	return bridge.Visitor{
		JID:       bridge.VisitorJID(r.text(0)),
		Name:      r.text(1),
		Email:     r.text(2),
		Subject:   r.text(3),
		CreatedAt: r.time(4),
	}
}

// Visitor is as bridge.Store has it.
func (r *reader) Visitor(v bridge.VisitorJID) (bridge.Visitor, error) {
	return one(r.c, "visitor", scanVisitor, selectVisitor+`WHERE jid = ?`, string(v))
}

// VisitorBySubject is as bridge.Store has it.
func (r *reader) VisitorBySubject(subject string) (bridge.Visitor, error) {
	return one(r.c, "visitor", scanVisitor, selectVisitor+`WHERE subject = ?`, subject)
}

// CreateVisitor is as bridge.Store has it.
func (t *tx) CreateVisitor(v bridge.Visitor) error {
	n, err := t.c.exec(`INSERT INTO visitors (jid, name, email, subject, created_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (jid) DO NOTHING`,
		string(v.JID), v.Name, v.Email, orNull(v.Subject), millis(v.CreatedAt))
	if err != nil {
		return fmt.Errorf("create visitor: %w", err)
	}
	if n == 0 {
		return conflict("There is a visitor with this address already.")
	}
	return nil
}

// SaveVisitor is as bridge.Store has it.
func (t *tx) SaveVisitor(v bridge.Visitor) error {
	return t.change("visitor", `UPDATE visitors SET name = ?, email = ?, subject = ? WHERE jid = ?`,
		v.Name, v.Email, orNull(v.Subject), string(v.JID))
}
