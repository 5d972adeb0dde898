// Package operator is an operator's XMPP client for tests and benchmarks. It logs in over c2s
// without TLS, sends what a test gives it, and lets the test wait for stanzas.
package operator

import (
	"bufio"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"porchlight/component/stream"
)

// Client is a logged-in client. Its methods may be called by any goroutine.
type Client struct {
	JID  string // full
	Bare string

	conn net.Conn
	in   *bufio.Reader // buffered here, so that the decoder reads no further than it needs
	dec  *xml.Decoder
	out  sync.Mutex

	mu    sync.Mutex
	news  sync.Cond
	got   []*stream.Element // what Expect has not taken yet
	all   []*stream.Element
	err   error // the error that ended the reading
	tap   func(*stream.Element)
	flow  func([]byte)
	deaf  bool          // whether pings are left unanswered
	pours chan struct{} // closed when Flow hands out the bytes
}

// Login logs in as user@host with initial presence. show is the presence's
// <show/>, "" for available and "none" for no presence at all.
func Login(addr, host, user, password, resource, show string) (*Client, error) {
	conn, err := net.DialTimeout("tcp", addr, 5*time.Second)
	if err != nil {
		return nil, fmt.Errorf("dial c2s: %w", err)
	}
	return LoginOver(conn, host, user, password, resource, show)
}

// LoginOver logs in over a given connection, as Login does. On errors it closes the connection.
func LoginOver(conn net.Conn, host, user, password, resource, show string) (*Client, error) {
	c := &Client{conn: conn, in: bufio.NewReaderSize(conn, 64<<10), Bare: user + "@" + host}
	c.news.L = &c.mu
	conn.SetDeadline(time.Now().Add(time.Minute))
	if err := c.login(host, user, password, resource); err != nil {
		conn.Close()
		return nil, fmt.Errorf("log in as %s: %w", c.Bare, err)
	}
	conn.SetDeadline(time.Time{})
	go c.read() // ends with the connection
	if show != "none" {
		c.Presence(show)
	}
	return c, nil
}

func (c *Client) login(host, user, password, resource string) error {
	if err := c.open(host); err != nil {
		return err
	}
	auth := base64.StdEncoding.EncodeToString([]byte("\x00" + user + "\x00" + password))
	c.raw(stream.Text("urn:ietf:params:xml:ns:xmpp-sasl", "auth", auth).With("mechanism", "PLAIN"))
	if el, err := c.next(); err != nil || el.Local != "success" {
		return fmt.Errorf("not authorised: %v, %w", el, err)
	}
	if err := c.open(host); err != nil {
		return err
	}
	const nsBind = "urn:ietf:params:xml:ns:xmpp-bind"
	c.raw(stream.New("", "iq", stream.New(nsBind, "bind", stream.Text("", "resource", resource))).With("type", "set", "id", "bind"))
	el, err := c.next()
	if err != nil {
		return err
	}
	if c.JID = el.Child(nsBind, "bind").ChildText(nsBind, "jid"); c.JID == "" {
		return errors.New("no resource was bound")
	}
	return nil
}

// open opens the stream and skips its features.
func (c *Client) open(host string) error {
	c.dec = xml.NewDecoder(c.in)
	c.conn.Write([]byte("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0' to='" + host + "'>"))
	for {
		t, err := c.dec.Token()
		if err != nil {
			return err
		}
		if s, ok := t.(xml.StartElement); ok && s.Name.Local == "stream" {
			break
		}
	}
	_, err := c.next()
	return err
}

// next reads one whole element.
func (c *Client) next() (*stream.Element, error) {
	root := new(stream.Element)
	stack := []*stream.Element{root}
	for {
		t, err := c.dec.Token()
		if err != nil {
			return nil, err
		}
		top := stack[len(stack)-1]
		switch t := t.(type) {
		case xml.StartElement:
			el := element(t)
			top.Children = append(top.Children, el)
			stack = append(stack, el)
		case xml.CharData:
			top.Text += string(t)
		case xml.EndElement:
			if stack = stack[:len(stack)-1]; len(stack) == 0 {
				return nil, io.EOF // </stream:stream>
			}
			if len(stack) == 1 {
				return root.Children[0], nil
			}
		}
	}
}

func element(t xml.StartElement) *stream.Element {
	el := stream.New(t.Name.Space, t.Name.Local)
	if el.Space == stream.NSClient {
		el.Space = ""
	}
	for _, a := range t.Attr {
		if a.Name.Local != "xmlns" && a.Name.Space != "xmlns" {
			el.Attr = append(el.Attr, stream.Attr{Space: a.Name.Space, Local: a.Name.Local, Value: a.Value})
		}
	}
	return el
}

func (c *Client) read() {
	for {
		el, err := c.next()
		c.mu.Lock()
		if err != nil {
			c.err = err
			c.news.Broadcast()
			c.mu.Unlock()
			return
		}
		if el.Local == "iq" && el.Get("type") == "get" && el.Child("urn:xmpp:ping", "ping") != nil && !c.deaf {
			c.mu.Unlock()
			c.raw(stream.New("", "iq").With("type", "result", "to", el.Get("from"), "id", el.Get("id")))
			continue
		}
		tap := c.tap
		if tap == nil {
			c.got = append(c.got, el)
			c.all = append(c.all, el)
			c.news.Broadcast()
		}
		flow := c.flow
		c.mu.Unlock()
		if tap != nil {
			tap(el)
		}
		if flow != nil {
			close(c.pours)
			c.pour(flow)
			return
		}
	}
}

