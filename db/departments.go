package db

import (
	"fmt"

	"porchlight/bridge"
)

func scanDepartment(r Row) bridge.Department {
	return bridge.Department{
		Name:      r.text(0),
		Title:     r.text(1),
		Routing:   r.text(2),
		Overflow:  r.text(3),
		After:     r.duration(4),
		Offer:     r.duration(5),
		Limit:     int(r.int(6)),
		Language:  r.text(7),
		Hours:     r.text(8),
		AsksTags:  r.bool(9),
		Targets:   bridge.Targets{First: r.duration(10), Next: r.duration(11), Solved: r.duration(12)},
		Retention: r.duration(13),
	}
}

// Departments implements bridge.Reader.
func (r *Reader) Departments() ([]bridge.Department, error) {
	return list(r.s, "departments", scanDepartment, `SELECT name, title, routing, overflow, after_ms, offer_ms, at_most, language, own_hours, asks_tags, first_ms, next_ms, solved_ms, retention_ms
		FROM departments WHERE removed = FALSE ORDER BY name`)
}

// FormerDepartments implements bridge.Reader.
func (r *Reader) FormerDepartments() (map[string]string, error) {
	titles := make(map[string]string)
	err := r.s.each(func(r Row) bool {
		titles[r.text(0)] = r.text(1)
		return true
	}, `SELECT name, title FROM departments WHERE removed = TRUE`)
	if err != nil {
		return nil, fmt.Errorf("read former departments: %w", err)
	}
	return titles, nil
}

// SaveDepartment implements bridge.Tx.
func (t *Tx) SaveDepartment(d bridge.Department) error {
	_, err := t.s.exec(`INSERT INTO departments (name, title, routing, overflow, after_ms, offer_ms, at_most, language, own_hours, asks_tags, first_ms, next_ms, solved_ms, retention_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET title = excluded.title, routing = excluded.routing, overflow = excluded.overflow, after_ms = excluded.after_ms,
		offer_ms = excluded.offer_ms, at_most = excluded.at_most, language = excluded.language, own_hours = excluded.own_hours, asks_tags = excluded.asks_tags,
		first_ms = excluded.first_ms, next_ms = excluded.next_ms, solved_ms = excluded.solved_ms, retention_ms = excluded.retention_ms, removed = FALSE`,
		d.Name, d.Title, d.Routing, d.Overflow, d.After.Milliseconds(), d.Offer.Milliseconds(), int64(d.Limit), d.Language, d.Hours, d.AsksTags,
		d.Targets.First.Milliseconds(), d.Targets.Next.Milliseconds(), d.Targets.Solved.Milliseconds(), d.Retention.Milliseconds())
	if err != nil {
		return fmt.Errorf("save department: %w", err)
	}
	return nil
}

// DeleteDepartment implements bridge.Tx.
func (t *Tx) DeleteDepartment(name string) error {
	if err := t.change("department", `UPDATE departments SET removed = TRUE WHERE name = ? AND removed = FALSE`, name); err != nil {
		return err
	}
	type circles struct {
		jid                  string
		departments, tickets bridge.Circle
	}
	all, err := list(t.s, "circles of operators", func(r Row) circles {
		return circles{r.text(0), bridge.CircleFrom(r.text(1)), bridge.CircleFrom(r.text(2))}
	}, `SELECT jid, departments, tickets FROM operators ORDER BY jid`)
	if err != nil {
		return err
	}
	for _, o := range all {
		departments, tickets := o.departments.Without(name), o.tickets.Without(name)
		if len(departments) == len(o.departments) && len(tickets) == len(o.tickets) {
			continue
		}
		if err := t.change("operator", `UPDATE operators SET departments = ?, tickets = ? WHERE jid = ?`, departments.String(), tickets.String(), o.jid); err != nil {
			return err
		}
	}
	return nil
}
