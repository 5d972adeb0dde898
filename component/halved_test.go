package component_test

import (
	"testing"
	"time"
)

// A server may give every other stanza for us to a dead connection. A ping that comes back
// although the one before it does not shows that, and an alarm says what it is and what to
// do. Everything sent before that ping is proved all the same.
func TestBarrier_PingsThatAreLostInPart(t *testing.T) {
	s := newScript(t)
	c := s.active()
	s.every.Store(2)
	said, _, err := s.bridge.VisitorWrites(t.Context(), c.Number, "an-id-of-the-page", "Hello?")
	if err != nil {
		t.Fatal(err)
	}
	s.alarmed("still holds another connection of ours that is dead")
	s.confirmed(c.Number, said.Seq)
	if err := s.conn.Err(); err != nil {
		t.Errorf("the link was given up: %v", err)
	}
	s.every.Store(0)
	s.clock.move(3 * time.Minute)
	s.alarmed("gets lost at the XMPP server any more")
}
