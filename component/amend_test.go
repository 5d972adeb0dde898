package component_test

import (
	"fmt"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/component/stream"
)

// amend sends a message about an earlier one, as clients do.
func (s *script) amend(id, to, body, payload string) {
	s.conn.Send(fmt.Sprintf("<message type='chat' id='%s' from='xavi@example.org/phone' to='%s'><body>%s</body>%s<request xmlns='urn:xmpp:receipts'/></message>", id, to, body, payload))
}

// stored returns the conversation's last event of a type, the zero Event if there is none.
func (s *script) stored(number int64, want bridge.EventType) bridge.Event {
	s.t.Helper()
	var last bridge.Event
	list, err := s.bridge.Events(s.t.Context(), number, 0, 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, e := range list {
		if e.Type == want {
			last = e
		}
	}
	return last
}

// refused waits for the error with which the stanza of that id comes back.
func (s *script) refused(id, condition string) *stream.Element {
	s.t.Helper()
	return s.conn.Expect(func(e *stream.Element) bool {
		return e.Get("type") == "error" && e.Get("id") == id && e.Child("", "error").Child("urn:ietf:params:xml:ns:xmpp-stanzas", condition) != nil
	})
}

func (s *script) received(id string) {
	s.t.Helper()
	s.conn.Expect(func(e *stream.Element) bool { return e.Child("urn:xmpp:receipts", "received").Get("id") == id })
}

const (
	replace = "<replace xmlns='urn:xmpp:message-correct:0' id='%s'/>"
	retract = "<retract xmlns='urn:xmpp:message-retract:1' id='%s'/>"
)

// An operator's correction and retraction change what the visitor sees. A correction of a
// correction corrects the original (XEP-0308 §4, XEP-0424).
func TestScript_OperatorAmends(t *testing.T) {
	s := newScript(t)
	c := s.active()
	to := string(c.Visitor)
	s.chat("m1", "xavi@example.org", to, "Helo")
	s.received("m1")
	said := s.stored(c.Number, bridge.EventMessage)
	for i, of := range []string{"m1", "c0"} {
		id := fmt.Sprint("c", i)
		s.amend(id, to, "Hello", fmt.Sprintf(replace, of))
		s.received(id)
		if e := s.stored(c.Number, bridge.EventCorrection); e.Amends() != said.Seq || e.Text != "Hello" || e.Operator != "xavi@example.org" {
			t.Errorf("correction of %s: %+v", of, e)
		}
	}
	s.amend("c0", to, "Hello", fmt.Sprintf(replace, "m1")) // the same again
	s.received("c0")
	s.amend("r1", to, "I took it back", fmt.Sprintf(retract, "m1"))
	s.received("r1")
	if e := s.stored(c.Number, bridge.EventRetraction); e.Amends() != said.Seq || e.Text != "" {
		t.Errorf("retraction: %+v", e)
	}
	log, err := s.bridge.Events(t.Context(), c.Number, said.Seq, 100)
	if err != nil || len(log) != 3 {
		t.Errorf("%d events after the message, want 3 (%v): %+v", len(log), err, log)
	}
}

// An operator can't change a message that is unknown or not their own, and the visitor sees
// nothing of the attempt.
func TestScript_AmendingIsRefused(t *testing.T) {
	s := newScript(t)
	c := s.active()
	to := string(c.Visitor)
	e, _, err := s.bridge.VisitorWrites(t.Context(), c.Number, "v1", "mine")
	if err != nil {
		t.Fatal(err)
	}
	visitors := s.conn.Expect(s.body("mine")).Get("id")
	s.chat("n1", "xavi@example.org", to, "!note secret")
	s.received("n1")
	for id, payload := range map[string]string{
		"unknown": fmt.Sprintf(replace, "nobody"), "of-visitor": fmt.Sprintf(replace, visitors), "of-note": fmt.Sprintf(replace, "n1"),
		"r-unknown": fmt.Sprintf(retract, "nobody"), "r-of-visitor": fmt.Sprintf(retract, visitors),
	} {
		condition := map[bool]string{true: "item-not-found"}[strings.Contains(id, "unknown")]
		switch id {
		case "of-visitor", "r-of-visitor":
			condition = "forbidden"
		case "of-note":
			condition = "conflict"
		}
		s.amend(id, to, "leak", payload)
		s.refused(id, condition)
	}
	s.chat("quoted", "xavi@example.org", to, "&gt; Where is my order?\n\n!note he is lying")
	s.conn.Expect(s.body("Noted"))
	e.Seq++
	s.amend("cmd", to, "!close", fmt.Sprintf(replace, "n1"))
	s.conn.Expect(s.body("A correction is not carried out"))
	log, err := s.bridge.Events(t.Context(), c.Number, e.Seq, 100)
	if err != nil || len(log) != 1 { // only the note is there
		t.Errorf("%v, %+v", err, log)
	}
}

// A reaction to the visitor's message is stored as the whole set of reactions (XEP-0444
// §3.2). A reply is stored with what it replies to, without the fallback.
func TestScript_ReactionsAndReplies(t *testing.T) {
	s := newScript(t)
	c := s.active()
	to := string(c.Visitor)
	asked, _, err := s.bridge.VisitorWrites(t.Context(), c.Number, "v1", "Which size?")
	if err != nil {
		t.Fatal(err)
	}
	id := s.conn.Expect(s.body("Which size?")).Get("id")
	s.conn.Send(fmt.Sprintf("<message type='chat' id='re1' from='xavi@example.org/phone' to='%s'><reactions xmlns='urn:xmpp:reactions:0' id='%s'><reaction>👍</reaction><reaction>❤️</reaction></reactions><request xmlns='urn:xmpp:receipts'/></message>", to, id))
	s.received("re1")
	if e := s.stored(c.Number, bridge.EventReaction); e.Data != (bridge.Reaction{To: asked.Seq}) || e.Text != "👍 ❤️" {
		t.Errorf("reaction: %+v", e)
	}
	s.conn.Send(fmt.Sprintf("<message type='chat' id='re2' from='xavi@example.org/phone' to='%s'><reactions xmlns='urn:xmpp:reactions:0' id='%s'><reaction>%s</reaction></reactions></message>", to, id, strings.Repeat("a", 100)))
	s.refused("re2", "bad-request")
	s.amend("a1", to, "&gt; Which size?\nLarge", fmt.Sprintf("<reply xmlns='urn:xmpp:reply:0' to='%s' id='%s'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='14'/></fallback>", to, id))
	s.received("a1")
	if e := s.stored(c.Number, bridge.EventMessage); e.Data != (bridge.Message{ReplyTo: asked.Seq}) || e.Text != "Large" {
		t.Errorf("reply: %+v", e)
	}
	s.amend("a2", to, "Medium", "<reply xmlns='urn:xmpp:reply:0' to='x@y' id='nobody'/>")
	s.received("a2")
	if e := s.stored(c.Number, bridge.EventMessage); e.Data != nil || e.Text != "Medium" {
		t.Errorf("reply to something unknown: %+v", e)
	}
}

// The visitor's correction of their last message goes out as a correction of the original's
// id.
func TestScript_VisitorCorrects(t *testing.T) {
	s := newScript(t)
	c := s.active()
	first, _, err := s.bridge.VisitorWrites(t.Context(), c.Number, "v1", "Helo")
	if err != nil {
		t.Fatal(err)
	}
	id := s.conn.Expect(s.body("Helo")).Get("id")
	for range 2 { // the same client id is one correction
		if _, _, err := s.bridge.VisitorCorrects(t.Context(), c.Number, "v2", "Hello", first.Seq); err != nil {
			t.Fatal(err)
		}
	}
	m := s.conn.Expect(s.body("Hello"))
	if got := m.Child("urn:xmpp:message-correct:0", "replace").Get("id"); got != id {
		t.Errorf("replaces %q, want %q: %s", got, id, m.Append(nil))
	}
	if _, _, err := s.bridge.VisitorWrites(t.Context(), c.Number, "v3", "Bye"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.bridge.VisitorCorrects(t.Context(), c.Number, "v4", "x", first.Seq); phrase.CodeOf(err) != phrase.CodeConflict {
		t.Errorf("correction of an earlier message: %v", err)
	}
	s.conn.Expect(s.body("Bye"))
	if got := s.stored(c.Number, bridge.EventCorrection); got.Text != "Hello" {
		t.Errorf("stored %+v", got)
	}
}

// A client may refer to a message by its id or by its origin-id, which not all clients make
// equal. Markers use the id (XEP-0333 §4.2).
func TestScript_EitherID(t *testing.T) {
	s := newScript(t)
	c := s.active()
	to := string(c.Visitor)
	for range 2 {
		s.amend("idA", to, "Helo", "<origin-id xmlns='urn:xmpp:sid:0' id='originA'/>")
		s.received("idA")
	}
	said := s.stored(c.Number, bridge.EventMessage)
	for _, of := range []string{"idA", "originA"} {
		s.amend("c "+of, to, "Hello", fmt.Sprintf(replace, of))
		s.received("c " + of)
	}
	for _, of := range []string{"idA", "originA"} {
		s.amend("r "+of, to, "", fmt.Sprintf(retract, of))
		s.received("r " + of)
	}
	for _, e := range s.log(c.Number)[said.Seq:] {
		if e.Amends() != said.Seq {
			t.Errorf("%+v is not of %+v", e, said)
		}
	}
	conv, err := s.bridge.Conversation(t.Context(), c.Number)
	if err != nil {
		t.Fatal(err)
	}
	s.bridge.VisitorSaw(conv, said.Seq)
	m := s.conn.Expect(func(e *stream.Element) bool { return e.Child("urn:xmpp:chat-markers:0", "displayed") != nil })
	if id := m.Child("urn:xmpp:chat-markers:0", "displayed").Get("id"); id != "idA" {
		t.Errorf("displayed: %s", m.Append(nil))
	}
}

// Visitors never see the text that a client writes for clients which don't know an
// extension: not in several pieces, not around an earlier form of retraction, and not in
// place of an encrypted message.
func TestScript_FallbacksStayHere(t *testing.T) {
	s := newScript(t)
	c := s.active()
	to := string(c.Visitor)
	s.amend("m1", to, "AAhello BBthere", "<reply xmlns='urn:xmpp:reply:0' id='x'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='2'/><body start='8' end='10'/></fallback>")
	s.received("m1")
	said := s.stored(c.Number, bridge.EventMessage)
	if said.Text != "hello there" {
		t.Errorf("said %q", said.Text)
	}
	s.amend("r1", to, "This person attempted to retract a previous message, but it's unsupported by your client.",
		"<apply-to id='m1' xmlns='urn:xmpp:fasten:0'><retract xmlns='urn:xmpp:message-retract:0'/></apply-to><fallback xmlns='urn:xmpp:fallback:0'/>")
	s.received("r1")
	if e := s.stored(c.Number, bridge.EventRetraction); e.Amends() != said.Seq {
		t.Errorf("retraction: %+v", e)
	}
	s.amend("e1", to, "I sent you an OMEMO encrypted message but your client doesn't seem to support that.",
		"<encryption xmlns='urn:xmpp:eme:0' namespace='eu.siacs.conversations.axolotl' name='OMEMO'/>")
	s.refused("e1", "not-acceptable")
	if e := s.stored(c.Number, bridge.EventMessage); e.Seq != said.Seq {
		t.Errorf("the visitor reads %q", e.Text)
	}
}

// A reaction to any message of the transcript is a reaction to the visitor's last words in
// it.
func TestScript_ReactionToTheTranscript(t *testing.T) {
	s := newScript(t)
	s.come("xavi@example.org")
	c, err := s.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Reason: "How?"}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 6 {
		if _, _, err := s.bridge.VisitorWrites(t.Context(), c.Number, fmt.Sprint("v", i), strings.Repeat("long ", 1600)); err != nil {
			t.Fatal(err)
		}
	}
	asked := s.stored(c.Number, bridge.EventMessage)
	s.chat("t1", "xavi@example.org", "desk@"+s.domain, "1")
	first := s.conn.Expect(s.body("Anna: How?")).Get("id")
	last := first
	for range 5 { // each of the long ones is in a part of its own
		last = s.conn.Expect(s.body("] Anna: long")).Get("id")
	}
	if first == last {
		t.Fatal("the transcript has only one part")
	}
	for i, id := range []string{first, last} {
		s.conn.Send(fmt.Sprintf("<message type='chat' id='re%d' from='xavi@example.org/phone' to='%s'><reactions xmlns='urn:xmpp:reactions:0' id='%s'><reaction>👍</reaction></reactions><request xmlns='urn:xmpp:receipts'/></message>", i, c.Visitor, id))
		s.received(fmt.Sprint("re", i))
		if e := s.stored(c.Number, bridge.EventReaction); e.Data != (bridge.Reaction{To: asked.Seq}) || e.StanzaID() != fmt.Sprint("re", i) {
			t.Errorf("%+v is not of %+v", e, asked)
		}
	}
	// Clients mark only the last part as displayed, and any may come back.
	s.conn.Send(fmt.Sprintf("<message type='chat' id='d' from='xavi@example.org/phone' to='%s'><displayed xmlns='urn:xmpp:chat-markers:0' id='%s'/></message>", c.Visitor, last))
	s.chat("hello", "xavi@example.org", string(c.Visitor), "Hello")
	s.received("hello")
	if now, err := s.bridge.Snapshot(t.Context(), c.Number); err != nil || now.Receipts[bridge.Displayed] < asked.Seq {
		t.Errorf("displayed up to %d, want %d: %v", now.Receipts[bridge.Displayed], asked.Seq, err)
	}
	s.conn.Send(fmt.Sprintf("<message type='error' id='%s' from='xavi@example.org' to='%s'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>", last, c.Visitor))
	s.waits(c.Number)
	s.come("xavi@example.org")
	s.conn.Expect(s.body("Offered again, because you could not be reached, and still waiting: #1 Anna"))
}

// What was taken back stays so: no device can correct it or react to it any more. To take it back again changes nothing.
func TestScript_NothingComesBack(t *testing.T) {
	s := newScript(t)
	c := s.active()
	to := string(c.Visitor)
	s.chat("m1", "xavi@example.org", to, "price 5")
	s.received("m1")
	s.amend("c1", to, "price 6", fmt.Sprintf(replace, "m1"))
	s.received("c1")
	s.amend("r1", to, "I took it back", fmt.Sprintf(retract, "m1"))
	s.received("r1")
	gone := s.stored(c.Number, bridge.EventRetraction)
	for id, payload := range map[string]string{
		"c2": fmt.Sprintf(replace, "m1"),
		"c3": fmt.Sprintf(replace, "c1"),
		"e1": "<reactions xmlns='urn:xmpp:reactions:0' id='m1'><reaction>👍</reaction></reactions>",
	} {
		body := "price 7"
		if id == "e1" {
			body = ""
		}
		s.amend(id, to, body, payload)
		s.refused(id, "conflict")
	}
	s.amend("r2", to, "I took it back", fmt.Sprintf(retract, "m1"))
	s.received("r2")
	s.amend("c1", to, "price 6", fmt.Sprintf(replace, "m1")) // it comes again
	s.received("c1")
	log, err := s.bridge.Events(t.Context(), c.Number, gone.Seq, 100)
	if err != nil || len(log) != 0 {
		t.Errorf("%d events after the retraction, want none (%v): %+v", len(log), err, log)
	}
}
