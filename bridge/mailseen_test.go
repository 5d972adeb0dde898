package bridge_test

import (
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

// What a page has shown within the grace time does not go by mail; what no page has shown does, whether
// one is open or not, gathered and once. A page that comes back has the whole grace time to show it.
func TestMail_OnlyWhatNobodySaw(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c, err := o.ask("a", "anna@example.net")
	o.must(c.Conversation, err)
	shut := o.see(c.Number)
	o.writes(xavi, c, bridge.Said{ID: "s1", Text: "Seen."})
	now := o.conversation(c.Number)
	o.VisitorSaw(now, now.Seq)
	o.goes(5 * time.Minute)
	o.writes(xavi, c, bridge.Said{ID: "s2", Text: "Not seen."})
	shut()
	o.goes(time.Minute)
	shut = o.see(c.Number)
	o.goes(time.Minute + 59*time.Second)
	o.goes(time.Second, `to anna@example.net, , after "": Not seen.`)
	o.writes(xavi, c, bridge.Said{ID: "s3", Text: "The page is open,"})
	o.goes(time.Minute, `to anna@example.net, , after "": Not seen.`)
	o.writes(xavi, c, bridge.Said{ID: "s4", Text: "and nobody looks."})
	o.goes(time.Minute, `to anna@example.net, , after "": Not seen.`, `to anna@example.net, , after "": The page is open, | and nobody looks.`)
	shut()
	o.goes(time.Hour, `to anna@example.net, , after "": Not seen.`, `to anna@example.net, , after "": The page is open, | and nobody looks.`)
}

// What goes by mail at once goes though the page comes back in the same moment.
func TestMail_AtOnceThoughThePageIsBack(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c, err := o.ask("a", "anna@example.net")
	o.must(c.Conversation, err)
	shut := o.see(c.Number)
	o.writes(xavi, c, bridge.Said{ID: "s1", Text: "By mail.", ByMail: true})
	shut()
	o.see(c.Number)
	now := o.conversation(c.Number)
	o.VisitorSaw(now, now.Seq)
	o.goes(0, `to anna@example.net, , after "": By mail.`)
}

// What was seen before the visitor gave an address does not go there.
func TestMail_AddressGivenLate(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c := o.mustAsk("a")
	shut := o.see(c.Number)
	o.writes(xavi, c, bridge.Said{ID: "s1", Text: "Seen."})
	now := o.conversation(c.Number)
	o.VisitorSaw(now, now.Seq)
	o.must(bridge.Conversation{}, o.VisitorMails(t.Context(), c.Number, "anna@example.net"))
	o.writes(xavi, c, bridge.Said{ID: "s2", Text: "After it."})
	shut()
	o.goes(2*time.Minute, `to anna@example.net, , after "": After it.`)
}

// What an operator corrects after it has gone goes again; who takes it back is told that the visitor has it.
func TestMail_Corrected(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c, err := o.ask("a", "anna@example.net")
	o.must(c.Conversation, err)
	o.writes(xavi, c, bridge.Said{ID: "s1", Text: "It is 42."})
	o.writes(xavi, c, bridge.Said{ID: "s2", Text: "It is 2.", Type: bridge.EventCorrection, About: "s1"})
	o.sent(o.goes(2*time.Minute, `to anna@example.net, , after "": It is 2.`))
	o.writes(xavi, c, bridge.Said{ID: "s3", Text: "It is 43.", Type: bridge.EventCorrection, About: "s1"})
	o.sent(o.goes(2*time.Minute, `to anna@example.net, , after "": It is 43.`))
	o.writes(xavi, c, bridge.Said{ID: "s4", Type: bridge.EventRetraction, About: "s1"})
	o.goes(time.Hour)
	if got := o.last(xavi); !strings.Contains(got, "what you took back went by mail before") {
		t.Errorf("the desk says %q", got)
	}
}

// Nothing goes to a visitor who is blocked, whatever their page does.
func TestMail_BlockedWithThePageOpen(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c, err := o.ask("a", "anna@example.net")
	o.must(c.Conversation, err)
	shut := o.see(c.Number)
	o.writes(xavi, c, bridge.Said{ID: "s1", Text: "Not seen."})
	_, err = o.BlockVisitor(t.Context(), xavi, c.Visitor, false, 0, "")
	o.must(bridge.Conversation{}, err)
	shut()
	o.goes(time.Hour)
}

// What was not seen before an address is given goes there.
func TestMail_AddressGivenUnseen(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c := o.mustAsk("a")
	o.writes(xavi, c, bridge.Said{ID: "s1", Text: "The code is 42."})
	o.must(bridge.Conversation{}, o.VisitorMails(t.Context(), c.Number, "anna@example.net"))
	o.goes(2*time.Minute, `to anna@example.net, , after "": The code is 42.`)
}

// Who passed a conversation on and writes is told the truth about the way of the words.
func TestMail_PartingWords(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi, olga)
	c := o.conversation(o.gets(anna("1@example.net", "Course", "How?")).Conversation)
	o.writes(xavi, bridge.Opened{Conversation: c}, bridge.Said{ID: "s1", Text: "So."})
	o.must(o.Pass(t.Context(), xavi, c.Visitor, bridge.Operator{JID: olga}, bridge.Department{}, ""))
	o.writes(xavi, bridge.Opened{Conversation: c}, bridge.Said{ID: "s2", Text: "And so."})
	if got := o.last(xavi); !strings.Contains(got, "Your words go by mail to anna@example.net") {
		t.Errorf("the desk says %q", got)
	}
}
