package component_test

import (
	"strconv"
	"testing"
	"time"

	"porchlight/bridge"
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
	s.conn.Expect(s.body("What you wrote in that time may not have reached me"))
	s.confirmed(c.Number, said.Seq)
	if err := s.conn.Err(); err != nil {
		t.Errorf("the link was given up: %v", err)
	}
	s.every.Store(0)
	s.clock.move(3 * time.Minute)
	s.alarmed("gets lost at the XMPP server any more")
}

// What a ping proves was so when it was sent: of what was written while it was under way some may not have come yet, above all if this
// process stood still.
func TestBarrier_ProvesTheTimeOfItsPing(t *testing.T) {
	s := newScript(t)
	c := s.active()
	const late = 11 * time.Second // longer than the time after which it is stored anew
	s.late.Store(int64(late))
	for _, id := range []string{"first-id-of-the-page", "second-id-of-the-page"} { // the first ping may have been under way
		said, _, err := s.bridge.VisitorWrites(t.Context(), c.Number, id, "Hello?")
		if err != nil {
			t.Fatal(err)
		}
		s.confirmed(c.Number, said.Seq)
	}
	err := s.store.View(t.Context(), func(r bridge.Reader) error {
		text, err := r.Setting("link_alive_at")
		if err != nil {
			return err
		}
		ms, err := strconv.ParseInt(text, 10, 64)
		if past := s.clock.Now().Sub(time.UnixMilli(ms)); past < late-time.Millisecond {
			t.Errorf("the link counts as proved %v ago, and no ping has come back that was sent later than %v ago", past, late)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
