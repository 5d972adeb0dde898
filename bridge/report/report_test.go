package report

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"time"

	"porchlight/bridge"
)

// whose asks for figures of the fixture.
type whose struct {
	operator   bridge.OperatorJID
	department string
	kind       bridge.Kind
	from, upto Period
}

// figuresOf makes figures of facts: what the store does with rows.
func figuresOf(facts []Fact, spans []Span, w whose) Figures {
	sums := make(map[Key]Sum)
	for _, f := range facts {
		Add(sums, f)
	}
	for _, f := range merge(spans, nil) {
		Add(sums, f)
	}
	var rows []Row
	for k, s := range sums {
		if k.Operator == w.operator && k.Department == w.department && k.Kind == w.kind && k.Period >= w.from && k.Period <= w.upto {
			rows = append(rows, Row{k.Measure, k.Bucket, s})
		}
	}
	return NewFigures(rows)
}

// The figures of the week from 2 to 8 November, computed by hand. n/sum: how many, and their sum in
// seconds.
func TestReckoner_Fixture(t *testing.T) {
	facts, spans, _ := reckoned(t)
	week := func(o bridge.OperatorJID, department string, kind bridge.Kind) whose {
		return whose{o, department, kind, 20261102, 20261108}
	}
	for _, want := range []struct {
		name string
		of   whose
		sums map[Measure]string
	}{
		{"olga's chats", week("olga", "", bridge.Chat), map[Measure]string{
			Conversations: "12/0",    // 1 2 3 5 6 7 8 9 10, 13 14, 35; she took 36 on the 1st
			Taken:         "11/280",  // 1:30 2:20 3:40 5:10 6:15 7:10 8:5 9:60 10:30 = 220, 13:30, 35:30
			First:         "7/450",   // 1:60 2:40 3:50 7:90 9:80 10:60 14:70; 8 has none; 35 is of the 9th
			Answers:       "12/670",  // 1:60+30 2:40+120 3:50 7:90 8:30 9:80 10:60 13:10 14:70+30
			Support:       "12/3440", // 1:270 2:300 3:240 5:190 6:85 7:990 8:155 9:140 10:70 = 2440, 13:170 14:200 35:30 (of 210) 36:600 (of 2340)
			Merged:        "0/3280",  // 2 and 3 share 10:02:40–10:05:20 = 160
			Missed:        "1/0",     // 6
			Abandoned:     "2/0",     // 5 6
			Solved:        "8/0",     // 1 2 3 8 10 13 14, 36 on the 2nd
			TimedOut:      "1/0",     // 7
			Reopened:      "1/0",     // 10
			SolveFirst:    "8/4460",  // 1:300 2:320 3:280 8:160 10:100 13:500 14:400 36:2400
			SolveLast:     "7/4360",  // the same without 10, which Pere solved last
		}},
		{"pere's chats", week("pere", "", bridge.Chat), map[Measure]string{
			Conversations: "11/0",    // 9 10, 11 12 13 14 15 16 18, 39 40; 17 is a ticket
			Taken:         "11/245",  // 9:60 10:10 11:10 12:20 13:30 14:40 15:30 16:5 18:10 39:10 40:20
			First:         "7/275",   // 11:30 12:60 13:90 16:15 18:20 39:20 40:40
			Answers:       "11/445",  // 9:30 10:40 11:30 12:60+60 13:90 14:40 16:15 18:20 39:20 40:40
			Support:       "11/2585", // 9:240 10:90 11:50 12:180 13:270 14:160 15:30 16:495 18:40 39:50 40:980
			Merged:        "0/2160",  // 15 lies in 40 (30), 16 and 40 share 10:10:05–10:16:40 = 395
			Missed:        "0/0",
			Abandoned:     "0/0", // who was blocked (15) neither
			Solved:        "7/0", // 9 10 11 12 18 39 40
			TimedOut:      "1/0", // 16
			Reopened:      "0/0",
		}},
		{"chats in sales", week("", "sales", bridge.Chat), map[Measure]string{
			Conversations: "11/0",    // 1–10, 35
			Missed:        "2/0",     // 4 6; 5 has an address
			Abandoned:     "3/0",     // 4 5 6
			First:         "6/380",   // Olga's without 14
			Answers:       "10/600",  // Olga's 670 without 13:10 and 14:100, and Pere's 40 in 10
			Taken:         "11/260",  // Olga's 280 without 13:30, and Pere's 10 in 10
			Support:       "11/3160", // Olga's 3440 without 13:170 and 14:200, and Pere's 90 in 10: 12 - 2 + 1
			Merged:        "0/3000",
			Solved:        "7/0", // 1 2 3 8, 10 twice, 36
			Reopened:      "1/0",
		}},
		{"all chats", week("", "", bridge.Chat), map[Measure]string{
			Conversations: "21/0",   // 11 of sales; 11–16 18 20 39 40; 17 and 19 became tickets
			Missed:        "3/0",    // 4 6 20
			Abandoned:     "4/0",    // 4 5 6 20
			First:         "14/725", // 450 + 275
			Support:       "23/6025",
			Merged:        "0/5440", // 3280 + 2160
		}},
		{"olga's tickets", week("olga", "", bridge.Ticket), map[Measure]string{
			Conversations:        "7/0",      // 21 22 23 24 26 27 32; she took 28 on the 9th
			First:                "6/141800", // 21:56400 22:1200 23:600 26:240 27:82860 32:500
			First.InHours():      "6/8540",   // 21:2400 (from 9:00) 22:1200 23:600 26:240 27:3600 (until 17:00) 32:500
			FirstNew:             "7/312200", // and 28, which was begun on the 7th: 170400
			FirstNew.InHours():   "7/9740",   // 28: 1200
			Answers:              "8/146600", // and 22:1200 23:3600
			Answers.InHours():    "8/13340",
			Taken:                "8/140380", // 21:55800 22:600+600 23:60 24:300 26:120 27:82800 32:100
			Solved:               "7/0",      // 21, 22 twice, 23 26 27 32
			Reopened:             "1/0",      // 22
			SolveFirst:           "6/147800", // 21:57000 22:1800 23:5000 26:300 27:83000 32:700
			SolveFirst.InHours(): "6/14400",  // 21:3000 22:1800 23:5000 26:300 27:3600 32:700
			SolveLast:            "6/158600", // 22:12600
			SolveLast.InHours():  "6/25200",
			Missed:               "0/0",
		}},
		{"tickets in support", week("", "support", bridge.Ticket), map[Measure]string{
			Conversations: "8/0",    // 17 and 19, 29–34
			First:         "4/4410", // 17:3660 29:200 30:400 31:150; 32 was answered in sales
			FirstNew:      "5/4910", // but begun here: 500
			Solved:        "3/0",    // 17 29 30
			TimedOut:      "1/0",    // 31
			Abandoned:     "0/0",    // 33 was blocked
		}},
		{"all tickets", week("", "", bridge.Ticket), map[Measure]string{
			Conversations: "16/0", // 17 19, 21–28, 29–34
			Abandoned:     "1/0",  // 25
			Solved:        "10/0", // 7 + 3
			Missed:        "0/0",
		}},
		{"all chats of November", whose{"", "", bridge.Chat, 202611, 202611}, map[Measure]string{Conversations: "23/0"}}, // and 36 37
		{"pere's November", whose{"pere", "", bridge.Chat, 202611, 202611}, map[Measure]string{Support: "11/3175"}},      // and 37: 23:50:10–24:00 = 590
		{"pere's December", whose{"pere", "", bridge.Chat, 202612, 202612}, map[Measure]string{Support: "1/600", Solved: "1/0"}},
		{"the day with 25 hours", whose{"pere", "", bridge.Chat, 20261025, 20261025}, map[Measure]string{Support: "1/7140", SolveFirst: "1/7200"}},
		{"9 November", whose{"olga", "", bridge.Chat, 20261109, 20261109}, map[Measure]string{First: "1/90", Answers: "2/120", Support: "1/180", Solved: "1/0"}}, // 35
	} {
		f := figuresOf(facts, spans, want.of)
		for m, sum := range want.sums {
			if got := f.sumOf(m); got != sum {
				t.Errorf("%s: %s is %s, want %s", want.name, m, got, sum)
			}
		}
	}
}

