package bridge_test

import (
	"slices"
	"testing"

	"porchlight/bridge"
)

// Whoever is disabled is forgotten, so the presence of somebody who is enabled again is asked for, however short the time
// between was: their client, which was there all the time, says nothing by itself.
func TestReach_AsksWhoIsEnabledAgain(t *testing.T) {
	h := newHouse(t)
	h.come(olga)
	for _, enabled := range []bool{false, true} {
		if _, err := h.Team.Change(t.Context(), olga, func(o *bridge.Operator) { o.Enabled = enabled }); err != nil {
			t.Fatal(err)
		}
	}
	probed := func() (list []bridge.OperatorJID) {
		t.Helper()
		checks, err := h.Reach.Due(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range checks {
			if c.Probe {
				list = append(list, c.Operator)
			}
		}
		return list
	}
	if first, then := probed(), probed(); !slices.Equal(first, []bridge.OperatorJID{olga}) || len(then) > 0 {
		t.Errorf("asked for the presence of %v, and then of %v", first, then)
	}
}
