package bridge_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// pointers are the links of a conversation for an operator, as "name url".
func (h *house) pointers(number int64, o bridge.OperatorJID) (list []string) {
	h.t.Helper()
	card, err := h.Card(h.t.Context(), number)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, p := range h.SiteLinks.Of(card, o) {
		list = append(list, p.Name+" "+p.URL)
	}
	return list
}

// A link stands where all that it fills in is known, with what operators keep about the visitor, what the site has set and what
// the visitor filled in, each in its own place; one that is deleted stands nowhere.
func TestSiteLinks_Of(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	all := []bridge.SiteLink{{Name: "crm", Template: "https://crm.example/{email}"}, {Name: "lang", Template: "https://x.example/{language}/{department}?{name}"},
		{Name: "plan", Template: "https://x.example/{attributes.plan}/{attributes.age}?n={number}"}, {Name: "tel", Template: "https://x.example/{phone}"}, {Name: "typed", Template: "https://x.example/{plan}"},
		{Name: "vouched", Template: "https://x.example/{attributes.Order}"}, {Name: "who", Template: "https://x.example/{id}"}}
	h.SiteLinks.Mirror(all, 1)
	h.sets("phone", "optional", "fields", "plan; Order")
	anna, err := h.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna K", Email: "anna@example.net", Reason: "How?", Language: "de", Attributes: `{"plan":"a b","age":3}`},
		Form: &bridge.Filled{Phone: "+34 600", Fields: map[string]string{"plan": "c", "Order": "7"}}})
	h.must(anna.Conversation, err)
	nobody, err := h.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Reason: "How?", Attributes: `{"plan":{},"age":true}`}})
	h.must(nobody.Conversation, err)
	want := []string{"crm https://crm.example/anna%40example.net", "lang https://x.example/de/support?Anna%20K", "plan https://x.example/a%20b/3?n=1", "tel https://x.example/%2B34%20600", "typed https://x.example/c"}
	if got := h.pointers(anna.Number, xavi); !slices.Equal(got, want) {
		t.Errorf("Anna's: %q", got)
	}
	if got := h.pointers(nobody.Number, xavi); len(got) != 0 {
		t.Errorf("nobody's: %q", got)
	}
	h.SiteLinks.Mirror(all[1:], 3)
	h.SiteLinks.Mirror(all, 2) // an earlier look at the store that comes late
	if got := h.pointers(anna.Number, xavi); !slices.Equal(got, want[1:]) {
		t.Errorf("when one is deleted: %q", got)
	}
}

// A link with a token holds none itself. It leads the operator for whom it was made on for a day, as long as they may see the
// conversation, and nobody can write another one.
func TestSiteLinks_Follow(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	h.SiteLinks.Mirror([]bridge.SiteLink{{Name: "crm", Template: "https://crm.example/{email}?t={token}", Secret: "pls_x"}}, 1)
	c, err := h.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Email: "anna@example.net", Reason: "How?"}})
	h.must(c.Conversation, err)
	list := h.pointers(c.Number, olga)
	_, sealed, _ := strings.Cut(strings.Join(list, ""), "/team/to/")
	if len(list) != 1 || sealed == "" || strings.Contains(list[0], "eyJ") || strings.Contains(list[0], "anna") || len(h.pointers(c.Number, "")) != 0 {
		t.Fatalf("it stands as %q", list)
	}
	follow := func(what, sealed string, works bool) {
		t.Helper()
		p, err := h.SiteLinks.Follow(t.Context(), sealed)
		if works != (err == nil) || err != nil && phrase.CodeOf(err) != phrase.CodeNotFound {
			t.Errorf("%s: %+v, %v", what, p, err)
		}
		if works && !strings.HasPrefix(p.URL, "https://crm.example/anna%40example.net?t=eyJ") {
			t.Errorf("%s: leads to %s", what, p.URL)
		}
	}
	h.clock.Move(23 * time.Hour)
	follow("hours later", sealed, true)
	for i := range len(sealed) {
		other := []byte(sealed)
		if other[i]++; i < len(other)-1 { // the last letter has bits that count for nothing
			follow("another one", string(other), false)
		}
	}
	for _, wrong := range []string{"", ".", "....", "crm.1.99999999999.eA.x", strings.Repeat(".", 9000)} {
		follow("none", wrong, false)
	}
	if err := h.change(func(o *bridge.Operator) error { o.Enabled = false; return nil }, olga); err != nil {
		t.Fatal(err)
	}
	follow("by somebody who was disabled", sealed, false)
	_, mine, _ := strings.Cut(h.pointers(c.Number, xavi)[0], "/team/to/")
	follow("by Xavi", mine, true)
	h.clock.Move(25 * time.Hour)
	follow("a day later", mine, false)
	_, mine, _ = strings.Cut(h.pointers(c.Number, xavi)[0], "/team/to/")
	h.SiteLinks.Mirror(nil, 2)
	follow("of a link that is gone", mine, false)
}
