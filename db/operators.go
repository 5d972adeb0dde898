package db

import (
	"fmt"

	"porchlight/bridge"
)

const selectOperator = `SELECT jid, name, enabled, paused, desk_seq, desk_confirmed, created_at, language, locale, satellite, permissions, greeted, no_room, zone FROM operators `

// Operator implements bridge.Reader.
func (r *Reader) Operator(jid bridge.OperatorJID) (bridge.Operator, error) {
	o, err := one(r.s, "operator", scanOperator, selectOperator+`WHERE jid = ?`, string(jid))
	if err != nil {
		return bridge.Operator{}, err
	}
	o.Departments, err = list(r.s, "departments of an operator", scanText, `SELECT department FROM operator_departments WHERE operator = ? ORDER BY department`, string(jid))
	return o, err
}

// Operators implements bridge.Reader.
func (r *Reader) Operators() ([]bridge.Operator, error) {
	operators, err := list(r.s, "operators", scanOperator, selectOperator+`ORDER BY jid`)
	if err != nil {
		return nil, err
	}
	departments := make(map[bridge.OperatorJID][]string, len(operators))
	err = r.s.each(func(r Row) bool {
		o := bridge.OperatorJID(r.text(0))
		departments[o] = append(departments[o], r.text(1))
		return true
	}, `SELECT operator, department FROM operator_departments ORDER BY operator, department`)
	if err != nil {
		return nil, fmt.Errorf("read departments of operators: %w", err)
	}
	for i := range operators {
		operators[i].Departments = departments[operators[i].JID]
	}
	return operators, nil
}

func scanOperator(r Row) bridge.Operator {
	return bridge.Operator{
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
	}
}

// Departments implements bridge.Reader.
func (r *Reader) Departments() ([]bridge.Department, error) {
	return list(r.s, "departments", func(r Row) bridge.Department {
		return bridge.Department{Name: r.text(0), Title: r.text(1)}
	}, `SELECT name, title FROM departments ORDER BY name`)
}

// SaveOperator implements bridge.Tx. It never changes the time of creation. It replaces
// the departments; a department that does not exist gives CodeNotFound.
func (t *Tx) SaveOperator(o bridge.Operator) error {
	_, err := t.s.exec(`INSERT INTO operators (jid, name, enabled, paused, created_at, language, locale, satellite, permissions, greeted, no_room, zone)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (jid) DO UPDATE SET name = excluded.name, enabled = excluded.enabled, paused = excluded.paused, language = excluded.language,
		locale = excluded.locale, satellite = excluded.satellite, permissions = excluded.permissions, greeted = excluded.greeted, no_room = excluded.no_room, zone = excluded.zone`,
		string(o.JID), o.Name, o.Enabled, o.Paused, millis(o.CreatedAt), o.Language, o.Locale, o.Satellite, o.Permissions.String(), o.Greeted, o.NoRoom, o.Zone)
	if err != nil {
		return fmt.Errorf("save operator: %w", err)
	}
	if _, err := t.s.exec(`DELETE FROM operator_departments WHERE operator = ?`, string(o.JID)); err != nil {
		return fmt.Errorf("save departments of operator: %w", err)
	}
	for _, d := range o.Departments {
		if _, err := one(t.s, "department "+d, scanText, `SELECT name FROM departments WHERE name = ?`, d); err != nil {
			return err
		}
		_, err := t.s.exec(`INSERT INTO operator_departments (operator, department) VALUES (?, ?) ON CONFLICT DO NOTHING`, string(o.JID), d)
		if err != nil {
			return fmt.Errorf("save departments of operator: %w", err)
		}
	}
	return nil
}
