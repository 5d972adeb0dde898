package bridge_test

import (
	"fmt"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// turning are all controls of text direction (UAX #9).
const turning = "\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069\u200E\u200F\u061C"

// No control of text direction gets in, whoever sends it and in whatever field: neither from visitors
// to operators nor from operators to visitors.
func TestUnseen_NothingTurnsText(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	ctx := t.Context()
	mix := func(s string) string { return turning + s + turning }
	c, err := h.Ask(ctx, bridge.Inquiry{ClientID: "a", Request: bridge.Request{Name: "A\u202E\u2067na", Reason: mix("How?"), Language: "d\u200Fe", TimeZone: "UTC\u202D", Browser: mix("B"),
		Page: bridge.Page{URL: "https://shop.example/" + mix("a"), Title: mix("b"), Referrer: mix("c")}, Attributes: `{"plan":"` + mix("pro") + `"}`}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.ask("b", "a\u202Ena@example.org"); phrase.CodeOf(err) != phrase.CodeInvalid {
		t.Errorf("an address that is turned: %v", err)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	said, _, err := h.VisitorWrites(ctx, c.Number, "1", mix("more"))
	must(err)
	_, _, err = h.VisitorCorrects(ctx, c.Number, "2", mix("less"), said.Seq)
	must(err)
	_, _, err = h.VisitorSends(ctx, c.Number, "3", mix("gpj")+".png", strings.NewReader("\x89PNG\r\n\x1a\nxx"))
	must(err)
	must(h.Team.Add(ctx, bridge.Operator{JID: xavi, Name: mix("Xavi")}))
	h.writes(xavi, c, bridge.Said{ID: "o", Text: mix("Hello")})
	h.writes(xavi, c, bridge.Said{ID: "c", Type: bridge.EventCorrection, About: "o", Text: mix("Hi")})
	h.writes(xavi, c, bridge.Said{ID: "f", File: bridge.File{URL: "https://f.example.org/" + mix("a") + ".pdf", Name: mix("fdp") + ".pdf", Type: mix("text/plain")}})
	h.writes(xavi, c, bridge.Said{ID: "e", Type: bridge.EventReaction, About: bridge.StanzaID(string(c.ID), said.Seq), Text: mix("👍")})
	_, err = h.Note(ctx, xavi, c.Visitor, "n", mix("note"))
	must(err)
	card, err := h.Card(ctx, c.Number)
	must(err)
	log, err := h.Events(ctx, c.Number, 0, 100)
	must(err)
	all := fmt.Sprintf("%+v %+v", card, log)
	if i := strings.IndexAny(all, turning); i >= 0 {
		t.Errorf("%q is let in", all[max(0, i-40):min(len(all), i+40)])
	}
}

// A text that shows nothing is no message and no request.
func TestUnseen_IsNoMessage(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("a")
	for _, blank := range []string{"\u200B", " \u2060\n\uFEFF", "\u3164", "\u2800\u115F", "\uFE0F", "\u202E", "\U000E0061", "\u00AD\u034F\u180E"} {
		if _, _, err := h.VisitorWrites(t.Context(), c.Number, "", blank); phrase.CodeOf(err) != phrase.CodeInvalid {
			t.Errorf("visitor's %q: %v", blank, err)
		}
		if _, err := h.OperatorWrites(t.Context(), xavi, c.Visitor, bridge.Said{Text: blank}); phrase.CodeOf(err) != phrase.CodeInvalid {
			t.Errorf("operator's %q: %v", blank, err)
		}
		if _, err := h.Note(t.Context(), xavi, c.Visitor, "", blank); phrase.CodeOf(err) != phrase.CodeInvalid {
			t.Errorf("note %q: %v", blank, err)
		}
		if _, err := h.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "A", Reason: blank}}); phrase.CodeOf(err) != phrase.CodeInvalid {
			t.Errorf("request for %q: %v", blank, err)
		}
	}
	for _, text := range []string{"👩‍👩‍👧", "می\u200cخواهم", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"} {
		if e, _, err := h.VisitorWrites(t.Context(), c.Number, "", text); err != nil || e.Text != text {
			t.Errorf("%q became %q: %v", text, e.Text, err)
		}
	}
}
