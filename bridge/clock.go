package bridge

import "time"

// Clock tells the time. It is the only source of time in the bridge.
type Clock interface{ Now() time.Time }

// steady is a Clock that also knows how much time has really passed, even if the time of day
// was set meanwhile.
type steady interface {
	Passed(since time.Time) time.Duration
}

// SystemClock is the machine's clock, moved by Offset. With a Rate above 1 it runs so many
// times as fast from Began on.
type SystemClock struct {
	Offset time.Duration
	Rate   int
	Began  time.Time
}

// Now implements Clock.
func (c SystemClock) Now() time.Time {
	now := time.Now().Add(c.Offset)
	if c.Rate > 1 {
		now = now.Add(time.Duration(c.Rate-1) * time.Since(c.Began))
	}
	return now
}

// Passed is how much time has passed since a Now of this clock, by the machine's monotonic
// clock, which does not jump and stands still while the machine sleeps.
func (c SystemClock) Passed(since time.Time) time.Duration { return c.Now().Sub(since) }
