package component_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

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

// An operator with little traffic gets several votes together, in a message that replaces none.
func TestScript_VotesAreGathered(t *testing.T) {
	s := newScript(t)
	s.come("xavi@example.org")
	var numbers []int64
	for i := range 2 {
		c, err := s.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: fmt.Sprint("Anna", i+1), Reason: "How?"}})
		if err != nil {
			t.Fatal(err)
		}
		s.chat(fmt.Sprint("h", i), "xavi@example.org", string(c.Visitor), "Hello")
		s.conn.Expect(s.body(": How?"))
		numbers = append(numbers, c.Number)
	}
	s.chat("s1", "xavi@example.org", "desk@"+s.domain, "status satellite on")
	s.conn.Expect(s.body("Satellite: on"))
	vote := func(number, score int64) {
		t.Helper()
		if err := s.bridge.VisitorVotes(t.Context(), number, score, ""); err != nil {
			t.Fatal(err)
		}
	}
	told := func(want string) *stream.Element {
		t.Helper()
		s.clock.offset.Add(int64(2 * time.Minute))
		el := s.conn.Expect(s.body("★"))
		if got := el.ChildText("", "body"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		return el
	}
	vote(numbers[0], 1)
	first := told("★☆☆☆☆ Anna1, #1: – feedback 1")
	vote(numbers[0], 2)
	if el := told("★★☆☆☆ Anna1, #1: – feedback 1"); el.Child(stanza.NSReplace, "replace").Get("id") != first.Get("id") {
		t.Errorf("it does not replace the first: %s", el.Append(nil))
	}
	vote(numbers[1], 5)
	vote(numbers[0], 3)
	if el := told("★★★★★ Anna2, #2: – feedback 2\n★★★☆☆ Anna1, #1: – feedback 1"); el.Child(stanza.NSReplace, "replace") != nil {
		t.Errorf("it replaces another message: %s", el.Append(nil))
	}
}