// pour hands the bytes that come to flow, unread.
func (c *Client) pour(flow func([]byte)) {
	for {
		if _, err := c.in.Peek(1); err != nil {
			return
		}
		b, _ := c.in.Peek(c.in.Buffered())
		flow(b)
		c.in.Discard(len(b))
	}
}

// Flow hands the bytes of everything that comes from now on to f, unread. It is for benchmarks in
// which the client should cost next to nothing. After Flow, Expect finds nothing more. Flow is
// called once.
func (c *Client) Flow(f func([]byte)) error {
	c.mu.Lock()
	c.flow, c.pours = f, make(chan struct{})
	c.mu.Unlock()
	// The reader notices the flow after the next element only, so Flow asks for an element, and waits:
	// otherwise f would miss what comes meanwhile.
	if err := c.raw(stream.New("", "iq", stream.New("urn:xmpp:ping", "ping")).With("type", "get", "id", "flow")); err != nil {
		return err
	}
	select {
	case <-c.pours:
		return nil
	case <-time.After(time.Minute):
		return fmt.Errorf("%s: the answer to a ping did not come", c.Bare)
	}
}

// Deaf makes the client answer no more pings (XEP-0199), like a client whose connection is dead.
func (c *Client) Deaf() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deaf = true
}

// Tap hands every stanza that comes to f, in the reading goroutine, instead of keeping it for
// Expect. It is for benchmarks.
func (c *Client) Tap(f func(*stream.Element)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tap = f
}

func (c *Client) raw(el *stream.Element) error {
	c.out.Lock()
	defer c.out.Unlock()
	_, err := c.conn.Write(el.Append(nil))
	return err
}

// Send sends a stanza.
func (c *Client) Send(el *stream.Element) error { return c.raw(el) }

// SendXML sends a text as it is, whether or not it is XML.
func (c *Client) SendXML(s string) error {
	c.out.Lock()
	defer c.out.Unlock()
	_, err := c.conn.Write([]byte(s))
	return err
}

// Presence sends presence with the given <show/>; "unavailable" goes offline.
func (c *Client) Presence(show string) error {
	p := stream.New("", "presence")
	switch show {
	case "":
	case "unavailable":
		p = p.With("type", "unavailable")
	default:
		p.Children = append(p.Children, stream.Text("", "show", show))
	}
	return c.raw(p)
}

// Chat sends a message that asks for a receipt.
func (c *Client) Chat(to, id, body string) error {
	return c.raw(stream.New("", "message", stream.Text("", "body", body), stream.New("urn:xmpp:receipts", "request")).
		With("type", "chat", "to", to, "id", id))
}

// Match reports whether a stanza is the one that a test waits for.
type Match func(*stream.Element) bool

// Expect takes the first stanza that matches among those that have come and were not taken yet. It
// waits at most for d.
func (c *Client) Expect(what string, m Match, d time.Duration) (*stream.Element, error) {
	end := time.Now().Add(d)
	wake := time.AfterFunc(d, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.news.Broadcast()
	})
	defer wake.Stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		for i, el := range c.got {
			if m(el) {
				c.got = append(c.got[:i:i], c.got[i+1:]...)
				return el, nil
			}
		}
		if c.err != nil || !time.Now().Before(end) {
			return nil, fmt.Errorf("%s: %s did not come within %v (stream: %v); these did:%s", c.Bare, what, d, c.err, c.summary())
		}
		c.news.Wait()
	}
}

// Forget drops the stanzas that have come and that Expect has not taken.
func (c *Client) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.got = nil
}

// summary shows the stanzas that have come, for errors. The lock is held.
func (c *Client) summary() string {
	var b strings.Builder
	for _, el := range c.got[max(0, len(c.got)-12):] {
		b.WriteString("\n  " + clip(string(el.Append(nil))))
	}
	return b.String()
}

func clip(s string) string {
	if len(s) > 300 {
		return s[:300] + "…"
	}
	return s
}

// All returns every stanza that has come so far.
func (c *Client) All() []*stream.Element {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]*stream.Element(nil), c.all...)
}

// Close ends the connection. With goodbye it ends the stream first; without, it looks like a crash.
func (c *Client) Close(goodbye bool) {
	if goodbye {
		c.SendXML("<presence type='unavailable'/></stream:stream>")
	}
	c.conn.Close()
}

// Body matches a message from a bare JID whose body contains a text. An empty from matches every
// sender.
func Body(from, text string) Match {
	return func(el *stream.Element) bool {
		bare, _, _ := strings.Cut(el.Get("from"), "/")
		return el.Local == "message" && el.Get("type") != "error" && (from == "" || bare == from) &&
			el.Child("", "body") != nil && strings.Contains(el.ChildText("", "body"), text)
	}
}

// Wait returns when the stream has ended.
func (c *Client) Wait() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.err == nil {
		c.news.Wait()
	}
}
