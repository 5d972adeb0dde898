package webwidget_test

import (
	"strconv"
	"testing"
)

// A stream that has begun stays while the log can't be read, and goes on where it was.
func TestStream_StaysWhileNothingCanBeRead(t *testing.T) { eachTransport(t, streamStays) }

func streamStays(t *testing.T, s *service) {
	o := s.ask("")
	for i := range 210 { // more than are read at once
		s.untold(o, strconv.Itoa(i))
	}
	fails := func(from int64) {
		t.Helper()
		s.store.set(func(g *gate) { g.unread, g.failed = from, 0 })
	}
	failed := func() {
		t.Helper()
		s.soon("the log was tried twice", func() (twice bool) {
			s.store.set(func(g *gate) { twice = g.failed >= 2 })
			return twice
		})
		fails(0)
	}
	fails(200)
	c := s.stream(o, 0)
	failed() // while it begins
	c.until(func(e event) bool { return e.Text == "209" })
	s.untold(o, "untold")
	fails(1)
	s.Reread()
	failed() // later
	if e, _ := c.event(); e.Text != "untold" {
		t.Errorf("the page got %+v", e)
	}
}
