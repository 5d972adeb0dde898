package staff_test

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/clocktest"
	"porchlight/bridge/phrase"
	"porchlight/bridge/staff"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
)

const (
	xavi = bridge.OperatorJID("xavi@example.org")
	olga = bridge.OperatorJID("olga@example.org")
	vera = bridge.OperatorJID("vera@example.org")
)

// crew is a team over a real store: Xavi (super), and Olga and Vera of Support.
type crew struct {
	*staff.Staff
	t      *testing.T
	bridge *bridge.Bridge
	clock  *clocktest.Clock
	store  *meanwhile
}

func newCrew(t *testing.T) *crew {
	t.Helper()
	quiet, now := slog.New(slog.DiscardHandler), clocktest.At(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC))
	store, err := sqlite.Open(t.Context(), sqlitetest.New(t), sqlite.Options{Clock: now, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	between := &meanwhile{Store: store}
	b, err := bridge.Open(t.Context(), between, bridge.Options{Domain: "support.example.org", SuperOperators: []bridge.OperatorJID{xavi}, Clock: now, Log: quiet,
		Limits: bridge.Limits{Message: 1000, Name: 80, Email: 254, Reason: 1000, URL: 2048, Waiting: 100}})
	if err != nil {
		t.Fatal(err)
	}
	b.Link.Up()
	c := &crew{staff.New(b), t, b, now, between}
	for _, o := range []bridge.Operator{{JID: olga, Name: "Olga", Enabled: true, Departments: bridge.Circle{"support"}}, {JID: vera, Name: "Vera", Enabled: true, Departments: bridge.Circle{"support"}}} {
		c.must(b.Team.Add(t.Context(), o))
	}
	for _, jid := range []bridge.OperatorJID{xavi, olga, vera} {
		c.must(b.Reach.Presence(t.Context(), jid, "phone", bridge.ShowAvailable))
	}
	return c
}

func (c *crew) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *crew) operator(jid bridge.OperatorJID) bridge.Operator {
	o, _ := c.bridge.Team.Operator(jid)
	return o
}

// ask is a request of Anna's, which an operator takes.
func (c *crew) ask(owner bridge.OperatorJID) int64 {
	c.t.Helper()
	opened, err := c.bridge.Ask(c.t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Reason: "How?"}, Department: "support"})
	c.must(err)
	if owner != "" {
		_, err = c.bridge.Take(c.t.Context(), owner, opened.Number)
		c.must(err)
	}
	return opened.Number
}

// look reads the store.
func (c *crew) look(f func(bridge.Reader) error) {
	c.t.Helper()
	c.must(c.bridge.Team.Look(c.t.Context(), f))
}

// audits lists what is in the audit log, newest first: who, what and the changes.
func (c *crew) audits() (list []string) {
	c.t.Helper()
	c.look(func(r bridge.Reader) error {
		all, err := r.Audits("", time.Time{}, time.Now().AddDate(99, 0, 0), 99)
		list = nil
		for _, a := range all {
			list = append(list, strings.TrimSpace(a.ByName+": "+a.Line+" "+staff.Told(a.Changes)))
		}
		return err
	})
	return list
}

// notices lists what the desk has told an operator a minute later, newest last.
func (c *crew) notices(jid bridge.OperatorJID) (list []string) {
	c.t.Helper()
	c.clock.Move(time.Minute)
	c.bridge.Turn(c.t.Context())
	c.look(func(r bridge.Reader) error {
		entries, err := r.DeskEntries(jid, 0, 99)
		list = nil
		for _, e := range entries {
			if e.Kind == bridge.DeskNotice {
				list = append(list, e.Phrase.String())
			}
		}
		return err
	})
	return list
}

