package bridge

import (
	"testing"
	"time"
)

// A burst of requests that nobody takes is a storm, which ends a minute after the last burst; slower
// requests are none, nor are requests that are taken at once.
func TestStorm_IsABurstAndEnds(t *testing.T) {
	now := t0
	clock := clockFunc(func() time.Time { return now })
	s := &Storm{clock: clock, limits: Limits{OffersAtOnce: 5, OffersWithin: 10 * time.Second}}
	for range 50 { // as fast as they may come without a storm
		now = now.Add(2*time.Second + 1)
		if s.request(0) {
			t.Fatal("a storm although no more than 5 came in 10 s")
		}
	}
	now = now.Add(time.Minute)
	for i := range 6 {
		if on := s.request(int64(i)); on != (i == 5) {
			t.Errorf("request %d of a burst: a storm is %v", i+1, on)
		}
	}
	now = now.Add(59 * time.Second)
	if !s.On() {
		t.Error("the storm ends within a minute after a burst")
	}
	now = now.Add(2 * time.Second)
	if s.On() {
		t.Error("the storm does not end after a minute without a burst")
	}
	now = now.Add(time.Hour)
	for i := range int64(50) { // each is taken before the next comes
		if s.request(i) {
			t.Fatal("a storm although nobody waits")
		}
		s.settled(i)
	}
	if (&Storm{clock: clock}).request(1) {
		t.Error("a storm without a limit")
	}
}