// Means, medians and percentiles of the fixture, computed by hand from the lists above.
func TestFigures_Fixture(t *testing.T) {
	facts, spans, _ := reckoned(t)
	f := figuresOf(facts, spans, whose{"olga", "", bridge.Chat, 20261102, 20261108})
	for _, want := range []struct {
		name              string
		m                 Measure
		mean, median, p90 time.Duration
	}{
		{"first", First, 64285 * time.Millisecond, 60 * time.Second, 90 * time.Second},     // 450/7; 40 50 60 60 70 80 90: the 4th, the 7th
		{"answers", Answers, 55833 * time.Millisecond, 55 * time.Second, 90 * time.Second}, // 670/12; 10 30 30 30 40 50 60 60 70 80 90 120: the 6th and 7th, the 11th
		{"taken", Taken, 25454 * time.Millisecond, 30 * time.Second, 40 * time.Second},     // 280/11; 5 10 10 15 20 30 30 30 30 40 60: the 6th, the 10th
	} {
		mean, _ := f.Mean(want.m)
		median, _ := f.Median(want.m)
		p90, _ := f.P90(want.m)
		if mean.Truncate(time.Millisecond) != want.mean || !near(median, want.median) || !near(p90, want.p90) {
			t.Errorf("%s: mean %v, median %v, p90 %v; want %v, %v, %v", want.name, mean, median, p90, want.mean, want.median, want.p90)
		}
	}
	all := figuresOf(facts, spans, whose{"", "", bridge.Chat, 20261102, 20261108})
	if got := all.Votes(); got != (bridge.Tally{0, 0, 0, 2, 1}) { // 2: 5, 3: 4, 12: 3 and then 4, 18: deleted
		t.Errorf("votes %v", got)
	}
	if _, ok := all.Satisfied(); ok {
		t.Error("a share of three votes")
	}
	hours := [24]Sum{9: {2, 60_000}, 10: {2, 60_000}, 11: {2, 25_000}, 12: {1, 10_000}, 13: {1, 5_000}, 14: {1, 60_000}, 15: {1, 30_000}, 23: {1, 30_000}}
	if got := f.Hours(); got != hours { // 1 13 · 2 3 · 5 6 · 7 · 8 · 9 · 10 · 35
		t.Errorf("waits by hour: %v, want %v", got, hours)
	}
	late := figuresOf(facts, spans, whose{"olga", "", bridge.Ticket, 20261102, 20261108}).Hours()
	if late[18] != (Sum{1, 55_800_000}) || late[16] != (Sum{1, 82_800_000}) || late[9] != (Sum{1, 600_000}) || late[15] != (Sum{}) { // 21 · 27 · 22: by when it was begun, not taken
		t.Errorf("tickets' waits by hour: %v", late)
	}
	none := figuresOf(facts, spans, whose{"zoe", "", bridge.Chat, 20261102, 20261108})
	if _, ok := none.Mean(First); ok {
		t.Error("a mean of nothing")
	}
	if _, ok := none.Median(First); ok {
		t.Error("a median of nothing")
	}
}

