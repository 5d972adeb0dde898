package component_test

import (
	"fmt"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/component"
	"porchlight/component/stream"
)

// zoneQuestion waits for the question about a client's local time.
func (s *script) zoneQuestion(client string) *stream.Element {
	s.t.Helper()
	return s.conn.Expect(func(e *stream.Element) bool {
		return e.Local == "iq" && e.Get("type") == "get" && e.Get("to") == client && e.Child("urn:xmpp:time", "time") != nil
	})
}

// A client that comes online is asked for its time once, and its answer is stored. An
// answer that nobody asked for, or that is no time zone, is not.
func TestZone_IsAskedAndKept(t *testing.T) {
	s := newScript(t)
	const phone = "xavi@example.org/phone"
	tells := func(id, from, tzo string) {
		s.conn.Send(fmt.Sprintf("<iq type='result' id='%s' from='%s' to='desk@%s'><time xmlns='urn:xmpp:time'><tzo>%s</tzo><utc>2026-11-21T12:00:00Z</utc></time></iq>", id, from, s.domain, tzo))
	}
	zone := func() string {
		o, _ := s.bridge.Team.Operator("xavi@example.org")
		return o.Zone
	}
	s.come("xavi@example.org")
	q := s.zoneQuestion(phone)
	tells("forged", phone, "+05:00")
	tells(q.Get("id"), "olga@example.org/phone", "+06:00")
	tells(q.Get("id"), phone, "+02:00")
	tells(q.Get("id"), phone, "+07:00")
	for end := time.Now().Add(5 * time.Second); zone() == ""; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the zone was not kept")
		}
	}
	s.chat("w", "xavi@example.org", "desk@"+s.domain, "status")
	s.conn.Expect(s.body("Times are told in UTC+2."))
	s.conn.Send(fmt.Sprintf("<presence from='%s' to='desk@%s'><show>away</show></presence>", phone, s.domain)) // not asked again
	s.conn.Send(fmt.Sprintf("<presence from='%s' to='desk@%s' type='unavailable'/>", phone, s.domain))
	s.conn.Send(fmt.Sprintf("<presence from='%s' to='desk@%s'/>", phone, s.domain))
	again := s.zoneQuestion(phone)
	if again.Get("id") == q.Get("id") {
		t.Error("asked under the same id")
	}
	tells(again.Get("id"), phone, "nonsense")
	s.chat("w2", "xavi@example.org", "desk@"+s.domain, "status")
	s.conn.Expect(s.body("Times are told in UTC+2."))
	if o, _ := s.bridge.Team.Operator("olga@example.org"); o.Zone != "" {
		t.Errorf("Olga's zone is %q", o.Zone)
	}
}

// Changes of who is on duty and of the queue are gathered. A change that is undone
// meanwhile is not shown, and a login brings one presence of the desk.
func TestGather_OnePresenceOfTheDesk(t *testing.T) {
	s := newScript(t, func(o *component.Options) { o.Gather = time.Hour })
	const xavi = "xavi@example.org"
	of := func(to string) func(*stream.Element) bool {
		return func(e *stream.Element) bool {
			return e.Local == "presence" && e.Get("from") == "desk@"+s.domain+"/desk" && e.Get("to") == to
		}
	}
	s.conn.Expect(of(xavi)) // as the link begins
	s.come(xavi)
	s.conn.Send(fmt.Sprintf("<presence from='%s' to='desk@%s' type='probe'/>", xavi, s.domain)) // of their server
	if got := s.conn.Expect(of(xavi)).ChildText("", "status"); got != "on duty: Xavi – 0 waiting" {
		t.Errorf("at the login %q is shown", got)
	}
	still := func(match func(*stream.Element) bool) func(*stream.Element) bool {
		return func(e *stream.Element) bool {
			if of(xavi)(e) {
				t.Errorf("shown again: %s", e.Append(nil))
			}
			return match(e)
		}
	}
	if _, err := s.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Reason: "How?"}}); err != nil {
		t.Fatal(err)
	}
	s.conn.Expect(still(s.body("#1 Anna")))
	s.chat("t1", xavi, "desk@"+s.domain, "1")
	s.conn.Expect(still(s.body("Anna: How?")))
	s.chat("w", xavi, "desk@"+s.domain, "who")
	s.conn.Expect(still(s.body("Department Support")))
}

// A change is shown without anybody asking.
func TestGather_ShowsWhatHasChanged(t *testing.T) {
	s := newScript(t, func(o *component.Options) { o.Gather = time.Millisecond })
	s.come("xavi@example.org")
	s.conn.Expect(func(e *stream.Element) bool {
		return e.Get("to") == "olga@example.org" && e.ChildText("", "status") == "on duty: Xavi – 0 waiting"
	})
}
