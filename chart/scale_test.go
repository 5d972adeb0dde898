package chart

import (
	"math"
	"testing"
)

// An axis ends at its last mark, at or above the greatest value, and has marks at round values.
func TestScale(t *testing.T) {
	const minute, hour, day = 60, 3600, 86400
	for _, c := range []struct {
		unit Unit
		most float64
		step float64
		n    int
	}{
		{Count, 0, 1, 1}, {Count, 1, 1, 1}, {Count, 5, 1, 5}, {Count, 6, 2, 3}, {Count, 12, 5, 3}, {Count, 23, 5, 5}, {Count, 26, 10, 3}, {Count, 1_000_000, 200_000, 5},
		{Seconds, 0, 1, 1}, {Seconds, 38, 10, 4}, {Seconds, 122, 30, 5}, {Seconds, 9 * minute, 2 * minute, 5}, {Seconds, 59 * minute, 15 * minute, 4},
		{Seconds, 7 * hour, 2 * hour, 4}, {Seconds, 26 * hour, 6 * hour, 5}, {Seconds, 9 * day, 2 * day, 5}, {Seconds, 400 * day, 100 * day, 4},
	} {
		s := Series{Unit: c.unit, Values: []float64{math.NaN(), c.most / 2, c.most}}
		if got := scaleOf(s); got != (scale{c.step, c.n}) {
			t.Errorf("up to %v: %v, want %v", c.most, got, scale{c.step, c.n})
		}
		for n := 1; n <= marks; n++ {
			if got := scaleLike(s, n); got.top() < c.most || got.n != n {
				t.Errorf("up to %v with %d marks: %v", c.most, n, got)
			}
		}
	}
}
