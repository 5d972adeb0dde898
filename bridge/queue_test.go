package bridge_test

import (
	"testing"
	"time"
)

// The place that a visitor is told is the order in which people are taken: by how long they have waited. Who writes again after the
// end waits anew, behind all others. What else waits, tickets or in other departments, is before nobody.
func TestQueue_PlacesAreByTime(t *testing.T) {
	h := newHouse(t)
	h.stop()
	h.come(xavi, olga)
	a := h.mustAsk("a")
	h.must(h.Take(t.Context(), xavi, a.Number))
	h.must(h.Close(t.Context(), xavi, a.Visitor, ""))
	h.clock.Move(time.Minute)
	b := h.mustAsk("b")
	h.clock.Move(time.Minute)
	if _, _, err := h.VisitorWrites(t.Context(), a.Number, "one more thing 123", "More"); err != nil {
		t.Fatal(err)
	}
	if first, second := h.snapshot(b.Number).Position, h.snapshot(a.Number).Position; first != 1 || second != 2 {
		t.Errorf("#%d has place %d, and #%d has place %d", b.Number, first, a.Number, second)
	}
	if c, err := h.Moves.Next(t.Context(), olga, ""); err != nil || c.Number != b.Number {
		t.Errorf("next takes #%d, %v", c.Number, err)
	}
	if got := h.lastPlace(a.Number); got != 1 {
		t.Errorf("the visitor of #%d was told place %d last", a.Number, got)
	}
}
