package e2e_test

import (
	"slices"
	"testing"

	"porchlight/component/stream"
)

// TestReload: a page that is reloaded in the middle of a chat goes on where it was, and a second
// tab shows the same chat.
func TestReload(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	x := s.operators("xavi")[0]
	p := newVisitor(t)
	p.open(s.shop)
	p.ring("Anna", "", "First question")
	jid := s.visitorOf(x, 1)
	p.write("one")
	x.hears(jid, "one")
	x.says(jid, "two")
	p.shows("two")
	want := []string{"me: First question", "Xavi joined the chat", "me: one", "them: two"}
	for range 3 {
		p.reload()
		p.title("Xavi")
		p.shows("two")
		same(t, p, want)
	}
	p.typing("three")
	x.expect("composing", func(el *stream.Element) bool { return el.Child(nsStates, "composing") != nil })
	p.key("Enter")
	x.hears(jid, "three")
	x.says(jid, "four")
	want = append(want, "me: three", "them: four")
	p.shows("four")

	second := p.tab()
	second.open(s.shop)
	second.openPanel()
	second.title("Xavi")
	second.shows("four")
	same(t, second, want)
	second.write("five")
	x.hears(jid, "five")
	x.says(jid, "six")
	want = append(want, "me: five", "them: six")
	for _, tab := range []*page{second, p} {
		tab.toFront()
		tab.shows("five")
		tab.shows("six")
		same(t, tab, want)
	}
	p.picture("reload-first-tab")
	p.write("seven")
	x.hears(jid, "seven")
	p.shut()
	second.toFront()
	second.shows("seven")
	x.says(jid, "eight")
	second.shows("eight")
	same(t, second, append(want, "me: seven", "them: eight"))
	second.write("nine")
	x.hears(jid, "nine")
	if got := x.heard(jid, func(s string) bool { return len(s) < 6 }); !slices.Equal(got, []string{"one", "three", "five", "seven", "nine"}) {
		t.Errorf("the operator heard %q", got)
	}
}

// same fails if a page does not show exactly these entries.
func same(t *testing.T, p *page, want []string) {
	t.Helper()
	if got := p.log(); !slices.Equal(got, want) {
		t.Errorf("the page shows %q, want %q", got, want)
	}
}
