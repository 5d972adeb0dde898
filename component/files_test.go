package component_test

import (
	"fmt"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/component"
	"porchlight/component/stream"
)

// A visitor's file goes to operators as a link, both in the body and as out-of-band data
// (XEP-0066 §3).
func TestScript_VisitorsFileIsALink(t *testing.T) {
	s := newScript(t)
	c := s.active()
	png := "\x89PNG\r\n\x1a\n" + strings.Repeat("x", 100)
	e, _, err := s.bridge.VisitorSends(t.Context(), c.Number, "f1", "chart.png", strings.NewReader(png))
	if err != nil {
		t.Fatal(err)
	}
	m := s.conn.Expect(s.body("https://chat.example.org/v1/conversations/" + string(c.ID) + "/files/" + e.Data.(bridge.SentFile).ID))
	if got := m.Child("jabber:x:oob", "x").ChildText("jabber:x:oob", "url"); got != m.ChildText("", "body") || m.Get("from") != string(c.Visitor) {
		t.Errorf("%s", m.Append(nil))
	}
	s.confirmed(c.Number, e.Seq)
}

const (
	sfs  = "<file-sharing xmlns='urn:xmpp:sfs:0'><file xmlns='urn:xmpp:file:metadata:0'><media-type>application/pdf</media-type><name>terms.pdf</name><size>12345</size></file><sources><url-data xmlns='http://jabber.org/protocol/url-data' target='https://up.example.org/a/terms.pdf'/></sources></file-sharing>"
	sims = "<reference xmlns='urn:xmpp:reference:0' type='data'><media-sharing xmlns='urn:xmpp:sims:1'><file xmlns='urn:xmpp:jingle:apps:file-transfer:5'><media-type>application/pdf</media-type><size>12345</size></file><sources><reference xmlns='urn:xmpp:reference:0' type='data' uri='https://up.example.org/a/terms.pdf'/></sources></media-sharing></reference>"
	oob  = "<x xmlns='jabber:x:oob'><url>%s</url></x>"
)

// A file that an operator uploaded becomes a file. Words with a link in them stay words, and
// so does a link that is not https. Nothing is fetched.
func TestScript_OperatorsFiles(t *testing.T) {
	const (
		link  = "https://up.example.org/a/terms.pdf"
		word  = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
		title = "The terms and conditions of the shop as they are from the first of January on.docx"
	)
	s := newScript(t)
	c := s.active()
	for i, m := range []struct {
		body, payload string
		file          bridge.File
	}{
		{link, fmt.Sprintf(oob, link), bridge.File{}},
		{link, sfs, bridge.File{Name: "terms.pdf", Type: "application/pdf", Size: 12345}},
		{link, sims, bridge.File{Type: "application/pdf", Size: 12345}},
		{link, "", bridge.File{}},
		{"https://up.example.org/a/x", fmt.Sprintf(oob, "https://up.example.org/a/x"), bridge.File{}},
		{link, strings.NewReplacer("application/pdf", word, "terms.pdf</name>", title+"</name>").Replace(sfs), bridge.File{Name: title, Type: word, Size: 12345}},
	} {
		id := fmt.Sprint("f", i)
		s.amend(id, string(c.Visitor), m.body, m.payload)
		s.received(id)
		if e := s.stored(c.Number, bridge.EventFile); e.StanzaID() != id || e.Data != (bridge.SentFile{URL: m.body, Name: m.file.Name, Media: m.file.Type, Bytes: m.file.Size}) || e.From != bridge.FromOperator {
			t.Errorf("%s %s: %+v", m.body, m.payload, e)
		}
	}
	s.conn.Send(fmt.Sprintf("<message type='chat' id='bare' from='xavi@example.org/phone' to='%s'>%s<request xmlns='urn:xmpp:receipts'/></message>", c.Visitor, sfs))
	s.received("bare")
	if e := s.stored(c.Number, bridge.EventFile); e.StanzaID() != "bare" || e.Data.(bridge.SentFile).URL != link {
		t.Errorf("without a body: %+v", e)
	}
	s.amend("apart", string(c.Visitor), "See this", fmt.Sprintf(oob, link))
	s.received("apart")
	if e := s.stored(c.Number, bridge.EventMessage); e.Text != "See this\n"+link {
		t.Errorf("words and a link: %+v", e)
	}
	s.amend("better", string(c.Visitor), "https://up.example.org/b/terms.pdf", fmt.Sprintf(replace, "bare"))
	s.received("better")
	if e := s.stored(c.Number, bridge.EventCorrection); e.Text != "https://up.example.org/b/terms.pdf" {
		t.Errorf("a corrected link: %+v", e)
	}
	for i, m := range []struct{ body, payload string }{
		{"see " + link, fmt.Sprintf(oob, link)}, {"http://up.example.org/a.png", fmt.Sprintf(oob, "http://up.example.org/a.png")},
		{"https://example.org/edit", ""}, {"https://user@up.example.org/a.png", ""}, {"javascript:alert(1)//a.png", fmt.Sprintf(oob, "javascript:alert(1)//a.png")},
	} {
		id := fmt.Sprint("w", i)
		s.amend(id, string(c.Visitor), m.body, m.payload)
		s.received(id)
		if e := s.stored(c.Number, bridge.EventMessage); e.StanzaID() != id || e.Text != m.body {
			t.Errorf("%s: %+v", m.body, e)
		}
	}
}

