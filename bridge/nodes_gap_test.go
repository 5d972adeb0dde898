package bridge_test

import (
	"strings"
	"testing"
	"time"
)

// Of a gap that no node has told, because it died before it got to it, the next one tells. A gap that was told is over, even if its teller
// dies at once.
func TestNodes_AGapIsToldByWhoeverLives(t *testing.T) {
	c := newCrew(t)
	c.chatting()
	c.must(c.a.Link.Alive(t.Context(), c.a.Now()))
	takesOver := func(dies, takes *node, epoch int64) {
		dies.Nodes.Drop()
		c.clock.Move(5 * time.Second)
		takes.holds(epoch)
		takes.come(olga)
	}
	last := func() string {
		entries, err := c.b.DeskEntries(t.Context(), olga, 0, 100)
		c.must(err)
		return entries[len(entries)-1].Phrase.String()
	}
	takesOver(c.a, c.b, 2)
	c.must(c.b.Link.Alive(t.Context(), c.b.Now())) // its link works, and then it is killed
	takesOver(c.b, c.a, 3)
	c.must(c.a.Link.Resume(t.Context()))
	if got := last(); !strings.Contains(got, "12:00:00 to 12:00:10") {
		t.Errorf("after two take-overs Olga reads %q", got)
	}
	takesOver(c.a, c.b, 4)
	c.must(c.b.Link.Resume(t.Context()))
	if got := last(); !strings.Contains(got, "12:00:10 to 12:00:15") {
		t.Errorf("after the third take-over Olga reads %q", got)
	}
	c.clock.Move(time.Second)
	c.must(c.b.Link.Alive(t.Context(), c.b.Now()))
	takesOver(c.b, c.a, 5)
	c.must(c.a.Link.Resume(t.Context()))
	if got := last(); !strings.Contains(got, "12:00:16 to 12:00:21") {
		t.Errorf("after the fourth take-over Olga reads %q", got)
	}
}
