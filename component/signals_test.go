package component_test

import (
	"fmt"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/component/stream"
)

// typed is a bridge.Side that keeps what pages are told of operators' typing.
type typed chan bridge.Typing

func (w typed) Changed(c bridge.Change) {
	if c.Typing != nil && c.Typing.From == bridge.FromOperator {
		w <- *c.Typing
	}
}

// The visitor and all operators who take part are told of each other's typing. Each of the
// operators is told once that their own last message was shown.
func TestScript_SignalsOfAll(t *testing.T) {
	const xavi, olga = "xavi@example.org", "olga@example.org"
	const states, markers = "http://jabber.org/protocol/chatstates", "urn:xmpp:chat-markers:0"
	s := newScript(t)
	s.come(olga)
	c := s.active()
	to := string(c.Visitor)
	state := func(who, state string) {
		s.conn.Send(fmt.Sprintf("<message type='chat' from='%s/phone' to='%s'><%s xmlns='%s'/></message>", who, to, state, states))
	}
	page := make(typed, 10)
	defer s.bridge.Join(page)()
	if err := s.bridge.Attach(t.Context(), c.Number); err != nil {
		t.Fatal(err)
	}
	state(olga, "composing") // takes no part yet
	s.conn.Send(fmt.Sprintf("<iq type='get' id='taken in' from='%s/phone' to='%s'><ping xmlns='urn:xmpp:ping'/></iq>", olga, to))
	s.conn.Expect(func(e *stream.Element) bool { return e.Get("id") == "taken in" })
	s.chat("i", xavi, to, "!invite olga")
	s.conn.Expect(func(e *stream.Element) bool { return e.Get("to") == olga && s.body("Anna: How?")(e) })
	for _, active := range []bool{true, false} {
		for _, who := range []string{xavi, olga} {
			state(who, map[bool]string{true: "composing", false: "paused"}[active])
			select {
			case got := <-page:
				if got.Active != active || got.Operator != bridge.OperatorJID(who) {
					t.Errorf("%s, %v: the page is told %+v", who, active, got)
				}
			case <-time.After(patience):
				t.Fatalf("%s, %v: the page is told nothing", who, active)
			}
		}
	}
	conv, err := s.bridge.Conversation(t.Context(), c.Number)
	if err != nil {
		t.Fatal(err)
	}
	s.bridge.VisitorTypes(conv, true)
	first := s.conn.Expect(func(e *stream.Element) bool { return e.Child(states, "composing") != nil })
	s.conn.Expect(func(e *stream.Element) bool {
		return e.Child(states, "composing") != nil && e.Get("to") != first.Get("to")
	})
	for _, who := range []string{xavi, olga} {
		s.chat("of "+who, who, to, "Hello")
		s.received("of " + who)
	}
	seen := func() {
		t.Helper()
		conv, err := s.bridge.Conversation(t.Context(), c.Number)
		if err != nil {
			t.Fatal(err)
		}
		s.bridge.VisitorSaw(conv, conv.Seq)
	}
	seen()
	marked := make(map[string]string)
	for range 2 {
		m := s.conn.Expect(func(e *stream.Element) bool { return e.Child(markers, "displayed") != nil })
		marked[m.Get("to")] = m.Child(markers, "displayed").Get("id")
	}
	if marked[xavi] != "of "+xavi || marked[olga] != "of "+olga {
		t.Errorf("displayed: %v", marked)
	}
	for _, id := range []string{"again", "at last"} {
		s.chat(id, olga, to, "Hello")
		s.conn.Expect(func(e *stream.Element) bool {
			if e.Child(markers, "displayed") != nil {
				t.Errorf("displayed a second time: %s", e.Append(nil))
			}
			return e.Child("urn:xmpp:receipts", "received").Get("id") == id
		})
		seen()
		seen()
		m := s.conn.Expect(func(e *stream.Element) bool { return e.Child(markers, "displayed") != nil })
		if m.Get("to") != olga || m.Child(markers, "displayed").Get("id") != id {
			t.Errorf("displayed a second time: %s", m.Append(nil))
		}
	}
	s.chat("bye", olga, to, "Bye")
	s.received("bye")
	s.chat("leave", olga, to, "!leave")
	s.received("leave")
	s.chat("alone", xavi, to, "Hello")
	s.received("alone")
	seen()
	m := s.conn.Expect(func(e *stream.Element) bool { return e.Child(markers, "displayed") != nil })
	if m.Get("to") != xavi {
		t.Errorf("who has left is told: %s", m.Append(nil))
	}
}

// An operator's typing ends when their client goes, is silent or can't be reached, and when
// the link ends. A visitor's typing ends with the page.
func TestScript_TypingEndsWithWhoTypes(t *testing.T) {
	const xavi = "xavi@example.org"
	const states = "http://jabber.org/protocol/chatstates"
	for name, end := range map[string]func(s *script){
		"unavailable": func(s *script) {
			s.conn.Send(fmt.Sprintf("<presence type='unavailable' from='%s/phone' to='desk@%s'/>", xavi, s.domain))
		},
		"another client stays": func(s *script) {
			s.conn.Send(fmt.Sprintf("<presence from='%s/desktop' to='desk@%s'/><presence type='unavailable' from='%s/phone' to='desk@%s'/>", xavi, s.domain, xavi, s.domain))
		},
		"an error": func(s *script) {
			s.bounce(stream.New("", "message").With("to", xavi, "from", "desk@"+s.domain, "id", "x"), "service-unavailable", "")
		},
		"a ghost": func(s *script) {
			s.clock.move(121 * time.Second)
			s.answer(s.conn.Expect(pings(xavi)))
			s.conn.Expect(pings(xavi + "/phone"))
			s.clock.move(46 * time.Second)
		},
		"the link": func(s *script) { s.conn.Cut(); s.conn = s.server.Accept() },
	} {
		t.Run(name, func(t *testing.T) {
			s := newScript(t)
			c := s.active()
			page := make(typed, 10)
			defer s.bridge.Join(page)()
			if err := s.bridge.Attach(t.Context(), c.Number); err != nil {
				t.Fatal(err)
			}
			s.conn.Send(fmt.Sprintf("<message type='chat' from='%s/phone' to='%s'><composing xmlns='%s'/></message>", xavi, c.Visitor, states))
			for _, active := range []bool{true, false} {
				if !active {
					end(s)
				}
				select {
				case got := <-page:
					if got.Active != active || got.Operator != xavi {
						t.Errorf("the page is told %+v", got)
					}
				case <-time.After(patience):
					t.Fatal("the page is told nothing")
				}
			}
		})
	}
	t.Run("the page", func(t *testing.T) {
		s := newScript(t)
		c := s.active()
		page := make(typed, 10)
		defer s.bridge.Join(page)()
		if err := s.bridge.Attach(t.Context(), c.Number); err != nil {
			t.Fatal(err)
		}
		conv, err := s.bridge.Conversation(t.Context(), c.Number)
		if err != nil {
			t.Fatal(err)
		}
		s.bridge.VisitorTypes(conv, true)
		s.conn.Expect(func(e *stream.Element) bool { return e.Child(states, "composing") != nil })
		s.bridge.Detach(c.Number)
		s.conn.Expect(func(e *stream.Element) bool { return e.Child(states, "paused") != nil })
	})
}
