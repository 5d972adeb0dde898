package component_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/bridge/portraits"
	"porchlight/component"
	"porchlight/component/stream"
	"porchlight/component/stream/streamtest"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
)

// script is a component with a scripted server.
type script struct {
	end       context.CancelFunc // has the component end in order
	t         *testing.T
	server    *streamtest.Server
	conn      *streamtest.Conn
	bridge    *bridge.Bridge
	store     *sqlite.DB
	portraits *portraits.Portraits
	comp      *component.Component
	domain    string
	deaf      atomic.Bool  // the server takes our pings and does not route them
	every     atomic.Int64 // with n only every n-th of our pings comes back; 0: all do
	late      atomic.Int64 // by how much the clock goes on, in nanoseconds, before a ping of ours comes back
	clock     clock
	asked     int
	rotten    atomic.Int64 // number of a conversation whose request can't be read
	down      atomic.Bool  // the store can't be read
}

// newScript starts a component; change changes its options.
func newScript(t *testing.T, change ...func(*component.Options)) *script {
	t.Helper()
	s := &script{t: t, server: streamtest.New(t)}
	s.domain = s.server.Config().Domain
	pings := int64(0)
	s.server.Answer(func(c *streamtest.Conn, e *stream.Element) bool {
		if e.Local != "iq" || e.Get("to") != s.domain || e.Get("from") != s.domain {
			return false
		}
		every := s.every.Load()
		pings++
		if !s.deaf.Load() && (every == 0 || pings%every == 0) {
			s.clock.move(time.Duration(s.late.Load()))
			c.Reply(string(e.Append(nil))) // routed back to us
		}
		return true
	})
	quiet := slog.New(slog.NewTextHandler(testWriter{t}, nil))
	store, err := sqlite.Open(t.Context(), sqlitetest.New(t), sqlite.Options{Clock: &s.clock, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	s.store = store
	s.bridge, err = bridge.Open(t.Context(), rottenStore{store, &s.rotten, &s.down}, bridge.Options{Domain: s.domain, SuperOperators: []bridge.OperatorJID{"xavi@example.org", "olga@example.org"},
		Timing: bridge.Timing{Reopen: time.Hour, VisitorGrace: time.Hour}, Clock: &s.clock, Log: quiet,
		Limits: bridge.Limits{Message: 8192, Name: 80, Email: 254, Reason: 4096, URL: 2048, Waiting: 100, File: 1 << 20, Files: 10}, PublicURL: "https://chat.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	cfg := s.server.Config()
	s.portraits = portraits.New(store, s.bridge)
	opts := component.Options{Portraits: s.portraits, Addr: cfg.Addr, Domain: cfg.Domain, Secret: cfg.Secret, Version: "1.2.3", Strangers: 5, Log: quiet}
	for _, f := range change {
		f(&opts)
	}
	if opts.Rooms == "conference.localhost" { // the service on which the desk has made its room already
		if err := s.bridge.Kept.Set(t.Context(), "room made "+roomJID, "yes"); err != nil {
			t.Fatal(err)
		}
	}
	c := component.New(s.bridge, desk.New(s.bridge), opts)
	s.comp = c
	ctx, cancel := context.WithCancel(context.Background())
	s.end = cancel
	done := make(chan error, 2)
	go func() { done <- c.Run(ctx) }()
	go func() { done <- s.bridge.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		<-done
		<-done
		store.Close()
	})
	s.conn = s.server.Accept()
	return s
}

// body matches a message whose body contains the text.
func (s *script) body(text string) func(*stream.Element) bool {
	return func(e *stream.Element) bool {
		return e.Local == "message" && strings.Contains(e.ChildText("", "body"), text)
	}
}

func (s *script) come(who string) {
	s.t.Helper()
	s.conn.Send(fmt.Sprintf("<presence from='%s/phone' to='desk@%s'/>", who, s.domain))
	for end := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		if st, _ := s.bridge.Team.Status(""); st.Online {
			return
		} else if time.Now().After(end) {
			s.t.Fatal("the presence was not taken in")
		}
	}
}

// offline waits until nobody can be reached.
func (s *script) offline() {
	s.t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		if st, _ := s.bridge.Team.Status(""); !st.Online {
			return
		} else if time.Now().After(end) {
			s.t.Fatal("somebody still counts as available")
		}
	}
}

func (s *script) chat(id, from, to, body string) {
	s.conn.Send(fmt.Sprintf("<message type='chat' id='%s' from='%s/phone' to='%s'><body>%s</body><request xmlns='urn:xmpp:receipts'/></message>", id, from, to, body))
}

// active opens a conversation and lets Xavi take it.
func (s *script) active() bridge.Opened {
	s.t.Helper()
	s.come("xavi@example.org")
	c, err := s.bridge.Ask(s.t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Reason: "How?"}})
	if err != nil {
		s.t.Fatal(err)
	}
	s.conn.Expect(s.body("#1 Anna"))
	s.chat("t1", "xavi@example.org", "desk@"+s.domain, "1")
	s.conn.Expect(s.body("Anna: How?"))
	return c
}

