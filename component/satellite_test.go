package component_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/component/stream"
)

// Notices to an operator with little traffic wait for each other, up to a minute,
// and come as one message; an offer does not wait.
func TestScript_SatelliteNoticesComeTogether(t *testing.T) {
	s := newScript(t)
	const olga = "olga@example.org"
	s.come("xavi@example.org")
	s.conn.Send(fmt.Sprintf("<presence from='%s/ship' to='desk@%s'/>", olga, s.domain))
	s.conn.Expect(func(e *stream.Element) bool {
		return e.Get("to") == olga && strings.Contains(e.ChildText("", "body"), "Hello Olga")
	})
	s.chat("s1", olga, "desk@"+s.domain, "status satellite on")
	s.conn.Expect(s.body("Satellite: on"))
	var jids []bridge.VisitorJID
	for i := range 2 {
		c, err := s.bridge.Ask(t.Context(), bridge.Inquiry{ClientID: fmt.Sprint(i), Request: bridge.Request{Name: "Anna", Reason: "How?"}})
		if err != nil {
			t.Fatal(err)
		}
		jids = append(jids, c.Visitor)
		s.conn.Expect(func(e *stream.Element) bool { return e.Get("to") == olga && s.body(fmt.Sprintf("#%d Anna", i+1))(e) })
		s.chat(fmt.Sprint("t", i), "xavi@example.org", "desk@"+s.domain, fmt.Sprint(i+1))
		s.conn.Expect(s.body("Anna: How?"))
	}
	for i, jid := range jids {
		s.chat(fmt.Sprint("i", i), "xavi@example.org", string(jid), "!invite olga")
		s.conn.Expect(s.body("Olga takes part"))
	}
	invited := func(e *stream.Element) bool {
		return e.Get("to") == olga && strings.Contains(e.ChildText("", "body"), "invited you to")
	}
	s.chat("p1", olga, "desk@"+s.domain, "who")
	s.conn.Expect(func(e *stream.Element) bool {
		if invited(e) {
			t.Errorf("a notice did not wait: %s", e.Append(nil))
		}
		return e.Get("to") == olga && s.body("Department Support")(e)
	})
	s.clock.offset.Add(int64(2 * time.Minute))
	both := s.conn.Expect(invited).ChildText("", "body")
	if strings.Count(both, "invited you to") != 2 {
		t.Errorf("they do not come together: %q", both)
	}
}

// Of commands that come in a burst, each sees what the ones before it have changed.
func TestScript_CommandsInABurst(t *testing.T) {
	s := newScript(t)
	s.come("xavi@example.org")
	to := "desk@" + s.domain
	var burst strings.Builder
	for i, line := range []string{"status satellite on", "away", "status"} {
		fmt.Fprintf(&burst, "<message type='chat' id='b%d' from='xavi@example.org/phone' to='%s'><body>%s</body></message>", i, to, line)
	}
	s.conn.Send(burst.String())
	s.conn.Expect(s.body("Satellite: on"))
	s.conn.Expect(s.body("You are Xavi"))
	last := s.conn.Expect(s.body("You are Xavi")).ChildText("", "body")
	if !strings.Contains(last, "Satellite: on") || !strings.Contains(last, "Offers: stopped") {
		t.Errorf("the last answer: %s", last)
	}
}
