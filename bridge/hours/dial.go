package hours

import (
	"math"
	"time"
)

// mostOffset is more than any zone was ever away from UTC, in seconds.
const mostOffset = 26 * 60 * 60

// dial turns what the clocks of a zone show into moments. It remembers the period between two
// changes of the clock that it needed last, since most questions are about the same one.
type dial struct {
	zone       *time.Location
	start, end int64 // the period, in Unix seconds
	offset     int64 // seconds east of UTC in the period
}

// newDial makes a dial whose first question looks for its period.
func newDial(zone *time.Location) *dial { return &dial{zone: zone} }

// reach is the first moment, in Unix seconds, at which clocks have shown a time or a later one.
func (d *dial) reach(wall int64) int64 {
	at := wall - d.offset
	if at >= d.start+mostOffset && at < d.end { // no earlier period can have shown it
		return at
	}
	for from := wall - mostOffset; ; from = d.end {
		d.look(from)
		at := max(wall-d.offset, d.start)
		if at < d.end {
			return at
		}
	}
}

// look finds the period that a moment lies in.
func (d *dial) look(at int64) {
	t := time.Unix(at, 0).In(d.zone)
	_, offset := t.Zone()
	d.offset, d.start, d.end = int64(offset), math.MinInt64/2, math.MaxInt64
	start, end := t.ZoneBounds()
	if !start.IsZero() {
		d.start = start.Unix()
	}
	if !end.IsZero() {
		d.end = end.Unix()
	}
}
