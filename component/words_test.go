package component_test

import (
	"fmt"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/component/stream"
)

// Whatever an operator's client sends for people is delivered or sent back, and never
// dropped in silence.
func TestScript_NothingIsDropped(t *testing.T) {
	s := newScript(t)
	c := s.active()
	to := string(c.Visitor)
	send := func(id, kind, payload string) {
		s.conn.Send(fmt.Sprintf("<message type='%s' id='%s' from='xavi@example.org/phone' to='%s'>%s<request xmlns='urn:xmpp:receipts'/></message>", kind, id, to, payload))
	}
	send("first", "chat", "<body>original</body>")
	s.received("first")
	const html = "<html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'><p>lost</p></body></html>"
	for i, m := range []struct{ kind, payload, want string }{
		{"normal", "<subject>Only this</subject>", "Only this"},
		{"normal", "<subject>About</subject><body>this</body>", "About\nthis"},
		{"headline", "<body>News</body>", "News"},
		{"strange", "<body>Odd</body>", "Odd"},
		{"chat", "<body xml:lang='de'></body><body xml:lang='en'>English</body>", "English"},
		{"chat", "<body>marked</body><displayed xmlns='urn:xmpp:chat-markers:0' id='x'/>", "marked"},
		{"chat", "<body>beside</body>" + html, "beside"},
		{"chat", "<body>reacting</body><reactions xmlns='urn:xmpp:reactions:0' id='first'><reaction>x</reaction></reactions>", "reacting"},
		{"chat", "<body>offering \t  \t\t\t\t \t \t \t    \t\t  \t </body>", "offering"},
		{"chat", "<x xmlns='jabber:x:oob'><url>http://example.org/a</url></x>", "http://example.org/a"},
		{"chat", "<body>What does ?OTR mean</body>", "What does ?OTR mean"},
	} {
		id := fmt.Sprint("m", i)
		send(id, m.kind, m.payload)
		s.received(id)
		if e := s.stored(c.Number, bridge.EventMessage); e.Text != m.want {
			t.Errorf("%s: the visitor reads %q", m.payload, e.Text)
		}
	}
	last := s.stored(c.Number, bridge.EventMessage)
	for i, m := range []struct{ kind, payload, why string }{
		{"chat", html, "plain text"}, {"headline", html, "plain text"},
		{"chat", "<body></body>" + fmt.Sprintf(replace, "first"), "An empty correction"}, {"chat", fmt.Sprintf(replace, "first"), "An empty correction"},
		{"chat", "<body>&#x200B;</body>", "An empty message"}, {"chat", "<body>&#x3164; </body>", "An empty message"}, {"normal", "<subject>&#x2060;</subject>", "An empty message"},
		{"chat", "<body>  </body>", "An empty message"},
		{"chat", "<body>&gt; How?</body><reply xmlns='urn:xmpp:reply:0' id='x'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='6'/></fallback>", "An empty message"},
		{"chat", "<attention xmlns='urn:xmpp:attention:0'/>", "plain text"},
		{"chat", "<geoloc xmlns='http://jabber.org/protocol/geoloc'><lat>1</lat></geoloc>", "plain text"},
		{"chat", "<sticker xmlns='urn:xmpp:stickers:0' pack='a'/>", "plain text"}, {"chat", "<poll xmlns='urn:example:poll'/>", "plain text"},
		{"chat", "<file-sharing xmlns='urn:xmpp:sfs:0'><sources><jinglepub xmlns='urn:xmpp:jinglepub:1'/></sources></file-sharing>", "https link"},
		{"chat", "<body>photo.jpg</body><file-sharing xmlns='urn:xmpp:sfs:0'><sources><jinglepub xmlns='urn:xmpp:jinglepub:1'/></sources></file-sharing>", "https link"},
		{"chat", "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client'><body>x</body></message></forwarded>", "plain text"},
		{"chat", "<propose xmlns='urn:xmpp:jingle-message:0' id='a'/>", "can't be called"},
		{"chat", "<x xmlns='jabber:x:conference' jid='team@rooms.example.org'/><body>You are invited to team@rooms.example.org</body>", "invitation"},
		{"normal", "<x xmlns='http://jabber.org/protocol/muc#user'><invite to='x@y'/></x><body>Come to team@rooms.example.org</body>", "invitation"},
		{"groupchat", "<subject>topic</subject>", "no room"},
		{"chat", "<body>?OTR:AAICAAAA.</body>", "OTR"}, {"chat", "<body>?OTRv23?\nasks for a private conversation</body>", "OTR"}, {"chat", "<body>?OTR,1,3,abc,</body>", "OTR"},
		{"chat", "<body>?OTR|1|2,1,3,abc,</body>", "OTR"}, {"chat", "<body>?OTR Error: x</body>", "OTR"},
		{"chat", "<body>-----BEGIN PGP MESSAGE-----\n\nhQ\n</body>", "encrypted"}, {"chat", "<x xmlns='jabber:x:oob'><url>aesgcm://example.org/a#0</url></x>", "encrypted"},
		{"chat", "<encrypted xmlns='urn:example:new'/><body>I sent you something</body>", "encrypted"}, {"chat", "<e2e xmlns='urn:ietf:params:xml:ns:xmpp-e2e'/>", "encrypted"},
	} {
		id := fmt.Sprint("r", i)
		send(id, m.kind, m.payload)
		e := s.conn.Expect(func(e *stream.Element) bool { return e.Get("id") == id && e.Get("type") == "error" })
		if text := e.Child("", "error").ChildText("urn:ietf:params:xml:ns:xmpp-stanzas", "text"); !strings.Contains(text, m.why) {
			t.Errorf("%s: %q", m.payload, text)
		}
	}
	for i, payload := range []string{"<composing xmlns='http://jabber.org/protocol/chatstates'/>", "<body/><active xmlns='http://jabber.org/protocol/chatstates'/>", "<thread>x</thread>",
		"<received xmlns='urn:xmpp:receipts' id='x'/><store xmlns='urn:xmpp:hints'/>", "<finish xmlns='urn:xmpp:jingle-message:0' id='a'/>",
		"<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='x'/></event>"} {
		send(fmt.Sprint("s", i), "chat", payload)
	}
	send("end", "chat", "<body>end</body>")
	s.conn.Expect(func(e *stream.Element) bool {
		if e.Get("type") == "error" {
			t.Errorf("a signal was sent back: %s", e.Append(nil))
		}
		return e.Child("urn:xmpp:receipts", "received").Get("id") == "end"
	})
	for _, e := range s.log(c.Number) {
		if e.Seq > last.Seq && e.Text != "end" {
			t.Errorf("the visitor reads %+v", e)
		}
	}
	s.amend("nothing", "desk@"+s.domain, "", "<attention xmlns='urn:xmpp:attention:0'/>")
	s.refused("nothing", "not-acceptable")
	s.conn.Send(fmt.Sprintf("<message type='chat' id='thumb' from='xavi@example.org/phone' to='desk@%s'><reactions xmlns='urn:xmpp:reactions:0' id='nothing'><reaction>👍</reaction></reactions></message>", s.domain))
	s.refused("thumb", "item-not-found")
}

