package bridge_test

import (
	"testing"
	"time"

	"porchlight/bridge"
)

// An owner who went offline may have been gone long before that was noticed. When they take the
// conversation again, only what a client of theirs confirmed counts as known, and not what was
// merely routed.
func TestJoin_WhatWentToAClientThatWasGone(t *testing.T) {
	h := newHouse(t)
	c, says, received := h.talk()
	got := says("confirmed by the client")
	received(got)
	lost := says("routed, and lost")
	h.leave(xavi)
	h.clock.Move(61 * time.Second)
	h.until("it waits", func() bool { return h.snapshot(c.Number).State == bridge.Waiting })
	h.come(xavi)
	if _, err := h.Take(t.Context(), xavi, c.Number); err != nil {
		t.Fatal(err)
	}
	parts, err := h.Participants(t.Context(), c.Number)
	if err != nil || len(parts) != 1 || parts[0].Known != got {
		t.Errorf("%+v, %v: known should be up to %d, of %d", parts, err, got, lost)
	}
}
