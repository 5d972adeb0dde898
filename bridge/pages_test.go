package bridge_test

import (
	"path"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

// looks says that the visitor's page is at an address now.
func (h *house) looks(number int64, at string) {
	h.t.Helper()
	if err := h.VisitorLooks(h.t.Context(), number, bridge.PageState{URL: "https://shop.example/" + at}); err != nil {
		h.t.Fatal(err)
	}
}

// trail returns where the visitor was, and in logged the part of it that is in the log.
func (h *house) trail(number int64) (trail, logged string) {
	h.t.Helper()
	card, err := h.Card(h.t.Context(), number)
	if err != nil {
		h.t.Fatal(err)
	}
	pages, err := h.Trail(h.t.Context(), card, 10)
	if err != nil {
		h.t.Fatal(err)
	}
	var all []string
	for _, p := range pages {
		all = append(all, path.Base(p.URL))
	}
	events, err := h.Events(h.t.Context(), number, 0, 1000)
	if err != nil {
		h.t.Fatal(err)
	}
	var kept []string
	for _, e := range events {
		if p, _ := e.Data.(bridge.PageVisit); p.Action == bridge.Moved {
			kept = append(kept, path.Base(p.URL))
		}
	}
	return strings.Join(all, " "), strings.Join(kept, " ")
}

// A visitor who goes from page to page faster than the log takes note is shown where they ended,
// also after the conversation's end; pages that they only passed are left out.
func TestTrail_EndsWhereTheVisitorIs(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	o, err := h.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Reason: "How?", Page: bridge.Page{URL: "https://shop.example/pricing"}}})
	if err != nil {
		t.Fatal(err)
	}
	n := o.Number
	kept := func(want string) func() bool {
		return func() bool { _, logged := h.trail(n); return logged == want }
	}
	h.looks(n, "a")
	h.until("the first page in the log", kept("a"))
	for _, at := range []string{"b", "c"} {
		h.clock.Move(time.Second)
		h.looks(n, at)
	}
	if got, logged := h.trail(n); got != "pricing a c" || logged != "a" {
		t.Errorf("at once: %s; in the log: %s", got, logged)
	}
	h.clock.Move(4 * time.Second)
	h.until("the last page in the log", kept("a c"))
	h.clock.Move(10 * time.Second)
	h.looks(n, "c")
	h.looks(n, "a")
	h.until("back again", kept("a c a"))
	if err := h.VisitorCloses(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	if got, _ := h.trail(n); got != "pricing a c a" {
		t.Errorf("after the end: %s", got)
	}
}
