package bridge_test

import (
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

// The owner of a chat learns before writing that the words go by mail, once the page has been gone for longer than
// it takes to come back, and that they are shown at once when it is open again. Without an address nothing is told.
func TestChat_TheOwnerKnowsWhichWayWordsGo(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c, err := o.ask("a", "anna@example.net")
	o.must(c.Conversation, err)
	shut := o.see(c.Number)
	o.must(o.Take(t.Context(), xavi, c.Number))
	told := func() (list []string) {
		for _, text := range o.deskTexts(xavi) {
			if strings.Contains(text, "its page is") {
				list = append(list, text)
			}
		}
		return list
	}
	turn := func(d time.Duration) {
		o.clock.Move(d)
		o.Turn(t.Context())
	}
	shut()
	turn(9 * time.Second)
	shut = o.see(c.Number)
	turn(30 * time.Second)
	if got := told(); len(got) != 0 {
		t.Errorf("a page that came back is told: %q", got)
	}
	o.must(bridge.Conversation{}, o.VisitorLeaves(t.Context(), c.Number))
	shut()
	turn(11 * time.Second)
	turn(11 * time.Second)
	if got := told(); len(got) != 1 || !strings.HasSuffix(got[0], "#1: its page is closed now. What you write there goes by mail to anna@example.net. If the page stays closed, the chat ends soon; what you write then goes by mail, too.") {
		t.Errorf("when the page is gone the owner is told %q", got)
	}
	o.see(c.Number)
	if got := told(); len(got) != 2 || !strings.HasSuffix(got[1], "#1: its page is open again. What you write there is shown at once.") {
		t.Errorf("when it is back the owner is told %q", got)
	}
	o.clock.Move(time.Hour)
	quiet, err := o.ask("b", "")
	o.must(quiet.Conversation, err)
	shut = o.see(quiet.Number)
	o.must(o.Take(t.Context(), xavi, quiet.Number))
	shut()
	turn(11 * time.Second)
	if got := told(); len(got) != 2 {
		t.Errorf("without an address the owner is told %q", got)
	}
}
