package db

import "testing"

// A flag is a bool in one engine and a number in another.
func TestRow_FlagsOfEveryEngine(t *testing.T) {
	r := Row{true, int64(1), false, int64(0), nil}
	for i, want := range []bool{true, true, false, false, false} {
		if got := r.bool(i); got != want {
			t.Errorf("%v reads as %v", r[i], got)
		}
	}
}
