package console

import (
	"bufio"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"mellium.im/xmpp/component"
	"mellium.im/xmpp/jid"

	"porchlight/demo/xmppd"
)

const patience = time.Minute

// server starts a real Prosody with the accounts.
func server(t *testing.T, accounts ...string) *xmppd.Server {
	t.Helper()
	return serverOf(t, "prosody", accounts...)
}

func serverOf(t *testing.T, kind string, accounts ...string) *xmppd.Server {
	t.Helper()
	program := map[string]string{"prosody": "prosody", "ejabberd": "erl"}[kind]
	if _, err := exec.LookPath(program); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("SKIPPED, A REAL PART IS MISSING: ", err)
	}
	cfg := xmppd.Config{Kind: kind, Dir: t.TempDir(), Secret: "s3cret"}
	for _, name := range accounts {
		cfg.Accounts = append(cfg.Accounts, xmppd.Account{Name: name, Password: "demo",
			Contacts: []xmppd.Contact{{JID: "desk@support.localhost", Name: "Desk"}}})
	}
	for i := range cfg.Accounts { // they see each other
		for j, other := range cfg.Accounts {
			if i != j {
				cfg.Accounts[i].Contacts = append(cfg.Accounts[i].Contacts, xmppd.Contact{JID: other.Name + "@localhost"})
			}
		}
	}
	s, err := xmppd.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	return s
}

// human is somebody at a console.
type human struct {
	t    *testing.T
	in   *io.PipeWriter
	seen chan string // lines on the screen
	done chan error  // what Run returned
	stop context.CancelFunc
}

// sit seats a human at a console and waits for the login.
func sit(t *testing.T, s *xmppd.Server, name, desk string) *human {
	t.Helper()
	h := &human{t: t, seen: make(chan string, 1000), done: make(chan error, 1)}
	ctx, stop := context.WithCancel(t.Context())
	h.stop = stop
	in, typed := io.Pipe()
	screen, out := io.Pipe()
	h.in = typed
	gone := make(chan struct{})
	go func() {
		h.done <- Run(ctx, Config{Addr: s.ClientAddr(), JID: name + "@localhost", Password: "demo", Desk: desk, In: in, Out: out})
		out.Close()
	}()
	go func() {
		defer close(gone)
		for lines := bufio.NewScanner(screen); lines.Scan(); {
			h.seen <- lines.Text()
		}
	}()
	t.Cleanup(func() {
		stop()
		typed.Close()
		<-gone
	})
	h.sees("-- logged in as " + name + "@localhost/console; /help tells what can be typed")
	return h
}

func (h *human) types(lines ...string) {
	h.t.Helper()
	for _, l := range lines {
		if _, err := io.WriteString(h.in, l+"\n"); err != nil {
			h.t.Fatal(err)
		}
	}
}

// sees checks the next lines on the screen.
func (h *human) sees(want ...string) {
	h.t.Helper()
	for _, w := range want {
		select {
		case got := <-h.seen:
			if got != w {
				h.t.Fatalf("screen shows %q, want %q", got, w)
			}
		case <-time.After(patience):
			h.t.Fatalf("screen never shows %q", w)
		}
	}
}

// ends waits until Run returns.
func (h *human) ends() error {
	h.t.Helper()
	select {
	case err := <-h.done:
		return err
	case <-time.After(patience):
		h.t.Fatal("console never ends")
		return nil
	}
}

// support is the test's own component: the desk and the visitors.
type support struct {
	t    *testing.T
	conn net.Conn
	d    *xml.Decoder
}

// received holds what the component reads of a stanza.
type received struct {
	XMLName  xml.Name
	From     string `xml:"from,attr"`
	To       string `xml:"to,attr"`
	ID       string `xml:"id,attr"`
	Type     string `xml:"type,attr"`
	Body     string `xml:"body"`
	Request  *empty `xml:"urn:xmpp:receipts request"`
	Active   *empty `xml:"http://jabber.org/protocol/chatstates active"`
	Received *ref   `xml:"urn:xmpp:receipts received"`
	Seen     *ref   `xml:"urn:xmpp:chat-markers:0 displayed"`
	Store    *empty `xml:"urn:xmpp:hints store"`
	Refused  *empty `xml:"error>service-unavailable"`
}

