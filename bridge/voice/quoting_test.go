package voice_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"porchlight/bridge"
	"porchlight/bridge/voice"
)

// imitations look like a line of the desk's or a colleague's.
var imitations = []string{
	"[Olga] refund", "  [Olga] refund", "\u200B[Olga]", "\u2060\uFEFF[Olga]", "\uFF3BOlga\uFF3D", "\u3010Olga\u3011", "\u27E6Olga\u27E7", "\uFE47Olga\uFE48",
	"\u2772Olga\u2773", "\u3014Olga\u3015", "\u2045Olga\u2046", "\u2308Olga", "\u23A1Olga\u23A6", "\u3108Olga\u3103", "\u5338Olga", "\u2502Olga\u2502 refund", "|Olga| refund",
	"_Xavi joined._", "\uFF3FXavi joined\uFF3F", "\u203FXavi", "\u02CDXavi", "*[Olga] refund*", "`[Olga]`", "~\u200B[Olga]", "\u3164[Olga]", "\u2800[Olga]", "\u115F[Olga]", "\U000E0020[Olga]",
	"\u0332[Olga]", "\uFE0F[Olga]", "hello\n[Olga] refund", "hello\u2028[Olga] refund", "hello\u2029\uFF3BOlga] refund", "Olga: refund", "Olga> refund", "OLGA \u00BB refund", "\u041Elga: refund",
	"\uFF2F\uFF4C\uFF47\uFF41: refund", "\u2022 Olga \u2022 refund", "Desk: #1 is closed.", "(Olga) refund",
	"/me has left the chat", "\u200B/me waves", "hello\n/me waves", "aesgcm://example.org/a#00", "AESGCM://example.org/a#00", "Ol\u0261a: refund", "\u1D0FLG\u1D00: refund", "0lga: refund", "-----BEGIN PGP MESSAGE-----",
}

// plain is what visitors write and operators read as it is.
var plain = []string{
	"Hello", "How can I edit this?", "Olga, thank you!", "olga's answer was right", "Olgaria: a country", "I need: a, b", "- one\n- two", "(see above)", "„Gut“", "1. [x] done", "I am [Olga]",
	"https://shop.example/?a=[1]", "👍", "👩‍👩‍👧", "می\u200cخواهم", "Привет, Ольга", "a_b", "see/me", "3: no",
}

// A line that looks like the desk's or a colleague's stands under the visitor's name, and an
// ordinary line as it is. A visitor who is called like an operator is marked as a visitor.
func TestTheirs_Imitations(t *testing.T) {
	o := newOffice(t)
	v := voice.In(o.bridge, "")
	shown := func(text string) string {
		return v.Says(bridge.Event{Type: bridge.EventMessage, From: bridge.FromVisitor, Text: text}, xavi, "Anna")
	}
	for _, text := range imitations {
		if got := shown(text); !strings.HasPrefix(got, "Anna: ") {
			t.Errorf("%q is shown as %q", text, got)
		}
	}
	for _, text := range plain {
		if got := shown(text); got != text {
			t.Errorf("%q is shown as %q", text, got)
		}
	}
	for name, want := range map[string]string{"Olga": "Olga (visitor): ", "\u041Elga": "\u041Elga (visitor): ", "[Olga] x": "Olga] x (visitor): ", "\uFF3BDesk": "Desk (visitor): ", "[": "? (visitor): ", "\u3010Anna": "Anna: "} {
		if got := v.Says(bridge.Event{Type: bridge.EventMessage, From: bridge.FromVisitor, Text: "[a]"}, xavi, name); got != want+"[a]" {
			t.Errorf("%q says %q, want %q", name, got, want)
		}
	}
}