func (c *crew) same(what string, got, want any) {
	c.t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		c.t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// A change of several operators is done for all of them or for none. Super operators and oneself are
// refused by name, and what a refused change would have done is in no log.
func TestStaff_DisablesAllOrNone(t *testing.T) {
	c := newCrew(t)
	number := c.ask(olga)
	for _, by := range []bridge.OperatorJID{xavi, vera} {
		for _, do := range []func(context.Context, bridge.Operator, []bridge.OperatorJID) (staff.Turned, error){c.Disable, c.Delete} {
			for _, who := range []bridge.OperatorJID{xavi, by, "nobody@example.org"} {
				if _, err := do(t.Context(), c.operator(by), []bridge.OperatorJID{olga, who}); phrase.CodeOf(err) != phrase.CodeForbidden && phrase.CodeOf(err) != phrase.CodeNotFound {
					t.Errorf("%s disables %s: %v", by, who, err)
				}
			}
		}
	}
	c.same("operators", len(c.bridge.Team.Operators()), 3)
	c.same("audits", c.audits(), []string{})

	turned, err := c.Disable(t.Context(), c.operator(xavi), []bridge.OperatorJID{olga, vera})
	c.must(err)
	c.same("disabled", turned.Who()[0].Name+turned.Who()[1].Name, "OlgaVera")
	c.same("offered again", turned.Done[0].Open, []string{fmt.Sprintf("#%d Anna", number)})
	c.same("audits", c.audits(), []string{"Xavi: operator-disable vera enabled on → off", "Xavi: operator-disable olga enabled on → off"})
	turned, err = c.Disable(t.Context(), c.operator(xavi), []bridge.OperatorJID{olga})
	c.must(err)
	c.same("already", turned.Already[0].Name, "Olga")
	_, err = c.Enable(t.Context(), c.operator(xavi), []bridge.OperatorJID{olga})
	c.must(err)
	told := c.notices(olga)
	c.same("told", told[len(told)-1], "Xavi changed your state: you are an operator again.")
}

// Who is deleted has said before what would go, and keeps the name in what they said.
func TestStaff_DeletesWithWhatStays(t *testing.T) {
	c := newCrew(t)
	number := c.ask(olga)
	leavers, err := c.Leavers(t.Context(), c.operator(xavi), []bridge.OperatorJID{olga})
	c.must(err)
	c.same("open and all", fmt.Sprint(leavers[0].Open, leavers[0].Total), fmt.Sprintf("[#%d Anna] 1", number))
	_, err = c.Delete(t.Context(), c.operator(xavi), []bridge.OperatorJID{olga})
	c.must(err)
	c.same("the name", c.bridge.Team.Name(olga), "Olga")
	c.same("audits", c.audits(), []string{"Xavi: operator-delete olga name Olga → –"})
	c.look(func(r bridge.Reader) error {
		got, err := r.Conversation(number)
		c.same("the conversation", got.State, bridge.Waiting)
		return err
	})
}

// Rights are given and taken in one step, which the operator is told; what changes nothing is told to
// nobody. A super operator's are refused, except for the room.
func TestStaff_Grants(t *testing.T) {
	c := newCrew(t)
	right := func(words ...bridge.Permission) (list []bridge.Right) {
		for _, w := range words {
			r, ok := bridge.RightOf(w)
			if !ok {
				t.Fatal(w)
			}
			list = append(list, r)
		}
		return list
	}
	g, err := c.Grant(t.Context(), c.operator(xavi), olga, right(bridge.MayVisitors, bridge.MayInvite), right(bridge.MayTransfer, bridge.MayBlock))
	c.must(err)
	c.same("changed", staff.Words(g.More)+" "+staff.Words(g.Less)+" "+g.Back(), "visitors transfer -visitors +transfer")
	told := c.notices(olga)
	c.same("told", told[len(told)-1], "Xavi changed what you may: now visitors, no more transfer.")
	_, err = c.Grant(t.Context(), c.operator(xavi), olga, right(bridge.MayVisitors), nil)
	c.must(err)
	c.same("told again", len(c.notices(olga)), len(told))
	c.same("audits", c.audits(), []string{"Xavi: permissions olga +visitors -transfer"})
	c.look(func(r bridge.Reader) error {
		all, err := r.Audits(string(olga), time.Time{}, time.Now().AddDate(99, 0, 0), 9)
		want := []bridge.Changed{{Key: staff.May, Was: "transfer, invite, files, email, room, canned", Is: "invite, files, email, room, visitors, canned"}}
		if !reflect.DeepEqual(all[0].Changes, want) {
			t.Errorf("before and after: %+v", all[0].Changes)
		}
		return err
	})
	if _, err := c.Grant(t.Context(), c.operator(xavi), xavi, nil, right(bridge.MayUsers)); phrase.CodeOf(err) != phrase.CodeForbidden {
		t.Errorf("a super operator was denied something: %v", err)
	}
	_, err = c.Grant(t.Context(), c.operator(xavi), xavi, nil, right(bridge.MayRoom))
	c.must(err)
	if c.operator(xavi).InRoom() {
		t.Error("a super operator can't be kept out of the room")
	}
}

// An address becomes an operator once. An address that is none changes nothing.
func TestStaff_Adds(t *testing.T) {
	c := newCrew(t)
	o, err := c.Add(t.Context(), c.operator(xavi), "xmpp:pere@example.net", "Pere Puig", bridge.Circle{"support"})
	c.must(err)
	c.same("added", c.operator(o.JID).Name, "Pere Puig")
	for _, address := range []string{"pere", "pere@", "@example.net", "pere example.net", "pere@example.net", "pere@example.net/phone"} {
		if _, err := c.Add(t.Context(), c.operator(xavi), address, "", nil); phrase.CodeOf(err) != phrase.CodeInvalid {
			t.Errorf("%q: %v", address, err)
		}
	}
	if _, err := c.Add(t.Context(), c.operator(xavi), "rita@example.net", "", bridge.Circle{"nowhere"}); phrase.CodeOf(err) != phrase.CodeNotFound {
		t.Errorf("a department that there is not: %v", err)
	}
	c.same("audits", c.audits(), []string{"Xavi: operator-add pere name – → Pere Puig; departments – → support"})
}

// A department is made under a name that can be an address. Whatever depends on one that is deleted goes
// to another in the same step, or nothing is done.
func TestStaff_Departments(t *testing.T) {
	c := newCrew(t)
	by := c.operator(xavi)
	for _, name := range []string{"", "-x", "two words", "desk", "all", "*", "a@b", "support", strings.Repeat("x", 41)} {
		if _, err := c.AddDepartment(t.Context(), by, name, ""); phrase.CodeOf(err) != phrase.CodeInvalid {
			t.Errorf("%q: %v", name, err)
		}
	}
	if _, err := c.DeleteDepartment(t.Context(), by, "support", ""); phrase.CodeOf(err) != phrase.CodeInvalid {
		t.Errorf("the only department: %v", err)
	}
	waits := c.ask("")
	dep, err := c.AddDepartment(t.Context(), by, "Billing", "")
	c.must(err)
	c.same("made", dep.Name+" "+dep.Title, "billing Billing")
	left, err := c.Leaves(t.Context(), "support")
	c.must(err)
	c.same("depends", fmt.Sprint(left.Waiting, left.Active, len(left.Only)), fmt.Sprintf("[#%d Anna] [] 2", waits))
	for _, to := range []string{"", "support", "nowhere"} {
		if _, err := c.DeleteDepartment(t.Context(), by, "support", to); err == nil {
			t.Errorf("deleted, with the rest in %q", to)
		}
	}
	c.same("departments", len(c.bridge.Team.Departments()), 2)
	_, err = c.DeleteDepartment(t.Context(), by, "support", "billing")
	c.must(err)
	c.same("Olga is in", c.operator(olga).Departments, "billing")
	told := c.notices(olga)
	c.same("told", told[len(told)-1], "Xavi changed your departments: Support is deleted, and you are in Billing now.")
	c.same("audits", c.audits(), []string{"Xavi: department-delete support billing department support → billing", "Xavi: department-add billing title – → Billing"})
}

// An edit is kept whole with its entry in the audit log, and its operator is told; whoever edits
// themselves is not.
func TestStaff_Edits(t *testing.T) {
	c := newCrew(t)
	limit := func(to int) func(*bridge.Operator) ([]bridge.Changed, error) {
		return func(o *bridge.Operator) ([]bridge.Changed, error) {
			was := o.Limit
			o.Limit = to
			return []bridge.Changed{{Key: "limit", Was: fmt.Sprint(was), Is: fmt.Sprint(to)}}, nil
		}
	}
	c.must(c.EditOperator(t.Context(), c.operator(xavi), olga, limit(3)))
	told := c.notices(olga)
	c.same("told", told[len(told)-1], "Xavi changed limit 0 → 3.")
	long := func(o *bridge.Operator) ([]bridge.Changed, error) {
		o.About = strings.Repeat("ß", 1000)
		return []bridge.Changed{{Key: "about", Was: strings.Repeat("x", 61), Is: o.About}}, nil
	}
	c.must(c.EditOperator(t.Context(), c.operator(xavi), olga, long))
	told = c.notices(olga)
	c.same("told of long texts", told[len(told)-1], "Xavi changed about "+strings.Repeat("x", 60)+"… → "+strings.Repeat("ß", 30)+"….")
	c.must(c.EditOperator(t.Context(), c.operator(olga), olga, limit(4)))
	c.same("told of one's own", len(c.notices(olga)), len(told))
	disable := func(o *bridge.Operator) ([]bridge.Changed, error) {
		o.Enabled = false
		return []bridge.Changed{{Key: "enabled", Was: "on", Is: "off"}}, nil
	}
	for _, who := range []bridge.OperatorJID{xavi, vera} {
		if err := c.EditOperator(t.Context(), c.operator(vera), who, disable); phrase.CodeOf(err) != phrase.CodeForbidden {
			t.Errorf("%s is disabled: %v", who, err)
		}
	}
	c.must(c.EditDepartment(t.Context(), c.operator(xavi), "support", func(d *bridge.Department) ([]bridge.Changed, error) {
		d.Routing = bridge.InTurn
		return []bridge.Changed{{Key: "routing", Was: bridge.RingAll, Is: bridge.InTurn}}, nil
	}))
	c.same("audits", c.audits(), []string{"Xavi: department-edit support routing ring-all → in-turn", "Olga: operator-edit olga limit 3 → 4", "Xavi: operator-edit olga about " + strings.Repeat("x", 60) + "… → " + strings.Repeat("ß", 30) + "…", "Xavi: operator-edit olga limit 0 → 3"})
}