func openSupport(t *testing.T, s *xmppd.Server) *support {
	t.Helper()
	conn, err := net.Dial("tcp", s.ComponentAddr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(2 * patience))
	session, err := component.NewSession(context.Background(), jid.MustParse("support.localhost"), []byte("s3cret"), conn)
	if err != nil {
		t.Fatal(err)
	}
	return &support{t, conn, xml.NewTokenDecoder(session.TokenReader())}
}

func (c *support) sends(stanzas ...string) {
	c.t.Helper()
	if _, err := io.WriteString(c.conn, strings.Join(stanzas, "")); err != nil {
		c.t.Fatal(err)
	}
}

// meets waits for the presence of an operator.
func (c *support) meets(operator string) {
	c.t.Helper()
	for {
		var st received
		if err := c.d.Decode(&st); err != nil {
			c.t.Fatal(err)
		}
		if st.XMLName.Local == "presence" && st.Type == "" && st.From == operator {
			return
		}
	}
}

// gets returns the next message or IQ.
func (c *support) gets() received {
	c.t.Helper()
	for {
		var st received
		if err := c.d.Decode(&st); err != nil {
			c.t.Fatal(err)
		}
		if st.XMLName.Local != "presence" {
			return st
		}
	}
}

// Two operators talk to each other through a real server.
func TestRun_TwoConsoles(t *testing.T) {
	for _, kind := range []string{"prosody", "ejabberd"} {
		t.Run(kind, func(t *testing.T) { twoConsoles(t, serverOf(t, kind, "xavi", "desk")) })
	}
}

func twoConsoles(t *testing.T, s *xmppd.Server) {
	xavi := sit(t, s, "xavi", "desk@localhost")
	desk := sit(t, s, "desk", "xavi@localhost")
	desk.sees("xavi: (available)")
	xavi.types("is anybody there?")
	desk.sees("xavi: is anybody there?")
	desk.types("yes & <always>", "//me too", "", "@@all", "/nonsense")
	xavi.sees("desk: (available)", "desk: yes & <always>", "desk: /me too", "desk: @all")
	desk.sees("-- not sent: there is no /nonsense; /help tells what there is")
	desk.types("/quit")
	if err := desk.ends(); err != nil {
		t.Errorf("/quit ends with %v", err)
	}
	xavi.sees("desk: (unavailable)")
	xavi.in.Close()
	if err := xavi.ends(); err != nil {
		t.Errorf("the end of input ends with %v", err)
	}
}

