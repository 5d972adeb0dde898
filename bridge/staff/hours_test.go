package staff_test

import (
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/staff"
)

// Hours are changed with one entry in the audit log each, and none if they stay the same; only an operator whose hours
// somebody else changes is told.
func TestStaff_SetHours(t *testing.T) {
	c := newCrew(t)
	set := func(who bridge.OperatorJID, w staff.Owner, text string) error {
		return c.SetHours(t.Context(), c.operator(who), w, "hours-set", func(string) (string, error) { return text, nil })
	}
	for _, text := range []string{"daily 9-17; UTC", "daily 9-17; UTC", ""} {
		c.must(set(xavi, staff.Owner{Operator: olga}, text))
		c.must(set(xavi, staff.Owner{Department: "support"}, text))
		c.must(set(xavi, staff.Owner{}, text))
		c.must(set(vera, staff.Owner{Operator: vera}, text))
	}
	if err := set(xavi, staff.Owner{Department: "mars"}, "daily 9-17; UTC"); phrase.CodeOf(err) != phrase.CodeNotFound {
		t.Errorf("a department that there is not: %v", err)
	}
	if err := set(xavi, staff.Owner{Operator: "nobody@example.org"}, "daily 9-17; UTC"); phrase.CodeOf(err) != phrase.CodeNotFound {
		t.Errorf("an operator that there is not: %v", err)
	}
	var audits []bridge.Audit
	c.look(func(r bridge.Reader) (err error) {
		audits, err = r.Audits("", time.Time{}, c.bridge.Now().Add(time.Second), 100)
		return err
	})
	if len(audits) != 8 {
		t.Errorf("%d audits", len(audits))
	}
	told := c.notices(olga)
	c.same("Olga is told", told[len(told)-1], "Xavi changed your hours: you have none of your own any more.")
	for _, line := range c.notices(vera) {
		if strings.Contains(line, "hours") {
			t.Errorf("Vera is told %q of what she did herself", line)
		}
	}
}
