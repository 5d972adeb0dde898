package bridge_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"porchlight/bridge"
)

// A visitor is found by each word of the name and of the address. One who gives no name is not found by the
// name that stands for it.
func TestSearchWords(t *testing.T) {
	for text, want := range map[string]string{
		"Anna":             "anna",
		" ANNA  o'Brien ":  "anna o brien",
		"anna@Example.org": "anna@example.org",
		"example.org,":     "example.org",
		"a b c d e f":      "a b c d",
		"客服 ñandú-é":       "客服 ñandú é",
		"…":                "",
		"@":                "",
		"Anna anna":        "anna",
	} {
		if got := strings.Join(bridge.SearchWords(text), " "); got != want {
			t.Errorf("%q is searched by %q, want %q", text, got, want)
		}
	}
	for _, c := range []struct {
		v    bridge.Visitor
		want string
	}{
		{bridge.Visitor{Name: "Anna Lang", Email: "Anna@Example.org"}, "anna anna@example.org example.org lang"},
		{bridge.Visitor{Name: bridge.Nameless}, ""},
		{bridge.Visitor{Name: bridge.Nameless, Email: "a@b"}, "a@b b"},
		{bridge.Visitor{Name: "Anna", Called: "Dr. Berta Puig", Email: "a@b"}, "a@b anna b berta dr puig"},
		{bridge.Visitor{Name: strings.Repeat("x", 99)}, strings.Repeat("x", 40)},
	} {
		if got := strings.Join(c.v.FoundBy(), " "); got != c.want {
			t.Errorf("%+v is found by %q, want %q", c.v, got, c.want)
		}
	}
}

// Clients are visitors with a past, the latest first, 15 on a page, each once; operators are never among them.
func TestClients(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga)
	ask := func(i int, name, email string, back bridge.VisitorJID) bridge.Opened {
		t.Helper()
		c, err := h.Ask(t.Context(), bridge.Inquiry{ClientID: fmt.Sprint("client-", i), Returning: back, Request: bridge.Request{Name: name, Email: email, Reason: "How?"}})
		if err != nil {
			t.Fatal(err)
		}
		if i > 0 && i < 99 {
			if err := h.VisitorCloses(t.Context(), c.Number); err != nil {
				t.Fatal(err)
			}
		}
		return c
	}
	anna := ask(0, "Anna Lang", "", "")
	for i := range 16 {
		ask(i+1, fmt.Sprintf("Bob%d Miller", i), "bob@example.net", "")
	}
	if err := h.VisitorMails(t.Context(), anna.Number, "anna@example.org"); err != nil {
		t.Fatal(err)
	}
	h.must(h.Take(t.Context(), xavi, anna.Number))
	h.must(h.Note(t.Context(), xavi, anna.Visitor, "", "two accounts"))
	find := func(words string, page int, want ...string) bridge.Clients {
		t.Helper()
		found, err := h.Clients(t.Context(), words, page)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range found.List {
			got = append(got, c.Name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q page %d: %q, want %q", words, page, got, want)
		}
		return found
	}
	first := find("miller bob", 1, "Bob15 Miller", "Bob14 Miller", "Bob13 Miller", "Bob12 Miller", "Bob11 Miller", "Bob10 Miller", "Bob9 Miller",
		"Bob8 Miller", "Bob7 Miller", "Bob6 Miller", "Bob5 Miller", "Bob4 Miller", "Bob3 Miller", "Bob2 Miller", "Bob1 Miller")
	if first.Found != 16 || !first.More || first.Many {
		t.Errorf("16 are found: %+v", first)
	}
	find("miller", 2, "Bob0 Miller")
	find("miller", 3)
	find("", 2, "Bob0 Miller", "Anna Lang")
	for _, word := range []string{"anna", "LANG", "ann lan", "anna@example.org", "example.org"} {
		c := find(word, 1, "Anna Lang").List[0]
		if c.Email != "anna@example.org" || c.Count != 1 || c.Note != "two accounts" || c.Last.Number != anna.Number {
			t.Errorf("%q finds %+v", word, c)
		}
	}
	for _, word := range []string{"olga", "xavi", string(olga), "zoe", "nna", "…"} {
		find(word, 1)
	}
	again := ask(99, "Anna Lang-Smith", "", anna.Visitor)
	find("", 1, append([]string{"Anna Lang-Smith"}, "Bob15 Miller", "Bob14 Miller", "Bob13 Miller", "Bob12 Miller", "Bob11 Miller", "Bob10 Miller", "Bob9 Miller",
		"Bob8 Miller", "Bob7 Miller", "Bob6 Miller", "Bob5 Miller", "Bob4 Miller", "Bob3 Miller", "Bob2 Miller")...)
	if c := find("smith anna", 1, "Anna Lang-Smith").List[0]; c.Count != 2 || c.Last.Number != again.Number {
		t.Errorf("who comes again: %+v", c)
	}
}
