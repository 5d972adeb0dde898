package db

import (
	"fmt"

	"porchlight/bridge"
)

const selectOperator = `SELECT jid, name, enabled, paused, desk_seq, desk_confirmed, created_at, language, locale, satellite, permissions, greeted, no_room, zone,
	departments, tickets, about, invitation, whatsapp, at_most, own_hours, notices, greeting, no_face FROM operators `

// Operator implements bridge.Reader.
func (r *Reader) Operator(jid bridge.OperatorJID) (bridge.Operator, error) {
	return one(r.s, "operator", scanOperator, selectOperator+`WHERE jid = ? AND removed = FALSE`, string(jid))
}

// Operators implements bridge.Reader.
func (r *Reader) Operators() ([]bridge.Operator, error) {
	return list(r.s, "operators", scanOperator, selectOperator+`WHERE removed = FALSE ORDER BY jid`)
}

// FormerOperators implements bridge.Reader.
func (r *Reader) FormerOperators() (map[bridge.OperatorJID]string, error) {
	names := make(map[bridge.OperatorJID]string)
	err := r.s.each(func(r Row) bool {
		names[bridge.OperatorJID(r.text(0))] = r.text(1)
		return true
	}, `SELECT jid, name FROM operators WHERE removed = TRUE`)
	if err != nil {
		return nil, fmt.Errorf("read former operators: %w", err)
	}
	return names, nil
}

func scanOperator(r Row) bridge.Operator {
	o := bridge.Operator{
		JID:           bridge.OperatorJID(r.text(0)),
		Name:          r.text(1),
		Enabled:       r.bool(2),
		Paused:        r.bool(3),
		DeskSeq:       r.int(4),
		DeskConfirmed: r.int(5),
		CreatedAt:     r.time(6),
		Language:      r.text(7),
		Locale:        r.text(8),
		Satellite:     r.bool(9),
		Permissions:   bridge.PermissionsFrom(r.text(10)),
		Greeted:       r.bool(11),
		NoRoom:        r.bool(12),
		Zone:          r.text(13),
		Departments:   bridge.CircleFrom(r.text(14)),
		Tickets:       bridge.CircleFrom(r.text(15)),
		About:         r.text(16),
		Invitation:    r.text(17),
		WhatsApp:      r.text(18),
		Limit:         int(r.int(19)),
		Hours:         r.text(20),
		Greeting:      r.text(22),
		NoFace:        r.bool(23),
	}
	fromJSON(r.text(21), &o.Notify)
	return o
}

// SaveOperator implements bridge.Tx. It changes the time of creation only of an operator who was
// deleted, whose desk log begins anew.
func (t *Tx) SaveOperator(o bridge.Operator) error {
	for _, name := range append(o.Departments.Named(), o.Tickets.Named()...) {
		if _, err := one(t.s, "department "+name, scanText, `SELECT name FROM departments WHERE name = ? AND removed = FALSE`, name); err != nil {
			return err
		}
	}
	notices, err := toJSON(o.Notify, o.Notify == bridge.Notify{})
	if err == nil {
		_, err = t.s.exec(saveOperator,
			string(o.JID), o.Name, o.Enabled, o.Paused, millis(o.CreatedAt), o.Language, o.Locale, o.Satellite, o.Permissions.String(), o.Greeted, o.NoRoom, o.Zone,
			o.Departments.String(), o.Tickets.String(), o.About, o.Invitation, o.WhatsApp, int64(o.Limit), o.Hours, notices, o.Greeting, o.NoFace)
	}
	if err != nil {
		return fmt.Errorf("save operator: %w", err)
	}
	return nil
}

const saveOperator = `INSERT INTO operators (jid, name, enabled, paused, created_at, language, locale, satellite, permissions, greeted, no_room, zone,
		departments, tickets, about, invitation, whatsapp, at_most, own_hours, notices, greeting, no_face)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT (jid) DO UPDATE SET name = excluded.name, enabled = excluded.enabled, paused = excluded.paused, language = excluded.language,
		locale = excluded.locale, satellite = excluded.satellite, permissions = excluded.permissions, greeted = excluded.greeted, no_room = excluded.no_room, zone = excluded.zone,
		departments = excluded.departments, tickets = excluded.tickets, about = excluded.about, invitation = excluded.invitation, whatsapp = excluded.whatsapp,
		at_most = excluded.at_most, own_hours = excluded.own_hours, notices = excluded.notices, greeting = excluded.greeting, no_face = excluded.no_face,
		created_at = CASE WHEN operators.removed = FALSE THEN operators.created_at ELSE excluded.created_at END,
		desk_confirmed = CASE WHEN operators.removed = FALSE THEN operators.desk_confirmed ELSE operators.desk_seq END,
		removed = FALSE`

// DeleteOperator implements bridge.Tx.
func (t *Tx) DeleteOperator(jid bridge.OperatorJID) error {
	for _, table := range []string{"desk_entries", "commands", "notices", "news", "portraits", "presences"} {
		if _, err := t.s.exec(`DELETE FROM `+table+` WHERE operator = ?`, string(jid)); err != nil {
			return fmt.Errorf("delete %s of operator: %w", table, err)
		}
	}
	if _, err := t.s.exec(`DELETE FROM answers WHERE owner = ?`, string(jid)); err != nil {
		return fmt.Errorf("delete answers of operator: %w", err)
	}
	return t.change("operator", `UPDATE operators SET enabled = FALSE, removed = TRUE WHERE jid = ? AND removed = FALSE`, string(jid))
}
