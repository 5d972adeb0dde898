package bridge_test

import (
	"testing"
	"time"

	"porchlight/bridge"
)

// A visitor's words that bring back what was put off are answered as the words that they are, the first time and when they
// come again.
func TestDefer_TheVisitorsWordsAreAnswered(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("a")
	h.must(h.Take(t.Context(), xavi, c.Number))
	h.must(h.Defer(t.Context(), xavi, c.Visitor, h.Now().Add(2*time.Hour)))
	first, _, err := h.VisitorWrites(t.Context(), c.Number, "a-random-client-id", "wake up")
	if err != nil || first.Type != bridge.EventMessage || first.Text != "wake up" || first.ClientID() != "a-random-client-id" {
		t.Fatalf("%+v, %v", first, err)
	}
	again, repeated, err := h.VisitorWrites(t.Context(), c.Number, "a-random-client-id", "wake up")
	if err != nil || !repeated || again.Seq != first.Seq || again.Type != first.Type {
		t.Errorf("again: %+v, %v, %v", again, repeated, err)
	}
}
