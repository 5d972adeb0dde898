package component_test

import (
	"fmt"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/component"
	"porchlight/component/stream"
)

const (
	roomJID  = "support-operators@conference.localhost"
	meInRoom = "desk@support.localhost/room"
)

func withRoom(o *component.Options) { o.Rooms, o.RoomNotices = "conference.localhost", true }

// xml returns a stanza in the form that is sent, without its id.
func xml(e *stream.Element) string { return string(e.With("id", "").Append(nil)) }

// is fails the test unless a stanza is exactly want, apart from its id.
func (s *script) is(e *stream.Element, want string) {
	s.t.Helper()
	if id := e.Get("id"); id == "" && e.Local != "presence" {
		s.t.Errorf("no id: %s", e.Append(nil))
	}
	if got := xml(e); got != want {
		s.t.Errorf("got  %s\nwant %s", got, want)
	}
}

// toRoom waits for the next stanza to the room, or to somebody in it.
func (s *script) toRoom() *stream.Element {
	s.t.Helper()
	return s.conn.Expect(func(e *stream.Element) bool { return strings.HasPrefix(e.Get("to"), roomJID) })
}

// answers waits for an IQ to the room, which must be exactly want, and answers it.
func (s *script) answers(want, answer string) {
	s.t.Helper()
	e := s.toRoom()
	id := e.Get("id")
	s.is(e, want)
	s.conn.Send(fmt.Sprintf("<iq type='result' id='%s' from='%s' to='%s'>%s</iq>", id, roomJID, meInRoom, answer))
}

// refuses answers the next IQ to the room with an error.
func (s *script) refuses(want, condition string) {
	s.t.Helper()
	e := s.toRoom()
	id := e.Get("id")
	s.is(e, want)
	s.conn.Send(fmt.Sprintf("<iq type='error' id='%s' from='%s' to='%s'><error type='cancel'><%s xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>", id, roomJID, meInRoom, condition))
}

const (
	joinXML  = `<presence from="desk@support.localhost/room" to="support-operators@conference.localhost/desk"><x xmlns="http://jabber.org/protocol/muc"><history maxchars="0"/></x></presence>`
	formXML  = `<iq type="get" from="desk@support.localhost/room" to="support-operators@conference.localhost"><query xmlns="http://jabber.org/protocol/muc#owner"/></iq>`
	setupXML = `<iq type="set" from="desk@support.localhost/room" to="support-operators@conference.localhost"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>http://jabber.org/protocol/muc#roomconfig</value></field>%s</x></query></iq>`
)

// form returns the room's form with some of its values.
func form(persistent, members, public, whois string) string {
	return fmt.Sprintf(`<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='form'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/muc#roomconfig</value></field>
<field var='muc#roomconfig_roomname' type='text-single'><value>Operators of support.localhost</value></field><field var='muc#roomconfig_persistentroom' type='boolean'><value>%s</value></field>
<field var='muc#roomconfig_membersonly' type='boolean'><value>%s</value></field><field var='muc#roomconfig_publicroom' type='boolean'><value>%s</value></field>
<field var='muc#roomconfig_whois' type='list-single'><value>%s</value><option><value>moderators</value></option><option><value>anyone</value></option></field></x></query>`, persistent, members, public, whois)
}

func value(name, value string) string {
	return fmt.Sprintf(`<field var="muc#roomconfig_%s"><value>%s</value></field>`, name, value)
}

// listXML returns a request for everybody who has an affiliation, changeXML one that gives
// an affiliation.
func listXML(affiliation string) string {
	return fmt.Sprintf(`<iq type="get" from="%s" to="%s"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="%s"/></query></iq>`, meInRoom, roomJID, affiliation)
}

func changeXML(jid, affiliation string) string {
	return fmt.Sprintf(`<iq type="set" from="%s" to="%s"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="%s" jid="%s"/></query></iq>`, meInRoom, roomJID, affiliation, jid)
}

func have(affiliation string, jids ...string) string {
	var items string
	for _, j := range jids {
		items += fmt.Sprintf("<item affiliation='%s' jid='%s'/>", affiliation, j)
	}
	return "<query xmlns='http://jabber.org/protocol/muc#admin'>" + items + "</query>"
}

// lists answers the requests for the room's members, admins and owners.
func (s *script) lists(members ...string) {
	s.t.Helper()
	s.answers(listXML("member"), have("member", members...))
	s.higher()
}

