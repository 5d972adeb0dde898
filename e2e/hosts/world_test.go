package hosts_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"porchlight/component/stream"
	"porchlight/demo/xmppd"
	"porchlight/e2e/operator"
	"porchlight/e2e/rig"
	"porchlight/e2e/visitor"
)

const (
	serverPort = 5269
	password   = "demo"
)

// world is two XMPP servers on hosts of their own, porchlight beside the first server, and the host
// of the operator's client.
type world struct {
	t          *testing.T
	hostA      *host
	hostB      *host
	laptop     *host
	a, b       *xmppd.Server
	domain     string // of A, which has Xavi's account
	remote     string // of B, which has Olga's account
	service    string // the component's domain
	desk       string
	porchlight *rig.Program
	site       *visitor.Client
	shown      *lamp
}

// settings are what differs between the tests.
type settings struct {
	kind     string // A's server; default prosody
	unsigned bool   // A's certificate is not for the component's domain
	supers   func(w *world) []string
}

// newWorld starts a world. Xavi and Olga are super operators, unless the settings say otherwise.
func newWorld(t *testing.T, s settings) *world {
	t.Helper()
	w := &world{t: t, hostA: newHost(t, "a"), hostB: newHost(t, "b"), laptop: newHost(t, "l")}
	id := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, w.hostA.name)
	w.domain, w.remote = "a"+id+".test", "b"+id+".test"
	w.service = "support." + w.domain
	w.desk = "desk@" + w.service
	house.names.add(w.hostA.addr, w.domain, w.service)
	house.names.add(w.hostB.addr, w.remote)
	ca := newAuthority(t)
	ours := []string{w.domain, w.service, "conference." + w.domain}
	if s.unsigned {
		ours = []string{w.domain}
	}
	w.a = w.server(w.hostA, ca, xmppd.Config{Kind: s.kind, Host: w.domain, Certificate: ca.sign(t, 2, ours...),
		Accounts: []xmppd.Account{{Name: "xavi", Password: password}}})
	w.b = w.server(w.hostB, ca, xmppd.Config{Host: w.remote, Certificate: ca.sign(t, 3, w.remote),
		Accounts: []xmppd.Account{{Name: "olga", Password: password}}})
	supers := []string{"xavi@" + w.domain, w.olga()}
	if s.supers != nil {
		supers = s.supers(w)
	}
	w.serve(supers)
	return w
}

// olga is the operator on the other server.
func (w *world) olga() string { return "olga@" + w.remote }

func (w *world) server(h *host, ca *authority, cfg xmppd.Config) *xmppd.Server {
	w.t.Helper()
	cfg.Dir, cfg.Secret, cfg.Enter = w.folder(h.name), rig.Secret, h.enter
	cfg.Component = "support." + cfg.Host
	cfg.ClientAddr, cfg.ComponentAddr = h.addr+":5222", "127.0.0.1:5347"
	cfg.Peers = &xmppd.Peers{Addr: fmt.Sprintf("%s:%d", h.addr, serverPort), Authorities: ca.pem}
	server, err := xmppd.Start(w.t.Context(), cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		server.Stop()
		w.keep(h.name+".log", server.Log())
	})
	return server
}

// keep shows the end of a log when the test has failed.
func (w *world) keep(name, path string) {
	if !w.t.Failed() {
		return
	}
	text, err := os.ReadFile(path)
	if err != nil {
		w.t.Log(err)
		return
	}
	w.t.Logf("%s:\n%s", name, text[max(0, len(text)-8000):])
}

// folder makes a folder that the servers' users may enter.
func (w *world) folder(name string) string {
	w.t.Helper()
	dir := filepath.Join(house.dir, name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		w.t.Fatal(err)
	}
	return dir
}

// serve starts porchlight with the default timing.
func (w *world) serve(supers []string) {
	w.t.Helper()
	web := w.hostA.addr + ":8080"
	// The tests look more often than pages do.
	text := fmt.Sprintf("super_operators = %q\n[xmpp]\ndomain = %q\nsecret = %q\nserver = %q\n[store]\npath = %q\n[web]\nlisten = %q\npublic_url = %q\n[limits]\nrequests_per_minute = 0\n",
		supers, w.service, rig.Secret, w.a.ComponentAddr(), filepath.Join(w.folder(w.hostA.name), "porchlight.db"), web, "http://"+web)
	text = strings.Replace(text, `" "`, `", "`, -1)
	p, err := rig.New(house.binary, w.folder(w.hostA.name), rig.Config{Web: web, Text: text, Enter: w.hostA.enter})
	if err != nil {
		w.t.Fatal(err)
	}
	w.porchlight, w.site = p, visitor.New("http://"+web)
	w.t.Cleanup(func() {
		p.Close()
		w.keep("porchlight.log", p.Log())
	})
	if err := p.Start(within(w.t)); err != nil {
		w.t.Fatal(err)
	}
	eventually(w.t, "the link is up", patience, func() bool {
		a, err := w.site.Do(within(w.t), visitor.Request{Method: "GET", Path: "/readyz"})
		return err == nil && a.Status == 200
	})
	w.shown = watchLamp(w)
}

