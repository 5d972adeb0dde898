package component_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

// stampedAt sends a message with the time at which it was written (XEP-0203).
func (s *script) stampedAt(id, to, body string, at time.Time) {
	s.amend(id, to, body, fmt.Sprintf("<delay xmlns='urn:xmpp:delay' from='example.org' stamp='%s'/>", at.UTC().Format(time.RFC3339)))
}

// now returns the time that the component's clock shows.
func (s *script) now() time.Time { return s.clock.Now() }

// pageOpens opens the visitor's page until the test ends.
func (s *script) pageOpens(c bridge.Opened) {
	s.t.Helper()
	if err := s.bridge.Attach(s.t.Context(), c.Number); err != nil {
		s.t.Fatal(err)
	}
}

// A command that comes again is carried out once. Another command under the same id is
// carried out, too.
func TestScript_CommandsComeAgain(t *testing.T) {
	s := newScript(t)
	c := s.active()
	to := string(c.Visitor)
	for range 3 {
		s.chat("x", "xavi@example.org", to, "!note one")
	}
	s.conn.Expect(s.body("Noted"))
	s.conn.Expect(s.body("note came again as the same message"))
	s.chat("x", "xavi@example.org", to, "!note two")
	s.conn.Expect(s.body("Noted"))
	s.chat("x", "xavi@example.org", to, "words")
	s.received("x")
	s.chat("x", "xavi@example.org", to, "!close")
	s.conn.Expect(s.body("#1 is closed."))
	s.pageOpens(c)
	s.chat("w", "xavi@example.org", to, "One more thing")
	s.conn.Expect(s.body("#1 is open again. !close ends it."))
	s.chat("x", "xavi@example.org", to, "!close")
	s.conn.Expect(s.body("close came again as the same message"))
	s.stampedAt("x", to, "!close", s.now().Add(-time.Minute)) // known, so it is not said to have come too late
	s.conn.Expect(s.body("close came again as the same message"))
	var notes []string
	for _, e := range s.log(c.Number) {
		if e.Type == bridge.EventNote {
			notes = append(notes, e.Text)
		}
	}
	if strings.Join(notes, "|") != "one|two" {
		t.Errorf("notes: %q", notes)
	}
	if got, err := s.bridge.Snapshot(t.Context(), c.Number); err != nil || got.State != bridge.Active {
		t.Errorf("%+v %v", got.State, err)
	}
	for range 2 { // what only reads is answered each time
		s.chat("q", "xavi@example.org", "desk@"+s.domain, "queue")
		s.conn.Expect(s.body("#1 Anna"))
	}
}

// A message that was written before the conversation closed comes too late, and the
// operator is told so. A message that was written afterwards is delivered, and the operator
// is told that the conversation is open again.
func TestScript_LateWords(t *testing.T) {
	s := newScript(t)
	c := s.active()
	to := string(c.Visitor)
	s.pageOpens(c)
	s.chat("m1", "xavi@example.org", to, "in time")
	s.received("m1")
	wrote := s.now().Add(-time.Second)
	if err := s.bridge.VisitorCloses(t.Context(), c.Number); err != nil {
		t.Fatal(err)
	}
	s.conn.Expect(s.body("ended the conversation"))
	for i, at := range []time.Time{wrote, wrote.Add(-24 * time.Hour)} {
		id := fmt.Sprint("l", i)
		s.stampedAt(id, to, "late", at)
		s.refused(id, "conflict")
	}
	s.amend("old", to, "late", "<x xmlns='jabber:x:delay' stamp='20200101T10:00:00'/>")
	s.refused("old", "conflict")
	s.stampedAt("m1", to, "in time", wrote) // a copy of what was delivered
	s.received("m1")
	if got, err := s.bridge.Snapshot(t.Context(), c.Number); err != nil || got.State != bridge.Closed {
		t.Fatalf("%v %v", got.State, err)
	}
	if _, _, err := s.bridge.VisitorWrites(t.Context(), c.Number, "v1", "And another thing"); err != nil {
		t.Fatal(err)
	}
	s.stampedAt("l3", to, "late", wrote) // the conversation waits again
	s.refused("l3", "conflict")
	s.stampedAt("m2", to, "bye!", s.now().Add(time.Minute))
	s.received("m2")
	for _, e := range s.log(c.Number) {
		if strings.Contains(e.Text, "late") {
			t.Errorf("the visitor reads %+v", e)
		}
	}
}
