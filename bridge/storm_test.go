package bridge

import (
	"testing"
	"time"
)

func TestStorm_IsABurstAndEnds(t *testing.T) {
	l := Limits{OffersAtOnce: 5, OffersWithin: 10 * time.Second}
	var s storm
	now := t0
	for range 50 { // as fast as is just no storm
		if now = now.Add(2*time.Second + 1); s.request(0, l, now) {
			t.Fatal("a storm although no more than 5 came in 10 s")
		}
	}
	now = now.Add(time.Minute)
	for i := range 6 {
		if on := s.request(int64(i), l, now); on != (i == 5) {
			t.Errorf("request %d of a burst: a storm is %v", i+1, on)
		}
	}
	if !s.on(now.Add(59*time.Second)) || s.on(now.Add(61*time.Second)) {
		t.Error("the storm does not end after a minute without a burst")
	}
	now = now.Add(time.Hour)
	for i := range int64(50) { // each is taken before the next comes
		if s.request(i, l, now) {
			t.Fatal("a storm although nobody waits")
		}
		s.settled(i)
	}
	if (&storm{}).request(1, Limits{}, now) {
		t.Error("a storm without a limit")
	}
}
