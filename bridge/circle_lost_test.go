package bridge_test

import (
	"slices"
	"strings"
	"testing"

	"porchlight/bridge"
)

// Who loses a department loses what is on offer to them there, and is told so; the others keep it.
func TestOffers_GoWithTheDepartment(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga)
	if err := h.Team.Administer(t.Context(), func(tx bridge.Tx) error { return tx.SaveDepartment(bridge.Department{Name: "sales", Title: "Sales"}) }); err != nil {
		t.Fatal(err)
	}
	c := h.mustAsk("a")
	serves := func(departments ...string) {
		t.Helper()
		if _, err := h.Team.Change(t.Context(), olga, func(o *bridge.Operator) { o.Departments = departments }); err != nil {
			t.Fatal(err)
		}
	}
	asked := func() []bridge.OperatorJID {
		t.Helper()
		list, err := h.AskedNow(t.Context(), c.Number)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if !slices.Contains(asked(), olga) {
		t.Fatal("Olga was not asked")
	}
	serves("sales")
	if got := asked(); !slices.Equal(got, []bridge.OperatorJID{xavi}) {
		t.Errorf("asked now: %v", got)
	}
	if texts := h.deskTexts(olga); !strings.Contains(texts[len(texts)-1], "#1 is not for you any more: it belongs to Support.") {
		t.Errorf("Olga was told %q", texts)
	}
	serves("support")
	if got := asked(); !slices.Contains(got, olga) {
		t.Errorf("with the department again, asked now: %v", got)
	}
}
