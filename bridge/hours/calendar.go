package hours

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"time"

	"porchlight/bridge/phrase"
)

// How dates are written: 2026-12-24, 24.12.2026, and 24.12. for the next one. In a span a date
// without a year ends with its dot, since 9.30-12.30 is a span of time.
const (
	dateText   = `(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\d{1,2}\.(?:\d{4})?)`
	isDateText = `^(?:` + dateText + `|\d{1,2}\.\d{1,2})$`
)

var (
	aDate     = regexp.MustCompile(isDateText)
	dateSpan  = regexp.MustCompile(`^(` + dateText + `)(?:\.\.|-)(` + dateText + `|\d{1,2}\.\d{1,2})$`)
	dateParts = regexp.MustCompile(`^(?:(\d{4})-(\d+)-(\d+)|(\d+)\.(\d+)\.?(\d{4})?)$`)
)

// The dates that tables may have. Tables with later ones would make it costly to find the next change.
const (
	firstYear = 2000
	daysAhead = 3660 // ten years
)

// isDates reports whether a word is a date or a span of dates, right or wrong.
func isDates(word string) bool { return aDate.MatchString(word) || dateSpan.MatchString(word) }

// datesOf reads a date or a span of dates; today is the date in the table's zone. The year of a
// date without one is the next with which it is not over; the beginning of a span is the last
// such day before its end.
func datesOf(word string, today date) (from, to date, err error) {
	first, last := word, word
	if m := dateSpan.FindStringSubmatch(word); m != nil {
		first, last = m[1], m[2]
	}
	a, err := partsOf(first)
	if err != nil {
		return 0, 0, err
	}
	b, err := partsOf(last)
	if err != nil {
		return 0, 0, err
	}
	switch {
	case a.year != 0 && b.year == 0:
		from = a.of(a.year)
		to = b.next(from)
	case b.year == 0:
		to = b.next(today)
		from = a.before(to)
	case a.year == 0:
		to = b.of(b.year)
		from = a.before(to)
	default:
		from, to = a.of(a.year), b.of(b.year)
	}
	switch {
	case to < from:
		return 0, 0, phrase.Invalid("hours", "%s ends before it begins.", quote(word))
	case from < dateFrom(firstYear, 1, 1) || to > today+daysAhead:
		return 0, 0, phrase.Invalid("hours", "%s is too far away: dates go from the year %d to ten years ahead.", quote(word), firstYear)
	}
	return from, to, nil
}

// parts of a date as they are written; the year is 0 if there is none.
type parts struct{ year, month, day int }

func partsOf(word string) (parts, error) {
	m := dateParts.FindStringSubmatch(word)
	if m == nil { // can't happen: isDates has seen the word
		return parts{}, noDate(word)
	}
	number := func(a, b string) int {
		n, _ := strconv.Atoi(cmp.Or(a, b)) // a few digits, or nothing
		return n
	}
	p := parts{number(m[1], m[6]), number(m[2], m[5]), number(m[3], m[4])}
	year := p.year
	if year == 0 {
		year = 2000 // has a 29 February
	}
	if m[1]+m[6] == "0000" || p.month < 1 || p.month > 12 || p.day < 1 || p.of(year).midnight().Day() != p.day {
		return parts{}, noDate(word)
	}
	return p, nil
}

func noDate(word string) error {
	return phrase.Invalid("hours", "%s is no date of the calendar, such as 24.12. or 2026-12-24.", quote(word))
}

func (p parts) of(year int) date { return dateFrom(year, time.Month(p.month), p.day) }

// next is the first such day that is not before another.
func (p parts) next(from date) date {
	for year := from.midnight().Year(); ; year++ {
		if d := p.of(year); d >= from && d.midnight().Day() == p.day {
			return d
		}
	}
}

// before is the last such day that is not after another.
func (p parts) before(to date) date {
	for year := to.midnight().Year(); ; year-- {
		if d := p.of(year); d <= to && d.midnight().Day() == p.day {
			return d
		}
	}
}

// disjoint makes exceptions in order that don't overlap, of exceptions that may. Where some
// overlap, the one with the fewest days counts.
func disjoint(list []dated) ([]dated, error) {
	var edges []date
	for _, e := range list {
		edges = append(edges, e.from, e.to+1)
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	var whole []dated
	for i := range max(0, len(edges)-1) {
		from, to := edges[i], edges[i+1]-1
		e, some, err := closest(list, from)
		if err != nil {
			return nil, err
		}
		if !some {
			continue
		}
		if n := len(whole); n > 0 && whole[n-1].to == from-1 && slices.Equal(whole[n-1].slots, e.slots) {
			whole[n-1].to = to
			continue
		}
		whole = append(whole, dated{from, to, e.slots})
	}
	return whole, nil
}

// closest is the exception with the fewest days that has a day.
func closest(list []dated, day date) (best dated, some bool, err error) {
	for _, e := range list {
		if day < e.from || e.to < day {
			continue
		}
		switch here, there := e.to-e.from, best.to-best.from; {
		case !some || here < there:
			best, some, err = e, true, nil
		case here == there && !slices.Equal(e.slots, best.slots):
			err = twice(day.String(), best.slots, e.slots)
		}
	}
	return best, some, err
}
