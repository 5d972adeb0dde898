package component_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/component/stream"
)

const stanzaErrors = "urn:ietf:params:xml:ns:xmpp-stanzas"

// bounce sends something of ours back, as if from an operator's bare address.
func (s *script) bounce(el *stream.Element, condition, text string) {
	from := el.Get("to")
	s.conn.Send(fmt.Sprintf("<%s type='error' id='%s' from='%s' to='%s'><error type='cancel'><%s xmlns='%s'/><text xmlns='%s'>%s</text></error></%s>",
		el.Local, el.Get("id"), from, el.Get("from"), condition, stanzaErrors, stanzaErrors, text, el.Local))
}

// offer asks for support, and returns the offer that the operator is sent.
func (s *script) offer(to string, number int) (bridge.Opened, *stream.Element) {
	s.t.Helper()
	c, err := s.bridge.Ask(s.t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Email: "anna@example.org", Reason: "How?"}})
	if err != nil {
		s.t.Fatal(err)
	}
	return c, s.conn.Expect(func(e *stream.Element) bool { return e.Get("to") == to && s.body(fmt.Sprintf("#%d Anna", number))(e) })
}

func pings(to string) func(*stream.Element) bool {
	return func(e *stream.Element) bool {
		return e.Local == "iq" && e.Get("to") == to && e.Child("urn:xmpp:ping", "ping") != nil
	}
}

func probes(to string) func(*stream.Element) bool {
	return func(e *stream.Element) bool {
		return e.Local == "presence" && e.Get("type") == "probe" && e.Get("to") == to
	}
}

func (s *script) answer(ping *stream.Element) {
	s.conn.Send(fmt.Sprintf("<iq type='result' id='%s' from='%s' to='%s'/>", ping.Get("id"), ping.Get("to"), ping.Get("from")))
}

// An offer that comes back makes its operator unavailable. It is delivered again, under the
// same id, once the operator shows themselves.
func TestWatch_ABouncedOfferIsKept(t *testing.T) {
	const xavi, olga = "xavi@example.org", "olga@example.org"
	s := newScript(t)
	s.come(olga)
	_, offer := s.offer(olga, 1)
	s.routed(olga)
	s.bounce(offer, "remote-server-not-found", "no route to example.org")
	alarm := s.conn.Expect(func(e *stream.Element) bool { return e.Get("to") == xavi && s.body("can't be reached")(e) })
	if text := alarm.ChildText("", "body"); !strings.Contains(text, "olga@example.org) can't be reached: remote-server-not-found (no route to example.org)") {
		t.Errorf("super operators are told %q", text)
	}
	s.offline()
	for _, d := range s.duties() {
		if d.JID == olga && d.Fault != (bridge.Fault{Condition: "remote-server-not-found", Text: "no route to example.org"}) {
			t.Errorf("who says %+v", d)
		}
	}
	s.come(olga)
	told := func(e *stream.Element) bool { return e.Get("to") == xavi && s.body("can be reached again")(e) }
	offered := func(e *stream.Element) bool { return e.Get("to") == olga && s.body("#1 Anna")(e) }
	first := s.conn.Expect(func(e *stream.Element) bool { return told(e) || offered(e) })
	again := first
	if offered(first) { // the two come in no order
		s.conn.Expect(told)
	} else {
		again = s.conn.Expect(offered)
	}
	if again.Get("id") != offer.Get("id") {
		t.Errorf("the offer is another one: %s", again.Append(nil))
	}
}

// routed waits until an operator's desk log counts as delivered.
func (s *script) routed(o bridge.OperatorJID) {
	s.t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		cursors, err := s.bridge.Cursors.Desks(s.t.Context())
		if _, behind := cursors[o]; err == nil && !behind {
			return
		} else if time.Now().After(end) {
			s.t.Fatal("the desk log was not confirmed")
		}
	}
}

