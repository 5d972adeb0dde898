package bridge

import (
	"context"
	"slices"
	"time"

	"porchlight/bridge/phrase"
)

// Status says whether somebody is there, as the site's button shows it.
type Status struct {
	Online      bool
	Departments []DepartmentStatus // first the one that is asked if a visitor names none, then by name
	Operators   int                // how many operators are available
	Hours       StatusHours
}

// StatusHours are the hours of a department, or of the site if the status is of all departments.
type StatusHours struct {
	Open bool      // somebody should be there now
	Next time.Time // when that changes next, by the clocks of the hours' zone; zero: never
	Zone string    // the name of the zone, such as Europe/Madrid
}

// DepartmentStatus is one department's part of a Status.
type DepartmentStatus struct {
	Department
	Online bool
}

// Status tells whether an operator of the department is available, or, if it is "", of any department.
// CodeNotFound says that there is no such department.
func (t *Team) Status(department string) (Status, error) {
	var s Status
	all := t.Departments()
	for _, d := range all {
		if department == "" || d.Name == department {
			s.Departments = append(s.Departments, DepartmentStatus{d, t.online(d.Name, Chat)})
		}
	}
	first := assumed(all)
	slices.SortStableFunc(s.Departments, func(a, b DepartmentStatus) int {
		switch first {
		case a.Name:
			return -1
		case b.Name:
			return 1
		}
		return 0
	})
	if len(s.Departments) == 0 {
		return Status{}, phrase.Fail(phrase.CodeNotFound, "There is no such department.")
	}
	s.Operators = len(t.available(department, Chat))
	s.Online = s.Operators > 0
	now, table := t.bridge.clock.Now(), t.bridge.Hours.Department(department)
	s.Hours = StatusHours{Open: table.In(now), Zone: table.Zone().String()}
	s.Hours.Next, _, _ = table.Next(now)
	return s, nil
}

// Duty is an operator as their colleagues see them.
type Duty struct {
	Operator
	Show      Show
	Since     time.Time // since when the operator shows that; zero: not known
	Fault     Fault     // why the operator can't be reached, if something came back
	Available bool      // the operator gets offers now
	Active    int       // how many active conversations the operator owns
	Chats     int       // how many of them are chats, which have the operator's limit
}

// Duties lists the operators with their presence and load: the available ones first, then by JID.
func (t *Team) Duties(ctx context.Context) ([]Duty, error) {
	var owned map[OperatorJID]int
	var loads map[OperatorJID]Load
	began := make(map[OperatorJID]time.Time) // the sessions that have not ended
	err := t.bridge.store.View(ctx, func(r Reader) (err error) {
		if owned, err = r.CountOwned(); err != nil {
			return err
		}
		if loads, err = r.Loads(); err != nil {
			return err
		}
		open, err := r.OpenSessions()
		for _, s := range open {
			began[s.Operator] = s.Began
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	operators, _ := t.list()
	var available, others []Duty
	for _, o := range operators {
		d := Duty{Operator: o, Fault: t.bridge.Reach.fault(o.JID), Available: t.offerable(o.JID), Active: owned[o.JID], Chats: loads[o.JID].Chats}
		d.Show, d.Since = t.bridge.Reach.shown(o.JID)
		if !d.Available {
			others = append(others, d)
			continue
		}
		if d.Since.IsZero() { // it is so since before the link came up
			d.Since = began[o.JID]
		}
		available = append(available, d)
	}
	return append(available, others...), nil
}
