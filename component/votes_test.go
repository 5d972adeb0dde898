package component_test

import (
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// A changed vote corrects what the desk told of it, as long as that was its last message. After other
// messages the vote is told anew, since clients need not correct an older message. A comment that
// looks like a stanza stays text.
func TestScript_VotesAreTold(t *testing.T) {
	s := newScript(t)
	s.come("xavi@example.org")
	c, err := s.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Reason: "How?"}})
	if err != nil {
		t.Fatal(err)
	}
	s.chat("h1", "xavi@example.org", string(c.Visitor), "Hello")
	s.conn.Expect(s.body("Anna: How?"))
	votes := func(score int64, comment, want string) *stream.Element {
		t.Helper()
		if err := s.bridge.VisitorVotes(t.Context(), c.Number, score, comment); err != nil {
			t.Fatal(err)
		}
		return s.conn.Expect(func(e *stream.Element) bool {
			return e.Get("to") == "xavi@example.org" && e.Get("from") == "desk@"+s.domain && strings.HasPrefix(e.ChildText("", "body"), want)
		})
	}
	first := votes(4, "</body></message>\x01<presence/>&", `★★★★☆ Anna, #1: "</body></message><presence/>&" feedback 1`)
	second := votes(2, "", "★★☆☆☆ Anna, #1: – feedback 1")
	third := votes(3, "", "★★★☆☆ Anna, #1: – feedback 1")
	for _, el := range []*stream.Element{second, third} {
		if got := el.Child(stanza.NSReplace, "replace").Get("id"); got != first.Get("id") {
			t.Errorf("it replaces %q, the first was %q", got, first.Get("id"))
		}
	}
	s.chat("q1", "xavi@example.org", "desk@"+s.domain, "who")
	s.conn.Expect(s.body("Department Support"))
	last := votes(5, "", "★★★★★ Anna, #1: – feedback 1")
	if last.Child(stanza.NSReplace, "replace") != nil || last.Child(stanza.NSRetract, "retract") != nil {
		t.Errorf("it replaces a message that is not the last: %s", last.Append(nil))
	}
}
