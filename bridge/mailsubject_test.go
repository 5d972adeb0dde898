package bridge_test

import (
	"fmt"
	"testing"
	"time"

	"porchlight/bridge"
)

// subjectPen is a pen that knows what mail without a subject is about. It has another name for that each time.
type subjectPen struct {
	pen
	organization string
}

// Subject implements bridge.Post.
func (p *subjectPen) Subject(c bridge.Conversation, _ bridge.Request) string {
	return fmt.Sprintf("Your request #%d%s", c.Number, p.organization)
}

// The subject that we made for the first mail is the thread's from then on: it stays whatever the configuration
// says later, and is not shown as a subject of the visitor's.
func TestMail_OurSubjectStays(t *testing.T) {
	o := newOffice(t)
	p := &subjectPen{organization: " – Example"}
	o.mail.Post = p
	o.close()
	o.open()
	o.halted()
	o.come(xavi)
	c, err := o.ask("a", "anna@example.net")
	o.must(c.Conversation, err)
	o.clock.Move(time.Hour)
	o.Turn(t.Context())
	c, err = o.ask("b", "anna@example.net")
	o.must(c.Conversation, err)
	o.writes(xavi, c, bridge.Said{ID: "s1", Text: "Like this."})
	subject := fmt.Sprintf("Your request #%d – Example", c.Number)
	list := o.goes(5*time.Minute, `to anna@example.net, `+subject+`, after "": Like this.`)
	o.sent(list)
	card, err := o.Card(t.Context(), c.Number)
	o.must(card.Conversation, err)
	if card.Subject != "" {
		t.Errorf("the card has our own subject %q", card.Subject)
	}
	p.organization = " – Another"
	l := anna("1@example.net", "Re: "+subject, "Thanks")
	l.About, l.InReplyTo = subject, list[0].MessageID
	if m := o.gets(l); m.Conversation != c.Number {
		t.Fatalf("the answer came to #%d", m.Conversation)
	}
	events, err := o.Events(t.Context(), c.Number, 0, 100)
	o.must(c.Conversation, err)
	for _, e := range events {
		if m, ok := e.Data.(bridge.Message); ok && m.Mail.Subject != "" {
			t.Errorf("our subject is shown above the answer: %q", m.Mail.Subject)
		}
	}
	o.writes(xavi, c, bridge.Said{ID: "s2", Text: "Welcome."})
	o.goes(5*time.Minute, `to anna@example.net, `+subject+`, after "1@example.net": Welcome.`)
}

// What a transcript tells does not go again by another mail; what is said after it does.
func TestTranscript_CountsAsTold(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c, err := o.ask("a", "anna@example.net")
	o.must(c.Conversation, err)
	shut := o.see(c.Number)
	o.writes(xavi, c, bridge.Said{ID: "s1", Text: "Like this."})
	o.must(bridge.Conversation{}, o.SendTranscript(t.Context(), c.Number, "anna@example.net"))
	o.sent(o.outbox(0))
	shut()
	o.writes(xavi, c, bridge.Said{ID: "s2", Text: "And that."})
	o.goes(5*time.Minute, `to anna@example.net, , after "": And that.`)
}