// No operator's client finds OTR in what a visitor writes.
func TestScript_VisitorsBeginNoOTR(t *testing.T) {
	s := newScript(t)
	s.come("xavi@example.org")
	const tag = " \t  \t\t\t\t \t \t \t  "
	c, err := s.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "?OTRv2?", Reason: "?OTRv2? a" + tag + "  \t\t  \t b"}})
	if err != nil {
		t.Fatal(err)
	}
	never := func(e *stream.Element) bool {
		if body := e.ChildText("", "body"); strings.Contains(body, "?OTR") || strings.Contains(body, tag) {
			t.Errorf("sent: %q", body)
		}
		return true
	}
	s.conn.Expect(func(e *stream.Element) bool { return never(e) && s.body("#1 ")(e) })
	s.chat("t1", "xavi@example.org", "desk@"+s.domain, "1")
	if _, _, err := s.bridge.VisitorWrites(t.Context(), c.Number, "v1", "see ?OTR:AAIC. and the end"); err != nil {
		t.Fatal(err)
	}
	s.conn.Expect(func(e *stream.Element) bool { return never(e) && s.body("and the end")(e) })
}

// A visitor with an operator's name is marked as a visitor in contact lists, too.
func TestScript_NamesOfVisitors(t *testing.T) {
	s := newScript(t)
	s.come("xavi@example.org")
	c, err := s.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "[Olga]", Reason: "How?"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, payload := range []string{"<vCard xmlns='vcard-temp'/>", "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='http://jabber.org/protocol/nick'/></pubsub>"} {
		if got := string(s.request("get", string(c.Visitor), payload).Append(nil)); !strings.Contains(got, ">Olga] (visitor)</") {
			t.Errorf("%s", got)
		}
	}
	s.chat("t1", "xavi@example.org", "desk@"+s.domain, "1")
	nick := s.conn.Expect(func(e *stream.Element) bool {
		return e.Local == "message" && e.Get("from") == string(c.Visitor) && e.Child("http://jabber.org/protocol/nick", "nick") != nil
	}).ChildText("http://jabber.org/protocol/nick", "nick")
	if nick != "Olga] (visitor)" {
		t.Errorf("called %q", nick)
	}
}
