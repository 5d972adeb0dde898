package component_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/component/stream"
)

// clock is a clock that a test can set forward.
type clock struct{ offset atomic.Int64 }

func (c *clock) Now() time.Time { return time.Now().Add(time.Duration(c.offset.Load())) }

func (c *clock) move(d time.Duration) { c.offset.Add(int64(d)) }

// uncounted in place of a conversation's number has a rottenStore fail to count who waits.
const uncounted = -1

// rottenStore is a store that can't read the request of one conversation, and can't read
// anything while it is down.
type rottenStore struct {
	bridge.Store
	number *atomic.Int64
	down   *atomic.Bool
}

func (s rottenStore) View(ctx context.Context, f func(bridge.Reader) error) error {
	if s.down.Load() {
		return errors.New("disk I/O error")
	}
	return s.Store.View(ctx, func(r bridge.Reader) error { return f(rottenReader{r, s.number}) })
}

type rottenReader struct {
	bridge.Reader
	number *atomic.Int64
}

func (r rottenReader) Request(number int64) (bridge.Request, error) {
	if number == r.number.Load() {
		panic("the row is rotten")
	}
	return r.Reader.Request(number)
}

func (r rottenReader) Waiting(k bridge.Kind) (int, error) {
	if r.number.Load() == uncounted {
		return 0, errors.New("the row is rotten")
	}
	return r.Reader.Waiting(k)
}

// A conversation that can't be processed holds up no other, is reported, and goes on by
// itself once it can be processed.
func TestScript_PoisonHoldsUpNobody(t *testing.T) {
	s := newScript(t)
	c := s.active()
	s.rotten.Store(2)
	ask := func(name, key string) bridge.Opened {
		o, err := s.bridge.Ask(t.Context(), bridge.Inquiry{ClientID: key, Request: bridge.Request{Name: name, Reason: "Why?"}})
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	ben := ask("Ben", "client-of-ben-0001")
	alarm, shown := s.body("can't be processed"), s.body("about #2 that can't be shown")
	for told, seen := false, false; !told || !seen; { // in any order
		e := s.conn.Expect(func(e *stream.Element) bool { return alarm(e) || shown(e) })
		told, seen = told || alarm(e), seen || shown(e)
	}
	ask("Cleo", "client-of-cleo-001")
	s.conn.Expect(s.body("#3 Cleo"))
	if _, _, err := s.bridge.VisitorWrites(t.Context(), c.Number, "m", "still there"); err != nil {
		t.Fatal(err)
	}
	s.conn.Expect(s.body("still there"))
	s.chat("t2", "xavi@example.org", string(ben.Visitor), "Hello Ben")
	s.conn.Expect(func(e *stream.Element) bool { return e.Child("urn:xmpp:receipts", "received").Get("id") == "t2" })
	s.rotten.Store(0)
	s.clock.offset.Store(int64(10*time.Minute + time.Second))
	s.conn.Expect(s.body("Ben: Why?"))
}
