package bridge

import (
	"strconv"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// Range is a span of whole days, as somebody wrote it, in the time zone in which it was read.
type Range struct {
	From  time.Time
	Until time.Time // the first moment after the range
	text  string
}

// Always is the range of all times that can be stored.
func Always() Range { return Range{From: time.Unix(0, 0), Until: time.Unix(1<<38, 0)} }

// ParseRange reads a range of days: today, yesterday, 7d (today and the six days before), 2026-10,
// 2026, 2026-11-15 or 2026-11-01..2026-11-15. The days are those of the zone that now is in. What is
// none of these gets a CodeInvalid error that names them.
func ParseRange(said string, now time.Time) (Range, error) {
	text := strings.ToLower(strings.TrimSpace(said))
	year, month, day := now.Date()
	today := time.Date(year, month, day, 0, 0, 0, 0, now.Location())
	r := Range{From: today, Until: today.AddDate(0, 0, 1), text: text}
	switch {
	case text == "today":
		return r, nil
	case text == "yesterday":
		r.From, r.Until = today.AddDate(0, 0, -1), today
		return r, nil
	}
	if n, ok := r.days(); ok {
		r.From = today.AddDate(0, 0, 1-n)
		return r, nil
	}
	first, last, span := strings.Cut(text, "..")
	from, until, ok := written(first, now.Location())
	if ok && span {
		_, until, ok = written(last, now.Location())
	}
	if !ok || !from.Before(until) || from.Before(Always().From) || until.After(Always().Until) {
		return Range{}, phrase.Fail(phrase.CodeInvalid, "%q is no range: today, yesterday, 7d, 30d, 2026-10, 2026, 2026-11-01..2026-11-15.", Cut(said, 40))
	}
	r.From, r.Until = from, until
	return r, nil
}

// mostDays is the longest range of the form 7d.
const mostDays = 3660

// days is the number of a range of the form 7d.
func (r Range) days() (n int, ok bool) {
	digits, ok := strings.CutSuffix(r.text, "d")
	if !ok || digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil && n > 0 && n <= mostDays
}

// written reads a year, a month or a day.
func written(text string, zone *time.Location) (from, until time.Time, ok bool) {
	for _, form := range []struct {
		layout              string
		years, months, days int
	}{{"2006", 1, 0, 0}, {"2006-01", 0, 1, 0}, {time.DateOnly, 0, 0, 1}} {
		if from, err := time.ParseInLocation(form.layout, text, zone); err == nil && len(text) == len(form.layout) {
			return from, from.AddDate(form.years, form.months, form.days), true
		}
	}
	return time.Time{}, time.Time{}, false
}

// String is the range as it was written. ParseRange reads it.
func (r Range) String() string { return r.text }

// Phrase says the range to people.
func (r Range) Phrase() phrase.Phrase {
	n, ok := r.days()
	switch {
	case r.text == "today":
		return phrase.Say("today")
	case r.text == "yesterday":
		return phrase.Say("yesterday")
	case ok && n > 1:
		return phrase.Say("%d days", n)
	}
	return phrase.Say("%s", r.text)
}
