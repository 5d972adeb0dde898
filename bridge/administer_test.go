package bridge_test

import (
	"errors"
	"slices"
	"testing"

	"porchlight/bridge"
)

// change applies a change to each of several operators in one step.
func (h *house) change(f func(*bridge.Operator) error, jids ...bridge.OperatorJID) error {
	return h.Team.Administer(h.t.Context(), func(tx bridge.Tx) error {
		for _, jid := range jids {
			o, err := tx.Operator(jid)
			if err == nil {
				err = f(&o)
			}
			if err == nil {
				err = tx.SaveOperator(o)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// When several operators are changed in one step, the requests that wait are offered to those who get
// offers from now on, and the conversations of those who were disabled are offered again.
func TestAdminister_SettlesForAllWhomItTouched(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga, sam)
	waits := h.mustAsk("a")
	if err := h.change(func(o *bridge.Operator) error { o.Departments = []string{"support"}; return nil }, olga, sam); err != nil {
		t.Fatal(err)
	}
	if offered, err := h.AskedNow(t.Context(), waits.Number); err != nil || !slices.Equal(offered, []bridge.OperatorJID{olga, sam, xavi}) {
		t.Errorf("what waits is offered to %q; %v", offered, err)
	}
	var owned []bridge.Opened
	for _, o := range []bridge.OperatorJID{olga, sam} {
		owned = append(owned, h.mustAsk(string(o)))
		if _, err := h.Take(t.Context(), o, owned[len(owned)-1].Number); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.change(func(o *bridge.Operator) error { o.Enabled = false; return nil }, olga, sam); err != nil {
		t.Fatal(err)
	}
	for _, c := range owned {
		if s := h.snapshot(c.Number); s.State != bridge.Waiting {
			t.Errorf("#%d, whose owner was disabled, is %s", c.Number, s.State)
		}
	}
}

// Nothing is kept of a step that fails, and no side is told. After any other step the sides are told,
// and the mirror of the team is what is stored.
func TestAdminister_IsOneStep(t *testing.T) {
	h := newHouse(t)
	heard := make(bell, 10)
	defer h.Join(heard)()
	failed := errors.New("the second of them")
	rename := func(fails bridge.OperatorJID) error {
		return h.change(func(o *bridge.Operator) error {
			if o.JID == fails {
				return failed
			}
			o.Name = "Another"
			return nil
		}, olga, sam)
	}
	if err := rename(sam); !errors.Is(err, failed) {
		t.Errorf("the error is %v", err)
	}
	if o, _ := h.Team.Operator(olga); o.Name != "Olga" || len(heard) != 0 {
		t.Errorf("called %s; told %d times", o.Name, len(heard))
	}
	if err := rename(""); err != nil {
		t.Fatal(err)
	}
	if o, _ := h.Team.Operator(olga); o.Name != "Another" || len(heard) != 1 {
		t.Errorf("called %s; told %d times", o.Name, len(heard))
	}
}

// bell is a side that counts how often the status may have changed.
type bell chan struct{}

func (bell) Changed(bridge.Change) {}

func (b bell) StatusChanged() { b <- struct{}{} }
