package bridge_test

import (
	"errors"
	"testing"

	"porchlight/bridge"
)

// The status names first the department that is asked if the visitor chooses none, so what a form shows
// first is what counts.
func TestStatus_FirstIsWhoIsAsked(t *testing.T) {
	h := newHouse(t)
	for _, gone := range []string{"", "support"} {
		err := h.Team.Administer(t.Context(), func(tx bridge.Tx) error {
			if gone != "" {
				return tx.DeleteDepartment(gone)
			}
			return errors.Join(tx.SaveDepartment(bridge.Department{Name: "billing", Title: "Billing"}), tx.SaveDepartment(bridge.Department{Name: "sales", Title: "Sales"}))
		})
		if err != nil {
			t.Fatal(err)
		}
		s, err := h.Team.Status("")
		if err != nil {
			t.Fatal(err)
		}
		c, err := h.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Email: "anna@example.net", Reason: "How?"}})
		if err != nil {
			t.Fatal(err)
		}
		if first := s.Departments[0].Name; len(s.Departments) < 2 || c.Department != first || first != map[string]string{"": "support", "support": "billing"}[gone] {
			t.Errorf("first of %+v, and %s is asked", s.Departments, c.Department)
		}
	}
}