// said reports whether a line of porchlight's log has all of the words.
func (w *world) said(words ...string) bool {
	text, err := os.ReadFile(w.porchlight.Log())
	if err != nil {
		w.t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		all := true
		for _, word := range words {
			all = all && strings.Contains(line, word)
		}
		if all {
			return true
		}
	}
	return false
}

// stanzas numbers what operators send, so that no id is used twice.
var stanzas atomic.Int64

// person is somebody with an XMPP client.
type person struct {
	*operator.Client
	w *world
}

// login logs in from a host.
func (w *world) login(h *host, server *xmppd.Server, domain, user, resource, show string) *person {
	w.t.Helper()
	var c *operator.Client
	eventually(w.t, user+" can log in", patience, func() bool {
		conn, err := h.dial(server.ClientAddr())
		if err != nil {
			return false
		}
		c, err = operator.LoginOver(conn, domain, user, password, resource, show)
		return err == nil
	})
	w.t.Cleanup(func() { c.Close(false) })
	return &person{Client: c, w: w}
}

// olgaComes logs in the remote operator, and puts the desk into her contact list.
func (w *world) olgaComes(resource string) *person {
	w.t.Helper()
	o := w.login(w.laptop, w.b, w.remote, "olga", resource, "")
	o.befriend()
	return o
}

// xaviComes logs in the operator on our own server.
func (w *world) xaviComes() *person {
	w.t.Helper()
	x := w.login(w.hostA, w.a, w.domain, "xavi", "gajim", "")
	x.befriend()
	return x
}

// xaviWatches logs in the super operator on our own server as a watcher: he takes no requests, but
// the desk tells him of alarms.
func (w *world) xaviWatches() *person {
	w.t.Helper()
	x := w.login(w.hostA, w.a, w.domain, "xavi", "watch", "dnd")
	x.befriend()
	return x
}

// befriend accepts the desk's subscription and asks the desk for one, as a client does when its
// user adds a contact.
func (p *person) befriend() {
	p.Send(stream.New("", "presence").With("type", "subscribed", "to", p.w.desk))
	p.Send(stream.New("", "presence").With("type", "subscribe", "to", p.w.desk))
}

// hears waits for a message from a bare JID that contains the text.
func (p *person) hears(from, text string) *stream.Element {
	p.w.t.Helper()
	return p.hearsWithin(patience, from, text)
}

func (p *person) hearsWithin(d time.Duration, from, text string) *stream.Element {
	p.w.t.Helper()
	el, err := p.Expect(fmt.Sprintf("%q from %s", text, from), operator.Body(from, text), d)
	if err != nil {
		p.w.t.Fatal(err)
	}
	return el
}

// says sends a message and waits for its receipt.
func (p *person) says(to, text string) {
	p.w.t.Helper()
	id := fmt.Sprintf("%s-%d", p.JID, stanzas.Add(1))
	if err := p.Chat(to, id, text); err != nil {
		p.w.t.Fatal(err)
	}
	_, err := p.Expect("receipt for "+text, func(el *stream.Element) bool {
		r := el.Child("urn:xmpp:receipts", "received")
		return r != nil && r.Get("id") == id
	}, patience)
	if err != nil {
		p.w.t.Fatal(err)
	}
}

// asks sends a line to the desk and returns the answer, which must contain the text.
func (p *person) asks(line, answer string) string {
	p.w.t.Helper()
	p.says(p.w.desk, line)
	return p.hears(p.w.desk, answer).ChildText("", "body")
}

// confirms sends the receipt for a message (XEP-0184), as clients do.
func (p *person) confirms(el *stream.Element) {
	from, _, _ := strings.Cut(el.Get("from"), "/")
	p.Send(stream.New("", "message", stream.New("urn:xmpp:receipts", "received").With("id", el.Get("id"))).With("type", "chat", "to", from))
}

// vanish ends a client whose network is gone. Its server is not told.
func (p *person) vanish(h *host) {
	p.w.t.Helper()
	h.unplug(p.w.t)
	p.Close(false)
}
