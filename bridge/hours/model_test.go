package hours

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// model says minute by minute who is in, in the most naive way: a clock of the zone that is never
// put back shows a day and a time, and some slot of that day or of the evening before has it.
type model struct {
	week  [7][]Slot
	dates map[string][]Slot
}

// inside plays a window of minutes from start on.
func (m model) inside(zone *time.Location, start time.Time, minutes int) []bool {
	in := make([]bool, minutes)
	var shown time.Time                          // what the clock shows, as if it were UTC
	for i := -3 * dayMinutes; i < minutes; i++ { // three days before, so that the clock is right
		at := start.Add(time.Duration(i) * time.Minute).In(zone)
		if now := time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), 0, 0, time.UTC); now.After(shown) {
			shown = now
		}
		if i >= 0 {
			in[i] = m.has(shown, 0) || m.has(shown.AddDate(0, 0, -1), dayMinutes)
		}
	}
	return in
}

func (m model) has(day time.Time, later int) bool {
	slots, exception := m.dates[day.Format(time.DateOnly)]
	if !exception {
		slots = m.week[day.Weekday()]
	}
	minute := day.Hour()*60 + day.Minute() + later
	for _, s := range slots {
		if s.From <= minute && minute < s.Until {
			return true
		}
	}
	return false
}

// draw makes a table of any kind, and its model; exceptions lie around a date.
func draw(r *rand.Rand, around time.Time) (text string, m model) {
	m.dates = map[string][]Slot{}
	var parts []string
	for _, w := range weekdays {
		m.week[w.day] = drawSlots(r)
		parts = append(parts, w.short+" "+written(m.week[w.day]))
	}
	for range r.IntN(4) {
		day := around.AddDate(0, 0, r.IntN(9)-4).Format(time.DateOnly)
		if _, there := m.dates[day]; !there {
			m.dates[day] = drawSlots(r)
			parts = append(parts, day+" "+written(m.dates[day]))
		}
	}
	return strings.Join(parts, "; "), m
}

// drawSlots draws up to three slots, which overlap now and then and like the hours in which
// clocks are changed. Together they are no longer than a day.
func drawSlots(r *rand.Rand) (list []Slot) {
	if r.IntN(8) == 0 {
		return []Slot{{0, dayMinutes}}
	}
	for range r.IntN(4) {
		from := r.IntN(dayMinutes)
		if r.IntN(2) == 0 {
			from = 60 + r.IntN(150)
		}
		length := 1 + r.IntN(90)
		if r.IntN(2) == 0 {
			length = 1 + r.IntN(900)
		}
		s := Slot{from, from + length}
		if s.Until == dayMinutes+s.From {
			continue
		}
		list = append(list, s)
	}
	if _, err := merged(slices.Clone(list)); err != nil {
		return nil
	}
	return list
}

// Tables are right to the minute, also around both changes of the clock of a year: in Madrid, in New
// York, and on Lord Howe Island, where clocks change by half an hour. Also where clocks change
// at midnight.
func TestTable_IsRightMinuteByMinute(t *testing.T) {
	for _, zone := range []string{"Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"} {
		changes := clockChanges(t, zone, 2026)
		for run := range 24 {
			at := changes[run%2]
			if run%6 == 5 {
				at = at.AddDate(0, 2, 0) // no change at all
			}
			r := rand.New(rand.NewPCG(uint64(run), 11))
			text, m := draw(r, at)
			table, err := Parse(text, zone, at)
			if err != nil {
				t.Fatalf("run %d: %q: %v", run, text, err)
			}
			compare(t, r, fmt.Sprintf("%s, run %d", zone, run), table, m, at.AddDate(0, 0, -2), 4*dayMinutes)
		}
	}
}

// clockChanges are the two moments of a year at which a zone's clocks are changed.
func clockChanges(t *testing.T, zone string, year int) []time.Time {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	var list []time.Time
	for at := time.Date(year, 1, 1, 0, 0, 0, 0, loc); len(list) < 2; {
		_, at = at.ZoneBounds()
		list = append(list, at)
	}
	return list
}

// compare compares a table with its model in a window of minutes.
func compare(t *testing.T, r *rand.Rand, name string, table Table, m model, start time.Time, minutes int) {
	t.Helper()
	in := m.inside(table.Zone(), start, minutes)
	at := func(i int) time.Time { return start.Add(time.Duration(i) * time.Minute) }
	upTo := make([]int, minutes+1) // minutes inside before each
	for i, inside := range in {
		upTo[i+1] = upTo[i]
		if inside {
			upTo[i+1]++
		}
		flips := i > 0 && in[i-1] != inside || i+1 < minutes && in[i+1] != inside
		if (flips || i%61 == 0) && table.In(at(i)) != inside {
			t.Fatalf("%s: %q at %v: in %v, want %v", name, table, at(i).In(table.Zone()), !inside, inside)
		}
	}
	for range 60 {
		a, b := r.IntN(minutes), r.IntN(minutes)
		if want := time.Duration(max(0, upTo[b]-upTo[a])) * time.Minute; table.Between(at(a), at(b)) != want {
			t.Fatalf("%s: %q from %v to %v: %v, want %v", name, table, at(a).In(table.Zone()), at(b).In(table.Zone()), table.Between(at(a), at(b)), want)
		}
		compareChange(t, name, table, in, a, at)
	}
}

// compareChange compares the next change after a minute, and the stretch that the minute is in.
func compareChange(t *testing.T, name string, table Table, in []bool, from int, at func(int) time.Time) {
	t.Helper()
	next := from
	for next < len(in) && in[next] == in[from] {
		next++
	}
	began := from
	for began >= 0 && in[began] == in[from] {
		began--
	}
	change, opens, ok := table.Next(at(from))
	if next < len(in) && (!ok || !change.Equal(at(next)) || opens != in[next]) || next == len(in) && ok && change.Before(at(next)) {
		t.Fatalf("%s: %q after %v: next change %v %v %v, want %v", name, table, at(from).In(table.Zone()), change, opens, ok, at(next).In(table.Zone()))
	}
	since, until, open := table.Open(at(from))
	if open != in[from] || open && (!until.Equal(change) || began >= 0 && !since.Equal(at(began+1)) || began < 0 && since.After(at(0))) {
		t.Fatalf("%s: %q at %v: open %v from %v until %v", name, table, at(from).In(table.Zone()), open, since, until)
	}
}
