package stream

import (
	"context"
	"errors"
	"io"
	"net"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	xmppstream "mellium.im/xmpp/stream"
)

const (
	testDomain = "support.example.org"
	testSecret = "secret"
	header     = "<?xml version='1.0'?>" + bareHeader
	bareHeader = "<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' from='" + testDomain + "' id='3BF96D32'>"

	// These are exactly the bytes that a component has to write (XEP-0114 §3).
	hello = "<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='" + testDomain + "'>"
	proof = "<handshake>b09ea9b3b7f586be8a08d0a3dd7466f110aeb136</handshake>" // SHA-1 of 3BF96D32secret
)

// listener accepts connections one after the other; f plays the server on each. At
// its end the test waits for f.
func listener(t testing.TB, f func(net.Conn)) Config {
	t.Helper()
	before := ours()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			f(c)
			c.Close()
		}
	}()
	t.Cleanup(func() {
		ln.Close()
		<-done
		noneLeft(t, before)
	})
	return Config{Addr: ln.Addr().String(), Domain: testDomain, Secret: testSecret}
}

// ours lists the goroutines that this package or mellium has started.
func ours() (all []string) {
	buf := make([]byte, 1<<20)
	for g := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		_, by, _ := strings.Cut(g, "created by ")
		if strings.HasPrefix(by, "porchlight/component/stream.newConn") || strings.HasPrefix(by, "mellium") || strings.HasPrefix(by, "context.") {
			all = append(all, g)
		}
	}
	return all
}

// noneLeft waits until no more goroutines of ours run than before.
func noneLeft(t testing.TB, before []string) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); len(ours()) > len(before); runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatalf("goroutines left:\n%s", strings.Join(ours(), "\n\n"))
		}
	}
}

// streamErrorXML is what a server writes to end a stream.
func streamErrorXML(condition, text string) string {
	return "<stream:error><" + condition + " xmlns='" + NSError + "'/><text xmlns='" + NSError + "'>" + text + "</text></stream:error></stream:stream>"
}

