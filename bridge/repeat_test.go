package bridge_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// writes lets an operator say something.
func (h *house) writes(jid bridge.OperatorJID, c bridge.Opened, s bridge.Said) {
	h.t.Helper()
	if _, err := h.OperatorWrites(h.t.Context(), jid, c.Visitor, s); err != nil {
		h.t.Fatal(err)
	}
}

// texts lists what operators said to the visitor, as type and text.
func (h *house) texts(number int64) []string {
	h.t.Helper()
	list, err := h.Events(h.t.Context(), number, 0, 1000)
	if err != nil {
		h.t.Fatal(err)
	}
	var out []string
	for _, e := range list {
		if e.From == bridge.FromOperator && e.Type != bridge.EventOperator {
			file, _ := e.Data.(bridge.SentFile)
			out = append(out, strings.TrimSpace(fmt.Sprint(e.Type, " ", e.Text, file.URL)))
		}
	}
	return out
}

func (h *house) want(number int64, want ...string) {
	h.t.Helper()
	if got := h.texts(number); strings.Join(got, "|") != strings.Join(want, "|") {
		h.t.Errorf("the log has %q, want %q", got, want)
	}
}

// The same content under an id is said once, however many copies come at once and also after
// a restart; other content under the same id, of whatever kind, is said too.
func TestRepetition_IsIDAndContent(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("a")
	file := bridge.File{URL: "https://f.example.org/a.pdf"}
	said := []bridge.Said{
		{ID: "x", Text: "one"}, {ID: "x", Text: "two"}, {ID: "x", File: file}, {ID: "x", File: bridge.File{URL: "https://f.example.org/b.pdf"}},
		{ID: "x", Text: "one", File: file}, {ID: "x", Text: "one", About: "nobody"}, {ID: "x", Also: "y", Text: "three"},
		{ID: "x", Type: bridge.EventCorrection, About: "x", Text: "four"}, {ID: "x", Type: bridge.EventReaction, About: "x", Text: "👍"},
		{ID: "x", Type: bridge.EventRetraction, About: "x"},
	}
	want := []string{"message one", "message two", "file https://f.example.org/a.pdf", "file https://f.example.org/b.pdf", "message one",
		"file https://f.example.org/a.pdf", "message one", "message three", "correction four", "reaction 👍", "retraction"}
	for _, s := range said {
		h.writes(xavi, c, s)
	}
	h.want(c.Number, want...)
	h.close()
	h.open()
	var all sync.WaitGroup
	for _, s := range said {
		for range 8 {
			all.Go(func() { h.writes(xavi, c, s) })
		}
	}
	all.Wait()
	h.want(c.Number, want...)
	if _, err := h.Note(t.Context(), xavi, c.Visitor, "x", "one"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Note(t.Context(), xavi, c.Visitor, "x", "one"); err != nil {
		t.Fatal(err)
	}
	h.want(c.Number, append(want, "note one")...)
}

// What is said again long after is new, and is then known itself when it comes again. A copy whose
// sender says that it was written long ago is still a copy.
func TestRepetition_HasAnEnd(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("a")
	if _, err := h.attach(c.Number); err != nil { // a page that is gone would be closed in the meantime
		t.Fatal(err)
	}
	s := bridge.Said{ID: "1", Text: "ping"}
	for range 3 {
		h.writes(xavi, c, s)
		h.writes(xavi, c, s)
		h.clock.Move(bridge.Repeats + time.Second)
		stamped := s
		stamped.Written = h.clock.Now().Add(-bridge.Repeats)
		h.writes(xavi, c, stamped)
	}
	h.want(c.Number, "message ping", "message ping", "message ping")
}

// A copy that comes when the visitor has a new conversation is not said in the new one.
func TestRepetition_InAnotherConversation(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("a")
	s := bridge.Said{ID: "1", Text: "Hello"}
	h.writes(xavi, c, s)
	if err := h.VisitorCloses(t.Context(), c.Number); err != nil {
		t.Fatal(err)
	}
	next, err := h.Ask(t.Context(), bridge.Inquiry{ClientID: "b", Returning: c.Visitor, Request: bridge.Request{Name: "Anna", Reason: "And?"}})
	if err != nil || next.Visitor != c.Visitor {
		t.Fatal(next, err)
	}
	h.writes(xavi, c, s)
	h.want(next.Number)
	if got := h.snapshot(next.Number); got.State != bridge.Waiting {
		t.Errorf("a copy took the new conversation: %+v", got)
	}
	h.writes(xavi, c, bridge.Said{ID: "1", Text: "Hello again"})
	h.want(next.Number, "message Hello again")
}

// An id that was used several times means the newest event.
func TestRepetition_TheNewestIsMeant(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("a")
	h.writes(xavi, c, bridge.Said{ID: "x", Text: "one"})
	h.writes(xavi, c, bridge.Said{ID: "x", Text: "two"})
	h.writes(xavi, c, bridge.Said{ID: "z", Also: "x", Text: "three"})
	for i, want := range []string{"three", "three", "four"} {
		if i == 2 {
			h.writes(xavi, c, bridge.Said{ID: "x", Text: "four"})
		}
		h.writes(xavi, c, bridge.Said{ID: fmt.Sprint("c", i), Type: bridge.EventReaction, About: "x", Text: "👍"})
		log, err := h.Events(t.Context(), c.Number, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		if about := log[log[len(log)-1].Data.(bridge.Reaction).To-1]; about.Text != want {
			t.Errorf("x means %q, want %q", about.Text, want)
		}
	}
}

// A visitor's id belongs to one content for ever.
func TestRepetition_OfAVisitor(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("a")
	ctx := t.Context()
	first, again, err := h.VisitorWrites(ctx, c.Number, "id", "one")
	if err != nil || again {
		t.Fatal(again, err)
	}
	h.clock.Move(24 * time.Hour)
	second, again, err := h.VisitorWrites(ctx, c.Number, "id", " one\r\n")
	if err != nil || !again || second.Seq != first.Seq {
		t.Errorf("the same again: %+v %v %v", second, again, err)
	}
	refused := func(what string, err error) {
		t.Helper()
		if phrase.CodeOf(err) != phrase.CodeConflict {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, _, err = h.VisitorWrites(ctx, c.Number, "id", "two")
	refused("another text", err)
	_, _, err = h.VisitorCorrects(ctx, c.Number, "id", "one", first.Seq)
	refused("a correction", err)
	png := "\x89PNG\r\n\x1a\n" + strings.Repeat("x", 40_000)
	_, _, err = h.VisitorSends(ctx, c.Number, "id", "a.png", strings.NewReader(png))
	refused("a file under a message's id", err)
	sent, again, err := h.VisitorSends(ctx, c.Number, "file", "a.png", strings.NewReader(png))
	if err != nil || again {
		t.Fatal(again, err)
	}
	same, again, err := h.VisitorSends(ctx, c.Number, "file", "a.png", strings.NewReader(png))
	if err != nil || !again || same.Seq != sent.Seq {
		t.Errorf("the same file again: %+v %v %v", same, again, err)
	}
	for what, f := range map[string][2]string{"name": {"b.png", png}, "shorter": {"a.png", png[:len(png)-1]}, "longer": {"a.png", png + "x"},
		"other": {"a.png", png[:len(png)-1] + "y"}, "of no kind": {"a.png", "x"}} {
		_, _, err = h.VisitorSends(ctx, c.Number, "file", f[0], strings.NewReader(f[1]))
		refused(what, err)
	}
	_, _, err = h.VisitorWrites(ctx, c.Number, "file", "a.png")
	refused("a message under a file's id", err)
	fixed, again, err := h.VisitorCorrects(ctx, c.Number, "corr", "won", first.Seq)
	if err == nil {
		t.Fatal("a file's predecessor was corrected", fixed, again)
	}
	log, err := h.Events(ctx, c.Number, sent.Seq, 100)
	for _, e := range log {
		if e.From == bridge.FromVisitor { // timers may have run meanwhile
			t.Errorf("stored beside: %+v", e)
		}
	}
	if err != nil {
		t.Error(err)
	}
}
