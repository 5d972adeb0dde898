package component_test

import (
	"fmt"
	"strings"
	"testing"

	"porchlight/bridge"
)

// A line that begins with a single ! is a command, even after invisible characters, and
// never reaches the visitor. In any line, !! reaches the visitor as !.
func TestScript_SingleExclamationMarks(t *testing.T) {
	s := newScript(t)
	c := s.active()
	to := string(c.Visitor)
	for i, m := range []struct{ body, answer string }{
		{"!", "help NAME"}, {"! ", "help NAME"}, {"&#x200B;!&#xFEFF;", "help NAME"},
		{"&#x200B;!note secret", "Noted"}, {"&#xFEFF; !note secret", "Noted"}, {"&#xA0;&#x3000;! note secret", "Noted"}, {"!&#x200B;note secret", "Noted"},
		{"> How?\n&#x2060;!note secret", "Noted"}, {"!note secret\n!close", "Noted"},
	} {
		id := fmt.Sprint("c", i)
		s.chat(id, "xavi@example.org", to, m.body)
		s.conn.Expect(s.body(m.answer))
		s.received(id)
	}
	for i, m := range []struct {
		body, payload string
		line          int
	}{
		{"hello\n!note secret", "", 2}, {"hello\n\n \t!secret", "", 3}, {"hello&#x2028;!note secret", "", 2}, {"hello\n&#xFEFF;!note secret", "", 2},
		{"> How?\nhello\n!note secret", "", 3}, {"!!hello\n!", "", 2}, {"hello\n! ", fmt.Sprintf(replace, "said"), 2}, {"!note secret", summit, 1},
	} {
		id := fmt.Sprint("w", i)
		s.amend(id, to, m.body, m.payload)
		want := fmt.Sprintf("line %d begins with a single !", m.line)
		if text := s.refused(id, "not-acceptable").Child("", "error").ChildText("urn:ietf:params:xml:ns:xmpp-stanzas", "text"); !strings.Contains(text, want) {
			t.Errorf("%q: %s", m.body, text)
		}
		s.conn.Expect(s.body("[Desk] Nothing was sent, because " + want))
	}
	for i, m := range []struct{ body, words string }{
		{"!!", "!"}, {"!!!", "!!"}, {" !!wow", "!wow"}, {"Look:\n!!important\na ! b!\n> !note", "Look:\n!important\na ! b!\n> !note"}, {"&#x200B;!!hidden", "\u200B!hidden"},
		{"> How?\n!!so", "> How?\n!so"}, {"#!/bin/sh", "#!/bin/sh"},
	} {
		id := fmt.Sprint("m", i)
		s.chat(id, "xavi@example.org", to, m.body)
		s.received(id)
		if e := s.stored(c.Number, bridge.EventMessage); e.StanzaID() != id || e.Text != m.words {
			t.Errorf("%q: %+v", m.body, e)
		}
	}
	for _, e := range s.log(c.Number) {
		if strings.Contains(e.Text, "secret") && e.Type != bridge.EventNote {
			t.Errorf("the visitor reads %+v", e)
		}
	}
}