func (s *script) duties() []bridge.Duty {
	s.t.Helper()
	list, err := s.bridge.Team.Duties(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return list
}

// A presence, a receipt or a probe that comes back makes its operator unavailable, too.
func TestWatch_WhateverComesBack(t *testing.T) {
	const olga = "olga@example.org"
	for _, what := range []string{"presence", "message"} {
		s := newScript(t)
		s.come(olga)
		el := stream.New("", what).With("to", olga, "from", "desk@"+s.domain, "id", "x")
		s.bounce(el, "remote-server-timeout", "")
		s.offline()
		s.conn.Send(fmt.Sprintf("<presence from='%s/phone' type='unavailable' to='desk@%s'/>", olga, s.domain))
		s.conn.Expect(s.body("can be reached again"))
	}
}

// An operator who is only offline, at a server that stores no messages, raises no alarm.
// Nothing is sent to them before they show themselves.
func TestWatch_OfflineIsNoAlarm(t *testing.T) {
	const xavi, olga = "xavi@example.org", "olga@example.org"
	s := newScript(t)
	s.come(olga)
	_, offer := s.offer(olga, 1)
	s.routed(olga)
	s.bounce(offer, "service-unavailable", "")
	s.offline()
	s.come(olga)
	s.conn.Expect(func(e *stream.Element) bool {
		if e.Get("to") == xavi && s.body("can't be reached")(e) {
			t.Errorf("an alarm: %s", e.Append(nil))
		}
		return e.Get("to") == olga && s.body("#1 Anna")(e)
	})
}

// An operator who could not be reached by one message is asked all the same whether they
// are there: they may have blocked the sender.
func TestWatch_AskedAfterOneBounce(t *testing.T) {
	const olga = "olga@example.org"
	s := newScript(t)
	s.come(olga)
	_, offer := s.offer(olga, 1)
	s.routed(olga)
	s.bounce(offer, "service-unavailable", "")
	s.conn.Expect(probes(olga))
	s.offline()
	s.come(olga)
	s.conn.Expect(s.body("#1 Anna"))
	if st, _ := s.bridge.Team.Status(""); !st.Online {
		t.Error("she counts as offline")
	}
}

// An error that blames the one message makes nobody unavailable.
func TestWatch_ARefusedMessage(t *testing.T) {
	s := newScript(t)
	s.come("olga@example.org")
	_, offer := s.offer("olga@example.org", 1)
	s.bounce(offer, "policy-violation", "too long")
	s.chat("q", "olga@example.org", "desk@"+s.domain, "queue")
	s.conn.Expect(s.body("#1"))
	if st, _ := s.bridge.Team.Status(""); !st.Online {
		t.Error("she counts as offline")
	}
}

// While a server can't be found, its operator is probed again and again. The operator is
// back with the presence that the probe brings, or with the answer to a ping.
func TestWatch_ProbedWhileUnreachable(t *testing.T) {
	const olga = "olga@example.org"
	s := newScript(t)
	s.come(olga)
	for _, ping := range []bool{false, true} {
		s.bounce(stream.New("", "message").With("to", olga, "from", "desk@"+s.domain, "id", "x"), "remote-server-timeout", "")
		s.offline()
		s.clock.move(61 * time.Second)
		s.conn.Expect(probes(olga))
		el := s.conn.Expect(pings(olga + "/phone"))
		if ping {
			s.answer(el)
		} else {
			s.conn.Send(fmt.Sprintf("<presence from='%s/phone' to='desk@%s'><show>chat</show></presence>", olga, s.domain))
		}
		s.online()
	}
}

func (s *script) online() {
	s.t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		if st, _ := s.bridge.Team.Status(""); st.Online {
			return
		} else if time.Now().After(end) {
			s.t.Fatal("nobody is available")
		}
	}
}

