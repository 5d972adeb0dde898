package stream_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"

	"mellium.im/xmpp/jid"
	xmppstream "mellium.im/xmpp/stream"

	"porchlight/component/stream"
)

// Each subtest does something to a real server that has ended other components'
// streams. None of it may end ours.
func TestProsody(t *testing.T) {
	p := startProsody(t)
	t.Run("hostile resources", p.hostileResources)
	t.Run("illegal text", p.illegalText)
	t.Run("self-ping", p.selfPing)
	t.Run("limits", p.limits)
	t.Run("refusals", p.refusals)
	t.Run("replaced", p.replaced)
	t.Run("server stops", p.serverStops) // must be the last
}

// Prosody lets users bind resources that mellium refuses.
func (p prosody) hostileResources(t *testing.T) {
	c := p.component(t)
	hostile := 0
	for _, resource := range []string{"plain", "❤️", "\u115f", "\u3164", "\u302e"} {
		user := p.login(t, resource)
		if user == nil {
			t.Logf("%q can't be bound", resource)
			continue
		}
		if _, err := jid.Parse(user.jid); err != nil {
			hostile++
		}
		user.write(string(message("", "anna@support.localhost/web", "hello").Append(nil)))
		got := next(t, c)
		from, err := stream.ParseJID(got.Get("from"))
		if err != nil || from.String() != user.jid || from.Bare() != "olga@localhost" || got.ChildText("", "body") != "hello" {
			t.Errorf("%q: %v, %s", resource, err, got.Append(nil))
		}
		if !c.TrySend(message("anna@support.localhost/web", from.String(), "welcome")) {
			t.Error("no room")
		}
		if got := user.next(); got.ChildText("", "body") != "welcome" {
			t.Errorf("%q: %s", resource, got.Append(nil))
		}
		user.nc.Close()
	}
	if hostile == 0 {
		t.Error("none of the resources is hostile: find others")
	}
}

func (p prosody) illegalText(t *testing.T) {
	c, user := p.component(t), p.login(t, "phone")
	const text = "a\x00b\x0bc\ufffed\uffffe\xfff\xed\xa0\x80g]]>&#1;<!-- -->\"'\r\n\t💡"
	const want = "a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf\ufffd\ufffd\ufffdg]]>&#1;<!-- -->\"'\r\n\t💡"
	send(t, c, message("anna@support.localhost", user.jid, text))
	if got := user.next().ChildText("", "body"); strings.ReplaceAll(got, "\r", "") != strings.ReplaceAll(want, "\r", "") {
		t.Errorf("arrives as %q, want %q", got, want) // Prosody loses the carriage return
	}
	m := message("anna@support.localhost", user.jid, "x").With("id", text)
	send(t, c, m)
	if got := user.next().Get("id"); !strings.HasPrefix(got, "a\ufffdb\ufffdc") {
		t.Errorf("attribute arrives as %q", got)
	}
	p.alive(t, c)
}

// alive proves that the stream works in both directions.
func (p prosody) alive(t *testing.T, c *stream.Conn) {
	t.Helper()
	send(t, c, ping("ping@support.localhost", "localhost"))
	if e := next(t, c); e.Local != "iq" || e.Get("type") != "result" || e.Get("from") != "localhost" || e.Get("id") != "p1" {
		t.Fatalf("instead of a pong: %s", e.Append(nil))
	}
}

func (p prosody) selfPing(t *testing.T) {
	c := p.component(t)
	send(t, c, ping("ping@support.localhost", "support.localhost"))
	got := next(t, c)
	if got.Get("type") != "get" || got.Get("from") != "ping@support.localhost" || got.Child("urn:xmpp:ping", "ping") == nil {
		t.Fatalf("%s", got.Append(nil))
	}
	pong := stream.New("", "iq").With("type", "result", "id", got.Get("id"), "from", got.Get("to"), "to", got.Get("from"))
	if !c.TrySend(pong) {
		t.Fatal("no room")
	}
	if got := next(t, c); got.Get("type") != "result" || got.Get("to") != "ping@support.localhost" || got.Get("id") != "p1" {
		t.Fatalf("%s", got.Append(nil))
	}
}

