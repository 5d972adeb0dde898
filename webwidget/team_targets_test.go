package webwidget_test

import (
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

// The board counts the targets that are missed or soon will be, and says with which conversation it is, in words; the
// table of the statistics says how many were kept.
func TestTeam_Targets(t *testing.T) {
	s, clock := staffed(t)
	shows := func(path string, want bool, text string) {
		t.Helper()
		if got := s.team(xavi, path).body; strings.Contains(got, text) != want {
			t.Errorf("%s has %q: %v\n%s", path, text, !want, got)
		}
	}
	shows("/team/board", false, "targets in danger")
	s.must(s.bridge.Team.Administer(t.Context(), func(tx bridge.Tx) error {
		return tx.SaveDepartment(bridge.Department{Name: "support", Title: "Support", Targets: bridge.Targets{First: 10 * time.Minute, Next: 5 * time.Minute}})
	}))
	c := s.ask(`{"name":"Anna","reason":"How?"}`)
	shows("/team/board", true, `<li><b>0</b> targets in danger</li>`)
	clock.Move(8 * time.Minute)
	shows("/team/board", true, `<li class="alarm"><b>⚠ 1</b> targets in danger</li>`)
	shows("/team/board", true, `<td>8 min<br><b class="danger">⚠ first answer due in 2 min</b></td>`)
	_, err := s.bridge.Take(t.Context(), olga, c.Number)
	s.must(err)
	clock.Move(3 * time.Minute)
	shows("/team", true, `<br><b class="danger">⚠ first answer late by 1 min</b></td>`)
	_, err = s.bridge.OperatorWrites(t.Context(), olga, bridge.VisitorJID(c.Visitor), bridge.Said{ID: "s1", Text: "So."})
	s.must(err)
	shows("/team/board", true, `<li><b>0</b> targets in danger</li>`)
	shows("/team", true, `<td data-head="Targets kept">0 % <small>first answer 0 of 1</small></td>`)
}