// asHasToBe answers the requests that come before the one for members: who owns the room,
// and how it is set up.
func (s *script) asHasToBe() {
	s.t.Helper()
	s.higher()
	s.answers(formXML, form("1", "true", "0", "moderators"))
}

func (s *script) higher() {
	s.t.Helper()
	s.answers(listXML("admin"), have("admin"))
	s.answers(listXML("owner"), have("owner", "desk@support.localhost"))
}

// enters lets the desk into the room.
func (s *script) enters(statuses ...string) {
	s.t.Helper()
	s.is(s.toRoom(), joinXML)
	var codes string
	for _, c := range statuses {
		codes += "<status code='" + c + "'/>"
	}
	s.conn.Send(fmt.Sprintf("<presence from='%s/desk' to='%s'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='owner' role='moderator'/><status code='110'/>%s</x></presence>", roomJID, meInRoom, codes))
}

// settled lets the desk into a room in which nothing has to change.
func (s *script) settled() {
	s.t.Helper()
	s.enters()
	s.asHasToBe()
	s.lists("olga@example.org", "xavi@example.org")
}

// invited waits for an invitation (XEP-0249 §2).
func (s *script) invited(jid string) {
	s.t.Helper()
	e := s.conn.Expect(func(e *stream.Element) bool { return e.Child("jabber:x:conference", "x") != nil })
	s.is(e, fmt.Sprintf(`<message from="desk@support.localhost" to="%s"><x xmlns="jabber:x:conference" jid="%s" reason="This is the room of the operators of support.localhost. You are a member; &quot;status room off&quot; at the desk changes that."/></message>`, jid, roomJID))
}

// The desk makes a room that is missing, for members only, with the operators as members. It
// invites each new member, and sends only the difference.
func TestRoom_IsMadeWithTheOperatorsAsMembers(t *testing.T) {
	s := newScript(t, withRoom)
	s.enters("201")
	s.higher()
	s.answers(formXML, form("0", "0", "1", "moderators"))
	s.answers(fmt.Sprintf(setupXML, value("persistentroom", "1")+value("membersonly", "1")+value("publicroom", "0")), "")
	s.answers(listXML("member"), have("member", "eve@example.net", "olga@example.org"))
	s.answers(changeXML("eve@example.net", "none"), "")
	s.higher()
	s.answers(changeXML("xavi@example.org", "member"), "")
	s.invited("xavi@example.org")

	if _, err := s.bridge.Team.Change(t.Context(), "olga@example.org", func(o *bridge.Operator) { o.NoRoom = true }); err != nil {
		t.Fatal(err)
	}
	s.answers(listXML("member"), have("member", "olga@example.org", "xavi@example.org"))
	s.answers(changeXML("olga@example.org", "none"), "")
	s.higher()
	if _, err := s.bridge.Team.Change(t.Context(), "olga@example.org", func(o *bridge.Operator) { o.NoRoom = false }); err != nil {
		t.Fatal(err)
	}
	s.lists("xavi@example.org")
	s.answers(changeXML("olga@example.org", "member"), "")
	s.invited("olga@example.org")
}

// A room in which nothing has to change is left alone, and nobody is invited again.
func TestRoom_NothingIsSentTwice(t *testing.T) {
	s := newScript(t, withRoom)
	s.settled()
	s.come("xavi@example.org") // the status changes, the team does not
	s.conn.Cut()
	s.conn = s.server.Accept()
	s.settled()
	s.chat("w", "xavi@example.org", "desk@"+s.domain, "who")
	s.conn.Expect(func(e *stream.Element) bool {
		if strings.HasPrefix(e.Get("to"), roomJID) || e.Child("jabber:x:conference", "x") != nil {
			t.Errorf("sent again: %s", e.Append(nil))
		}
		return s.body("Xavi")(e)
	})
}

// Owners and admins keep their affiliation. An admin of Prosody, who can't be less than an
// owner, becomes one.
func TestRoom_OwnersStayOwners(t *testing.T) {
	s := newScript(t, withRoom)
	s.enters()
	s.asHasToBe()
	s.answers(listXML("member"), have("member"))
	s.answers(listXML("admin"), have("admin", "olga@example.org"))
	s.answers(listXML("owner"), have("owner", "desk@support.localhost"))
	s.refuses(changeXML("xavi@example.org", "member"), "not-acceptable")
	s.answers(changeXML("xavi@example.org", "owner"), "")
	s.invited("xavi@example.org")
}

