package bridge_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"porchlight/bridge"
)

// Mail that waits for the relay keeps its order however much of it there is, and however few are put off at once.
func TestMail_HeldMailKeepsItsOrder(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	var want []string
	for i := range 25 {
		to := fmt.Sprintf("v%d@example.net", i)
		want = append(want, to)
		_, err := o.WriteFirst(t.Context(), xavi, to, "Course", "So.")
		o.must(bridge.Conversation{}, err)
		o.outbox(time.Millisecond)
	}
	until := o.clock.Now().Add(time.Minute)
	for range 5 {
		o.must(bridge.Conversation{}, o.Mail.Wait(t.Context(), until, "the relay is gone", 4))
		o.clock.Move(time.Second)
	}
	o.clock.Move(time.Minute)
	var got []string
	for range want {
		list, err := o.Mail.Outgoing(t.Context(), 1)
		o.must(bridge.Conversation{}, err)
		for _, m := range list {
			got = append(got, m.To)
		}
		o.sent(list)
	}
	if !slices.Equal(got, want) {
		t.Errorf("it sends to %v, want %v", got, want)
	}
}
