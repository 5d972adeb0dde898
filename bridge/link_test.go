package bridge_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

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
		if err := h.Link.Alive(t.Context(), h.Now()); err != nil {
			t.Fatal(err)
		}
		h.Link.Down()
		h.come(olga, xavi)
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

// The time without a link began when the one before was last proved to work, whether porchlight was started anew since or not. What
// the new link proves before that is told changes nothing of it.
func TestLink_TheGapIsThatBeforeIt(t *testing.T) {
	for _, restart := range []bool{true, false} {
		h := newHouse(t)
		h.come(olga, xavi)
		h.must(h.Take(t.Context(), olga, h.mustAsk("a").Number))
		alive := func() {
			t.Helper()
			if err := h.Link.Alive(t.Context(), h.Now()); err != nil {
				t.Fatal(err)
			}
		}
		alive()
		lost := h.clock.Now()
		h.Link.Down()
		if restart {
			h.close()
		}
		h.clock.Move(time.Minute)
		if restart {
			h.open()
		}
		back := h.clock.Now()
		for range 2 { // the first one ends before it has told anything
			h.Link.Up()
			alive()
			h.Link.Down()
		}
		h.come(olga)
		alive()
		if err := h.Link.Resume(t.Context()); err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprintf("was down from %s to %s UTC.", lost.Format("15:04:05"), back.Format("15:04:05"))
		if got := h.last(olga); !strings.Contains(got, want) {
			t.Errorf("restart %v: Olga reads %q, want %q", restart, got, want)
		}
		err := h.store.View(t.Context(), func(r bridge.Reader) error {
			s, err := r.LastSession(xavi)
			if !s.Ended.Equal(lost) {
				t.Errorf("restart %v: the session of who is gone ended at %v, and the link at %v", restart, s.Ended, lost)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		h.clock.Move(time.Minute)
		alive()
		before := len(h.deskTexts(olga))
		if err := h.Link.Resume(t.Context()); err != nil || len(h.deskTexts(olga)) != before {
			t.Errorf("restart %v: it is told again: %v, %v", restart, h.last(olga), err)
		}
	}
}

// While the server loses a part of what is for us, owners are told since when: at once, once a minute, and when it is over. If the
// process ends before, the next link tells.
func TestLink_LosesAPart(t *testing.T) {
	h := newHouse(t)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	h.come(olga)
	h.must(h.Take(t.Context(), olga, h.mustAsk("a").Number))
	must(h.Link.Resume(t.Context()))
	from := h.clock.Now()
	heals := func(what string, want bool) {
		t.Helper()
		before := h.last(olga)
		must(h.Link.Alive(t.Context(), h.Now()))
		must(h.Link.Heal(t.Context()))
		now := h.clock.Now()
		text := fmt.Sprintf("was down from %s to %s UTC.", from.Format("15:04:05"), now.Format("15:04:05"))
		if got := h.last(olga); want != strings.Contains(got, text) || !want && got != before {
			t.Errorf("%s: Olga reads %q, and %q: %v", what, got, text, want)
		}
		if want {
			from = now
		}
	}
	h.clock.Move(20 * time.Second)
	heals("nothing is lost", false)
	must(h.Link.Halved(t.Context()))
	heals("for the first time", true)
	h.clock.Move(9 * time.Second)
	must(h.Link.Halved(t.Context()))
	heals("a little later", false)
	h.clock.Move(11 * time.Second)
	heals("when it is over", true)
	h.clock.Move(11 * time.Second)
	heals("later", false)
	for range 10 {
		must(h.Link.Halved(t.Context()))
		h.clock.Move(5 * time.Second)
		heals("while it goes on", h.clock.Now().Sub(from) >= time.Minute)
	}
	must(h.Link.Halved(t.Context()))
	h.close()
	h.open()
	h.come(olga)
	must(h.Link.Resume(t.Context()))
	if got, want := h.last(olga), "was down from "+from.Format("15:04:05"); !strings.Contains(got, want) {
		t.Errorf("after a start Olga reads %q, want %q", got, want)
	}
}

// What the desk offered shortly before the link went may have gone with the XMPP server, so an operator who is back at once is told of it
// again. What they were offered long before that they know.
func TestLink_OffersThatMayHaveGoneWithIt(t *testing.T) {
	h := newHouse(t)
	h.come(olga)
	h.mustAsk("known")
	h.clock.Move(2 * time.Minute)
	h.mustAsk("lost")
	h.clock.Move(50 * time.Second)
	again := func() []string {
		t.Helper()
		before := len(h.deskTexts(olga))
		h.Link.Down()
		h.clock.Move(10 * time.Second)
		h.come(olga)
		return h.deskTexts(olga)[before:]
	}
	if got := again(); len(got) != 1 || strings.Contains(got[0], "#1") || !strings.Contains(got[0], "#2") {
		t.Errorf("after the link's end she reads %q, want #2 alone", got)
	}
	h.clock.Move(time.Minute)
	if got := again(); len(got) != 0 {
		t.Errorf("after another one she reads %q", got)
	}
}