// confirmed waits until the visitor's message is proved to be routed.
func (s *script) confirmed(number, seq int64) {
	s.t.Helper()
	for end := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		snap, err := s.bridge.Snapshot(s.t.Context(), number)
		if err != nil {
			s.t.Fatal(err)
		}
		if snap.Receipts[bridge.Confirmed] >= seq {
			return
		}
		if time.Now().After(end) {
			s.t.Fatalf("message %d was not confirmed: %v", seq, snap.Receipts)
		}
	}
}

func TestScript_WhatIsUnconfirmedIsSentAgain(t *testing.T) {
	s := newScript(t)
	c := s.active()
	first, _, err := s.bridge.VisitorWrites(t.Context(), c.Number, "m1", "first")
	if err != nil {
		t.Fatal(err)
	}
	s.conn.Expect(s.body("first"))
	s.confirmed(c.Number, first.Seq)
	s.deaf.Store(true)
	var lost []string
	for _, text := range []string{"second", "third"} {
		if _, _, err := s.bridge.VisitorWrites(t.Context(), c.Number, text, text); err != nil {
			t.Fatal(err)
		}
		lost = append(lost, s.conn.Expect(s.body(text)).Get("id"))
	}
	s.conn.Cut()
	s.deaf.Store(false)
	s.conn = s.server.Accept()
	for i, text := range []string{"second", "third"} {
		m := s.conn.Expect(func(e *stream.Element) bool {
			if s.body("first")(e) {
				t.Error("a confirmed message was sent again")
			}
			return e.Local == "message" && e.Child("", "body") != nil && e.Get("from") == string(c.Visitor)
		})
		if m.ChildText("", "body") != text || m.Get("id") != lost[i] || m.Child("urn:xmpp:sid:0", "origin-id").Get("id") != lost[i] {
			t.Errorf("sent again: %s, want %q with id %s", m.Append(nil), text, lost[i])
		}
	}
	var last int64
	for _, e := range s.log(c.Number) {
		if e.From == bridge.FromVisitor && e.Type.Content() {
			last = e.Seq
		}
	}
	s.confirmed(c.Number, last)
}

func TestScript_ReceiptAfterCommitAndOnce(t *testing.T) {
	s := newScript(t)
	c := s.active()
	for range 3 {
		s.chat("same", "xavi@example.org", string(c.Visitor), "Hello")
		m := s.conn.Expect(func(e *stream.Element) bool {
			return e.Child("urn:xmpp:receipts", "received") != nil && e.Get("from") != "desk@"+s.domain
		})
		if m.Child("urn:xmpp:receipts", "received").Get("id") != "same" || m.Get("to") != "xavi@example.org" || m.Get("from") != string(c.Visitor) {
			t.Errorf("receipt: %s", m.Append(nil))
		}
	}
	n := 0
	events, _ := s.bridge.Events(t.Context(), c.Number, 0, 100)
	for _, e := range events {
		if e.Text == "Hello" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("stored %d times", n)
	}
}

func TestScript_ErrorsAndResultsAreNeverAnswered(t *testing.T) {
	s := newScript(t)
	c := s.active()
	for _, x := range []string{
		"<message type='error' id='e1' from='xavi@example.org/phone' to='%s'><body>x</body><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
		"<message type='error' id='e2' from='eve@example.net/x' to='%s'><error type='cancel'/></message>",
		"<iq type='result' id='e3' from='xavi@example.org/phone' to='%s'/>",
		"<iq type='error' id='e4' from='eve@example.net/x' to='%s'/>",
		"<message type='chat' id='e5' from='xavi@example.org/phone' to='%s'><received xmlns='urn:xmpp:receipts' id='x'/><request xmlns='urn:xmpp:receipts'/></message>",
	} {
		s.conn.Send(fmt.Sprintf(x, c.Visitor))
	}
	s.conn.Send(fmt.Sprintf("<iq type='get' id='last' from='xavi@example.org/phone' to='%s'><ping xmlns='urn:xmpp:ping'/></iq>", c.Visitor))
	s.conn.Expect(func(e *stream.Element) bool {
		if strings.HasPrefix(e.Get("id"), "e") && len(e.Get("id")) == 2 {
			t.Errorf("answered: %s", e.Append(nil))
		}
		return e.Get("id") == "last"
	})
}