// A day at the desk: offer, take, the visitor's texts, and back.
func TestRun_Desk(t *testing.T) {
	s := server(t, "xavi")
	c := openSupport(t, s)
	xavi := sit(t, s, "xavi", "desk@support.localhost")
	c.meets("xavi@localhost/console")
	c.sends(`<presence from='desk@support.localhost' to='xavi@localhost'><status>1 on duty, 1 waits</status></presence>`,
		`<presence from='desk@support.localhost' to='xavi@localhost'><status>1 on duty, 1 waits</status></presence>`,
		`<message from='desk@support.localhost' to='xavi@localhost' type='chat' id='o1'><body>#12 Anna, Sales: How?`+"\n"+`send 12 to take</body></message>`)
	xavi.sees("desk: (available) 1 on duty, 1 waits", "desk: #12 Anna, Sales: How?", "      send 12 to take")

	xavi.types("12")
	take := c.gets()
	uuid := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	if take.To != "desk@support.localhost" || take.From != "xavi@localhost/console" || take.Type != "chat" || take.Body != "12" ||
		take.Request == nil || take.Active == nil || !uuid.MatchString(take.ID) {
		t.Errorf("the desk gets %+v", take)
	}
	c.sends(`<message from='anna-7k2f@support.localhost' to='xavi@localhost' type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>`,
		`<message from='anna-7k2f@support.localhost' to='xavi@localhost' type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>`,
		`<message from='anna-7k2f@support.localhost' to='xavi@localhost' type='chat' id='m1'><body>helo</body><request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/></message>`,
		`<message from='anna-7k2f@support.localhost' to='xavi@localhost' type='chat' id='m2'><body>hello</body><replace xmlns='urn:xmpp:message-correct:0' id='m1'/></message>`,
		`<presence from='anna-7k2f@support.localhost/web' to='xavi@localhost'><show>away</show><status>/pricing</status></presence>`,
		`<presence from='anna-7k2f@support.localhost/web' to='xavi@localhost' type='unavailable'/>`,
		`<message from='desk@support.localhost' to='xavi@localhost' type='chat' id='o2'><body>#13 taken</body><retract xmlns='urn:xmpp:message-retract:1' id='o1'/></message>`)
	xavi.sees("anna-7k2f is typing…", "-- now talking to anna-7k2f", "anna-7k2f: helo", "anna-7k2f: (corrected) hello",
		"anna-7k2f: (away) /pricing", "anna-7k2f: (unavailable)", "desk: (retracted) #13 taken")
	if r := c.gets(); r.Received == nil || r.Received.ID != "m1" || r.To != "anna-7k2f@support.localhost" || r.Type != "chat" || r.Store == nil || r.Request != nil {
		t.Errorf("receipt is %+v", r)
	}
	if r := c.gets(); r.Seen == nil || r.Seen.ID != "m1" || r.To != "anna-7k2f@support.localhost" {
		t.Errorf("marker is %+v", r)
	}
	xavi.types("hi Anna", "/desk queue", "@an thanks")
	xavi.sees("-- now talking to desk", "-- now talking to anna-7k2f")
	for _, want := range []string{"anna-7k2f hi Anna", "desk queue", "anna-7k2f thanks"} {
		m := c.gets()
		if got := strings.TrimSuffix(m.To, "@support.localhost") + " " + m.Body; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// The console says what could not be delivered. It answers requests, and never an error, a
// receipt or a broadcast.
func TestRun_Answers(t *testing.T) {
	s := server(t, "xavi")
	c := openSupport(t, s)
	xavi := sit(t, s, "xavi", "desk@support.localhost")
	c.meets("xavi@localhost/console")
	asks := `<request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>`
	c.sends(
		`<message from='a@support.localhost' to='xavi@localhost/console' type='error' id='1'><body>x</body>`+asks+`<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>`,
		`<message from='a@support.localhost' to='xavi@localhost/console' type='error' id='2'>`+asks+`<error type='wait'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>try later</text></error></message>`,
		`<message from='a@support.localhost' to='xavi@localhost' type='chat' id='3'><body>got it</body><received xmlns='urn:xmpp:receipts' id='x'/>`+asks+`</message>`,
		`<message from='a@support.localhost' to='xavi@localhost' type='headline' id='4'><body>news</body>`+asks+`</message>`,
		`<iq from='a@support.localhost' to='xavi@localhost/console' type='get' id='5'><query xmlns='jabber:iq:version'/></iq>`,
		`<iq from='a@support.localhost' to='xavi@localhost/console' type='get' id='6'><ping xmlns='urn:xmpp:ping'/></iq>`,
		`<iq from='a@support.localhost' to='xavi@localhost/console' type='get' id='7'><time xmlns='urn:xmpp:time'/></iq>`,
	)
	if r := c.gets(); r.ID != "5" || r.Type != "error" || r.Refused == nil {
		t.Errorf("first answer is %+v", r)
	}
	if r := c.gets(); r.ID != "6" || r.Type != "result" {
		t.Errorf("second answer is %+v", r)
	}
	if r := c.gets(); r.ID != "7" || r.Type != "result" {
		t.Errorf("third answer is %+v", r)
	}
	xavi.sees("not delivered: a: gone", "not delivered: a: try later", "a: got it")
	xavi.types("@nobody@localhost hello?")
	xavi.sees("-- now talking to nobody", "not delivered: nobody: service-unavailable")
}

// Nothing that a visitor sends can control the terminal, imitate another line, or end the
// stream.
func TestRun_HostileText(t *testing.T) {
	s := server(t, "xavi")
	c := openSupport(t, s)
	xavi := sit(t, s, "xavi", "desk@support.localhost")
	c.meets("xavi@localhost/console")
	c.sends("<message from='eve@support.localhost/\u2764\ufe0f' to='xavi@localhost' type='chat'><body>a\u009b31m\u202eb\tc\r\ndesk: take 12\u2028"+`d</body></message>`,
		"<presence from='eve@support.localhost/\u115f' to='xavi@localhost'><status>e\u0085\u2066</status></presence>",
		`<iq from='eve@support.localhost/`+"\u115f"+`' to='xavi@localhost/console' type='get' id='5'><ping xmlns='urn:xmpp:ping'/></iq>`)
	xavi.sees("eve: a\ufffd31m\ufffdb c", "     desk: take 12", "     d", "eve: (available) e\ufffd\ufffd")
	if r := c.gets(); r.ID != "5" || r.Type != "result" {
		t.Errorf("answer is %+v", r)
	}
}

// The desk may see the operator's presence when it asks, others may not.
func TestRun_Subscription(t *testing.T) {
	s := server(t, "xavi")
	c := openSupport(t, s)
	_ = sit(t, s, "xavi", "lobby@support.localhost") // not in the roster yet
	c.meets("xavi@localhost/console")
	c.sends(`<presence from='eve@support.localhost' to='xavi@localhost' type='subscribe'/>`,
		`<presence from='lobby@support.localhost' to='xavi@localhost' type='subscribe'/>`)
	for {
		var p received
		if err := c.d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		if p.Type == "subscribed" {
			if p.To != "lobby@support.localhost" {
				t.Errorf("%s may see the presence", p.To)
			}
			return
		}
	}
}

// The console says that the stream has ended, and Run returns an error, whatever the reason.
func TestRun_StreamEnds(t *testing.T) {
	s := server(t, "xavi", "olga")
	first := sit(t, s, "xavi", "desk@support.localhost")
	second := sit(t, s, "xavi", "desk@support.localhost") // takes the resource over
	first.sees("-- the server ended the connection: conflict")
	if err := first.ends(); err == nil || !strings.Contains(err.Error(), "chat as xavi@localhost: conflict") {
		t.Errorf("after a conflict: %v", err)
	}
	s.Kill()
	if err := second.ends(); err == nil {
		t.Error("the death of the server is no error")
	}
}

func TestRun_Context(t *testing.T) {
	s := server(t, "xavi")
	xavi := sit(t, s, "xavi", "desk@support.localhost")
	xavi.stop()
	if err := xavi.ends(); err != nil {
		t.Errorf("the end of the context ends with %v", err)
	}
}

func TestRun_LoginFails(t *testing.T) {
	s := server(t, "xavi")
	cfg := Config{Addr: s.ClientAddr(), JID: "xavi@localhost", Password: "wrong", Desk: "desk@support.localhost", In: strings.NewReader(""), Out: io.Discard}
	if err := Run(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "log in as xavi@localhost: ") {
		t.Errorf("with a wrong password: %v", err)
	}
	broken := cfg
	broken.JID = "@"
	if err := Run(t.Context(), broken); err == nil {
		t.Error("a broken address is no error")
	}
	s.Stop()
	if err := Run(t.Context(), cfg); err == nil {
		t.Error("a server that is not there is no error")
	}
}

// The end of the context ends a login that hangs.
func TestRun_LoginHangs(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- Run(ctx, Config{Addr: silent.Addr().String(), JID: "xavi@localhost", Desk: "desk@support.localhost", In: strings.NewReader(""), Out: io.Discard})
	}()
	conn, err := silent.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Read(make([]byte, 1)); err != nil { // the login has begun
		t.Fatal(err)
	}
	cancel()
	begin := time.Now()
	if err := <-done; !errors.Is(err, context.Canceled) || time.Since(begin) > loginLimit/2 {
		t.Errorf("after %v: %v", time.Since(begin), err)
	}
}
