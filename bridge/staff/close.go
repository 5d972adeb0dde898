package staff

import (
	"context"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// Left is what depends on a department.
type Left struct {
	Waiting, Active []phrase.Phrase   // its open conversations, as "#51 Anna", by number
	Only            []bridge.Operator // the operators who are in no other department, for chats or for tickets
}

// Nobody reports whether nothing depends on the department.
func (l Left) Nobody() bool { return len(l.Waiting)+len(l.Active)+len(l.Only) == 0 }

// Leaves says what depends on a department.
func (s *Staff) Leaves(ctx context.Context, name string) (l Left, err error) {
	err = s.bridge.Team.Look(ctx, func(r bridge.Reader) (err error) {
		l, err = left(r, name)
		return err
	})
	return l, err
}

// openMost is how many open conversations of a department are looked at.
const openMost = 100_000

func left(r bridge.Reader, name string) (l Left, err error) {
	open, err := r.OpenConversations(bridge.New, 0, openMost)
	if err != nil {
		return l, err
	}
	for _, c := range open {
		if c.Department != name {
			continue
		}
		q, err := r.Request(c.Number)
		if err != nil {
			return l, err
		}
		if c.State == bridge.Waiting {
			l.Waiting = append(l.Waiting, named(c.Number, q))
		} else {
			l.Active = append(l.Active, named(c.Number, q))
		}
	}
	operators, err := r.Operators()
	for _, o := range operators {
		if only(o.Departments, name) || only(o.Tickets, name) {
			l.Only = append(l.Only, o)
		}
	}
	return l, err
}

// only reports whether a circle is that one department.
func only(c bridge.Circle, name string) bool {
	return slices.Contains(c, name) && len(c.Without(name)) == 0
}

// DeleteDepartment deletes a department. Its open conversations go to another, which gets the operators
// who would be in none, too, and what waits longer than elsewhere goes on to it; to is "" if nothing
// depends on the department. The last department is refused.
func (s *Staff) DeleteDepartment(ctx context.Context, by bridge.Operator, name, to string) (l Left, err error) {
	var next bridge.Department
	for _, dep := range s.bridge.Team.Departments() {
		if dep.Name == to {
			next = dep
		}
	}
	err = s.bridge.Team.CloseDepartment(ctx, name, next, func(tx bridge.Tx) error {
		d := s.deed(tx, by)
		gone, err := d.leaving(name, to, next)
		if err != nil {
			return err
		}
		if l, err = left(tx, name); err != nil {
			return err
		}
		if to == "" && !l.Nobody() {
			return refuse("Somebody depends on %s by now. Send the command again.", name)
		}
		if err := d.move(gone, next); err != nil {
			return err
		}
		if err := d.divert(name, to); err != nil {
			return err
		}
		return d.audit(name, strings.TrimSpace("department-delete "+name+" "+to), bridge.Changed{Key: "department", Was: name, Is: to})
	})
	return l, err
}

// leaving finds a department that is to be deleted, and refuses it if there is no other one or if next, which
// follows it under the name to, is not there, or not any more: somebody else may delete a department at the
// same time.
func (d deed) leaving(name, to string, next bridge.Department) (gone bridge.Department, err error) {
	all, err := d.Departments()
	if err != nil {
		return gone, err
	}
	there := func(name string) bool {
		return slices.ContainsFunc(all, func(d bridge.Department) bool { return d.Name == name })
	}
	switch {
	case len(all) == 1:
		return gone, refuse("%s is the only department.", all[0].Title)
	case name == to:
		return gone, refuse("%s is the department that is to be deleted.", to)
	case to != "" && (next.Name == "" || !there(to)):
		return gone, phrase.Fail(phrase.CodeNotFound, "There is no such department.")
	}
	return department(d, name)
}

// move puts those who are in no other department into the next one, and tells all whose department is
// deleted.
func (d deed) move(gone, next bridge.Department) error {
	operators, err := d.Operators()
	if err != nil {
		return err
	}
	for _, o := range operators {
		if !slices.Contains(o.Departments, gone.Name) && !slices.Contains(o.Tickets, gone.Name) {
			continue
		}
		said := phrase.Say("your departments: %s is deleted", gone.Title)
		for _, circle := range []*bridge.Circle{&o.Departments, &o.Tickets} {
			if only(*circle, gone.Name) {
				*circle = bridge.Circle{next.Name}
				said = phrase.Say("your departments: %s is deleted, and you are in %s now", gone.Title, next.Title)
			}
		}
		if err := d.SaveOperator(o); err != nil {
			return err
		}
		if err := d.tell(o, said); err != nil {
			return err
		}
	}
	return nil
}

// divert changes the departments whose waiting requests would go on to one that is deleted: they go on
// to the one that follows it, if it is another.
func (d deed) divert(gone, to string) error {
	list, err := d.Departments()
	if err != nil {
		return err
	}
	for _, dep := range list {
		if dep.Overflow != gone {
			continue
		}
		dep.Overflow = to
		if to == dep.Name {
			dep.Overflow = ""
		}
		if err := d.SaveDepartment(dep); err != nil {
			return err
		}
		if err := d.audit(dep.Name, "department-edit "+dep.Name, bridge.Changed{Key: "overflow", Was: gone, Is: dep.Overflow}); err != nil {
			return err
		}
	}
	return nil
}