// A client that was silent for two minutes is asked, and is offline if it does not answer.
// Its server's answer is not enough, since the server may only wait for the client. The
// client's own answer is enough, however late it comes.
func TestWatch_AGhostGrowsOld(t *testing.T) {
	const olga = "olga@example.org"
	s := newScript(t)
	s.come(olga)
	s.clock.move(119 * time.Second)
	s.chat("q", olga, "desk@"+s.domain, "queue") // a sign of life
	s.conn.Expect(s.body("Nobody waits"))
	s.clock.move(121 * time.Second)
	s.answer(s.conn.Expect(pings(olga))) // the server is there
	s.conn.Expect(pings(olga + "/phone"))
	s.clock.move(46 * time.Second)
	s.offline()
	if d := s.duties(); d[0].Fault.Condition != "" {
		t.Errorf("her server has answered: %+v", d[0])
	}
	s.conn.Expect(probes(olga))
	s.conn.Expect(pings(olga + "/phone"))
	s.conn.Send(fmt.Sprintf("<presence from='%s/phone' to='desk@%s'/>", olga, s.domain))
	again := s.conn.Expect(pings(olga + "/phone"))
	if st, _ := s.bridge.Team.Status(""); st.Online {
		t.Error("her server's word counts")
	}
	s.answer(again)
	s.online()
}

// A client that does not know pings is there if its server says so. A client that is gone is
// not.
func TestWatch_NoPing(t *testing.T) {
	const olga = "olga@example.org"
	for _, there := range []bool{true, false} {
		s := newScript(t)
		s.come(olga)
		s.clock.move(121 * time.Second)
		s.answer(s.conn.Expect(pings(olga)))
		s.bounce(s.conn.Expect(pings(olga+"/phone")), "service-unavailable", "")
		s.conn.Expect(probes(olga))
		if there {
			s.conn.Send(fmt.Sprintf("<presence from='%s/phone' to='desk@%s'/>", olga, s.domain))
			s.chat("q", olga, "desk@"+s.domain, "queue")
			s.conn.Expect(s.body("Nobody waits"))
		}
		s.clock.move(46 * time.Second)
		if there {
			s.clock.move(121 * time.Second) // the next round finds her still there
			s.conn.Expect(pings(olga + "/phone"))
			s.online()
		} else {
			s.offline()
		}
	}
}

// What was sent to a server that has answered nothing since is delivered again, although
// nothing came back. A conversation in which something was said is offered to others.
func TestWatch_ASilentServer(t *testing.T) {
	const xavi, olga = "xavi@example.org", "olga@example.org"
	s := newScript(t)
	c := s.active()
	s.clock.move(time.Second)
	said, _, err := s.bridge.VisitorWrites(t.Context(), c.Number, "m1", "Are you there?")
	if err != nil {
		t.Fatal(err)
	}
	s.confirmed(c.Number, said.Seq)
	_, offer := s.offer(xavi, 2)
	s.routed(xavi)
	s.clock.move(121 * time.Second)
	s.conn.Expect(pings(xavi + "/phone"))
	s.clock.move(46 * time.Second)
	s.offline()
	s.conn.Expect(s.body("can't be reached: no-answer"))
	s.come(olga)
	s.conn.Expect(func(e *stream.Element) bool { return e.Get("to") == olga && s.body("#1 Anna")(e) })
	if snap, _ := s.bridge.Snapshot(t.Context(), c.Number); snap.Receipts[bridge.Confirmed] >= said.Seq {
		t.Errorf("still counts as passed on: %v", snap.Receipts)
	}
	s.come(xavi)
	s.conn.Send(fmt.Sprintf("<presence from='%s/phone' to='desk@%s'><show>chat</show></presence>", xavi, s.domain))
	again := s.conn.Expect(func(e *stream.Element) bool { return e.Get("to") == xavi && s.body("#2 Anna")(e) })
	if again.Get("id") != offer.Get("id") {
		t.Errorf("another offer: %s", again.Append(nil))
	}
}

// An operator who has never come online is tried with a message without content: only if
// it comes back is it known that there is no such account.
func TestWatch_NoSuchAccount(t *testing.T) {
	const olga = "olga@example.org"
	s := newScript(t)
	trial := s.conn.Expect(func(e *stream.Element) bool {
		return e.Local == "message" && e.Get("to") == olga && e.Child("urn:xmpp:hints", "no-store") != nil
	})
	if trial.Child("", "body") != nil {
		t.Errorf("clients show %s", trial.Append(nil))
	}
	s.bounce(trial, "service-unavailable", "")
	for said, end := false, time.Now().Add(10*time.Second); !said; time.Sleep(time.Millisecond) {
		for _, d := range s.duties() {
			said = said || d.JID == olga && d.Fault.Condition == "service-unavailable"
		}
		if time.Now().After(end) {
			t.Fatal("who does not say so")
		}
	}
}

