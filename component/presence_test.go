package component_test

import (
	"fmt"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/component/stream"
)

// shows waits for the presence of a visitor that an operator gets. show may also be the type
// "unavailable".
func (s *script) shows(to string, v bridge.VisitorJID, show, status string) {
	s.t.Helper()
	s.conn.Expect(func(e *stream.Element) bool {
		is := e.ChildText("", "show")
		if e.Get("type") != "" {
			is = e.Get("type")
		}
		return e.Local == "presence" && e.Get("to") == to && e.Get("from") == string(v)+"/web" && is == show && strings.Contains(e.ChildText("", "status"), status)
	})
}

// follow makes a page come, move, hide and go, and checks what an operator is shown.
func (s *script) follow(c bridge.Opened, to string) {
	s.t.Helper()
	look := func(hidden bool) {
		s.t.Helper()
		if err := s.bridge.VisitorLooks(s.t.Context(), c.Number, bridge.PageState{URL: "https://shop.example/pricing", Title: "Prices", Hidden: hidden}); err != nil {
			s.t.Fatal(err)
		}
	}
	if err := s.bridge.Attach(s.t.Context(), c.Number); err != nil {
		s.t.Fatal(err)
	}
	s.shows(to, c.Visitor, "", "")
	look(false)
	s.shows(to, c.Visitor, "", "/pricing")
	look(true)
	s.shows(to, c.Visitor, "away", "/pricing")
	look(false)
	s.shows(to, c.Visitor, "", "/pricing")
	s.bridge.Detach(c.Number)
	s.shows(to, c.Visitor, "unavailable", "")
}

// The operator who talks to a visitor sees the visitor's page in their presence: where the
// page is, away while it is hidden, unavailable once it is gone.
func TestScript_PresenceFollowsThePage(t *testing.T) {
	s := newScript(t)
	s.follow(s.active(), "xavi@example.org")
}

// Operators who have an offer see the same of a visitor who waits. A visitor who has just
// asked counts as there, since their page connects in a moment.
func TestScript_PresenceFollowsAWaitingPage(t *testing.T) {
	s := newScript(t)
	s.come("xavi@example.org")
	c, err := s.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Reason: "How?"}})
	if err != nil {
		t.Fatal(err)
	}
	s.shows("xavi@example.org", c.Visitor, "", "waiting")
	s.conn.Expect(s.body("#1 Anna"))
	s.follow(c, "xavi@example.org")
	s.conn.Send(fmt.Sprintf("<presence from='xavi@example.org/phone' to='desk@%s'/>", s.domain))
	s.shows("xavi@example.org", c.Visitor, "unavailable", "")
}

// An operator who takes part keeps the visitor's presence although a colleague takes what
// was offered to both.
func TestScript_AGuestKeepsThePresence(t *testing.T) {
	const xavi, olga = "xavi@example.org", "olga@example.org"
	s := newScript(t)
	s.come(olga)
	c := s.active()
	s.chat("i", xavi, string(c.Visitor), "!invite olga")
	s.conn.Expect(s.body("Olga takes part"))
	if err := s.bridge.Reach.Unreachable(t.Context(), xavi, c.Number, 0); err != nil {
		t.Fatal(err)
	}
	s.conn.Expect(func(e *stream.Element) bool {
		return e.Get("to") == olga && e.Get("from") == "desk@"+s.domain && s.body("#1 Anna")(e)
	})
	s.chat("t2", xavi, "desk@"+s.domain, "1")
	gone := func(e *stream.Element) bool {
		return e.Local == "presence" && e.Get("to") == olga && e.Get("from") == string(c.Visitor)+"/web" && e.Get("type") == "unavailable"
	}
	s.conn.Expect(func(e *stream.Element) bool {
		if gone(e) {
			t.Errorf("taken from who takes part: %s", e.Append(nil))
		}
		return e.Get("to") == olga && s.body("#1 taken by Xavi")(e)
	})
	s.chat("l", olga, string(c.Visitor), "!leave")
	s.shows(olga, c.Visitor, "unavailable", "")
}

// presences waits for a presence from an address with that type and show.
func (s *script) presences(from, to, kind, show string) *stream.Element {
	s.t.Helper()
	return s.conn.Expect(func(e *stream.Element) bool {
		return e.Local == "presence" && e.Get("from") == from && e.Get("to") == to && e.Get("type") == kind && e.ChildText("", "show") == show
	})
}

