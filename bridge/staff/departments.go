package staff

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// nameMost is how many letters the name of a department may have.
const nameMost = 40

// departmentName is the name of a department in the form in which it is stored. It becomes the local
// part of an address, and stands in lists of words.
func departmentName(text string) (string, error) {
	name := strings.ToLower(text)
	bad := func(r rune) bool { return !(unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_') }
	if name == "" || len([]rune(name)) > nameMost || strings.HasPrefix(name, "-") || strings.ContainsFunc(name, bad) {
		return "", refuse("%q is no name of a department: one word of letters, digits and hyphens, as billing.", text)
	}
	if slices.Contains(reserved, name) {
		return "", refuse("%q means something else already.", name)
	}
	return name, nil
}

// reserved are the words that can't be names of departments: other addresses of the domain, and words
// of commands that take a department.
var reserved = []string{"desk", "me", "site", "all", "yes", "none"}

// AddDepartment makes a department.
func (s *Staff) AddDepartment(ctx context.Context, by bridge.Operator, name, title string) (bridge.Department, error) {
	name, err := departmentName(name)
	if err != nil {
		return bridge.Department{}, err
	}
	dep := bridge.Department{Name: name, Title: title}
	if title == "" {
		r := []rune(name)
		dep.Title = string(unicode.ToUpper(r[0])) + string(r[1:])
	}
	err = s.change(ctx, by, func(d deed) error {
		if _, err := department(d, name); err == nil {
			return refuse("There is a department %s already.", name)
		}
		if err := d.SaveDepartment(dep); err != nil {
			return err
		}
		return d.audit(name, "department-add "+name, bridge.Changed{Key: "title", Is: dep.Title})
	})
	return dep, err
}

// department finds a department in the store.
func department(r bridge.TeamReader, name string) (bridge.Department, error) {
	list, err := r.Departments()
	for _, d := range list {
		if d.Name == name && err == nil {
			return d, nil
		}
	}
	if err == nil {
		err = phrase.Fail(phrase.CodeNotFound, "There is no such department.")
	}
	return bridge.Department{}, err
}

// In lists the enabled operators who are in a department, by JID.
func (s *Staff) In(department string) (list []bridge.Operator) {
	for _, o := range s.bridge.Team.Operators() {
		if o.Super || o.Departments.Has(department) {
			list = append(list, o)
		}
	}
	return list
}

// Queue is how many conversations wait in a department, and since when the first of them does.
type Queue struct {
	Waiting int
	Since   time.Time
}

// Queues returns what waits, by department; a department in which nothing waits is not in it.
func (s *Staff) Queues(ctx context.Context) (queues map[string]Queue, err error) {
	err = s.bridge.Team.Look(ctx, func(r bridge.Reader) error {
		queues = make(map[string]Queue)
		list, err := r.OpenConversations(bridge.Waiting, 0, openMost)
		for _, c := range list {
			q := queues[c.Department]
			q.Waiting++
			if q.Since.IsZero() || c.WaitsSince.Before(q.Since) {
				q.Since = c.WaitsSince
			}
			queues[c.Department] = q
		}
		return err
	})
	return queues, err
}

// Left is what depends on a department.
type Left struct {
	Waiting, Active []phrase.Phrase   // its open conversations, as "#51 Anna", by number
	Only            []bridge.Operator // the operators who are in no other department
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
		if slices.Contains(o.Departments, name) && len(o.Departments.Without(name)) == 0 {
			l.Only = append(l.Only, o)
		}
	}
	return l, err
}

// DeleteDepartment deletes a department. Its open conversations go to another, which gets the operators
// who would be in none, too; to is "" if nothing depends on the department. The last department is refused.
func (s *Staff) DeleteDepartment(ctx context.Context, by bridge.Operator, name, to string) (l Left, err error) {
	all := s.bridge.Team.Departments()
	follows := slices.IndexFunc(all, func(d bridge.Department) bool { return d.Name == to })
	switch {
	case len(all) == 1:
		return l, refuse("%s is the only department.", all[0].Title)
	case name == to:
		return l, refuse("%s is the department that is to be deleted.", to)
	case follows < 0 && to != "":
		return l, phrase.Fail(phrase.CodeNotFound, "There is no such department.")
	}
	var next bridge.Department
	if follows >= 0 {
		next = all[follows]
	}
	err = s.bridge.Team.CloseDepartment(ctx, name, next, func(tx bridge.Tx) error {
		d := s.deed(tx, by)
		if l, err = left(tx, name); err != nil {
			return err
		}
		if to == "" && !l.Nobody() {
			return refuse("Somebody depends on %s by now. Send the command again.", name)
		}
		for _, o := range l.Only {
			o.Departments = bridge.Circle{to}
			if err := d.SaveOperator(o); err != nil {
				return err
			}
			if err := d.tell(o, phrase.Say("%s deleted the department %s, so you are in %s now.", by.Name, name, next.Title)); err != nil {
				return err
			}
		}
		return d.audit(name, strings.TrimSpace("department-delete "+name+" "+to), bridge.Changed{Key: "department", Was: name, Is: to})
	})
	return l, err
}
