package db

import (
	"fmt"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/onsite"
)

// InvitationReader reads the rules of automatic invitations, in the transaction of the Reader that it was made of.
type InvitationReader struct{ s *Session }

// InvitationTx also writes.
type InvitationTx struct{ InvitationReader }

var (
	_ onsite.Reader = (*InvitationReader)(nil)
	_ onsite.Tx     = (*InvitationTx)(nil)
)

// InvitationsIn returns an InvitationReader for the transaction of r.
func InvitationsIn(r *Reader) InvitationReader { return InvitationReader{r.s} }

// InvitationTx returns an InvitationTx for the same transaction.
func (t *Tx) InvitationTx() InvitationTx { return InvitationTx{InvitationsIn(&t.Reader)} }

// Invitations implements onsite.Reader.
func (r *InvitationReader) Invitations() ([]onsite.Rule, error) {
	return list(r.s, "invitations", func(row Row) onsite.Rule {
		return onsite.Rule{Name: row.text(0), Text: row.text(1), Page: row.text(2), After: time.Duration(row.int(3)) * time.Millisecond, Returning: row.bool(4), Once: onsite.Once(row.text(5)),
			Hours: row.text(6), Department: row.text(7), Language: row.text(8), Made: row.time(9), By: bridge.OperatorJID(row.text(10))}
	}, `SELECT name, text, page, after_ms, returning_only, once, hours, department, language, created_at, created_by FROM invitations ORDER BY name`)
}

// SaveInvitation implements onsite.Tx.
func (t *InvitationTx) SaveInvitation(r onsite.Rule) error {
	_, err := t.s.exec(`INSERT INTO invitations (name, text, page, after_ms, returning_only, once, hours, department, language, created_at, created_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET text = excluded.text, page = excluded.page, after_ms = excluded.after_ms, returning_only = excluded.returning_only, once = excluded.once,
			hours = excluded.hours, department = excluded.department, language = excluded.language`,
		r.Name, r.Text, r.Page, r.After.Milliseconds(), r.Returning, string(r.Once), r.Hours, r.Department, r.Language, millis(r.Made), string(r.By))
	if err != nil {
		return fmt.Errorf("save invitation: %w", err)
	}
	return nil
}

// MoveInvitations implements bridge.Tx.
func (t *Tx) MoveInvitations(from, to string) error {
	if _, err := t.s.exec(`UPDATE invitations SET department = ? WHERE department = ?`, to, from); err != nil {
		return fmt.Errorf("move invitations: %w", err)
	}
	return nil
}

// DeleteInvitation implements onsite.Tx.
func (t *InvitationTx) DeleteInvitation(name string) error {
	return t.s.tx().change("invitation", `DELETE FROM invitations WHERE name = ?`, name)
}

// AppendAudit implements onsite.Tx.
func (t *InvitationTx) AppendAudit(a *bridge.Audit) error { return t.s.tx().AppendAudit(a) }