// An encrypted message comes back with how to switch encryption off in the program that
// sent it, and is not stored.
func TestScript_EncryptedIsRefusedByClient(t *testing.T) {
	s := newScript(t)
	c := s.active()
	const omemo = "<encrypted xmlns='eu.siacs.conversations.axolotl'/>"
	for i, client := range []struct{ resource, node, lang, want string }{
		{"phone", "https://conversations.im", "", "In Conversations"},
		{"Dino.1a2b", "", "", "In Dino"},
		{"x", "https://gajim.org", "", "In Gajim"},
		{"laptop", "", "", "Switch encryption (OMEMO) off"},
	} {
		caps := ""
		if client.node != "" {
			caps = fmt.Sprintf("<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='%s' ver='x'/>", client.node)
		}
		s.conn.Send(fmt.Sprintf("<presence from='xavi@example.org/%s' to='desk@%s'>%s</presence>", client.resource, s.domain, caps))
		s.conn.Expect(func(e *stream.Element) bool {
			return e.Local == "presence" && e.Get("from") == string(c.Visitor)+"/web"
		})
		id := fmt.Sprint("e", i)
		s.conn.Send(fmt.Sprintf("<message type='chat' id='%s' from='xavi@example.org/%s' to='%s'><body>I sent you an OMEMO encrypted message</body>%s</message>", id, client.resource, c.Visitor, omemo))
		if text := s.refused(id, "not-acceptable").Child("", "error").ChildText("urn:ietf:params:xml:ns:xmpp-stanzas", "text"); !strings.Contains(text, client.want) {
			t.Errorf("%s %s: %s", client.resource, client.node, text)
		}
	}
	s.amend("a1", string(c.Visitor), "aesgcm://up.example.org/x.jpg#00", "")
	s.refused("a1", "not-acceptable")
	if e := s.stored(c.Number, bridge.EventMessage); e.From == bridge.FromOperator {
		t.Errorf("stored %+v", e)
	}
}

// The desk greets an operator once, in the language of their client, and goes on in that
// language. A language that the operator chooses at the desk wins.
func TestScript_GreetsOnceInTheirLanguage(t *testing.T) {
	s := newScript(t)
	s.conn.Send(fmt.Sprintf("<presence from='xavi@example.org/phone' to='desk@%s' xml:lang='de-AT'/>", s.domain))
	s.conn.Expect(s.body("Hallo Xavi"))
	s.conn.Send(fmt.Sprintf("<presence from='xavi@example.org/laptop' to='desk@%s' xml:lang='de'/>", s.domain))
	s.chat("q1", "xavi@example.org", "desk@"+s.domain, "xyzzy")
	answer := s.conn.Expect(func(e *stream.Element) bool { return e.Local == "message" && e.ChildText("", "body") != "" })
	if text := answer.ChildText("", "body"); strings.Contains(text, "Hallo") || strings.Contains(text, "There is no command") {
		t.Errorf("after the greeting: %s", text)
	}
	s.chat("q2", "xavi@example.org", "desk@"+s.domain, "status language fr")
	s.conn.Expect(s.body("Français"))
	s.chat("q3", "xavi@example.org", "desk@"+s.domain, "status language en")
	s.conn.Expect(s.body("You are Xavi"))
}

// A refusal by the link's reader is in the operator's language, too.
func TestScript_RefusesInTheirLanguage(t *testing.T) {
	s := newScript(t, func(o *component.Options) { o.Commands = 1 })
	s.conn.Send(fmt.Sprintf("<presence from='xavi@example.org/phone' to='desk@%s' xml:lang='de-AT'/>", s.domain))
	s.conn.Expect(s.body("Hallo Xavi"))
	s.chat("q1", "xavi@example.org", "desk@"+s.domain, "queue")
	s.chat("q2", "xavi@example.org", "desk@"+s.domain, "queue")
	text := s.refused("q2", "resource-constraint").Child("", "error").ChildText("urn:ietf:params:xml:ns:xmpp-stanzas", "text")
	if text != "Zu viele Befehle in einer Minute. Bitte sende es in einer Minute noch einmal." {
		t.Errorf("refused by %q", text)
	}
}

