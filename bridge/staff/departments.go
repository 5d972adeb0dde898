package staff

import (
	"context"
	"strings"
	"time"
	"unicode"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
)

// nameMost is how many letters the name of a department may have.
const nameMost = 40

// departmentName is the name of a department in the form in which it is stored. It becomes the local
// part of an address, and stands in lists of words. Letters are brought into the form that addresses have, which makes
// narrow letters of wide ones; a name that pretends to be another is refused.
func (s *Staff) departmentName(text string) (string, error) {
	bad := func(r rune) bool { return !(unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_') }
	name, err := s.bridge.Team.Local(strings.ToLower(text))
	if err != nil || name == "" || len([]rune(name)) > nameMost || strings.HasPrefix(name, "-") || strings.ContainsFunc(name, bad) {
		return "", refuse("%q is no name of a department: one word of letters, digits and hyphens, as billing.", text)
	}
	if latin, yes := voice.Disguised(name); yes {
		return "", refuse("%q has letters that only look like Latin ones. Write %s.", text, latin)
	}
	return name, s.unlike(name)
}

// AddDepartment makes a department.
func (s *Staff) AddDepartment(ctx context.Context, by bridge.Operator, name, title string) (bridge.Department, error) {
	name, err := s.departmentName(name)
	if err != nil {
		return bridge.Department{}, err
	}
	dep := bridge.Department{Name: name, Title: title}
	if err := s.unlike(title); err != nil {
		return bridge.Department{}, err
	}
	if title == "" {
		r := []rune(name)
		dep.Title = string(unicode.ToUpper(r[0])) + string(r[1:])
	}
	err = s.change(ctx, by, func(d deed) error {
		all, err := d.Departments()
		if err != nil {
			return err
		}
		for _, other := range all {
			switch {
			case other.Name == name:
				return refuse("There is a department %s already.", name)
			case alike(other.Name, name):
				return refuse("There is a department %s already, and %s looks the same.", other.Name, name)
			}
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
