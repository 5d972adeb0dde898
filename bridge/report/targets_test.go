package report

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

// What was promised is kept or late in business hours, which are Monday to Friday from 9 to 17, for the operator who
// answered or had the conversation, and for the department. It is the same wherever the reader of the log stops.
func TestReckoner_Targets(t *testing.T) {
	aims := bridge.Targets{First: time.Minute, Next: time.Minute, Solved: time.Hour}.Aims()
	zone := madrid(t)
	r := Reckoner{Zone: zone, Hours: func(string) Calendar { return office{zone} }}
	for line, want := range map[string]string{
		"sales chat 2026-11-02 09:00 | 30 take olga | 60 olga | 70 visitor | 130 olga | 300 closed operator-closed":                                              "first-kept olga, next-kept olga, solved-kept olga",
		"sales chat 2026-11-02 09:00 | 30 take olga | 61 olga | 70 visitor | 131 pere | 3601 closed operator-closed":                                             "first-late olga, next-late pere, solved-late olga",
		"sales ticket 2026-11-06 18:00 | 226830 take olga | 226840 olga | 230400 closed solved":                                                                  "first-kept olga, solved-kept olga", // Friday evening, Monday at 9:00:40 and at 10:00
		"sales chat 2026-11-02 09:00 | 30 closed visitor-left":                                                                                                   "",
		"sales chat 2026-11-02 09:00 | 90 closed visitor-left":                                                                                                   "first-late ",
		"sales chat 2026-11-02 09:00 | 30 take olga | 90 closed blocked":                                                                                         "",
		"sales chat 2026-11-02 09:00 | 30 take olga | 90 closed merged":                                                                                          "",
		"sales chat 2026-11-02 09:00 | 30 take olga | 40 note olga | 50 system | 90 olga | 95 visitor | 120 closed visitor-closed":                               "first-late olga, solved-kept olga",
		"sales chat 2026-11-02 09:00 | 30 take olga | 50 olga | 95 visitor | 4000 closed idle":                                                                   "first-kept olga, next-late olga, solved-late olga",
		"sales chat 2026-11-02 09:00 | 30 take olga | 50 olga | 60 off | 7200 on | 7300 closed solved":                                                           "first-kept olga, solved-kept olga",
		"sales chat 2026-11-02 09:00 | 30 take olga | 50 olga | 60 off | 100 follows pere olga | 7300 closed solved":                                             "first-kept olga, solved-late pere",
		"sales chat 2026-11-02 09:00 | 10 take olga | 20 olga | 30 closed operator-closed | 9000 reopen sales | 9010 take pere | 9050 pere | 9100 closed solved": "first-kept olga, solved-kept olga, next-kept pere, solved-kept pere",
		"sales chat 2026-11-02 09:00 | 30 closed visitor-left | 9000 reopen sales | 9010 take pere | 9050 pere":                                                  "first-kept pere",
		"sales chat 2026-11-02 09:00 | 20 take olga | 30 pass olga support | 50 take pere | 80 pere":                                                             "first-late pere",
	} {
		var found Found
		stored := "{}"
		for _, e := range logOf(t, 1, line) {
			if turn, _ := e.Data.(bridge.Turn); turn.Department != "" {
				turn.Aims = aims
				e.Data = turn
			}
			var a Account
			if err := json.Unmarshal([]byte(stored), &a); err != nil {
				t.Fatal(err)
			}
			r.Read(&a, e, &found)
			text, err := json.Marshal(a)
			if err != nil {
				t.Fatal(err)
			}
			stored = string(text)
		}
		var got []string
		for _, f := range found.Facts {
			if slices.Contains([]Measure{FirstKept, FirstLate, NextKept, NextLate, SolvedKept, SolvedLate}, f.Measure) {
				got = append(got, fmt.Sprint(f.Measure, " ", f.Operator))
			}
		}
		if is := strings.Join(got, ", "); is != want {
			t.Errorf("%s: %s, want %s", line, is, want)
		}
	}
}

// A conversation that is joined brings the time since when its visitor waits.
func TestReckoner_TargetsOfJoined(t *testing.T) {
	g := goal{First: 100, Next: 100, Solve: 100}
	g.takesIn(bridge.Merged{Of: 2, Since: 50, First: 60, Solve: 200})
	if g != (goal{First: 60, Next: 50, Solve: 100}) {
		t.Errorf("%+v", g)
	}
	g = goal{Solve: 100}
	g.takesIn(bridge.Merged{Of: 2, Since: 50, First: 60, Solve: 20})
	if g != (goal{Next: 50, Solve: 20}) {
		t.Errorf("what was answered: %+v", g)
	}
	g = goal{First: 60, Next: 50, Solve: 20}
	g.takesIn(bridge.Merged{Parted: 2, Since: 110, First: 100, Solve: 90})
	if g != (goal{First: 100, Next: 110, Solve: 90}) {
		t.Errorf("parted again: %+v", g)
	}
	if g.takesIn(bridge.Merged{Parted: 2}); g.Next != 0 || g.Solve != 90 {
		t.Errorf("parted again, where nothing is owed: %+v", g)
	}
}

// Figures say how many of how many were kept, and a log without targets brings nothing.
func TestFigures_Kept(t *testing.T) {
	f := NewFigures([]Row{{FirstKept, 0, Sum{3, 0}}, {FirstLate, 0, Sum{1, 0}}, {SolvedLate, 0, Sum{2, 0}}})
	for target, want := range map[bridge.Target][2]int64{bridge.FirstAnswer: {3, 4}, bridge.NextAnswer: {0, 0}, bridge.Solution: {0, 2}} {
		if kept, of := f.Kept(target); [2]int64{kept, of} != want {
			t.Errorf("%s: %d of %d", target, kept, of)
		}
	}
	_, _, accounts := reckoned(t)
	for n, a := range accounts {
		if a.Goal != nil {
			t.Errorf("#%d had no targets and has %+v", n, a.Goal)
		}
	}
}

// Who had no answer when a request ended that was none after all, or was joined with another one, waits for it still.
func TestReckoner_GoesOnUnanswered(t *testing.T) {
	for _, answered := range []bool{false, true} {
		g := goal{}
		g.asksStill(bridge.Ownership{Action: bridge.Reopened, Since: 50}, 200, answered)
		if want := map[bool]goal{false: {First: 200, Next: 50}, true: {Next: 50}}[answered]; g != want {
			t.Errorf("answered before %v: %+v, want %+v", answered, g, want)
		}
	}
}
