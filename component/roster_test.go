package component_test

import (
	"fmt"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/component/stream"
)

// grants sends the server's message about rosters (XEP-0356 §4.2).
func (s *script) grants(version, kind string) {
	s.conn.Send(fmt.Sprintf("<message from='example.org' to='%s'><privilege xmlns='urn:xmpp:privilege:%s'><perm access='message' type='none'/><perm access='roster' type='%s'/></privilege></message>", s.domain, version, kind))
}

const rosterGet = `<iq type="get" from="support.localhost" to="%s"><query xmlns="jabber:iq:roster"/></iq>`

// roster waits for the next request to an operator's server about the roster, which must be
// exactly want, and answers it.
func (s *script) roster(want, answer string) {
	s.t.Helper()
	e := s.conn.Expect(func(e *stream.Element) bool {
		return e.Local == "iq" && e.Child("jabber:iq:roster", "query") != nil
	})
	id, of := e.Get("id"), e.Get("to")
	s.is(e, want)
	s.conn.Send(fmt.Sprintf("<iq id='%s' from='%s' to='%s' %s</iq>", id, of, s.domain, answer))
}

func items(list ...string) string {
	return "type='result'><query xmlns='jabber:iq:roster'>" + strings.Join(list, "") + "</query>"
}

func rosterSet(operator, item string) string {
	return fmt.Sprintf(`<iq type="set" from="support.localhost" to="%s"><query xmlns="jabber:iq:roster">%s</query></iq>`, operator, item)
}

func visitorItem(v bridge.VisitorJID) string {
	return fmt.Sprintf(`<item jid="%s" subscription="both" name="Anna"><group>Live support</group></item>`, v)
}

func gone(v bridge.VisitorJID) string {
	return fmt.Sprintf(`<item jid="%s" subscription="remove"/>`, v)
}

const (
	done    = "type='result'>"
	friend  = "<item jid='friend@example.org' subscription='both'><group>Live support</group></item>"
	byHand  = "<item jid='ben-1111@support.localhost' subscription='both'><group>VIP</group></item>"
	failing = "type='error'><error type='wait'><internal-server-error xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
)

// If the server allows it, a visitor is in the rosters of the operators who talk to them,
// and in no others. A contact that is there already is not sent again.
func TestRoster_WhoTalksToAVisitorHasThem(t *testing.T) {
	for _, version := range []string{"1", "2"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			s := newScript(t)
			s.grants(version, "both")
			s.roster(fmt.Sprintf(rosterGet, "olga@example.org"), items())
			s.roster(fmt.Sprintf(rosterGet, "xavi@example.org"), items(friend, byHand))
			c := s.active()
			item := visitorItem(c.Visitor)
			s.roster(fmt.Sprintf(rosterGet, "xavi@example.org"), items(friend))
			s.roster(rosterSet("xavi@example.org", item), done)

			if err := s.bridge.Reach.Presence(t.Context(), "olga@example.org", "phone", bridge.ShowDND); err != nil {
				t.Fatal(err)
			}
			if _, err := s.bridge.Invite(t.Context(), "xavi@example.org", c.Visitor, bridge.Operator{JID: "olga@example.org", Name: "Olga"}); err != nil {
				t.Fatal(err)
			}
			s.roster(fmt.Sprintf(rosterGet, "olga@example.org"), items())
			s.roster(rosterSet("olga@example.org", item), done)
			if _, err := s.bridge.Leave(t.Context(), "olga@example.org", c.Visitor); err != nil {
				t.Fatal(err)
			}
			s.roster(fmt.Sprintf(rosterGet, "olga@example.org"), items(item))
			s.roster(rosterSet("olga@example.org", gone(c.Visitor)), done)

			if err := s.bridge.VisitorCloses(t.Context(), c.Number); err != nil {
				t.Fatal(err)
			}
			s.roster(fmt.Sprintf(rosterGet, "xavi@example.org"), items(friend, item))
			s.roster(rosterSet("xavi@example.org", gone(c.Visitor)), done)
		})
	}
}

// A new link makes up for what was missed without one: it removes the contacts of closed
// conversations, and makes those that are missing. It leaves alone a contact that the
// operator has made.
func TestRoster_IsTidiedWithEachGrant(t *testing.T) {
	s := newScript(t)
	c := s.active() // nothing is asked without a grant
	named := strings.Replace(visitorItem("dora-3333@support.localhost"), "Live support", "Lamps", 1)
	s.grants("2", "both")
	s.roster(fmt.Sprintf(rosterGet, "olga@example.org"), items(visitorItem("carl-2222@support.localhost"), byHand, friend, named))
	s.roster(rosterSet("olga@example.org", gone("carl-2222@support.localhost")), done)
	s.roster(fmt.Sprintf(rosterGet, "xavi@example.org"), items())
	s.roster(rosterSet("xavi@example.org", visitorItem(c.Visitor)), done)
}

// A server that refuses what it has granted is asked no more, and nor is one that takes the
// grant back. A stranger's grant counts for nothing.
func TestRoster_OnlyWhileTheServerAllowsIt(t *testing.T) {
	s := newScript(t)
	s.conn.Send(fmt.Sprintf("<message from='evil.example' to='%s'><privilege xmlns='urn:xmpp:privilege:2'><perm access='roster' type='both'/></privilege></message>", s.domain))
	s.conn.Send(fmt.Sprintf("<message from='eve@example.org' id='eve' to='%s'><privilege xmlns='urn:xmpp:privilege:2'><perm access='roster' type='both'/></privilege></message>", s.domain))
	s.conn.Expect(func(e *stream.Element) bool { return e.Get("id") == "eve" && e.Get("type") == "error" })
	s.grants("1", "both")
	s.roster(fmt.Sprintf(rosterGet, "olga@example.org"), failing)
	s.grants("1", "none")
	s.quietly(s.active())
}

// quietly closes a conversation and sees that no roster is asked for.
func (s *script) quietly(c bridge.Opened) {
	s.t.Helper()
	if err := s.bridge.VisitorCloses(s.t.Context(), c.Number); err != nil {
		s.t.Fatal(err)
	}
	s.conn.Expect(s.body("ended the conversation"))
	s.chat("last", "xavi@example.org", "desk@"+s.domain, "who")
	s.conn.Expect(func(e *stream.Element) bool {
		if e.Child("jabber:iq:roster", "query") != nil {
			s.t.Errorf("asked: %s", e.Append(nil))
		}
		return s.body("Xavi")(e)
	})
}