func TestScript_EveryRequestIsAnswered(t *testing.T) {
	s := newScript(t)
	c := s.active()
	for i, q := range []struct{ to, payload, want string }{
		{s.domain, "<query xmlns='http://jabber.org/protocol/disco#info'/>", "livechat"},
		{"desk@" + s.domain, "<query xmlns='http://jabber.org/protocol/disco#info'/>", "bot"},
		{string(c.Visitor), "<query xmlns='http://jabber.org/protocol/disco#info'/>", "registered"},
		{string(c.Visitor), "<query xmlns='http://jabber.org/protocol/disco#info' node='urn:porchlight#x'/>", `node="urn:porchlight#x"`},
		{string(c.Visitor), "<query xmlns='http://jabber.org/protocol/disco#info' node='other'/>", "item-not-found"},
		{s.domain, "<query xmlns='http://jabber.org/protocol/disco#items'/>", `jid="desk@` + s.domain},
		{string(c.Visitor), "<query xmlns='http://jabber.org/protocol/disco#items'/>", "result"},
		{s.domain, "<ping xmlns='urn:xmpp:ping'/>", "result"},
		{string(c.Visitor), "<query xmlns='jabber:iq:version'/>", "1.2.3"},
		{string(c.Visitor), "<query xmlns='jabber:iq:last'/>", `seconds="0"`},
		{string(c.Visitor), "<time xmlns='urn:xmpp:time'/>", "<utc>20"},
		{string(c.Visitor), "<vCard xmlns='vcard-temp'/>", "<FN>Anna</FN>"},
		{string(c.Visitor), "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='http://jabber.org/protocol/nick'/></pubsub>", ">Anna</nick>"},
		{string(c.Visitor), "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:avatar:metadata'/></pubsub>", "image/png"},
		{string(c.Visitor), "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:avatar:data'/></pubsub>", "iVBOR"},
		{string(c.Visitor), "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='eu.siacs.conversations.axolotl.devicelist'/></pubsub>", `items node="eu.siacs.conversations.axolotl.devicelist"/`},
		{string(c.Visitor), "<query xmlns='urn:nobody:knows'/>", "service-unavailable"},
		{"nobody-1234@" + s.domain, "<query xmlns='http://jabber.org/protocol/disco#info'/>", "service-unavailable"},
		{string(c.Visitor), "", "bad-request"},
	} {
		id := fmt.Sprint("q", i)
		s.conn.Send(fmt.Sprintf("<iq type='get' id='%s' from='xavi@example.org/phone' to='%s'>%s</iq>", id, q.to, q.payload))
		e := s.conn.Expect(func(e *stream.Element) bool { return e.Get("id") == id })
		if got := string(e.Append(nil)); !strings.Contains(got, q.want) || e.Get("from") != q.to || e.Get("to") != "xavi@example.org/phone" {
			t.Errorf("%s to %s: %s lacks %s", q.payload, q.to, got, q.want)
		}
	}
	s.conn.Send(fmt.Sprintf("<iq type='get' id='s1' from='eve@example.net/x' to='%s'><ping xmlns='urn:xmpp:ping'/></iq>", s.domain))
	e := s.conn.Expect(func(e *stream.Element) bool { return e.Get("id") == "s1" })
	if e.Child("", "error").Child("urn:ietf:params:xml:ns:xmpp-stanzas", "service-unavailable") == nil {
		t.Errorf("a stranger got %s", e.Append(nil))
	}
}

func TestScript_ReactionTakes(t *testing.T) {
	s := newScript(t)
	s.come("xavi@example.org")
	if _, err := s.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Reason: "How?"}}); err != nil {
		t.Fatal(err)
	}
	offer := s.conn.Expect(s.body("#1 Anna"))
	s.conn.Send(fmt.Sprintf("<message type='chat' id='r' from='xavi@example.org/phone' to='desk@%s'><reactions xmlns='urn:xmpp:reactions:0' id='%s'><reaction>👍🏽</reaction></reactions></message>", s.domain, offer.Get("id")))
	s.conn.Expect(s.body("#1 is yours"))
}

func TestScript_NothingLeaksToTheVisitor(t *testing.T) {
	s := newScript(t)
	c := s.active()
	v := string(c.Visitor)
	for i, line := range []string{"!note secret", " !Info", "!stauts", "!"} {
		s.chat(fmt.Sprint("l", i), "xavi@example.org", v, line)
	}
	s.conn.Send(fmt.Sprintf("<message type='chat' id='omemo' from='xavi@example.org/phone' to='%s'><body>I sent you an OMEMO message</body><encrypted xmlns='eu.siacs.conversations.axolotl'/></message>", v))
	s.conn.Send(fmt.Sprintf("<message type='groupchat' id='muc' from='xavi@example.org/phone' to='%s'><body>room</body></message>", v))
	s.conn.Send(fmt.Sprintf("<message type='chat' id='fwd' from='xavi@example.org/phone' to='%s'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client'><body>carbon</body></message></forwarded></sent></message>", v))
	s.chat("bang", "xavi@example.org", v, "!!important")
	s.conn.Expect(func(e *stream.Element) bool { return e.Child("urn:xmpp:receipts", "received").Get("id") == "bang" })
	events, _ := s.bridge.Events(t.Context(), c.Number, 0, 100)
	var said []string
	for _, e := range events {
		if e.Type == bridge.EventMessage && e.From == bridge.FromOperator {
			said = append(said, e.Text)
		}
	}
	if strings.Join(said, "|") != "!important" {
		t.Errorf("the visitor was told %q", said)
	}
}
