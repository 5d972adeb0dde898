package report_test

import (
	"maps"
	"math/rand/v2"
	"testing"

	"porchlight/bridge"
)

// Recount, which needs no Run, counts what Run has counted, and says how far it is.
func TestReport_Recount(t *testing.T) {
	s := newSite(t)
	r := rand.New(rand.NewPCG(3, 11))
	var opened []bridge.Opened
	for range 100 {
		opened = s.move(r, opened)
	}
	count, stop := s.counting()
	if err := count.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	stop()
	kept := s.all()
	var told [][2]int64
	for range 2 {
		if err := count.Recount(t.Context(), func(looked, all int64) { told = append(told, [2]int64{looked, all}) }); err != nil {
			t.Fatal(err)
		}
		if again := s.all(); len(kept) < 50 || !maps.Equal(kept, again) {
			t.Errorf("%d rows were kept, %d are counted", len(kept), len(again))
		}
	}
	n := int64(len(opened))
	if want := [2]int64{n, n}; len(told) != 2 || told[0] != want || told[1] != want {
		t.Errorf("told of %v, want %v twice", told, want)
	}
}
