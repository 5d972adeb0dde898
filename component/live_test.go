package component_test

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/component"
	"porchlight/component/stream"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
	"porchlight/demo/xmppd"
	"porchlight/e2e/operator"
)

const (
	patience = time.Minute
	deskJID  = "desk@support.localhost"
	xavi     = "xavi@localhost"
	olga     = "olga@localhost"
)

// world is the operators' side on a real server.
type world struct {
	t      *testing.T
	server *xmppd.Server
	bridge *bridge.Bridge
	clock  *clock
	stop   func()
}

// newWorld starts a world, with further operators beside Xavi and Olga.
func newWorld(t *testing.T, more ...bridge.OperatorJID) *world {
	t.Helper()
	contacts := func(other, name string) []xmppd.Contact {
		return []xmppd.Contact{{JID: deskJID, Name: "Support desk", Subscription: "both"}, {JID: other, Name: name, Subscription: "both"}}
	}
	log := slog.New(slog.NewTextHandler(testWriter{t}, &slog.HandlerOptions{Level: slog.LevelInfo}))
	server, err := xmppd.Start(context.Background(), xmppd.Config{
		Kind: "prosody", Dir: t.TempDir(), ClientAddr: "127.0.0.1:0", ComponentAddr: "127.0.0.1:0", Host: "localhost",
		Component: "support.localhost", Secret: "s3cret", Log: log,
		Accounts: []xmppd.Account{
			{Name: "xavi", Password: "demo", Contacts: contacts(olga, "Olga")},
			{Name: "olga", Password: "demo", Contacts: contacts(xavi, "Xavi")},
			{Name: "vera", Password: "demo"},
		}})
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("SKIPPED, no Prosody: ", err)
	}
	t.Cleanup(server.Stop)
	clock := new(clock)
	w := &world{t: t, server: server, clock: clock}
	store, err := sqlite.Open(t.Context(), sqlitetest.New(t), sqlite.Options{Clock: clock, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	w.bridge, err = bridge.Open(t.Context(), store, bridge.Options{
		Domain: "support.localhost", SuperOperators: []bridge.OperatorJID{xavi}, Clock: clock, Log: log,
		Timing: bridge.Timing{VisitorGrace: time.Minute, OperatorGrace: time.Minute, WaitingLimit: time.Minute, Reopen: time.Hour},
		Limits: bridge.Limits{Message: 8192, Name: 80, Email: 254, Reason: 4096, URL: 2048, Waiting: 100},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.bridge.Team.Add(t.Context(), bridge.Operator{JID: olga, Name: "Olga", Enabled: true, Departments: []string{"support"}}); err != nil {
		t.Fatal(err)
	}
	for _, o := range more {
		if err := w.bridge.Team.Add(t.Context(), bridge.Operator{JID: o, Enabled: true}); err != nil {
			t.Fatal(err)
		}
	}
	c := component.New(w.bridge, desk.New(w.bridge), component.Options{
		Addr: server.ComponentAddr(), Domain: "support.localhost", Secret: "s3cret", Version: "test", Strangers: 10, Log: log})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	w.stop = func() {
		cancel()
		<-done
	}
	t.Cleanup(func() { cancel() })
	return w
}

type testWriter struct{ t *testing.T }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Logf("%s", strings.TrimSpace(string(p)))
	return len(p), nil
}

func (w *world) login(user, show string) *operator.Client {
	w.t.Helper()
	c, err := operator.Login(w.server.ClientAddr(), "localhost", user, "demo", "test", show)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { c.Close(true) })
	return c
}

func (w *world) expect(c *operator.Client, what string, m operator.Match) *stream.Element {
	w.t.Helper()
	el, err := c.Expect(what, m, patience)
	if err != nil {
		w.t.Fatal(err)
	}
	return el
}

// bell is a bridge.Side that rings when the status may have changed.
type bell chan struct{}

func (bell) Changed(bridge.Change) {}

func (b bell) StatusChanged() {
	select {
	case b <- struct{}{}:
	default:
	}
}

// online waits until n operators are available.
func (w *world) online(n int) {
	w.t.Helper()
	ch := make(bell, 1)
	defer w.bridge.Join(ch)()
	limit := time.After(patience)
	for {
		if s, err := w.bridge.Team.Status(""); err == nil && s.Operators == n {
			return
		}
		select {
		case <-ch:
		case <-limit:
			w.t.Fatalf("%d operators are not online", n)
		}
	}
}

func (w *world) ask(name, reason string) bridge.Opened {
	w.t.Helper()
	o, err := w.bridge.Ask(w.t.Context(), bridge.Inquiry{Request: bridge.Request{Name: name, Reason: reason, Page: bridge.Page{URL: "https://shop.example/pricing", Title: "Pricing"}}})
	if err != nil {
		w.t.Fatal(err)
	}
	return o
}

func TestLive_OfferTakeChatClose(t *testing.T) {
	w := newWorld(t)
	x, o := w.login("xavi", ""), w.login("olga", "")
	w.online(2)
	c := w.ask("Anna", "How can I edit my students' information?")
	offer := w.expect(x, "the offer", operator.Body(deskJID, "#1 Anna, Support: How can I edit my students' information?"))
	w.expect(o, "the offer", operator.Body(deskJID, "#1 Anna"))
	if offer.Get("to") != xavi || offer.Get("type") != "chat" {
		t.Errorf("the offer goes to %s as %s", offer.Get("to"), offer.Get("type"))
	}
	x.Chat(deskJID, "take-1", "1")
	w.expect(x, "the answer", operator.Body(deskJID, "#1 is yours"))
	w.expect(x, "the transcript", operator.Body(string(c.Visitor), "Anna: How can I edit"))
	w.expect(o, "the outcome", operator.Body(deskJID, "#1 taken by Xavi"))
	o.Chat(deskJID, "take-2", "12")
	w.expect(o, "no such number", operator.Body(deskJID, "There is no #12"))
	o.Chat(deskJID, "take-3", "1")
	w.expect(o, "too late", operator.Body(deskJID, "#1 was taken by Xavi"))

	x.Chat(string(c.Visitor), "m1", "Hello Anna!")
	w.expect(x, "the receipt", func(el *stream.Element) bool {
		return el.Child("urn:xmpp:receipts", "received").Get("id") == "m1"
	})
	log, err := w.bridge.Events(t.Context(), c.Number, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	if e := log[len(log)-1]; e.From != bridge.FromOperator || e.Text != "Hello Anna!" || e.Name != "Xavi" {
		t.Errorf("stored: %+v", e)
	}
	if _, _, err := w.bridge.VisitorWrites(t.Context(), c.Number, "c1", "Hi Xavi"); err != nil {
		t.Fatal(err)
	}
	m := w.expect(x, "the visitor's words", operator.Body(string(c.Visitor), "Hi Xavi"))
	if m.Get("from") != string(c.Visitor) || m.Child("urn:xmpp:receipts", "request") == nil || m.Child("urn:xmpp:chat-markers:0", "markable") == nil {
		t.Errorf("content is not as clients want it: %s", m.Append(nil))
	}
	o.Chat(string(c.Visitor), "m2", "I am late")
	w.expect(o, "the error", func(el *stream.Element) bool { return el.Get("type") == "error" && el.Get("id") == "m2" })
	x.Chat(string(c.Visitor), "m3", "!close")
	w.expect(x, "closed", operator.Body(string(c.Visitor), "#1 is closed"))
	if s, _ := w.bridge.Snapshot(t.Context(), c.Number); s.State != bridge.Closed || s.Reason != bridge.ReasonOperator {
		t.Errorf("state %s %s", s.State, s.Reason)
	}
	w.stop()
	w.expect(x, "the desk's farewell", func(el *stream.Element) bool {
		return el.Local == "presence" && el.Get("from") == deskJID+"/desk" && el.Get("type") == "unavailable"
	})
}

func TestLive_StrangersGetNothing(t *testing.T) {
	w := newWorld(t)
	x, v := w.login("xavi", ""), w.login("vera", "")
	w.online(1)
	v.Chat(deskJID, "s1", "help")
	w.expect(v, "the refusal", func(el *stream.Element) bool {
		return el.Get("id") == "s1" && el.Child("", "error").Child("urn:ietf:params:xml:ns:xmpp-stanzas", "service-unavailable") != nil
	})
	v.SendXML("<iq type='get' id='s2' to='support.localhost'><query xmlns='http://jabber.org/protocol/disco#items' node='http://jabber.org/protocol/commands'/></iq>")
	w.expect(v, "the refusal", func(el *stream.Element) bool { return el.Get("id") == "s2" && el.Get("type") == "error" })
	x.SendXML("<iq type='get' id='s3' to='support.localhost'><query xmlns='urn:nobody:knows'/></iq>")
	w.expect(x, "an answer", func(el *stream.Element) bool { return el.Get("id") == "s3" && el.Get("type") == "error" })
}

func TestLive_AnInvitedColleagueTakesPart(t *testing.T) {
	w := newWorld(t)
	x, o := w.login("xavi", ""), w.login("olga", "")
	w.online(2)
	c := w.ask("Anna", "Two of you, please")
	v := string(c.Visitor)
	x.Chat(v, "m1", "Hello Anna!")
	w.expect(x, "the transcript", operator.Body(v, "Anna: Two of you"))
	x.Chat(v, "m2", "!invite olga")
	w.expect(x, "the answer", operator.Body(v, "Olga takes part in #1 now"))
	w.expect(o, "the notice", operator.Body(deskJID, "Xavi invited you to #1"))
	so := w.expect(o, "the transcript so far", operator.Body(v, "Anna: Two of you")).ChildText("", "body")
	if !strings.Contains(so, "Xavi: Hello Anna!") {
		t.Errorf("Olga read %q", so)
	}
	o.Chat(v, "m3", "Here I am")
	w.expect(o, "the receipt", func(el *stream.Element) bool { return el.Child("urn:xmpp:receipts", "received").Get("id") == "m3" })
	w.expect(x, "Olga's words", operator.Body(v, "[Olga] Here I am"))
	x.Chat(v, "m4", "Good")
	w.expect(o, "Xavi's words", operator.Body(v, "[Xavi] Good"))
	if _, _, err := w.bridge.VisitorWrites(t.Context(), c.Number, "c1", "Thanks both"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []*operator.Client{x, o} {
		w.expect(c, "the visitor's words", operator.Body(v, "Thanks both"))
	}
	o.Chat(v, "m5", "!leave")
	w.expect(o, "the answer", operator.Body(v, "You take no part in #1 any more"))
	w.expect(x, "that Olga left", operator.Body(v, "Olga left"))
	o.Chat(v, "m6", "one more thing")
	w.expect(o, "the error", func(el *stream.Element) bool { return el.Get("type") == "error" && el.Get("id") == "m6" })
}
