package component_test

import (
	"fmt"
	"strings"
	"testing"

	"porchlight/component/stream"
)

// next cuts the link and waits for the next one.
func (s *script) next() {
	s.t.Helper()
	s.conn.Cut()
	s.conn = s.server.Accept()
}

// A link knows only what the store has: nothing that was asked, told, granted or shown over
// the link before it counts any more. TestScript_WhatIsUnconfirmedIsSentAgain covers what
// was sent and not proved.
func TestLink_StartsFromNothing(t *testing.T) {
	const xavi, phone = "xavi@example.org", "xavi@example.org/phone"
	for name, test := range map[string]func(*testing.T, *script){
		"asked": func(_ *testing.T, s *script) {
			s.come(xavi)
			s.zoneQuestion(phone)
			s.next()
			s.come(xavi)
			s.zoneQuestion(phone)
		},
		"told": func(t *testing.T, s *script) {
			c := s.active()
			s.conn.Send(fmt.Sprintf("<presence from='%s' to='desk@%s'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://gajim.org' ver='x'/></presence>", phone, s.domain))
			refusal := func() string {
				s.conn.Send(fmt.Sprintf("<message type='chat' id='sealed' from='%s' to='desk@%s'><encrypted xmlns='eu.siacs.conversations.axolotl'/></message>", phone, s.domain))
				return s.refused("sealed", "not-acceptable").Child("", "error").ChildText(stanzaErrors, "text")
			}
			if text := refusal(); !strings.Contains(text, "In Gajim") {
				t.Errorf("a Gajim is told %q", text)
			}
			s.next()
			if text := refusal(); strings.Contains(text, "In Gajim") {
				t.Errorf("conversation %d: who has not said what they are is told %q", c.Number, text)
			}
		},
		"said last": func(t *testing.T, s *script) {
			s.come(xavi)
			c, offer := s.offer(xavi, 1)
			s.routed(xavi)
			s.next()
			if err := s.bridge.VisitorCloses(t.Context(), c.Number); err != nil {
				t.Fatal(err)
			}
			over := s.conn.Expect(func(e *stream.Element) bool {
				return e.Get("to") == xavi && e.Get("from") == "desk@"+s.domain && e.Child("", "body") != nil
			})
			if over.Child("urn:xmpp:message-retract:1", "retract").Get("id") != offer.Get("id") {
				t.Errorf("the offer is over by %s", over.Append(nil))
			}
		},
		"granted": func(_ *testing.T, s *script) {
			s.grants("2", "both")
			s.roster(fmt.Sprintf(rosterGet, "olga@example.org"), items())
			s.roster(fmt.Sprintf(rosterGet, xavi), items())
			s.next()
			s.quietly(s.active())
		},
		"shown": func(t *testing.T, s *script) {
			c := s.active()
			s.chat("hello", xavi, string(c.Visitor), "Hello")
			s.received("hello")
			saw := func() {
				conv, err := s.bridge.Conversation(t.Context(), c.Number)
				if err != nil {
					t.Fatal(err)
				}
				s.bridge.VisitorSaw(conv, conv.Seq)
				s.conn.Expect(func(e *stream.Element) bool {
					return e.Child("urn:xmpp:chat-markers:0", "displayed").Get("id") == "hello"
				})
			}
			saw()
			s.next()
			event, _, err := s.bridge.VisitorWrites(t.Context(), c.Number, "m", "Still there?")
			if err != nil {
				t.Fatal(err)
			}
			s.conn.Expect(s.body("Still there?"))
			s.confirmed(c.Number, event.Seq) // makes sure that there is a track, which would know
			saw()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newScript(t))
		})
	}
}
