package route

import (
	"testing"
	"time"
)

// What is said of the wait, for each kind of past.
func TestWait(t *testing.T) {
	for name, x := range map[string]struct {
		past  Past
		place int
		want  time.Duration // 0: nothing is said
	}{
		"nobody came":                           {Past{Days: 30}, 1, 0},
		"four are too few":                      {Past{4, 4 * time.Minute, 30}, 1, 0},
		"five are enough":                       {Past{5, 5 * time.Minute, 1}, 1, time.Minute * 12 / 13},
		"the place is not known":                {Past{50, time.Hour, 30}, 0, 0},
		"no days":                               {Past{50, time.Hour, 0}, 1, 0},
		"one an hour, who met nobody":           {Past{30, 30 * time.Minute, 3000}, 1, time.Minute - 10*time.Millisecond},
		"the second waits for two":              {Past{30, 30 * time.Minute, 3000}, 2, 2*time.Minute - 20*time.Millisecond},
		"thirty an hour, ten minutes, met five": {Past{900, 9000 * time.Minute, 30}, 6, 10 * time.Minute},
		"and the first of them":                 {Past{900, 9000 * time.Minute, 30}, 1, 100 * time.Second},
		"who was taken at once":                 {Past{40, 0, 30}, 1, 0},
	} {
		got, ok := Wait(x.past, x.place)
		if known := x.want > 0 || name == "who was taken at once"; ok != known || (got-x.want).Abs() > 5*time.Millisecond+x.want/1000 {
			t.Errorf("%s: %v, %v, want %v", name, got, ok, x.want)
		}
	}
}

// A better place never costs a longer wait.
func TestWait_GrowsWithThePlace(t *testing.T) {
	past := Past{N: 77, Total: 3 * time.Hour, Days: 21}
	last := time.Duration(0)
	for place := 1; place < 40; place++ {
		wait, ok := Wait(past, place)
		if !ok || wait <= last {
			t.Fatalf("place %d: %v, %v after %v", place, wait, ok, last)
		}
		last = wait
	}
}
