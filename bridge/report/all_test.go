package report_test

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/report"
)

// All says about each operator, each department and the site what Of says about them alone.
func TestReport_AllSaysWhatOfSays(t *testing.T) {
	s := newSite(t)
	count, stop := s.counting()
	defer stop()
	var opened []bridge.Opened
	r := rand.New(rand.NewPCG(4, 11))
	for range 400 {
		opened = s.move(r, opened)
	}
	if err := s.Team.Administer(t.Context(), func(tx bridge.Tx) error { return tx.DeleteOperator(olga) }); err != nil {
		t.Fatal(err)
	}
	if err := count.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	owed := int64(0)
	for _, text := range []string{"today", "7d", "2026", "2026-11-20..2027-01-02", "2026-11-28", "2027"} {
		during, err := bridge.ParseRange(text, count.Today())
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range []bridge.Kind{bridge.Chat, bridge.Ticket} {
			whose := []report.Whose{{Operator: xavi}, {Operator: olga}, {Department: "support"}, {Operator: "nobody@example.org"}}
			all, err := count.All(t.Context(), kind, during, whose)
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range append(whose, report.Whose{}) {
				w.Kind = kind
				one, err := count.Of(t.Context(), w, during)
				if err != nil {
					t.Fatal(err)
				}
				got := all[w]
				owed += got.Owed
				for _, m := range []report.Measure{report.Conversations, report.Missed, report.Support, report.Taken, report.TakenAt, report.First, report.FirstNew.InHours(), report.SolveLast} {
					if got.Count(m) != one.Count(m) || got.Total(m) != one.Total(m) {
						t.Errorf("%s, %v: %s %d, %s; alone %d, %s", text, w, m, got.Count(m), got.Total(m), one.Count(m), one.Total(m))
					}
				}
				if got.Hours() != one.Hours() || got.Votes() != one.Votes() || got.Owed != one.Owed || !got.Oldest.Equal(one.Oldest) || got.Online != one.Online {
					t.Errorf("%s, %v: %v; alone %v", text, w, got, one)
				}
				if text == "7d" && kind == bridge.Chat && w.Operator == xavi && (got.Count(report.Conversations) == 0 || got.Online == 0 || reflect.DeepEqual(got.Hours(), [24]report.Sum{})) {
					t.Errorf("Xavi did nothing: %v", got)
				}
			}
		}
	}
	if owed == 0 {
		t.Error("nothing was owed")
	}
}
