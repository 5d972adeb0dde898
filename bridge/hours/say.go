package hours

import (
	"slices"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// Lines say the table to people, a line for each group of days and each exception:
// "Mon–Fri 9:00–12:30, 13:30–17:00". The zone is not said.
func (t Table) Lines() []phrase.Phrase {
	if t.Empty() {
		return nil
	}
	var lines []phrase.Phrase
	for _, g := range t.groups() {
		days := make([]phrase.Phrase, len(g.runs))
		for i, r := range g.runs {
			days[i] = r.says()
		}
		next := phrase.Say("next day")
		if r := g.runs[0]; len(g.runs) == 1 && r.first == r.last {
			next = weekdays[(r.first+1)%7].long
		}
		lines = append(lines, join(" ", join(", ", days...), saysSlots(g.slots, next)))
	}
	for _, e := range t.dates {
		next := phrase.Say("next day")
		if e.from == e.to {
			next = named(e.from + 1).long
		}
		lines = append(lines, join(" ", phrase.Say("%s", e.span("–")), saysSlots(e.slots, next)))
	}
	return lines
}

// Says is Lines in one line.
func (t Table) Says() phrase.Phrase { return join("; ", t.Lines()...) }

// says says days in a row.
func (r run) says() phrase.Phrase {
	switch {
	case r == wholeWeek:
		return phrase.Say("daily")
	case r.first == r.last:
		return weekdays[r.first].brief
	}
	return join("–", weekdays[r.first].brief, weekdays[r.last].brief)
}

// saysSlots says slots; next is what a slot's end is on if it passes midnight.
func saysSlots(list []Slot, next phrase.Phrase) phrase.Phrase {
	if len(list) == 0 {
		return phrase.Say("closed")
	}
	said := make([]phrase.Phrase, len(list))
	for i, s := range list {
		said[i] = phrase.Say("%s", clock(s.From)+"–"+clock(s.end()))
		if s.Until > dayMinutes {
			said[i] = phrase.Say("%s (%s)", clock(s.From)+"–"+clock(s.end()), next)
		}
	}
	return join(", ", said...)
}

// Standing says whether somebody is in and until when, or when they are in again, by the clocks of
// the table's zone: "now inside, until 17:00", "again Mon 9:00".
func (t Table) Standing(now time.Time) phrase.Phrase {
	at, opens, ok := t.Next(now)
	switch {
	case ok && opens:
		return phrase.Say("again %s", t.Moment(at, now))
	case ok:
		return phrase.Say("now inside, until %s", t.Moment(at, now))
	case t.In(now):
		return phrase.Say("always inside")
	}
	return phrase.Say("never inside")
}

// Moment says a moment by the clocks of the table's zone, as shortly as can be understood now:
// "17:00" on the same day, "Mon 9:00" less than a week away, else "2026-12-28 9:00".
func (t Table) Moment(at, now time.Time) phrase.Phrase {
	at = at.In(t.Zone())
	day, today := dateOf(at), dateOf(now.In(t.Zone()))
	switch away := day - today; {
	case away == 0:
		return phrase.Say("%s", showing(at))
	case 0 < away && away < 7:
		return join(" ", named(day).brief, phrase.Say("%s", showing(at)))
	}
	return phrase.Say("%s", day.String()+" "+showing(at))
}

// Back tells a visitor when somebody will be there again, by the clocks of the visitor's zone:
// "Back tomorrow at 9:00". The table's zone stands in for one that is not known (nil). ok is false
// if the hours are open now, or never will be.
func (t Table) Back(now time.Time, theirs *time.Location) (said phrase.Phrase, ok bool) {
	at, opens, ok := t.Next(now)
	if !ok || !opens {
		return phrase.Phrase{}, false
	}
	if theirs == nil {
		theirs = t.Zone()
	}
	at = at.In(theirs)
	day, today := dateOf(at), dateOf(now.In(theirs))
	hour := showing(at)
	switch away := day - today; {
	case away <= 0:
		return phrase.Say("Back today at %s", hour), true
	case away == 1:
		return phrase.Say("Back tomorrow at %s", hour), true
	case away < 7:
		return phrase.Say("Back %s at %s", named(day).long, hour), true
	case away < 300:
		return phrase.Say("Back on %s at %s", Day(at), hour), true
	}
	return phrase.Say("Back on %s at %s", day.String(), hour), true
}

// showing is what a clock shows at a moment.
func showing(at time.Time) string { return clock(at.Hour()*60 + at.Minute()) }

// named is the entry of a date's day of the week.
func named(d date) weekday {
	return weekdays[slices.IndexFunc(weekdays[:], func(w weekday) bool { return w.day == d.weekday() })]
}

// join says phrases in a row.
func join(between string, list ...phrase.Phrase) phrase.Phrase {
	if len(list) == 1 {
		return list[0]
	}
	args := make([]any, len(list))
	for i, p := range list {
		args[i] = p
	}
	return phrase.Phrase{Format: strings.TrimSuffix(strings.Repeat("%s"+between, len(list)), between), Args: args}
}
