package bridge_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"porchlight/bridge"
)

// asked counts the offers of conversation 1 to an operator.
func (h *house) asked(o bridge.OperatorJID) int {
	h.t.Helper()
	n := 0
	for _, text := range h.deskTexts(o) {
		if text == fmt.Sprintf("%s #%d ", bridge.DeskOffer, 1) {
			n++
		}
	}
	return n
}

// leave makes operators go offline.
func (h *house) leave(jids ...bridge.OperatorJID) {
	h.t.Helper()
	for _, j := range jids {
		if err := h.Reach.Presence(h.t.Context(), j, "phone", bridge.ShowOffline); err != nil {
			h.t.Fatal(err)
		}
	}
}

// must stops the test at an error.
func (h *house) must(_ bridge.Conversation, err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// Whatever happened before, a request that waits is offered to somebody as long as somebody is
// available who has not declined it.
func TestOffers_NobodyWaitsUnasked(t *testing.T) {
	pass := func(h *house, c bridge.Opened) {
		o, _ := h.Team.Operator(olga)
		h.must(h.Pass(h.t.Context(), xavi, c.Visitor, o, bridge.Department{}, ""))
	}
	closeAndReopen := func(h *house, c bridge.Opened, who bridge.OperatorJID) {
		h.must(h.Close(h.t.Context(), who, c.Visitor, ""))
		if _, _, err := h.VisitorWrites(h.t.Context(), c.Number, "again", "One more thing"); err != nil {
			h.t.Fatal(err)
		}
	}
	for name, try := range map[string]struct {
		story      func(h *house, c bridge.Opened)
		xavi, olga int // how often each is asked by then
	}{
		"who had it is told that it waits when they come back": {func(h *house, c bridge.Opened) {
			h.must(h.Take(h.t.Context(), xavi, 1))
			h.leave(xavi)
			h.clock.Move(61 * time.Second)
			h.until("offered again", func() bool { return h.snapshot(1).State == bridge.Waiting })
			h.come(xavi)
			h.must(h.Take(h.t.Context(), xavi, 1))
		}, 1, 0},
		"whoever passed it on is asked if the other declines": {func(h *house, c bridge.Opened) {
			h.come(olga)
			h.must(h.Take(h.t.Context(), xavi, 1))
			pass(h, c)
			h.must(h.Decline(h.t.Context(), olga, 1))
		}, 2, 2},
		"whoever passed it on is asked if the other goes": {func(h *house, c bridge.Opened) {
			h.come(olga)
			h.must(h.Take(h.t.Context(), xavi, 1))
			h.must(h.Pass(h.t.Context(), xavi, c.Visitor, bridge.Operator{}, h.Team.Departments()[0], ""))
			h.leave(olga)
		}, 2, 2},
		"what is passed on is not offered back": {func(h *house, c bridge.Opened) {
			h.come(olga)
			h.must(h.Take(h.t.Context(), xavi, 1))
			h.must(h.Pass(h.t.Context(), xavi, c.Visitor, bridge.Operator{}, h.Team.Departments()[0], ""))
		}, 1, 2},
		"what is passed on is not offered back to who was away for a moment": {func(h *house, c bridge.Opened) {
			h.come(olga)
			h.must(h.Take(h.t.Context(), xavi, 1))
			h.must(h.Pass(h.t.Context(), xavi, c.Visitor, bridge.Operator{}, h.Team.Departments()[0], ""))
			h.leave(xavi)
			h.come(xavi)
		}, 1, 2},
		"who declined is not asked again": {func(h *house, c bridge.Opened) {
			h.must(h.Decline(h.t.Context(), xavi, 1))
			h.leave(xavi)
			h.come(xavi, olga)
			h.must(h.Take(h.t.Context(), olga, 1))
			if err := h.Reach.Unreachable(h.t.Context(), olga, 1, 0); err != nil {
				h.t.Fatal(err)
			}
		}, 1, 2},
		"who declined is asked about another request": {func(h *house, c bridge.Opened) {
			h.must(h.Decline(h.t.Context(), xavi, 1))
			h.come(olga)
			h.must(h.Take(h.t.Context(), olga, 1))
			closeAndReopen(h, c, olga)
		}, 2, 2},
		"one's own goes on after its end": {func(h *house, c bridge.Opened) {
			h.must(h.Take(h.t.Context(), xavi, 1))
			closeAndReopen(h, c, xavi)
		}, 2, 0},
		"an offer to somebody else is not ended by who was not asked": {func(h *house, c bridge.Opened) {
			h.come(olga)
			h.must(h.Take(h.t.Context(), xavi, 1))
			pass(h, c)
			h.must(h.Decline(h.t.Context(), xavi, 1))
			if err := h.Team.Add(h.t.Context(), bridge.Operator{JID: sam, Name: "Sam", Enabled: true, Departments: []string{"support"}}); err != nil {
				h.t.Fatal(err)
			}
			if h.come(sam); h.asked(sam) != 0 {
				h.t.Error("others are asked while it is offered to one alone")
			}
		}, 1, 2},
		"who stops offers leaves it to the others": {func(h *house, c bridge.Opened) {
			h.come(olga)
			h.must(h.Take(h.t.Context(), xavi, 1))
			h.must(h.Pass(h.t.Context(), xavi, c.Visitor, bridge.Operator{}, h.Team.Departments()[0], ""))
			if _, err := h.Team.Change(h.t.Context(), olga, func(o *bridge.Operator) { o.Paused = true }); err != nil {
				h.t.Fatal(err)
			}
		}, 2, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			h.come(xavi)
			try.story(h, h.mustAsk("c1"))
			if x, o := h.asked(xavi), h.asked(olga); x != try.xavi || o != try.olga {
				t.Errorf("Xavi is asked %d times and Olga %d, want %d and %d", x, o, try.xavi, try.olga)
			}
		})
	}
}

// When an offer to one operator alone expires, the operator is told that the others are asked
// now, and can still take it.
func TestOffers_ExpireVisibly(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga)
	c := h.mustAsk("c1")
	h.must(h.Take(t.Context(), xavi, 1))
	o, _ := h.Team.Operator(olga)
	h.must(h.Pass(t.Context(), xavi, c.Visitor, o, bridge.Department{}, "for you"))
	h.clock.Move(31 * time.Second)
	h.until("the offer expires", func() bool { return h.asked(xavi) == 2 })
	texts := h.deskTexts(olga)
	if !slices.Contains(texts, "outcome #1 #1 is offered to the others now. 1 still takes it.") || h.asked(olga) != 2 {
		t.Errorf("Olga's desk has %q", texts)
	}
	h.must(h.Take(context.Background(), olga, 1))
}
