package bridge_test

import (
	"testing"

	"porchlight/bridge"
)

// A mail to a conversation that is being erased is a request of its own, and does not open the other one again.
func TestMail_ToWhatIsBeingErased(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c := o.conversation(o.gets(anna("1@example.net", "Course", "How?")).Conversation)
	o.must(o.Take(t.Context(), xavi, c.Number))
	_, err := o.Close(t.Context(), xavi, c.Visitor, "")
	o.must(c, err)
	o.must(c, o.store.Update(t.Context(), func(tx bridge.Tx) error {
		_, err := bridge.Doom(tx, c.Number)
		return err
	}))
	again := anna("2@example.net", "Re: Course", "Again")
	again.InReplyTo = "1@example.net"
	m := o.gets(again)
	if m.Conversation == c.Number || m.Conversation == 0 || o.conversation(c.Number).State != bridge.Closed {
		t.Errorf("it came to #%d", m.Conversation)
	}
	if got := o.posts(m.Conversation); len(got) > 0 {
		t.Errorf("the log of the new one tells %q", got)
	}
}