// An operator with little traffic is not told of typing nor of where the visitor goes, and
// gets several notices together.
func TestScript_Satellite(t *testing.T) {
	s := newScript(t)
	c := s.active()
	s.chat("q1", "xavi@example.org", "desk@"+s.domain, "status satellite on")
	s.conn.Expect(s.body("Satellite: on"))
	conv, err := s.bridge.Conversation(t.Context(), c.Number)
	if err != nil {
		t.Fatal(err)
	}
	s.bridge.VisitorTypes(conv, true)
	for _, url := range []string{"https://shop.example/a", "https://shop.example/b"} {
		if err := s.bridge.VisitorLooks(t.Context(), c.Number, bridge.PageState{URL: url}); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := s.bridge.VisitorWrites(t.Context(), c.Number, "v1", "Hello"); err != nil {
		t.Fatal(err)
	}
	s.conn.Expect(func(e *stream.Element) bool {
		if e.Child("http://jabber.org/protocol/chatstates", "composing") != nil || e.Local == "presence" && e.Get("to") == "xavi@example.org" && e.Get("from") == string(c.Visitor)+"/web" {
			t.Errorf("told of %s", e.Append(nil))
		}
		return s.body("Hello")(e)
	})
}

const (
	summit     = "<file-sharing xmlns='urn:xmpp:sfs:0'><file xmlns='urn:xmpp:file:metadata:0'><media-type>image/jpeg</media-type><name>../a/summit.jpg</name><size>3032449</size></file><sources><url-data xmlns='http://jabber.org/protocol/url-data' target='https://up.example.org/a/plan.pdf'/></sources></file-sharing>"
	summitSIMS = "<reference xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:olga@example.org' begin='0' end='4'/>" +
		"<reference xmlns='urn:xmpp:reference:0' begin='17' end='20' type='data'><media-sharing xmlns='urn:xmpp:sims:1'><file xmlns='urn:xmpp:jingle:apps:file-transfer:5'><media-type>image/jpeg</media-type><name>summit.jpg</name><size>3032449</size></file><sources>" +
		"<reference xmlns='urn:xmpp:reference:0' type='data' uri='xmpp:romeo@montague.lit/resource?jingle;id=1'/><reference xmlns='urn:xmpp:reference:0' type='data' uri='https://up.example.org/a/plan.pdf'/></sources></media-sharing></reference>"
	isForSFS = "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:sfs:0'><body%s/></fallback>"
)

// Of one message with words and a file, both reach the visitor, and both are retracted
// together. The text that stands in for the file does not (XEP-0385 §4, XEP-0447 §3).
func TestScript_WordsWithAFile(t *testing.T) {
	const link = "https://up.example.org/a/plan.pdf"
	s := newScript(t)
	c := s.active()
	for i, m := range []struct{ body, payload, words string }{
		{"Look at the nice view from the summit", summitSIMS, "Look at the nice view from the summit"},
		{"Here is the plan", summit, "Here is the plan"},
		{"Here is the plan\n" + link, summit, "Here is the plan"},
		{"summit.jpg (2.9 MB): " + link, summit + fmt.Sprintf(isForSFS, ""), ""},
		{"See: " + link, summit + fmt.Sprintf(isForSFS, " start='5' end='38'"), "See:"},
		{link, summit + fmt.Sprintf(oob, link), ""},
	} {
		before := s.log(c.Number)
		id := fmt.Sprint("f", i)
		s.amend(id, string(c.Visitor), m.body, m.payload)
		s.received(id)
		events := s.log(c.Number)[len(before):]
		if m.words != "" {
			if e := events[0]; e.Type != bridge.EventMessage || e.Text != m.words || e.StanzaID() != id || len(events) != 2 {
				t.Errorf("%s: %+v", m.body, events)
			}
			events = events[1:]
		}
		if e := events[0]; e.Data != (bridge.SentFile{URL: link, Name: "summit.jpg", Media: "image/jpeg", Bytes: 3032449}) || len(events) != 1 {
			t.Errorf("%s: %+v", m.body, events)
		}
	}
	const second = "https://up.example.org/a/second.pdf"
	both := summit + strings.ReplaceAll(summit, link, second) + fmt.Sprintf(isForSFS, "")
	s.amend("two", string(c.Visitor), "two files", both)
	s.received("two")
	if e := s.stored(c.Number, bridge.EventMessage); e.StanzaID() != "two" || e.Text != link+"\n"+second {
		t.Errorf("two files in one stanza: %+v", e)
	}
	s.amend("f1", string(c.Visitor), "Here is the plan", summit) // again
	s.received("f1")
	before := s.log(c.Number)
	s.amend("r", string(c.Visitor), "", fmt.Sprintf(retract, "f1"))
	s.received("r")
	gone := s.log(c.Number)[len(before):]
	if len(gone) != 2 || gone[0].Type != bridge.EventRetraction || gone[1].Type != bridge.EventRetraction || gone[1].Amends() != gone[0].Amends()+1 {
		t.Errorf("taken back: %+v", gone)
	}
	n := 0
	for _, e := range before {
		if e.Text == "Here is the plan" && e.StanzaID() == "f1" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("stored %d times", n)
	}
}

// log returns a conversation's whole log.
func (s *script) log(number int64) []bridge.Event {
	s.t.Helper()
	list, err := s.bridge.Events(s.t.Context(), number, 0, 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	return list
}
