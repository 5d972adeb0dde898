package stream

import (
	"slices"
	"testing"
	"time"
)

func TestBackoff(t *testing.T) {
	waits := func(b *Backoff, n int) (all []time.Duration) {
		for range n {
			all = append(all, b.Next())
		}
		return all
	}
	s := time.Second
	for name, c := range map[string]struct {
		b    Backoff
		want []time.Duration
	}{
		"shortest":        {Backoff{Rand: func() float64 { return 0 }}, []time.Duration{s, 2 * s, 4 * s, 8 * s, 16 * s, 30 * s, 30 * s}},
		"middle":          {Backoff{Rand: func() float64 { return 0.5 }}, []time.Duration{1500 * time.Millisecond, 3 * s, 6 * s, 12 * s, 24 * s, 45 * s, 45 * s}},
		"own bounds":      {Backoff{Min: 2 * s, Max: 5 * s, Rand: func() float64 { return 0 }}, []time.Duration{2 * s, 2500 * time.Millisecond, 2500 * time.Millisecond}},
		"bounds the same": {Backoff{Min: s, Max: s}, []time.Duration{s, s}},
		"bounds crossed":  {Backoff{Min: 2 * s, Max: s}, []time.Duration{2 * s, 2 * s}},
	} {
		if got := waits(&c.b, len(c.want)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		c.b.Reset()
		if got := c.b.Next(); got != c.want[0] {
			t.Errorf("%s, after Reset: %v, want %v", name, got, c.want[0])
		}
	}
}

func TestBackoff_Bounds(t *testing.T) {
	b := Backoff{}
	seen := map[time.Duration]bool{}
	for range 1000 {
		d := b.Next()
		if d < time.Second || d > time.Minute {
			t.Fatal(d)
		}
		seen[d] = true
	}
	if len(seen) < 100 {
		t.Errorf("%d different waits: no jitter", len(seen))
	}
}