// An account that is stored and read again between any two events says the same: the reader of the logs
// may stop anywhere.
func TestReckoner_StopsAnywhere(t *testing.T) {
	whole, spans, _ := reckoned(t)
	zone := madrid(t)
	r := Reckoner{Zone: zone, Hours: func(string) Calendar { return office{zone} }}
	var found Found
	for n, line := range fixture {
		if line == "" {
			continue
		}
		stored := "{}"
		for _, e := range logOf(t, n, line) {
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
	}
	if !slices.Equal(found.Facts, whole) || len(found.Spans) != len(spans) {
		t.Errorf("%d facts and %d spans, want %d and %d", len(found.Facts), len(found.Spans), len(whole), len(spans))
	}
}

// What one part of the spans adds and then the other is what all of them add.
func TestMerge_InParts(t *testing.T) {
	_, spans, _ := reckoned(t)
	sum := func(facts []Fact) map[Key]Sum {
		rows := make(map[Key]Sum)
		for _, f := range facts {
			Add(rows, f)
		}
		return rows
	}
	whole := sum(merge(spans, nil))
	for cut := range spans {
		parts := sum(append(merge(spans[:cut], nil), merge(spans[cut:], spans[:cut])...))
		if !maps.Equal(parts, whole) {
			t.Fatalf("cut at %d: %v, want %v", cut, parts, whole)
		}
	}
}

// A day has a beginning in every zone, also where the clock is put forward at midnight.
func TestPeriod_Start(t *testing.T) {
	for _, name := range []string{"Europe/Madrid", "America/Santiago", "Africa/Cairo", "Asia/Beirut", "UTC"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		day := Period(20251231)
		for range 800 {
			next := day.Next()
			from, until := day.Start(zone), next.Start(zone)
			if DayOf(from) != day || DayOf(until.Add(-time.Millisecond)) != day || !from.Before(until) {
				t.Errorf("%s: %d is from %v until %v", name, day, from, until)
			}
			day = next
		}
	}
}

// Times lie in a bucket whose greatest is at most an eighth above its least, and longer times never in an
// earlier bucket.
func TestBucketOf(t *testing.T) {
	least := int64(0)
	for ms := int64(1); ms < 1<<42; ms += 1 + ms/64 {
		if bucketOf(ms) != bucketOf(least) {
			if bucketOf(ms) < bucketOf(least) {
				t.Fatalf("%d ms is in %d, %d ms in %d", ms, bucketOf(ms), least, bucketOf(least))
			}
			least = ms
		}
		if ms-least > least/8 {
			t.Fatalf("%d and %d ms share a bucket", least, ms)
		}
	}
}

// near reports whether two times differ by less than the eighth that a histogram may be wrong by.
func near(got, want time.Duration) bool {
	return got > want-want/8 && got < want+want/8
}