// In the chat and in the transcript nobody can take a visitor's words for those of the desk
// or of an operator. Words that nobody could mistake stay as they are.
func TestTheirs_VisitorsCantImitateUs(t *testing.T) {
	o := newOffice(t)
	v := voice.In(o.bridge, "")
	for text, want := range map[string]string{
		"Hello [you] _all_":                      "Hello [you] _all_",
		"[Desk] #1 is closed.":                   "Anna: [Desk] #1 is closed.",
		"[Note by Xavi] give a refund":           "Anna: [Note by Xavi] give a refund",
		"_Xavi closed the conversation._":        "Anna: _Xavi closed the conversation._",
		"\u200b [Olga] She is right":             "Anna: \u200b [Olga] She is right",
		"Hi\n[Olga] She is right\nthank you":     "Anna: Hi\n    [Olga] She is right\n    thank you",
		"Hi\u2029[Olga] She is right":            "Anna: Hi\n    [Olga] She is right",
		"Two\u2028lines":                         "Two\u2028lines",
		"#1 Anna, Support\n[12:00] Xavi: I will": "Anna: #1 Anna, Support\n    [12:00] Xavi: I will",
	} {
		for _, kind := range []bridge.EventType{bridge.EventMessage, bridge.EventCorrection} {
			if got := v.Says(bridge.Event{Type: kind, From: bridge.FromVisitor, Text: text}, xavi, "Anna"); got != want {
				t.Errorf("%q is shown as %q", text, got)
			}
		}
	}
	for name, want := range map[string]string{"Anna": "] Anna: ", "Note by Xavi": "] Note by Xavi (visitor): ", "XAVI": "] XAVI (visitor): ", "Olgaria": "] Olgaria: "} {
		c, err := o.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: name, Reason: "a\nb\u2028[12:00] Xavi: c\r\n_d_"}})
		if err != nil {
			t.Fatal(err)
		}
		card, _ := o.bridge.Card(t.Context(), c.Number)
		events, _ := o.bridge.Events(t.Context(), c.Number, 0, 10)
		if got := strings.Join(v.Transcript(card, events, voice.Reader{}), ""); !strings.Contains(got, want+"a\n    b\n    [12:00] Xavi: c\n    _d_") {
			t.Errorf("%s stands there as %q", name, got)
		}
	}
}

// ownLook reports whether a line begins like one of ours, by a notion of its own.
func ownLook(line string) bool {
	line = strings.TrimLeftFunc(line, func(r rune) bool {
		return !unicode.IsPrint(r) || unicode.IsSpace(r) || unicode.In(r, unicode.Mn, unicode.Cf) || r == 0x3164 || r == 0x2800 || r == 0x115F
	})
	return strings.HasPrefix(line, "[") || strings.HasPrefix(line, "_") || strings.HasPrefix(line, "\uFF3B") || strings.HasPrefix(line, "\uFF3F") || strings.HasPrefix(line, "/me")
}

// letTurn are the control characters that would let a text be shown in another order.
const letTurn = "\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069\u200E\u200F\u061C"

// Whatever is written, no character that turns a text around is stored, and no line of
// a visitor's looks like one of ours.
func FuzzTheirs(f *testing.F) {
	for _, s := range append(append([]string{}, imitations...), plain...) {
		f.Add(s)
	}
	r := rand.New(rand.NewPCG(1, 2))
	signs := []rune(letTurn + "[]_［］＿【/me \n\u2028\u2029\u200B\uFEFFOlgaXavi:|│*`~\u3164\u0332\u0301abc")
	for range 800 {
		var b strings.Builder
		for range 1 + r.IntN(12) {
			b.WriteRune(signs[r.IntN(len(signs))])
		}
		f.Add(b.String())
	}
	o := newOffice(f)
	v := voice.In(o.bridge, "")
	c, err := o.bridge.Ask(f.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Reason: "How?"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, _, err := o.bridge.VisitorWrites(t.Context(), c.Number, "", text)
		if err != nil {
			return // blank, or too long
		}
		if strings.ContainsAny(e.Text, letTurn) {
			t.Errorf("%q is stored as %q", text, e.Text)
		}
		shown := v.Says(e, xavi, "Anna")
		for i, line := range strings.FieldsFunc(shown, func(r rune) bool { return strings.ContainsRune("\n\u2028\u2029", r) }) {
			if ownLook(line) && !(i > 0 && strings.HasPrefix(line, "    ")) {
				t.Errorf("%q is shown with the line %q", text, line)
			}
		}
	})
}
