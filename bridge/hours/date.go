package hours

import "time"

const (
	dayMinutes = 24 * 60
	daySeconds = 24 * 60 * 60
)

// date is a day of the calendar: the number of days since 1970-01-01.
type date int

// dateOf is the day that a clock in t's zone shows.
func dateOf(t time.Time) date {
	y, m, d := t.Date()
	return dateFrom(y, m, d)
}

// dateFrom makes a date of its parts; day 32 of a month is day 1 of the next, as in time.Date.
func dateFrom(year int, month time.Month, day int) date {
	return date(floorDiv(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix(), daySeconds))
}

func floorDiv(a, b int64) int64 {
	if a%b < 0 {
		return a/b - 1
	}
	return a / b
}

// midnight is the date's first second in UTC; it carries the parts of the date.
func (d date) midnight() time.Time { return time.Unix(int64(d)*daySeconds, 0).UTC() }

// String writes the date as ISO 8601 does.
func (d date) String() string { return d.midnight().Format(time.DateOnly) }

func (d date) weekday() time.Weekday { return d.midnight().Weekday() }

// wall is a time of day on the date, as seconds that a clock counts which never changes.
func (d date) wall(minutes int) int64 { return int64(d)*daySeconds + int64(minutes)*60 }
