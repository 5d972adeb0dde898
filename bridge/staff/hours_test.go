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
	told := map[bridge.OperatorJID]string{}
	var audits []bridge.Audit
	c.must(c.bridge.Team.Look(t.Context(), func(r bridge.Reader) (err error) {
		for _, jid := range []bridge.OperatorJID{olga, vera} {
			entries, err := r.DeskEntries(jid, 0, 100)
			if err != nil {
				return err
			}
			for _, e := range entries {
				told[jid] += e.Phrase.String() + "|"
			}
		}
		audits, err = r.Audits("", time.Time{}, c.bridge.Now().Add(time.Second), 100)
		return err
	}))
	if len(audits) != 8 {
		t.Errorf("%d audits", len(audits))
	}
	if want := "Xavi changed your hours: daily 9:00–17:00. UTC.|Xavi took your own hours away.|"; !strings.HasSuffix(told[olga], want) {
		t.Errorf("Olga is told %q", told[olga])
	}
	if strings.Contains(told[vera], "hours") {
		t.Errorf("Vera is told %q of what she did herself", told[vera])
	}
}
