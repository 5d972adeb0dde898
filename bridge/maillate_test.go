package bridge_test

import (
	"slices"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// ended is a chat without an address that an operator has answered and closed while its page was open; what the page has shown
// of it is the answer "Seen."
func (o *office) ended(name string) (c bridge.Opened, shut func()) {
	c = o.mustAsk(name)
	shut = o.see(c.Number)
	o.writes(xavi, c, bridge.Said{ID: name + "1", Text: "Seen."})
	now := o.conversation(c.Number)
	o.VisitorSaw(now, now.Seq)
	o.writes(xavi, c, bridge.Said{ID: name + "2", Text: "Unseen."})
	_, err := o.Close(o.t.Context(), xavi, c.Visitor, "")
	o.must(c.Conversation, err)
	return c, shut
}

// An address that is given after the end counts: what no page has shown goes there, and operators can go on by mail.
func TestVisitorMails_AfterTheEnd(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c, shut := o.ended("a")
	o.must(c.Conversation, o.VisitorMails(t.Context(), c.Number, "anna@example.net"))
	if now := o.conversation(c.Number); now.State != bridge.Closed || now.Email != "anna@example.net" {
		t.Errorf("%s with the address %q", now.State, now.Email)
	}
	shut()
	o.sent(o.goes(2*time.Minute, `to anna@example.net, , after "": Unseen.`))
	o.writes(xavi, c, bridge.Said{ID: "s3", Text: "One more thing."})
	o.sent(o.goes(2*time.Minute, `to anna@example.net, , after "": One more thing.`))
}

// A chat is sent to an address that its visitor gives after the end, if they have given none before. It is the chat's from then on.
func TestTranscript_ToAnAddressGivenAfterTheEnd(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c, shut := o.ended("a")
	defer shut()
	o.must(c.Conversation, o.SendTranscript(t.Context(), c.Number, "anna@example.net"))
	o.sent(o.goes(0, `to anna@example.net, , after "": How? | Seen. | Unseen.`))
	if got := o.posts(c.Number); !slices.Equal(got, []string{"transcript", "sent"}) {
		t.Errorf("the log tells %q", got)
	}
	o.clock.Move(time.Hour)
	if err := o.SendTranscript(t.Context(), c.Number, "eve@example.net"); phrase.CodeOf(err) != phrase.CodeInvalid {
		t.Errorf("to somebody else: %v", err)
	}
	o.goes(time.Hour)
}

// After the end no address is taken of who is blocked, of what was called junk, and of what goes on in another conversation.
func TestVisitorMails_AfterAnEndThatTakesNone(t *testing.T) {
	for how, ended := range map[string]struct {
		address             string
		end                 func(*office, bridge.Opened) error
		refused, transcript phrase.Code
	}{
		"blocked": {"", func(o *office, c bridge.Opened) error {
			_, err := o.BlockVisitor(o.t.Context(), xavi, c.Visitor, false, 0, "")
			return err
		}, phrase.CodeForbidden, phrase.CodeForbidden},
		"junk": {"", func(o *office, c bridge.Opened) error {
			_, err := o.Junk(o.t.Context(), xavi, c.Visitor)
			return err
		}, phrase.CodeConflict, phrase.CodeConflict},
		"joined": {"anna@example.net", func(o *office, c bridge.Opened) error {
			other, err := o.ask("b", "anna@example.net")
			o.must(other.Conversation, err)
			o.see(other.Number) // it goes on, since its page is open
			o.must(o.Take(o.t.Context(), xavi, other.Number))
			_, err = o.Merge(o.t.Context(), xavi, other.Visitor, c.Number)
			return err
		}, phrase.CodeConflict, phrase.CodeInvalid},
	} {
		t.Run(how, func(t *testing.T) {
			o := newOffice(t).halted()
			o.come(xavi)
			c, err := o.ask("a", ended.address)
			o.must(c.Conversation, err)
			shut := o.see(c.Number)
			o.writes(xavi, c, bridge.Said{ID: "s1", Text: "So."})
			now := o.conversation(c.Number)
			o.VisitorSaw(now, now.Seq)
			shut()
			o.must(c.Conversation, ended.end(o, c))
			if err := o.VisitorMails(t.Context(), c.Number, "eve@example.net"); phrase.CodeOf(err) != ended.refused {
				t.Errorf("the address: %v", err)
			}
			if err := o.SendTranscript(t.Context(), c.Number, "eve@example.net"); phrase.CodeOf(err) != ended.transcript {
				t.Errorf("the transcript: %v", err)
			}
			if now := o.conversation(c.Number); now.State != bridge.Closed || now.Email != ended.address {
				t.Errorf("%s with the address %q", now.State, now.Email)
			}
			o.goes(time.Hour)
		})
	}
}
