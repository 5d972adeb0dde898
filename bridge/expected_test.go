package bridge_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/route"
)

// A visitor is told for how long chats of that hour have waited, at their place, as it changes; nothing is told where too little is
// known. Nothing of that is read when somebody asks or the queue moves: it is read once an hour.
func TestExpected(t *testing.T) {
	var reads atomic.Int64
	h := newHouse(t)
	h.past = func(_ context.Context, department string) (past bridge.PastWaits, err error) {
		if reads.Add(1) == 1 {
			return past, errors.New("the disk is slow")
		}
		if department == "support" {
			past[12] = route.Past{N: 60, Total: 180 * time.Minute, Days: 30} // 3 minutes, and 0.1 others on average
			past[13] = route.Past{N: 4, Total: 12 * time.Minute, Days: 30}
		}
		return past, nil
	}
	h.close()
	h.open()
	h.come(xavi)
	h.until("it was tried", func() bool { return reads.Load() == 1 })
	first := h.mustAsk("a")
	defer h.see(first.Number)()
	if first.Wait != 0 {
		t.Errorf("%d s, and nothing could be read", first.Wait)
	}
	h.clock.Move(time.Minute)
	h.until("it is read", func() bool { return h.snapshot(1).Wait > 0 })
	second := h.mustAsk("b")
	defer h.see(second.Number)()
	if one, two := h.snapshot(1).Wait, second.Wait; one != 163 || two != 327 {
		t.Errorf("the first waits %d s, the second %d s, want 163 and 327", one, two)
	}
	h.must(h.Take(t.Context(), xavi, 1))
	log, err := h.Events(t.Context(), 2, 0, 10)
	if err != nil || log[len(log)-1].Data != (bridge.Place{Position: 1, Wait: 163}) {
		t.Errorf("who moves up is told %+v, %v", log[len(log)-1].Data, err)
	}
	for i := range 3 {
		h.mustAsk(fmt.Sprint("c", i))
	}
	if n := reads.Load(); n != 2 {
		t.Errorf("it was read %d times", n)
	}
	h.clock.Move(time.Hour)
	h.until("it is read again", func() bool { return reads.Load() == 3 })
	if o := h.mustAsk("later"); o.Wait != 0 {
		t.Errorf("four chats are known of this hour, and the visitor is told %d s", o.Wait)
	}
}
