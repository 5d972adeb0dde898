package bridge_test

import (
	"strings"
	"testing"

	"porchlight/bridge"
)

// After a time without a link each owner is told which words of their own were the last to be stored, not a colleague's who had the
// conversation before.
func TestLink_TheLastWordsAreOnesOwn(t *testing.T) {
	h := newHouse(t)
	h.come(olga)
	c := h.mustAsk("a")
	h.must(h.OperatorWrites(t.Context(), olga, c.Visitor, bridge.Said{Text: "Olga's words"}))
	h.come(xavi)
	if _, err := h.Moves.TakeOver(t.Context(), xavi, c.Number); err != nil {
		t.Fatal(err)
	}
	resumed := func(want string) {
		t.Helper()
		if err := h.Link.Alive(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := h.Link.Resume(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := h.last(xavi); !strings.Contains(got, want) {
			t.Errorf("Xavi reads %q, want %q in it", got, want)
		}
	}
	resumed("#1 Anna: I have no message from you.")
	h.must(h.OperatorWrites(t.Context(), xavi, c.Visitor, bridge.Said{Text: "Xavi's words"}))
	h.must(h.OperatorWrites(t.Context(), olga, c.Visitor, bridge.Said{Text: "More of Olga's"}))
	resumed(": Xavi's words")
}