// A department's presence shows whether it is online, and follows changes.
func TestScript_DepartmentsPresence(t *testing.T) {
	const xavi, olga = "xavi@example.org", "olga@example.org"
	s := newScript(t)
	from := "support@" + s.domain
	s.presences(from, olga, "", "away") // with the link
	s.conn.Send(fmt.Sprintf("<presence type='subscribe' from='%s' to='%s'/>", olga, from))
	s.presences(from, olga, "subscribed", "")
	s.presences(from, olga, "", "away")
	s.come(xavi)
	s.presences(from, olga, "", "")
	s.chat("a", xavi, "desk@"+s.domain, "away")
	s.presences(from, olga, "", "away")
	s.chat("b", xavi, "desk@"+s.domain, "back")
	s.presences(from, olga, "", "")
}

// An address that nobody has grants no subscription.
func TestScript_NobodysAddressGrantsNothing(t *testing.T) {
	s := newScript(t)
	c := s.active()
	nobody := "nobody-2222@" + s.domain
	s.conn.Send(fmt.Sprintf("<presence type='subscribe' from='xavi@example.org' to='%s'/>", nobody))
	e := s.conn.Expect(func(e *stream.Element) bool { return e.Local == "presence" && e.Get("from") == nobody })
	if e.Get("type") != "unsubscribed" || e.Get("to") != "xavi@example.org" {
		t.Errorf("answered by %s", e.Append(nil))
	}
	s.conn.Send(fmt.Sprintf("<presence type='subscribe' from='xavi@example.org' to='%s'/>", c.Visitor))
	s.presences(string(c.Visitor), "xavi@example.org", "subscribed", "")
}

// Whoever becomes an operator while the link is up is asked for their presence and shown the desk and the
// departments, also when they were one before. Who is none any more, and a department that is deleted, is
// shown no more.
func TestScript_TheTeamChanges(t *testing.T) {
	const olga, pere = "olga@example.org", "pere@example.org"
	s := newScript(t)
	desk, billing := "desk@"+s.domain, "billing@"+s.domain
	ctx := t.Context()
	if err := s.bridge.Team.Administer(ctx, func(tx bridge.Tx) error {
		return tx.SaveDepartment(bridge.Department{Name: "billing", Title: "Billing"})
	}); err != nil {
		t.Fatal(err)
	}
	s.presences(billing, olga, "", "away")
	enable := func(on bool) {
		t.Helper()
		if err := s.bridge.Team.Add(ctx, bridge.Operator{JID: pere, Name: "Pere", Enabled: on, Satellite: true, Departments: bridge.Circle{"support"}}); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		enable(true)
		s.presences(desk, pere, "probe", "")
		s.presences(desk, pere, "subscribe", "")
		s.conn.Expect(func(e *stream.Element) bool {
			return e.Local == "presence" && e.Get("from") == desk+"/desk" && e.Get("to") == pere && e.Get("type") == ""
		})
		s.presences("support@"+s.domain, pere, "", "away")
		enable(false)
		s.presences("support@"+s.domain, pere, "unavailable", "")
	}
	if err := s.bridge.Team.CloseDepartment(ctx, "billing", bridge.Department{}, func(bridge.Tx) error { return nil }); err != nil {
		t.Fatal(err)
	}
	s.presences(billing, olga, "unavailable", "")
}

// Whoever became an operator while the store could not be read is shown the departments later, also if they
// want little traffic.
func TestScript_TheTeamChangesUnread(t *testing.T) {
	const pere, vera = "pere@example.org", "vera@example.org"
	s := newScript(t)
	desk, support := "desk@"+s.domain, "support@"+s.domain
	add := func(jid bridge.OperatorJID) {
		t.Helper()
		if err := s.bridge.Team.Add(t.Context(), bridge.Operator{JID: jid, Enabled: true, Satellite: true}); err != nil {
			t.Fatal(err)
		}
	}
	s.presences(support, "olga@example.org", "", "away") // the greeting is over
	s.rotten.Store(uncounted)
	add(pere)
	s.presences(desk, pere, "subscribe", "") // nothing can be shown after that
	s.rotten.Store(0)
	add(vera)
	for asked, shown := false, false; !asked || !shown; { // in any order
		e := s.conn.Expect(func(e *stream.Element) bool { return e.Local == "presence" && e.Get("type") != "probe" })
		asked = asked || e.Get("to") == vera && e.Get("type") == "subscribe"
		shown = shown || e.Get("to") == pere && e.Get("from") == support && e.Get("type") == ""
	}
}