func TestDial_Handshake(t *testing.T) {
	is := func(target error) func(error) bool { return func(err error) bool { return errors.Is(err, target) } }
	some := func(err error) bool { return err != nil }
	for name, c := range map[string]struct {
		server string // what the server writes
		client string // what the component has written when it is through
		err    func(error) bool
	}{
		"good":               {header + "<handshake/>", hello + proof, nil},
		"no XML declaration": {bareHeader + "<handshake/>", hello + proof, nil},
		"two tags":           {header + "<handshake></handshake>", hello + proof, nil},
		"wrong secret":       {header + streamErrorXML("not-authorized", "Given token does not match calculated token"), hello + proof, is(xmppstream.NotAuthorized)},
		"connected already": {header + streamErrorXML("conflict", "Component already connected"), hello + proof, func(err error) bool {
			return errors.Is(err, xmppstream.Conflict) && strings.HasSuffix(err.Error(), "conflict: Component already connected")
		}},
		"unknown domain":          {header + streamErrorXML("host-unknown", "x"), hello + proof, is(xmppstream.HostUnknown)},
		"no id":                   {strings.Replace(header, " id='3BF96D32'", "", 1) + "<handshake/>", hello + "<handshake>e5e9fa1ba31ecd1ae84f75caaa474f3a663f05f4</handshake>", some},
		"another element":         {header + "<message/>", hello + proof, some},
		"text for an answer":      {header + "no", hello + proof, is(io.ErrUnexpectedEOF)},
		"another root":            {"<html>", hello, some},
		"stream of no namespace":  {"<stream id='1'>", hello, some},
		"not XML":                 {"HTTP/1.1 400 Bad Request\r\n\r\n", hello, some},
		"bad XML":                 {header + "<handshake", hello + proof, is(io.ErrUnexpectedEOF)},
		"closed at once":          {"", hello, is(io.ErrUnexpectedEOF)},
		"closed in the header":    {header[:60], hello, is(io.ErrUnexpectedEOF)},
		"closed after the header": {header, hello + proof, is(io.ErrUnexpectedEOF)},
		"a header without end": {"<stream:stream a='" + strings.Repeat("x", handshakeMax), hello, func(err error) bool {
			return err != nil && strings.Contains(err.Error(), "limit")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got := make(chan string, 1)
			cfg := listener(t, func(nc net.Conn) {
				_, _ = io.WriteString(nc, c.server)
				_ = nc.(*net.TCPConn).CloseWrite()
				b, _ := io.ReadAll(nc)
				got <- string(b)
			})
			conn, err := Dial(t.Context(), cfg)
			if conn != nil {
				_, _ = conn.Next() // reads that the server has hung up
				_ = conn.Close(ended())
			}
			switch {
			case c.err == nil && err != nil:
				t.Errorf("Dial: %v", err)
			case c.err != nil && !c.err(err):
				t.Errorf("Dial: %v, which is not what it should be", err)
			}
			if strings.Contains(errText(err), testSecret) {
				t.Errorf("the error tells the secret: %v", err)
			}
			if b := <-got; b != c.client {
				t.Errorf("component wrote %q, want %q", b, c.client)
			}
		})
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// Stanzas that follow the handshake at once, in pieces of any size, are not lost.
func TestDial_TakesOver(t *testing.T) {
	const in = header + "<handshake/><message id='1'/> <message id='2'><body>x</body></message></stream:stream>"
	for name, size := range map[string]int{"in one piece": len(in), "byte by byte": 1, "by sevens": 7} {
		t.Run(name, func(t *testing.T) {
			cfg := listener(t, func(nc net.Conn) {
				for chunk := range slices.Chunk([]byte(in), size) {
					_, _ = nc.Write(chunk)
				}
				_, _ = io.Copy(io.Discard, nc)
			})
			c, err := Dial(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"1", "2"} {
				if e, err := c.Next(); err != nil || e.Get("id") != want {
					t.Fatalf("Next: %v, %v", e, err)
				}
			}
			if _, err := c.Next(); err != io.EOF {
				t.Fatalf("Next at the end: %v", err)
			}
			if err := c.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// The usual `defer cancel()` must not reach into the stream that Dial returned.
func TestDial_ContextEndsBehind(t *testing.T) {
	cfg := listener(t, func(nc net.Conn) {
		_, _ = io.WriteString(nc, header+"<handshake/><a/>")
		_, _ = io.ReadFull(nc, make([]byte, len(hello+proof+"<b/>")))
		_, _ = io.WriteString(nc, "<c/></stream:stream>")
		_, _ = io.Copy(io.Discard, nc)
	})
	for range 200 {
		ctx, cancel := context.WithCancel(t.Context())
		c, err := Dial(ctx, cfg)
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Send(New("", "b")); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"a", "c"} {
			if e, err := c.Next(); err != nil || e.Local != want {
				t.Fatalf("Next: %v, %v", e, err)
			}
		}
		if _, err := c.Next(); err != io.EOF {
			t.Fatal(err)
		}
		if err := c.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// mellium sets a deadline in the past when a context ends. That has no effect.
func TestHandshakeConn_Deadlines(t *testing.T) {
	nc, server := net.Pipe()
	defer nc.Close()
	hc := &handshakeConn{Conn: nc, in: newSplitter(nc, limit), left: 2}
	past := time.Unix(1, 0)
	if err := errors.Join(hc.SetDeadline(past), hc.SetReadDeadline(past), hc.SetWriteDeadline(past)); err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.CopyN(server, server, 2) }()
	if _, err := hc.Write([]byte("ab")); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 2)
	if _, err := io.ReadFull(hc, b); err != nil || string(b) != "ab" {
		t.Fatalf("%q, %v", b, err)
	}
	if _, err := hc.ReadByte(); err == nil {
		t.Error("read more than the limit")
	}
}

func TestDial_GivesUp(t *testing.T) {
	greeted := make(chan struct{}, 10)
	cfg := listener(t, func(nc net.Conn) { // says nothing
		_, _ = io.ReadFull(nc, make([]byte, len(hello)))
		greeted <- struct{}{}
		_, _ = io.Copy(io.Discard, nc)
	})
	t.Run("by its own time-out", func(t *testing.T) {
		cfg := cfg
		cfg.DialTimeout = 50 * time.Millisecond
		if _, err := Dial(t.Context(), cfg); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Dial: %v", err)
		}
		<-greeted
	})
	t.Run("by the caller's context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		go func() { <-greeted; cancel() }()
		if _, err := Dial(ctx, cfg); !errors.Is(err, context.Canceled) {
			t.Errorf("Dial: %v", err)
		}
	})
	t.Run("where nobody listens", func(t *testing.T) {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		cfg := cfg
		cfg.Addr = ln.Addr().String()
		ln.Close()
		var op *net.OpError
		if _, err := Dial(t.Context(), cfg); !errors.As(err, &op) {
			t.Errorf("Dial: %v", err)
		}
	})
	for _, domain := range []string{"", "a@b", "b/c", "a b", "a'b"} {
		cfg := cfg
		cfg.Domain = domain
		if _, err := Dial(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "domain") {
			t.Errorf("Dial as %q: %v", domain, err)
		}
	}
}

func BenchmarkConn_Send(b *testing.B) {
	cfg := listener(b, func(nc net.Conn) {
		_, _ = io.WriteString(nc, header+"<handshake/>")
		_, _ = io.Copy(io.Discard, nc)
	})
	c, err := Dial(b.Context(), cfg)
	if err != nil {
		b.Fatal(err)
	}
	m := New("", "message", Text("", "body", strings.Repeat("x", 100))).
		With("type", "chat", "from", "anna-7k2f@support.example.org", "to", "xavi@example.org", "id", "0123456789abcdef")
	b.ReportAllocs()
	for b.Loop() {
		if err := c.Send(m); err != nil {
			b.Fatal(err)
		}
	}
	_ = c.Close(ended())
}