// The room is told of a request and of what becomes of it, in one line each.
func TestRoom_Notices(t *testing.T) {
	s := newScript(t, withRoom)
	s.settled()
	s.come("xavi@example.org")
	c, err := s.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Reason: "How?\n" + strings.Repeat("long ", 30)}})
	if err != nil {
		t.Fatal(err)
	}
	says := func(want string) {
		t.Helper()
		e := s.conn.Expect(func(e *stream.Element) bool { return e.Get("type") == "groupchat" })
		s.is(e, fmt.Sprintf(`<message type="groupchat" from="%s" to="%s"><body>%s</body><origin-id xmlns="urn:xmpp:sid:0" id="%s"/></message>`,
			meInRoom, roomJID, want, e.Child("urn:xmpp:sid:0", "origin-id").Get("id")))
	}
	says("#1 Anna, Support: How? " + strings.Repeat("long ", 15) + "…")
	s.chat("t1", "xavi@example.org", "desk@"+s.domain, "1")
	says("#1 taken by Xavi")
	if err := s.bridge.Reach.Presence(t.Context(), "olga@example.org", "phone", bridge.ShowDND); err != nil {
		t.Fatal(err)
	}
	if _, err := s.bridge.Invite(t.Context(), "xavi@example.org", c.Visitor, bridge.Operator{JID: "olga@example.org", Name: "Olga"}); err != nil {
		t.Fatal(err) // no news: the owner stays
	}
	if err := s.bridge.VisitorCloses(t.Context(), c.Number); err != nil {
		t.Fatal(err)
	}
	says("#1 is over: the visitor ended the conversation")
}

// What happens while the desk is not in the room is not said later.
func TestRoom_NoticesAreLive(t *testing.T) {
	s := newScript(t, withRoom)
	s.come("xavi@example.org")
	for i := range 2 {
		if _, err := s.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Reason: "How?"}}); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			s.settled()
		}
	}
	e := s.conn.Expect(func(e *stream.Element) bool { return e.Get("type") == "groupchat" })
	if got := e.ChildText("", "body"); got != "#2 Anna (2), Support: How?" {
		t.Errorf("said %q first", got)
	}
}

// The desk answers no message from the room, which would put it out, and carries out no
// command from there, whoever writes it. A request gets its answer.
func TestRoom_IsNotListenedTo(t *testing.T) {
	s := newScript(t, withRoom)
	s.settled()
	for _, x := range []string{
		"<message type='groupchat' id='g1' from='%[1]s/Olga' to='%[2]s'><body>take 1</body></message>",
		"<message type='chat' id='g2' from='%[1]s/Olga' to='%[2]s'><body>queue</body></message>",
		"<message type='groupchat' id='g3' from='%[1]s' to='%[2]s'><subject>x</subject></message>",
		"<presence from='%[1]s/Olga' to='%[2]s'/>",
		"<presence type='subscribe' from='%[1]s' to='%[2]s'/>",
		"<iq type='result' id='g4' from='%[1]s' to='%[2]s'/>",
		"<iq type='get' id='last' from='%[1]s/Olga' to='%[2]s'><vCard xmlns='vcard-temp'/></iq>",
	} {
		s.conn.Send(fmt.Sprintf(x, roomJID, meInRoom))
	}
	e := s.toRoom()
	if e.Get("id") != "last" || e.Child("", "error").Child("urn:ietf:params:xml:ns:xmpp-stanzas", "service-unavailable") == nil {
		t.Errorf("answered: %s", e.Append(nil))
	}
}

// The desk comes back after a pause when it was put out of the room.
func TestRoom_ComesBack(t *testing.T) {
	s := newScript(t, withRoom)
	s.settled()
	s.conn.Send(fmt.Sprintf("<presence type='unavailable' from='%s/desk' to='%s'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='none'/><destroy/></x></presence>", roomJID, meInRoom))
	s.enters("201")
}

// The super operators are told once what is wrong with the room and what to do about it.
// Everything else goes on.
func TestRoom_ErrorsAreToldWithTheRemedy(t *testing.T) {
	for condition, remedy := range map[string]string{
		"remote-server-not-found": "xmpp.rooms has to name your server's service",
		"not-allowed":             "has to let desk@support.localhost make one",
		"registration-required":   "belongs to somebody else",
		"conflict":                "somebody there is called desk",
	} {
		t.Run(condition, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, withRoom)
			s.is(s.toRoom(), joinXML)
			s.conn.Send(fmt.Sprintf("<presence type='error' from='%s/desk' to='%s'><error type='cancel'><%s xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>", roomJID, meInRoom, condition))
			s.conn.Expect(func(e *stream.Element) bool { return s.body(remedy)(e) && e.Get("to") == "xavi@example.org" })
			s.active() // and all else works
		})
	}
}