// Prosody takes the largest stanza that we may send. It comes back larger by an
// xml:lang. A stanza that is too large, too deep or has too many elements is skipped.
func (p prosody) limits(t *testing.T) {
	c, user := p.component(t), p.login(t, "phone")
	largest := message("anna@support.localhost", "ben@support.localhost", "")
	largest.Children[0].Text = "x"
	largest.Children[0].Text += strings.Repeat("x", 512<<10-len(largest.Append(nil)))
	refused := func(want error) {
		t.Helper()
		var se *stream.StanzaError
		if _, err := c.Next(); !errors.Is(err, want) || !errors.As(err, &se) || se.Name != "message" || se.From == "" {
			t.Errorf("Next: %v, want %v", err, want)
		}
		p.alive(t, c)
	}
	send(t, c, largest)
	refused(stream.ErrTooLarge)
	largest.Children[0].Text += "x"
	if err := c.Send(largest); !errors.Is(err, stream.ErrTooLarge) {
		t.Errorf("Send: %v", err)
	}
	p.alive(t, c)
	user.write("<message to='anna@support.localhost'>" + strings.Repeat("<a>", 1500) + strings.Repeat("</a>", 1500) + "</message>")
	refused(stream.ErrTooDeep)
	user.write("<message to='anna@support.localhost'>" + strings.Repeat("<a/>", 5000) + "</message>")
	refused(stream.ErrTooMany)
}

func (p prosody) refusals(t *testing.T) {
	cfg := p.config()
	cfg.Secret = "wrong"
	if _, err := stream.Dial(t.Context(), cfg); !errors.Is(err, xmppstream.NotAuthorized) {
		t.Errorf("wrong secret: %v", err)
	}
	cfg = p.config()
	cfg.Domain = "other.localhost"
	if _, err := stream.Dial(t.Context(), cfg); !errors.Is(err, xmppstream.HostUnknown) {
		t.Errorf("unknown domain: %v", err)
	}
}

func (p prosody) replaced(t *testing.T) {
	old := p.component(t)
	c := p.component(t)
	_, err := old.Next()
	var se xmppstream.Error
	if !errors.As(err, &se) || se.Err != "conflict" || len(se.Text) != 1 || !strings.HasPrefix(se.Text[0].Value, "Replaced") {
		t.Errorf("Next: %v", err)
	}
	if err := old.Send(message("anna@support.localhost", "olga@localhost", "x")); !errors.Is(err, xmppstream.Conflict) {
		t.Errorf("Send: %v", err)
	}
	p.alive(t, c)
}

// Next returns an error when Prosody stops.
func (p prosody) serverStops(t *testing.T) {
	c := p.component(t)
	p.alive(t, c)
	if err := p.process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if e, err := c.Next(); err == nil || !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		t.Errorf("Next: %v, %v", e, err)
	}
}

func (p prosody) config() stream.Config {
	return stream.Config{Addr: p.components, Domain: "support.localhost", Secret: "secret"}
}

func (p prosody) component(t *testing.T) *stream.Conn {
	t.Helper()
	c, err := stream.Dial(t.Context(), p.config())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeAfterReading(t, c) })
	return c
}

// closeAfterReading closes the stream while another goroutine calls Next, as Close
// demands.
func closeAfterReading(t *testing.T, c *stream.Conn) {
	t.Helper()
	end := read(c)
	if err := c.Close(context.Background()); err != nil {
		t.Errorf("Close: %v", err)
	}
	<-end
}

// next reads one stanza of a component.
func next(t *testing.T, c *stream.Conn) *stream.Element {
	t.Helper()
	e, err := c.Next()
	if err != nil {
		t.Fatalf("Next: %v", err)
	}
	return e
}

func send(t *testing.T, c *stream.Conn, e ...*stream.Element) {
	t.Helper()
	if err := c.Send(e...); err != nil {
		t.Fatalf("Send: %v", err)
	}
}

func message(from, to, body string) *stream.Element {
	return stream.New("", "message", stream.Text("", "body", body)).With("type", "chat", "id", "m1", "from", from, "to", to)
}

func ping(from, to string) *stream.Element {
	return stream.New("", "iq", stream.New("urn:xmpp:ping", "ping")).With("type", "get", "id", "p1", "from", from, "to", to)
}
