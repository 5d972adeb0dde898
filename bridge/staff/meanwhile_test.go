package staff_test

import (
	"context"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// meanwhile is a store in which somebody else does something after a change was prepared and before it is made.
type meanwhile struct {
	bridge.Store
	other func() // is done before the next Update, once
}

func (m *meanwhile) Update(ctx context.Context, f func(bridge.Tx) error) error {
	if other := m.other; other != nil {
		m.other = nil
		other()
	}
	return m.Store.Update(ctx, f)
}

// Two who delete departments at the same time don't delete the last one, and send nobody into one that is gone.
func TestStaff_TwoDeleteDepartments(t *testing.T) {
	c := newCrew(t)
	by := c.operator(xavi)
	remove := func(name, to string) error {
		_, err := c.DeleteDepartment(t.Context(), by, name, to)
		return err
	}
	for _, name := range []string{"billing", "sales"} {
		_, err := c.AddDepartment(t.Context(), by, name, "")
		c.must(err)
	}
	number := c.ask("") // in Support
	c.store.other = func() { c.must(remove("sales", "billing")) }
	if err := remove("support", "sales"); phrase.CodeOf(err) != phrase.CodeNotFound {
		t.Errorf("what is deleted goes on in a department that was deleted meanwhile: %v", err)
	}
	c.same("departments", len(c.bridge.Team.Departments()), 2)
	c.same("Olga is in", c.operator(olga).Departments, "support")
	c.in(number, "support")

	c.store.other = func() { c.must(remove("support", "billing")) }
	if err := remove("billing", "support"); phrase.CodeOf(err) != phrase.CodeInvalid {
		t.Errorf("the last department is deleted: %v", err)
	}
	c.same("departments", len(c.bridge.Team.Departments()), 1)
	c.in(number, "billing")
}

// A request comes into a department that is there, and so does one that is passed on, though the department
// they were meant for is deleted just then.
func TestStaff_DepartmentGoneMeanwhile(t *testing.T) {
	c := newCrew(t)
	by := c.operator(xavi)
	remove := func(name, to string) func() {
		return func() {
			_, err := c.DeleteDepartment(t.Context(), by, name, to)
			c.must(err)
		}
	}
	for _, name := range []string{"billing", "sales"} {
		_, err := c.AddDepartment(t.Context(), by, name, "")
		c.must(err)
	}
	number := c.ask(olga)
	c.store.other = remove("sales", "billing")
	var card bridge.Conversation
	c.look(func(r bridge.Reader) (err error) {
		card, err = r.Conversation(number)
		return err
	})
	if _, err := c.bridge.Pass(t.Context(), olga, card.Visitor, bridge.Operator{}, bridge.Department{Name: "sales", Title: "Sales"}, ""); phrase.CodeOf(err) != phrase.CodeNotFound {
		t.Errorf("passed to a department that was deleted meanwhile: %v", err)
	}
	c.in(number, "support")

	c.store.other = remove("support", "billing")
	c.in(c.ask(""), "billing")
}

// in checks the department of a conversation.
func (c *crew) in(number int64, want string) {
	c.t.Helper()
	c.look(func(r bridge.Reader) error {
		got, err := r.Conversation(number)
		c.same("the department", got.Department, want)
		return err
	})
}
