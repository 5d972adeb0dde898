package e2e_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/demo"
	"porchlight/e2e/visitor"
)

// TestMovesInAConversation: what an operator puts off comes back though porchlight was killed meanwhile; a greeting, junk and joined
// requests are what they are said to be for the operator and on the visitor's side.
func TestMovesInAConversation(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	x := s.operators("xavi")[0]
	x.desk("status greeting=Hello {visitor}, I am {operator}.", "Back: status greeting=")
	ask := func() *visitor.Conversation {
		t.Helper()
		c, err := visitor.New(s.url).Ask(t.Context(), visitor.Inquiry{Name: "Anna", Email: "anna@example.net", Reason: "Question"})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	reads := func(c *visitor.Conversation, text string) bool {
		t.Helper()
		list, err := c.Poll(within(t), 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(list.Events, func(e visitor.Event) bool { return strings.Contains(e.Text, text) })
	}
	ended := func(c *visitor.Conversation, reason string) {
		t.Helper()
		now, err := c.Snapshot(within(t))
		if err != nil || now.State != "closed" || now.Reason != reason {
			t.Errorf("#%d is %+v, %v", c.Number, now, err)
		}
	}

	c := ask()
	x.take(c.Number, c.Visitor)
	x.hears(c.Visitor, "The visitor reads your greeting: Hello Anna, I am Xavi.")
	if !reads(c, "Hello Anna, I am Xavi.") {
		t.Error("the page does not show the greeting")
	}
	x.write(c.Visitor, "!later 2h", fmt.Sprintf("#%d is put off until ", c.Number))
	s.kill()
	s.ahead += 2*time.Hour + time.Minute
	s.up()
	x.hears(demo.Desk, fmt.Sprintf("#%d was put off until now: see the chat with %s", c.Number, c.Visitor))
	x.write(c.Visitor, "!later 2h", "is put off until ")
	if _, err := c.Write(within(t), "a client id of 16", "Are you there?"); err != nil {
		t.Fatal(err)
	}
	x.hears(demo.Desk, fmt.Sprintf("#%d is not put off any more, because the visitor has written", c.Number))

	x.write(c.Visitor, "!set remark She pays late", "remark: – → She pays late")
	x.write(c.Visitor, "!info", "Remark: She pays late")
	x.write(c.Visitor, "!tag Refund", fmt.Sprintf("#%d: #refund", c.Number))
	x.write(c.Visitor, "!junk", fmt.Sprintf("#%d is closed as junk", c.Number))
	ended(c, "operator-closed") // the visitor does not learn what operators call it

	one, two := ask(), ask()
	x.take(one.Number, one.Visitor)
	x.write(one.Visitor, fmt.Sprintf("!merge %d", two.Number), "have only an email address in common") // which anybody can type
	x.write(one.Visitor, fmt.Sprintf("!merge %d yes", two.Number), fmt.Sprintf("#%d goes on here. #%d is closed", one.Number, two.Number))
	ended(two, "merged")
	if !reads(two, fmt.Sprintf("It goes on in #%d.", one.Number)) {
		t.Error("the page of the one that ended does not say where it goes on")
	}
	var refused *visitor.Problem
	if _, err := two.Write(within(t), "another id of 16 bytes", "Hello?"); !errors.As(err, &refused) || refused.Status != http.StatusConflict {
		t.Errorf("the page of the one that ended takes words: %v", err)
	}
	x.desk(fmt.Sprint(two.Number), fmt.Sprintf("#%d is yours", one.Number))
	x.says(two.Visitor, "Here you are.")
	if !reads(one, "Here you are.") {
		t.Error("what is written to the address of the one that ended does not reach the other one")
	}
	x.write(one.Visitor, "!close #bug: solved", fmt.Sprintf("#%d is closed. #bug", one.Number))
	x.desk("tags", "Tags of the last year: #bug 1") // the other one is junk
	erasesForGood(t, s, x)
}
