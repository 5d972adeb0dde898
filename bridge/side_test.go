package bridge_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// side is a side of every kind, which keeps what it hears in words.
type side struct {
	mu    sync.Mutex
	words []string
	fails bool
}

func (s *side) hears(format string, args ...any) {
	s.mu.Lock()
	s.words = append(s.words, fmt.Sprintf(format, args...))
	s.mu.Unlock()
	if s.fails {
		panic("no more")
	}
}

func (s *side) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.words)
}

func (s *side) Changed(c bridge.Change) {
	switch {
	case c.Receipt != nil:
		s.hears("%s %d", c.Receipt.Status, c.Receipt.Upto)
	case c.Typing != nil:
		s.hears("typing %v", c.Typing.Active)
	case c.Seen > 0:
		s.hears("page saw %d", c.Seen)
	case c.Looked:
		s.hears("looked")
	}
	if len(c.Events) > 0 {
		s.hears("events up to %d", c.Events[len(c.Events)-1].Seq)
	}
}

func (s *side) DeskChanged(o bridge.OperatorJID) { s.hears("desk of %s", o) }
func (s *side) Retry(number int64)               { s.hears("retry %d", number) }
func (s *side) StatusChanged()                   { s.hears("status") }
func (s *side) Alarm(text phrase.Phrase)         { s.hears("alarm %s", text) }

// Each of three sides hears each kind of news once and in order, though one of them panics every time.
// A side that can hear only changes hears only these.
func TestSides_HearEachKind(t *testing.T) {
	h := newHouse(t)
	h.Link.Up() // or else the time that passes raises an alarm
	sides := []*side{{}, {fails: true}, {}}
	for _, s := range sides {
		defer h.Join(s)()
	}
	plain := make(listener, 100)
	defer h.Join(plain)()
	h.Quarantine.Put(9, errors.New("a fault"))
	h.clock.Move(10 * time.Minute)
	h.until("the quarantine ends", func() bool { return !h.Quarantine.Holds(9) && len(sides[2].all()) == 2 })
	h.Link.Up()
	h.come(xavi)
	c := h.mustAsk("a")
	if _, err := h.Take(t.Context(), xavi, c.Number); err != nil {
		t.Fatal(err)
	}
	conv, err := h.Conversation(t.Context(), c.Number)
	if err != nil {
		t.Fatal(err)
	}
	h.VisitorTypes(conv, true)
	h.VisitorSaw(conv, 2)
	if err := errors.Join(h.VisitorLooks(t.Context(), c.Number, bridge.PageState{Hidden: true}),
		h.Cursors.Prove(t.Context(), []bridge.Cursor{{Conversation: c.Number, Operator: xavi, Upto: conv.Seq, Status: bridge.Delivered}})); err != nil {
		t.Fatal(err)
	}
	want := []string{"alarm #9 can't be processed; it is left alone for 10 minutes. The log says why.", "retry 9", "status", "status",
		"events up to 2", "desk of xavi@example.org", "status", "events up to 4", "status", "typing true", "page saw 2", "looked", "delivered 2"}
	for i, s := range sides {
		if got := s.all(); !slices.Equal(got, want) {
			t.Errorf("side %d heard %q, want %q", i+1, got, want)
		}
	}
	if n := len(plain); n != 6 {
		t.Errorf("the plain side heard %d changes, want 6", n)
	}
}
