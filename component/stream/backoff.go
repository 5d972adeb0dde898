package stream

import (
	"math/rand/v2"
	"time"
)

// Backoff says how long to wait before each attempt to connect again: twice as
// long each time, never less than Min nor more than Max, at random within the
// upper half of that, so that many components do not come back at once. The
// zero value is ready for use by one goroutine.
type Backoff struct {
	Min, Max time.Duration  // 1 s and 60 s if zero
	Rand     func() float64 // in [0,1); math/rand/v2 if nil

	last time.Duration // the upper end of the last wait
}

// Next returns the next wait.
func (b *Backoff) Next() time.Duration {
	lo, hi := b.Min, b.Max
	if lo <= 0 {
		lo = time.Second
	}
	if hi <= 0 {
		hi = time.Minute
	}
	hi = max(lo, hi)
	random := b.Rand
	if random == nil {
		random = rand.Float64
	}
	b.last = min(hi, 2*max(lo, b.last))
	half := max(lo, b.last/2)
	return half + time.Duration(random()*float64(b.last-half))
}

// Reset starts again with the shortest wait. The caller resets once a connection
// has lasted.
func (b *Backoff) Reset() { b.last = 0 }
