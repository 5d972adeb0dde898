package hours

import (
	"iter"
	"slices"
	"time"
)

// settled is how many days after the last exception everything has been seen that can come.
const settled = 9

// slots returns what begins on a day.
func (t Table) slots(d date) []Slot {
	at, found := slices.BinarySearchFunc(t.dates, d, func(e dated, d date) int { return int(e.to - d) })
	if !found && (at == len(t.dates) || t.dates[at].from > d) {
		return t.week[d.weekday()]
	}
	return t.dates[at].slots
}

// open is a stretch of time without a gap, in Unix seconds: from is in it, until is not.
type open struct{ from, until int64 }

func (o open) has(at int64) bool { return o.from <= at && at < o.until }

// stretches gives what is open on some days, in order. Stretches that touch or overlap are one,
// so the first may have begun before the first day, and the last may go on after the last one.
func (t Table) stretches(first, last date) iter.Seq[open] {
	return func(yield func(open) bool) {
		d := newDial(t.zone)
		o, some := open{}, false
		for day := first; day <= last; day++ {
			for _, s := range t.slots(day) {
				next := open{d.reach(day.wall(s.From)), d.reach(day.wall(s.Until))}
				switch {
				case next.from == next.until: // the clocks were put forward over it
				case some && next.from <= o.until:
					o.until = max(o.until, next.until)
				case some && !yield(o):
					return
				default:
					o, some = next, true
				}
			}
		}
		if some {
			yield(o)
		}
	}
}

// In reports whether a moment is inside the hours.
func (t Table) In(at time.Time) bool {
	if t.Empty() {
		return true
	}
	day := dateOf(at.In(t.zone))
	for o := range t.stretches(day-2, day+2) {
		if o.has(at.Unix()) {
			return true
		}
	}
	return false
}

// Next is the first change after a moment, and whether the hours begin with it. ok is false if
// nothing changes any more: the table is empty, or always open, or never.
func (t Table) Next(after time.Time) (at time.Time, opens, ok bool) {
	if t.Empty() {
		return time.Time{}, false, false
	}
	now := after.Unix()
	first, last := t.window(after)
	for o := range t.stretches(first, last) {
		switch {
		case o.until <= now:
		case o.from > now:
			return time.Unix(o.from, 0).In(t.zone), true, true
		case o.until >= newDial(t.zone).reach((last + 1).wall(0)): // it goes on for ever
			return time.Time{}, false, false
		default:
			return time.Unix(o.until, 0).In(t.zone), false, true
		}
	}
	return time.Time{}, false, false
}

// window are the days that have to be looked at to find the next change after a moment.
func (t Table) window(after time.Time) (first, last date) {
	day := dateOf(after.In(t.zone))
	last = day
	if n := len(t.dates); n > 0 {
		last = max(day, t.dates[n-1].to)
	}
	return day - 2, last + settled
}

// Open returns the beginning and the end of the time without a gap that a moment is in. ok is
// false if the moment is outside the hours. A beginning or an end that does not exist, since the
// hours are without a gap for ever, is the zero time.
func (t Table) Open(at time.Time) (from, until time.Time, ok bool) {
	if !t.In(at) {
		return from, until, false
	}
	until, _, _ = t.Next(at)
	if t.Empty() {
		return from, until, true
	}
	first, last := dateOf(at.In(t.zone))-settled, dateOf(at.In(t.zone))+2
	from = t.began(first, last, at)
	if from.IsZero() && len(t.dates) > 0 && t.dates[0].from < first+settled {
		from = t.began(t.dates[0].from-settled, last, at)
	}
	return from, until, true
}

// began is when the stretch with a moment began, the zero time if not after the first day.
func (t Table) began(first, last date, at time.Time) time.Time {
	for o := range t.stretches(first, last) {
		if o.has(at.Unix()) && o.from > newDial(t.zone).reach((first+1).wall(0)) {
			return time.Unix(o.from, 0).In(t.zone)
		}
	}
	return time.Time{}
}

// Between is how much of the time between two moments is inside the hours: all of it if no hours
// are set, 0 if b is not after a.
func (t Table) Between(a, b time.Time) time.Duration {
	if !b.After(a) {
		return 0
	}
	if t.Empty() {
		return b.Sub(a)
	}
	var sum time.Duration
	for o := range t.stretches(dateOf(a.In(t.zone))-2, dateOf(b.In(t.zone))+2) {
		from, until := time.Unix(o.from, 0), time.Unix(o.until, 0)
		if from.Before(a) {
			from = a
		}
		if until.After(b) {
			until = b
		}
		if until.After(from) {
			sum += until.Sub(from)
		}
	}
	return sum
}