// An answer counts only from the address that was asked.
func TestAsked_OnlyWhoWasAskedAnswers(t *testing.T) {
	s := newScript(t, withRoom)
	s.enters()
	s.higher()
	e := s.toRoom()
	open := strings.ReplaceAll(form("1", "1", "0", "moderators"), "membersonly", "other")
	s.conn.Send(fmt.Sprintf("<iq type='result' id='%s' from='eve@example.net' to='%s'>%s</iq>", e.Get("id"), meInRoom, open))
	s.conn.Send(fmt.Sprintf("<iq type='result' id='%s' from='%s' to='%s'>%s</iq>", e.Get("id"), roomJID, meInRoom, form("1", "1", "0", "moderators")))
	s.lists("olga@example.org", "xavi@example.org")
}

// alarmed waits until the super operators are told the text.
func (s *script) alarmed(text string) {
	s.t.Helper()
	s.conn.Expect(func(e *stream.Element) bool {
		if e.Get("type") == "groupchat" {
			s.t.Errorf("said: %s", e.Append(nil))
		}
		return e.Get("to") == "xavi@example.org" && s.body(text)(e)
	})
}

// The desk leaves a room that somebody who is no operator owns or administers, and says
// nothing more there. It finds that out when it comes in, and also when it happens later.
func TestRoom_ASquatterIsFound(t *testing.T) {
	for _, affiliation := range []string{"owner", "admin"} {
		powers := func(s *script) {
			s.t.Helper()
			if affiliation == "owner" {
				s.answers(listXML("admin"), have("admin"))
			}
			s.answers(listXML(affiliation), have(affiliation, "desk@support.localhost", "xavi@example.org", "vera@localhost"))
		}
		t.Run(affiliation, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, withRoom)
			s.enters()
			powers(s)
			s.alarmed("vera@localhost owns or administers it and is no operator")
		})
		t.Run(affiliation+" later", func(t *testing.T) {
			t.Parallel()
			s := newScript(t, withRoom)
			s.settled()
			s.come("xavi@example.org")
			s.conn.Send(fmt.Sprintf("<message from='%s' to='%s'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='%s' role='none' jid='vera@localhost'/></x></message>", roomJID, meInRoom, affiliation))
			s.asksAmid(func() { powers(s) })
			s.alarmed("vera@localhost owns or administers it and is no operator")
		})
	}
}

// asksAmid makes a request come while the desk inspects the room again, which the next
// stanza to the room begins.
func (s *script) asksAmid(then func()) {
	s.t.Helper()
	first := s.toRoom() // unanswered yet
	if _, err := s.bridge.Ask(s.t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Reason: "How?"}}); err != nil {
		s.t.Fatal(err)
	}
	s.conn.Unread(first)
	then()
}

// When somebody who is no operator comes in, the desk compares the members before it says
// the next word.
func TestRoom_AStrangerComesIn(t *testing.T) {
	s := newScript(t, withRoom)
	s.settled()
	s.come("xavi@example.org")
	s.conn.Send(fmt.Sprintf("<presence from='%s/Eve' to='%s'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='member' role='participant' jid='eve@example.net/x'/></x></presence>", roomJID, meInRoom))
	s.asksAmid(s.asHasToBe)
	s.answers(listXML("member"), have("member", "eve@example.net", "olga@example.org", "xavi@example.org"))
	s.answers(changeXML("eve@example.net", "none"), "")
	s.higher()
	s.conn.Expect(func(e *stream.Element) bool { return e.Get("type") == "groupchat" && s.body("#1 Anna")(e) })
}

// A room that was there before the desk could make it is not used.
func TestRoom_ThatSomebodyElseMade(t *testing.T) {
	s := newScript(t, func(o *component.Options) { o.Rooms = "foreign.localhost" })
	join := s.conn.Expect(func(e *stream.Element) bool { return strings.Contains(e.Get("to"), "@foreign.localhost/desk") })
	s.conn.Send(fmt.Sprintf("<presence from='%s' to='%s'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='owner' role='moderator'/><status code='110'/></x></presence>", join.Get("to"), join.Get("from")))
	s.conn.Expect(func(e *stream.Element) bool { return e.Get("to") == join.Get("to") && e.Get("type") == "unavailable" })
	s.alarmed("it belongs to somebody else, who made it before the desk could")
}
