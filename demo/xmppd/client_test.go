package xmppd

import (
	"context"
	"encoding/xml"
	"net"
	"os"
	"testing"
	"time"

	"mellium.im/sasl"
	"mellium.im/xmpp"
	"mellium.im/xmpp/component"
	"mellium.im/xmpp/jid"
)

var kinds = []string{"prosody", "ejabberd"}

// need skips the test where the server is not installed, and fails it in CI.
func need(t *testing.T, kind string) {
	t.Helper()
	var err error
	switch kind {
	case "prosody":
		_, err = find("prosody", "prosody")
	case "ejabberd":
		if _, err = find("erl", "ejabberd"); err == nil {
			_, err = ejabberdLibs()
		}
	}
	switch {
	case err == nil:
	case os.Getenv("CI") == "true":
		t.Fatal(err)
	default:
		t.Skip("SKIPPED, A REAL PART IS MISSING: ", err)
	}
}

// testAccounts returns two friends, and somebody with names that need quoting.
func testAccounts() []Account {
	return []Account{
		{Name: "xavi", Password: "demo", Contacts: []Contact{{JID: "olga@localhost", Name: "Olga"}}},
		{Name: "olga", Password: "demo", Contacts: []Contact{{JID: "xavi@localhost", Name: "Xavi"}}},
		{Name: "zoe.o-neil", Password: `p"a\s]`, Contacts: []Contact{
			{JID: "desk@support.localhost", Name: "Zoë's \"desk\"\n", Subscription: "to"}}},
	}
}

// start starts a server of the kind that ends with the test.
func start(t *testing.T, kind string) *Server {
	t.Helper()
	need(t, kind)
	s, err := Start(t.Context(), Config{Kind: kind, Dir: t.TempDir(), Secret: "s3cret", Accounts: testAccounts()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	return s
}

func restart(t *testing.T, s *Server) {
	t.Helper()
	if err := s.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// client is a stream to a server, of an account or of the component.
type client struct {
	t    *testing.T
	conn net.Conn
	d    *xml.Decoder
}

// stanza holds what the tests read of a stanza.
type stanza struct {
	XMLName xml.Name
	Type    string `xml:"type,attr"`
	From    string `xml:"from,attr"`
	ID      string `xml:"id,attr"`
	Body    string `xml:"body"`
	Items   []struct {
		JID          string   `xml:"jid,attr"`
		Name         string   `xml:"name,attr"`
		Subscription string   `xml:"subscription,attr"`
		Groups       []string `xml:"group"`
	} `xml:"jabber:iq:roster query>item"`
}

func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	return conn
}

func tryLogin(t *testing.T, s *Server, name, password string, m sasl.Mechanism) (*client, error) {
	t.Helper()
	conn := dial(t, s.ClientAddr())
	me := jid.MustParse(name + "@localhost/test")
	session, err := xmpp.NewSession(context.Background(), me.Domain(), me, conn, xmpp.Secure,
		xmpp.NewNegotiator(func(*xmpp.Session, *xmpp.StreamConfig) xmpp.StreamConfig {
			return xmpp.StreamConfig{Features: []xmpp.StreamFeature{xmpp.SASL("", password, m), xmpp.BindResource()}}
		}))
	if err != nil {
		return nil, err
	}
	return &client{t, conn, xml.NewTokenDecoder(session.TokenReader())}, nil
}

func login(t *testing.T, s *Server, name, password string) *client {
	t.Helper()
	c, err := tryLogin(t, s, name, password, sasl.ScramSha1)
	if err != nil {
		t.Fatalf("%s logs in: %v", name, err)
	}
	return c
}

func connectComponent(t *testing.T, s *Server) *client {
	t.Helper()
	conn := dial(t, s.ComponentAddr())
	session, err := component.NewSession(context.Background(), jid.MustParse("support.localhost"), []byte("s3cret"), conn)
	if err != nil {
		t.Fatalf("component connects: %v", err)
	}
	return &client{t, conn, xml.NewTokenDecoder(session.TokenReader())}
}

func (c *client) send(text string) {
	c.t.Helper()
	if _, err := c.conn.Write([]byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

// next returns the next stanza with that element name and that type.
func (c *client) next(name, typ string) stanza {
	c.t.Helper()
	for {
		var s stanza
		if err := c.d.Decode(&s); err != nil {
			c.t.Fatalf("wait for %s %s: %v", typ, name, err)
		}
		if s.XMLName.Local == name && s.Type == typ {
			return s
		}
	}
}

// roster asks for the roster.
func (c *client) roster() stanza {
	c.t.Helper()
	c.send(`<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>`)
	return c.next("iq", "result")
}
