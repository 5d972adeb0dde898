package hours

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// span matches a span of time: 20m, 2h, 1h30m, 3d, 2w, with a blank between number and unit.
var span = regexp.MustCompile(`^(?:(\d{1,4}) ?(?:w|weeks?))? ?(?:(\d{1,4}) ?(?:d|days?))? ?(?:(\d{1,4}) ?(?:h|hours?))? ?(?:(\d{1,4}) ?(?:m|min|mins|minutes?))?$`)

// What people write for tomorrow and today, in English, German, Spanish and French.
const (
	tomorrowToo = " tomorrow morgen mañana manana demain "
	todayToo    = " today heute hoy aujourd'hui aujourd’hui "
)

// Moment reads a moment after now as people write it: a span of time (20m, 2h, 3d), a time of day, and a day with or
// without one (tomorrow, Mon 9:00, 24.12., 2026-12-24 14:30). Days are those of zone. A day alone is meant from when the
// hours of a table begin on it, or at nine o'clock if they don't begin on that day. A time of day alone is the next one.
// The moment may lie in the past only if a date with a year or today is written.
func Moment(text string, now time.Time, zone *time.Location, table Table) (time.Time, error) {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	if m := span.FindStringSubmatch(text); m != nil && text != "" {
		var n [4]int
		for i := range n {
			n[i], _ = strconv.Atoi(m[i+1]) // digits or nothing, by the pattern
		}
		return now.In(zone).AddDate(0, 0, 7*n[0]+n[1]).Add(time.Duration(n[2])*time.Hour + time.Duration(n[3])*time.Minute), nil
	}
	word, rest, _ := strings.Cut(text, " ")
	rest = strings.TrimPrefix(rest, "at ")
	day, some, err := dayOf(word, dateOf(now.In(zone)))
	switch {
	case err != nil:
		return time.Time{}, err
	case some && rest == "":
		return begins(day, zone, table), nil
	case !some && rest == "":
		minutes, err := minutesOf(word)
		if err != nil {
			return time.Time{}, noMoment(text)
		}
		today := dateOf(now.In(zone))
		if at := clockTime(today, minutes, zone); at.After(now) {
			return at, nil
		}
		return clockTime(today+1, minutes, zone), nil
	case !some:
		return time.Time{}, noMoment(text)
	}
	minutes, err := minutesOf(rest)
	if err != nil {
		return time.Time{}, noMoment(text)
	}
	return clockTime(day, minutes, zone), nil
}

func noMoment(text string) error {
	return phrase.Fail(phrase.CodeInvalid, "%s is no moment such as 20m, 2h, tomorrow, tomorrow 9:00, Mon, Mon 9:00, 24.12. or 2026-12-24 14:30.", quote(text))
}

// dayOf reads a day; some is false if the word is none. A day of the week is the next one after today, and a date
// without a year the next one that is not over.
func dayOf(word string, today date) (day date, some bool, err error) {
	switch {
	case among(tomorrowToo, word):
		return today + 1, true, nil
	case among(todayToo, word):
		return today, true, nil
	}
	if i, ok := dayNamed(word); ok {
		ahead := (int(weekdays[i].day) - int(today.weekday()) + 7) % 7
		if ahead == 0 {
			ahead = 7
		}
		return today + date(ahead), true, nil
	}
	if !aDate.MatchString(word) || !strings.HasSuffix(word, ".") && strings.Count(word, ".") == 1 { // 9.30 is a time of day
		return 0, false, nil
	}
	p, err := partsOf(word)
	if err != nil {
		return 0, false, err
	}
	if p.year == 0 {
		return p.next(today), true, nil
	}
	return p.of(p.year), true, nil
}

// usualBegin is when a day begins on which no hours begin, in minutes after midnight.
const usualBegin = 9 * 60

// begins is when the hours begin on a day. Hours that go on from the day before have begun already.
func begins(day date, zone *time.Location, table Table) time.Time {
	at, end := clockTime(day, 0, zone), clockTime(day+1, 0, zone)
	for looked := at.Add(-time.Second); looked.Before(end); {
		next, opens, ok := table.Next(looked)
		if !ok || !next.Before(end) {
			break
		}
		if opens {
			return next.In(zone)
		}
		looked = next
	}
	return clockTime(day, usualBegin, zone)
}

// clockTime is when the clocks of a zone show a time of day, in minutes after midnight.
func clockTime(day date, minutes int, zone *time.Location) time.Time {
	m := day.midnight()
	return time.Date(m.Year(), m.Month(), m.Day(), 0, minutes, 0, 0, zone)
}
