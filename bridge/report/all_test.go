package report_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

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

// What waits longest for its first answer is the oldest of all departments.
func TestReport_AllFindsTheOldest(t *testing.T) {
	s := newSite(t)
	count, stop := s.counting()
	defer stop()
	if err := s.Team.Administer(t.Context(), func(tx bridge.Tx) error { return tx.SaveDepartment(bridge.Department{Name: "billing"}) }); err != nil {
		t.Fatal(err)
	}
	began := s.clock.Now()
	for i, department := range []string{"support", "billing", "support"} {
		q := bridge.Inquiry{ClientID: fmt.Sprintf("client-id-%07d", i), Department: department, Request: bridge.Request{Name: "Anna", Email: "a@example.org", Reason: "How?"}}
		if _, err := s.Ask(t.Context(), q); err != nil {
			t.Fatal(err)
		}
		s.clock.Move(time.Hour)
	}
	if err := count.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	during, err := bridge.ParseRange("7d", count.Today())
	if err != nil {
		t.Fatal(err)
	}
	all, err := count.All(t.Context(), bridge.Ticket, during, []report.Whose{{Department: "support"}, {Department: "billing"}})
	if err != nil {
		t.Fatal(err)
	}
	for department, want := range map[string]report.Answer{"": {Owed: 3, Oldest: began}, "support": {Owed: 2, Oldest: began}, "billing": {Owed: 1, Oldest: began.Add(time.Hour)}} {
		if got := all[report.Whose{Department: department, Kind: bridge.Ticket}]; got.Owed != want.Owed || !got.Oldest.Equal(want.Oldest) || got.Count(report.Conversations) != want.Owed {
			t.Errorf("%q: %d owed, the oldest of %v", department, got.Owed, got.Oldest)
		}
	}
}
