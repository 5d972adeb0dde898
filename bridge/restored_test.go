package bridge_test

import (
	"testing"
	"time"

	"porchlight/bridge"
)

// Who waited for an answer when their request was called junk, or joined with another one, waits still when that is taken back: the
// owner is reminded, and the target of the first answer runs.
func TestReminders_AfterWhatWasTakenBack(t *testing.T) {
	for what, ends := range map[string]func(h *house, c, other bridge.Opened){
		"junk": func(h *house, c, _ bridge.Opened) {
			h.must(h.Junk(t.Context(), xavi, c.Visitor))
			h.must(h.NoJunk(t.Context(), xavi, c.Visitor))
		},
		"joined": func(h *house, c, other bridge.Opened) {
			if _, err := h.Merge(t.Context(), xavi, other.Visitor, c.Number); err != nil {
				t.Fatal(err)
			}
			h.must(h.Unmerge(t.Context(), xavi, other.Visitor, c.Number))
		},
	} {
		t.Run(what, func(t *testing.T) {
			h := aims(t, bridge.Targets{First: time.Hour}, "")
			c, err := h.ask("a", "anna@example.net")
			if err != nil {
				t.Fatal(err)
			}
			other, err := h.ask("b", "anna@example.net")
			if err != nil {
				t.Fatal(err)
			}
			defer h.see(c.Number)()
			defer h.see(other.Number)()
			h.must(h.Take(t.Context(), xavi, c.Number))
			h.must(h.Take(t.Context(), xavi, other.Number))
			h.must(h.OperatorWrites(t.Context(), xavi, other.Visitor, bridge.Said{Text: "Hello"}))
			ends(h, c, other)
			now := h.conversation(c.Number)
			if now.State != bridge.Active || !now.Unanswered.Equal(c.Unanswered) || now.Promise.First.IsZero() || now.Due.Remind.IsZero() {
				t.Errorf("unanswered since %v, want %v: %+v", now.Unanswered, c.Unanswered, now)
			}
			h.pass(2 * time.Minute)
			if len(h.urged(c.Number)) == 0 || len(h.nagged(xavi)) == 0 {
				t.Errorf("steps %q, and Xavi has read %q", h.urged(c.Number), h.nagged(xavi))
			}
			h.must(h.OperatorWrites(t.Context(), xavi, c.Visitor, bridge.Said{Text: "Hello, you"}))
			h.must(h.Junk(t.Context(), xavi, c.Visitor))
			h.must(h.NoJunk(t.Context(), xavi, c.Visitor))
			if since := h.conversation(c.Number).Unanswered; !since.IsZero() {
				t.Errorf("what was answered has no answer since %v", since)
			}
		})
	}
}
