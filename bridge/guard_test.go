package bridge_test

import (
	"slices"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// A super operator can be neither disabled nor deleted, by whatever way it is tried, and nothing of a
// step that tries it is kept. What is stored of one who is in the config no more does not enable them.
func TestAdminister_ProtectsSuperOperators(t *testing.T) {
	h := newHouse(t)
	for name, change := range map[string]func(bridge.Tx) error{
		"disabled": func(tx bridge.Tx) error {
			o, err := tx.Operator(xavi)
			if err != nil || !o.Super || !o.Enabled {
				t.Errorf("a change finds %+v, %v", o, err)
			}
			o.Enabled = false
			return tx.SaveOperator(o)
		},
		"deleted": func(tx bridge.Tx) error { return tx.DeleteOperator(xavi) },
	} {
		err := h.Team.Administer(t.Context(), func(tx bridge.Tx) error {
			o, err := tx.Operator(olga)
			if err == nil {
				o.Name = name
				err = tx.SaveOperator(o)
			}
			if err != nil {
				return err
			}
			return change(tx)
		})
		if phrase.CodeOf(err) != phrase.CodeForbidden || !strings.Contains(phrase.Of(err).String(), "Xavi is a super operator") {
			t.Errorf("%s: %v", name, err)
		}
		if x, ok := h.Team.Operator(xavi); !ok || !x.Super {
			t.Errorf("%s: %+v", name, x)
		}
		if o, _ := h.Team.Operator(olga); o.Name != "Olga" {
			t.Errorf("half of a refused step was kept: %s", o.Name)
		}
	}
	if _, err := h.Team.Change(t.Context(), xavi, func(o *bridge.Operator) { o.Name = "Xavier" }); err != nil {
		t.Fatal(err)
	}
	err := h.store.View(t.Context(), func(r bridge.Reader) error {
		o, err := r.Operator(xavi)
		if o.Enabled || o.Name != "Xavier" {
			t.Errorf("%+v is stored", o)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What a deleted operator owned is offered again, and whoever reads of it reads the operator's name.
func TestAdminister_ADeletedOperatorKeepsTheName(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga)
	c := h.mustAsk("a")
	h.must(h.Take(t.Context(), olga, c.Number))
	if err := h.Team.Administer(t.Context(), func(tx bridge.Tx) error { return tx.DeleteOperator(olga) }); err != nil {
		t.Fatal(err)
	}
	if _, ok := h.Team.Operator(olga); ok {
		t.Error("a deleted operator is no stranger")
	}
	if s := h.snapshot(c.Number); s.State != bridge.Waiting {
		t.Errorf("what the operator owned is %s", s.State)
	}
	events, err := h.Events(t.Context(), c.Number, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	left := slices.ContainsFunc(events, func(e bridge.Event) bool {
		p, is := e.Data.(bridge.Part)
		return is && p.Action == bridge.Left && e.Operator == olga && e.Name == "Olga"
	})
	if !left {
		t.Errorf("no event says that Olga left: %+v", events)
	}
}

// The conversations of a department that is deleted go to another in one step: what waits keeps its
// time and is offered there, and what is active stays with its owner.
func TestCloseDepartment_ItsConversationsGoOn(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga)
	ctx := t.Context()
	waits, taken := h.mustAsk("a"), h.mustAsk("b")
	h.must(h.Take(ctx, xavi, taken.Number))
	sales := bridge.Department{Name: "sales", Title: "Sales"}
	if err := h.Team.Administer(ctx, func(tx bridge.Tx) error { return tx.SaveDepartment(sales) }); err != nil {
		t.Fatal(err)
	}
	was := h.conversation(waits.Number)
	err := h.Team.CloseDepartment(ctx, "support", sales, func(tx bridge.Tx) error {
		o, err := tx.Operator(olga)
		o.Departments = bridge.Circle{"sales"}
		if err == nil {
			err = tx.SaveOperator(o)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if c := h.conversation(waits.Number); c.Department != "sales" || c.State != bridge.Waiting || !c.WaitsSince.Equal(was.WaitsSince) {
		t.Errorf("what waits: %+v", c)
	}
	if c := h.conversation(taken.Number); c.Department != "sales" || c.Owner != xavi {
		t.Errorf("what is active: %+v", c)
	}
	if asked, err := h.AskedNow(ctx, waits.Number); err != nil || !slices.Equal(asked, []bridge.OperatorJID{olga, xavi}) {
		t.Errorf("asked are %v; %v", asked, err)
	}
	if d := h.Team.Departments(); len(d) != 1 || d[0].Name != "sales" {
		t.Errorf("the departments are %+v", d)
	}
}

// conversation is a conversation as it is stored.
func (h *house) conversation(number int64) (c bridge.Conversation) {
	h.t.Helper()
	err := h.store.View(h.t.Context(), func(r bridge.Reader) (err error) {
		c, err = r.Conversation(number)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// A file of an operator who may not send files is refused, and their words are not.
func TestOperatorWrites_FilesNeedPermission(t *testing.T) {
	h := newHouse(t)
	h.come(olga)
	c := h.mustAsk("a")
	files, _ := bridge.RightOf(bridge.MayFiles)
	send := func(id string) error {
		_, err := h.OperatorWrites(t.Context(), olga, c.Visitor, bridge.Said{ID: id, File: bridge.File{URL: "https://f.example.org/a.pdf"}})
		return err
	}
	for given, want := range map[bool]phrase.Code{true: "", false: phrase.CodeForbidden} {
		if err := h.change(func(o *bridge.Operator) error { o.Permissions = o.Permissions.With(files, given); return nil }, olga); err != nil {
			t.Fatal(err)
		}
		if err := send(string(want)); phrase.CodeOf(err) != want {
			t.Errorf("given %v: %v", given, err)
		}
		h.writes(olga, c, bridge.Said{ID: "words" + string(want), Text: "Hello"})
	}
}
