package hours

import "time"

// After is the moment at which so much time inside the hours has gone by since another moment: where the hours end
// with the last of it, it is their end and not when they begin again. Without hours all time counts. It is the first
// moment itself if d is not positive. ok is false if the hours will never have so much time.
func (t Table) After(from time.Time, d time.Duration) (at time.Time, ok bool) {
	if d <= 0 || t.Empty() {
		return from.Add(max(d, 0)), true
	}
	first := dateOf(from.In(t.zone)) - 2
	for o := range t.stretches(first, t.enough(first, d)) {
		begins, ends := time.Unix(o.from, 0), time.Unix(o.until, 0)
		if begins.Before(from) {
			begins = from
		}
		if at = begins.Add(d); !at.After(ends) {
			return at.In(t.zone), true
		}
		if ends.After(begins) {
			d -= ends.Sub(begins)
		}
	}
	return time.Time{}, false
}

// enough is a day up to which the hours have so much time from a first day on, if they ever have it. What the
// exceptions bring is not counted, and of each week only the longest slot.
func (t Table) enough(first date, d time.Duration) date {
	last, longest := first, time.Duration(0)
	if n := len(t.dates); n > 0 {
		last = max(first, t.dates[n-1].to)
	}
	for _, day := range t.week {
		for _, s := range day {
			longest = max(longest, time.Duration(s.Until-s.From)*time.Minute)
		}
	}
	weeks := date(3)
	if longest > 0 {
		weeks += date(d / longest)
	}
	return last + 7*weeks
}