// ejabberd returns the message without content for an account that is offline, too, and says so: nothing is wrong with it.
func TestWatch_OfflineOnEjabberd(t *testing.T) {
	const olga, xavi = "olga@example.org", "xavi@example.org"
	s := newScript(t)
	knock := func(to string) *stream.Element {
		return s.conn.Expect(func(e *stream.Element) bool {
			return e.Local == "message" && e.Get("to") == to && e.Child("urn:xmpp:hints", "no-store") != nil
		})
	}
	s.bounce(knock(olga), "service-unavailable", "User session not found")
	s.bounce(knock(xavi), "service-unavailable", "") // comes later: the first was handled before
	fault := func(of bridge.OperatorJID) (f bridge.Fault) {
		for _, d := range s.duties() {
			if d.JID == of {
				f = d.Fault
			}
		}
		return f
	}
	for end := time.Now().Add(10 * time.Second); fault(xavi).Condition == ""; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("who does not say that there is no Xavi")
		}
	}
	if f := fault(olga); f.Condition != "" {
		t.Errorf("Olga, who is offline, can't be reached: %v", f)
	}
}

// A server that dies loses what was under way, and only a later stanza comes back.
// Everything sent since the server's last sign of life counts as come back, too.
func TestWatch_WhatADyingServerTakesWithIt(t *testing.T) {
	const xavi = "xavi@example.org"
	s := newScript(t)
	c := s.active()
	s.clock.move(time.Second) // after his last sign of life
	if _, _, err := s.bridge.VisitorWrites(t.Context(), c.Number, "v1", "into the void"); err != nil {
		t.Fatal(err)
	}
	s.conn.Expect(s.body("into the void"))
	s.bounce(stream.New("", "presence").With("to", xavi, "from", "desk@"+s.domain), "remote-server-timeout", "")
	s.offline()
	s.waits(c.Number)
}

// waits waits until a conversation is offered again.
func (s *script) waits(number int64) {
	s.t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		if card, err := s.bridge.Card(s.t.Context(), number); err == nil && card.State == bridge.Waiting {
			return
		} else if time.Now().After(end) {
			s.t.Fatal("it is not on offer again: ", err)
		}
	}
}

// What was routed to a silent client may not have arrived. Its conversation is offered to
// others with everything that was said, and the desk's messages are sent again.
func TestWatch_ASilentClient(t *testing.T) {
	const xavi, olga = "xavi@example.org", "olga@example.org"
	s := newScript(t)
	c := s.active()
	s.clock.move(time.Second)
	said, _, err := s.bridge.VisitorWrites(t.Context(), c.Number, "an-id-of-the-page", "Are you there?")
	if err != nil {
		t.Fatal(err)
	}
	s.confirmed(c.Number, said.Seq)
	s.clock.move(121 * time.Second)
	s.answer(s.conn.Expect(pings(xavi)))
	s.conn.Expect(pings(xavi + "/phone"))
	s.clock.move(46 * time.Second)
	s.offline()
	s.come(olga)
	s.conn.Expect(func(e *stream.Element) bool { return e.Get("to") == olga && s.body("#1 Anna")(e) })
	if snap, _ := s.bridge.Snapshot(t.Context(), c.Number); snap.Receipts[bridge.Confirmed] >= said.Seq {
		t.Errorf("still counts as passed on: %v", snap.Receipts)
	}
	s.conn.Send(fmt.Sprintf("<presence from='%s/phone' to='desk@%s'><show>chat</show></presence>", xavi, s.domain))
	s.conn.Expect(func(e *stream.Element) bool { return e.Get("to") == xavi && s.body("#1")(e) })
	s.chat("t2", xavi, "desk@"+s.domain, "1")
	s.conn.Expect(func(e *stream.Element) bool {
		return e.Get("to") == xavi && e.Get("from") == string(c.Visitor) && s.body("Are you there?")(e)
	})
}
