package hours

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Table says when somebody is in. It is a value that never changes. The zero Table has no hours
// set, and whoever has it is always in. Two tables are the same if their String is.
type Table struct {
	zone  *time.Location
	week  [7][]Slot // by time.Weekday
	dates []dated   // exceptions in order; no two of them overlap
	text  string    // what String returns
}

// Slot is a time of a day, in minutes since midnight. Until is greater than From; it is greater
// than 1440 if the slot passes midnight.
type Slot struct{ From, Until int }

// dated are the slots of some days in a row, which replace those of the week; none: closed.
type dated struct {
	from, to date // the first and the last day
	slots    []Slot
}

// newTable makes a table. No day's slots overlap or touch, nor do the exceptions.
func newTable(zone *time.Location, week [7][]Slot, dates []dated) Table {
	t := Table{zone: zone, week: week, dates: dates}
	t.text = strings.Join(append(t.plan(), zone.String()), "; ")
	return t
}

// Empty reports whether no hours are set.
func (t Table) Empty() bool { return t.text == "" }

// String writes the table so that Parse reads it back, with the name of its zone at the end:
// "Mon-Fri 9-12:30,13:30-18; 2026-12-24 closed; Europe/Madrid". It is "" if no hours are set.
func (t Table) String() string { return t.text }

// Written is String without the zone: what somebody in that zone writes to get the same table.
func (t Table) Written() string { return strings.Join(t.plan(), "; ") }

// Zone is the table's time zone, UTC if no hours are set.
func (t Table) Zone() *time.Location {
	if t.zone == nil {
		return time.UTC
	}
	return t.zone
}

// Move returns the table with the same hours in another zone, whose name ZoneNamed knows.
func (t Table) Move(zone string) (Table, error) {
	at, err := ZoneNamed(zone)
	if err != nil || t.Empty() {
		return t, err
	}
	return newTable(at, t.week, t.dates), nil
}

// Day returns the slots of a day of the week, in order; none: closed.
func (t Table) Day(d time.Weekday) []Slot { return slices.Clone(t.week[d]) }

// Exceptions returns the dates that differ from the week, each as Parse reads it, such as
// "2026-12-24..2026-12-26 closed".
func (t Table) Exceptions() []string {
	var list []string
	for _, e := range t.dates {
		list = append(list, e.span("..")+" "+written(e.slots))
	}
	return list
}

// Applying returns the table that applies: the first one of the layers that has hours, such as
// an operator's own, then their department's, then the site's.
func Applying(layers ...Table) Table {
	for _, t := range layers {
		if !t.Empty() {
			return t
		}
	}
	return Table{}
}

// plan writes the parts of the table without its zone.
func (t Table) plan() []string {
	if t.zone == nil {
		return nil
	}
	var parts []string
	for _, g := range t.groups() {
		var names []string
		for _, r := range g.runs {
			name := weekdays[r.first].short
			if r.last != r.first {
				name += "-" + weekdays[r.last].short
			}
			names = append(names, name)
		}
		days := strings.Join(names, ",")
		if g.runs[0] == wholeWeek {
			days = daily
		}
		parts = append(parts, days+" "+written(g.slots))
	}
	return append(parts, t.Exceptions()...)
}

// group are days of the week with the same slots.
type group struct {
	runs  []run
	slots []Slot
}

// run are days in a row, as places in weekdays.
type run struct{ first, last int }

var wholeWeek = run{0, 6}

// groups puts days with the same slots together, in the order of their first days. Days without
// slots are left out unless there are no others.
func (t Table) groups() []group {
	var list []group
	for i, w := range weekdays {
		slots := t.week[w.day]
		if len(slots) == 0 {
			continue
		}
		at := slices.IndexFunc(list, func(g group) bool { return slices.Equal(g.slots, slots) })
		if at < 0 {
			list = append(list, group{[]run{{i, i}}, slots})
			continue
		}
		g := &list[at]
		if last := &g.runs[len(g.runs)-1]; last.last == i-1 {
			last.last = i
		} else {
			g.runs = append(g.runs, run{i, i})
		}
	}
	if list == nil {
		list = []group{{runs: []run{wholeWeek}}}
	}
	return list
}

// span writes the days of an exception.
func (e dated) span(between string) string {
	if e.from == e.to {
		return e.from.String()
	}
	return e.from.String() + between + e.to.String()
}

// written writes slots as people do: "9-12:30,13:30-18".
func written(list []Slot) string {
	if len(list) == 0 {
		return closed
	}
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = s.String()
	}
	return strings.Join(words, ",")
}

// String writes the slot as Parse reads it: "22-2:30".
func (s Slot) String() string { return short(s.From) + "-" + short(s.end()) }

// end is the time of day at which the slot ends; midnight is 24:00.
func (s Slot) end() int {
	if s.Until > dayMinutes {
		return s.Until - dayMinutes
	}
	return s.Until
}

// short writes a time of day, without minutes if it has none.
func short(minutes int) string {
	if minutes%60 == 0 {
		return fmt.Sprint(minutes / 60)
	}
	return clock(minutes)
}

// clock writes a time of day with its minutes: "9:00".
func clock(minutes int) string { return fmt.Sprintf("%d:%02d", minutes/60, minutes%60) }
