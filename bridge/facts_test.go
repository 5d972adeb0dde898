package bridge_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// What an operator says after passing a conversation on reaches the visitor and takes nothing
// back, as long as nobody has taken it. Only the command takes it back.
func TestPass_PartingWords(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga)
	if err := h.Team.Add(t.Context(), bridge.Operator{JID: sam, Name: "Sam", Enabled: true, Departments: []string{"support"}}); err != nil {
		t.Fatal(err)
	}
	h.come(sam)
	c := h.mustAsk("a")
	ctx := t.Context()
	state := func(want bridge.State, owner bridge.OperatorJID) {
		t.Helper()
		if got := h.snapshot(c.Number); got.State != want || got.Owner != owner {
			t.Fatalf("%s by %q, want %s by %q", got.State, got.Owner, want, owner)
		}
	}
	pass := func(from, to bridge.OperatorJID) {
		t.Helper()
		o, _ := h.Team.Operator(to)
		if _, err := h.Pass(ctx, from, c.Visitor, o, bridge.Department{}, ""); err != nil {
			t.Fatal(err)
		}
	}
	told := func(o bridge.OperatorJID) int {
		return len(slices.DeleteFunc(h.deskTexts(o), func(s string) bool { return !strings.Contains(s, "take 1 has it back") }))
	}
	h.writes(xavi, c, bridge.Said{ID: "1", Text: "Hello"})
	pass(xavi, olga)
	file := bridge.File{URL: "https://f.example.org/a.pdf"}
	h.writes(xavi, c, bridge.Said{ID: "2", Text: "Olga will help you, bye"})
	h.writes(xavi, c, bridge.Said{ID: "3", File: file})
	state(bridge.Waiting, "")
	if n := told(xavi); n != 1 {
		t.Errorf("told %d times how to take it back", n)
	}
	h.clock.Move(time.Minute) // the others are asked now
	h.until("the offer to end", func() bool { return h.snapshot(c.Number).Due.Offer.IsZero() })
	h.writes(xavi, c, bridge.Said{ID: "4", Text: "still bye"})
	state(bridge.Waiting, "")
	h.want(c.Number, "message Hello", "message Olga will help you, bye", "file "+file.URL, "message still bye")
	if _, err := h.Take(ctx, olga, c.Number); err != nil {
		t.Fatal(err)
	}
	if _, err := h.OperatorWrites(ctx, xavi, c.Visitor, bridge.Said{ID: "5", Text: "late"}); phrase.CodeOf(err) != phrase.CodeConflict {
		t.Errorf("after Olga has it: %v", err)
	}
	pass(olga, sam)
	if _, err := h.Take(ctx, olga, c.Number); err != nil {
		t.Error("it was not taken back: ", err)
	}
	state(bridge.Active, olga)
	pass(olga, sam)
	h.writes(xavi, c, bridge.Said{ID: "6", Text: "I know this"}) // Xavi had it before the last owner: a first message takes it
	state(bridge.Active, xavi)
}

// Parting words also reach the visitor when the department is not the operator's any more.
func TestPass_PartingWordsToAnotherDepartment(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga)
	c := h.mustAsk("a")
	h.writes(olga, c, bridge.Said{ID: "1", Text: "Hello"})
	o, _ := h.Team.Operator(xavi)
	if _, err := h.Pass(t.Context(), olga, c.Visitor, o, bridge.Department{}, ""); err != nil {
		t.Fatal(err)
	}
	if err := h.Team.Add(t.Context(), bridge.Operator{JID: olga, Name: "Olga", Enabled: true}); err != nil {
		t.Fatal(err)
	}
	h.writes(olga, c, bridge.Said{ID: "2", Text: "bye"})
	if got := h.snapshot(c.Number); got.State != bridge.Waiting {
		t.Errorf("%+v", got)
	}
	h.want(c.Number, "message Hello", "message bye")
	if _, err := h.Take(t.Context(), olga, c.Number); err != nil {
		t.Error("it was not taken back: ", err)
	}
}

// A stored message that comes again is acknowledged, although a new one would come too late.
func TestOperatorWrites_ARepetitionIsNotLate(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("a")
	if err := h.Attach(t.Context(), c.Number); err != nil { // so that an operator can go on after the end
		t.Fatal(err)
	}
	h.writes(xavi, c, bridge.Said{ID: "0", Text: "Hello"})
	words := bridge.Said{ID: "1", Text: "in time", Written: h.clock.Now()}
	h.writes(xavi, c, words)
	h.clock.Move(time.Second)
	if err := h.VisitorCloses(t.Context(), c.Number); err != nil {
		t.Fatal(err)
	}
	h.writes(xavi, c, words)
	if _, err := h.OperatorWrites(t.Context(), xavi, c.Visitor, bridge.Said{ID: "2", Text: "late", Written: words.Written}); phrase.CodeOf(err) != phrase.CodeConflict {
		t.Errorf("new words from before the end: %v", err)
	}
	h.want(c.Number, "message Hello", "message in time")
}
