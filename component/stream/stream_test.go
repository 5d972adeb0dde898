package stream_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"testing"

	xmppstream "mellium.im/xmpp/stream"

	"porchlight/component/stream"
	"porchlight/component/stream/streamtest"
)

// connect dials a scripted server and closes the connection with the test.
func connect(t testing.TB, srv *streamtest.Server) (*stream.Conn, *streamtest.Conn) {
	t.Helper()
	c, err := stream.Dial(t.Context(), srv.Config())
	if err != nil {
		t.Fatal(err)
	}
	peer := srv.Accept()
	t.Cleanup(func() {
		peer.Cut()
		_ = c.Close(context.Background())
	})
	return c, peer
}

// read starts a goroutine that calls Next until the stream ends, and then sends
// Next's error.
func read(c *stream.Conn) <-chan error {
	end := make(chan error, 1)
	go func() {
		for {
			var refused *stream.StanzaError
			if _, err := c.Next(); err != nil && !errors.As(err, &refused) {
				end <- err
				return
			}
		}
	}()
	return end
}

// Stanzas from many goroutines arrive whole, each goroutine's in order, and
// those of one Send next to each other.
func TestConn_SendFromManyGoroutines(t *testing.T) {
	const senders, each = 50, 40
	c, peer := connect(t, streamtest.New(t))
	var wg sync.WaitGroup
	for s := range senders {
		wg.Go(func() {
			for n := range each {
				from := strconv.Itoa(s)
				a := stream.Text("", "a", strings.Repeat("<x>&\x00", n*2)).With("from", from, "n", strconv.Itoa(n+1))
				b := stream.New("", "b").With("from", from, "n", strconv.Itoa(n+1))
				if err := c.Send(a, b); err != nil {
					t.Error(err)
				}
			}
		})
	}
	last := map[string]int{}
	for range senders * each {
		a := peer.Expect(nil)
		b := peer.Expect(nil)
		if a.Local != "a" || b.Local != "b" || a.Get("from") != b.Get("from") || a.Get("n") != b.Get("n") {
			t.Fatalf("%s is followed by %s", a.With("text", "").Append(nil), b.Append(nil))
		}
		n, _ := strconv.Atoi(a.Get("n"))
		if last[a.Get("from")]++; last[a.Get("from")] != n {
			t.Fatalf("sender %s: stanza %d comes as number %d", a.Get("from"), n, last[a.Get("from")])
		}
	}
	wg.Wait()
	end := read(c)
	closed := make(chan error, 1)
	go func() { closed <- c.Close(context.Background()) }()
	peer.Close()
	if err := <-closed; err != nil {
		t.Errorf("Close: %v", err)
	}
	if err := <-end; err != io.EOF {
		t.Errorf("Next: %v", err)
	}
}

// Close releases a Send that waits for a server which does not read, also when
// the kernel's buffers lie between.
func TestConn_CloseWhileStalled(t *testing.T) {
	c, peer := connect(t, streamtest.New(t))
	peer.Stall()
	end := read(c)
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			for {
				if err := c.Send(stream.Text("", "a", strings.Repeat("x", 100<<10))); err != nil {
					if !errors.Is(err, stream.ErrClosed) {
						t.Errorf("Send: %v", err)
					}
					return
				}
			}
		})
	}
	for c.TrySend(stream.New("", "b")) { // until there is no room
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := c.Close(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Close: %v", err)
	}
	wg.Wait()
	if err := <-end; !errors.Is(err, stream.ErrClosed) {
		t.Errorf("Next: %v", err)
	}
}

func TestDial_Conflict(t *testing.T) {
	srv := streamtest.New(t)
	srv.Reject("conflict", "Component already connected")
	if _, err := stream.Dial(t.Context(), srv.Config()); !errors.Is(err, xmppstream.Conflict) {
		t.Errorf("Dial: %v", err)
	}
	srv.Reject("", "")
	c, peer := connect(t, srv)
	end := read(c)
	peer.StreamError("conflict", "Replaced by a new connection")
	var se xmppstream.Error
	if err := <-end; !errors.As(err, &se) || se.Err != "conflict" || len(se.Text) != 1 || se.Text[0].Value != "Replaced by a new connection" {
		t.Errorf("Next: %v", err)
	}
	if err := c.Send(stream.New("", "a")); err == nil {
		t.Error("Send after the end")
	}
}

func TestDial_Refused(t *testing.T) {
	srv := streamtest.New(t)
	cfg := srv.Config()
	cfg.Secret = "wrong"
	if _, err := stream.Dial(t.Context(), cfg); !errors.Is(err, xmppstream.NotAuthorized) {
		t.Errorf("wrong secret: %v", err)
	}
	cfg = srv.Config()
	cfg.Domain = "other.localhost"
	if _, err := stream.Dial(t.Context(), cfg); !errors.Is(err, xmppstream.HostUnknown) {
		t.Errorf("unknown domain: %v", err)
	}
}

func TestConn_CutAndBack(t *testing.T) {
	srv := streamtest.New(t)
	srv.Answer(streamtest.Pong)
	for n := range 5 {
		c, peer := connect(t, srv)
		ping := stream.New("", "iq", stream.New("urn:xmpp:ping", "ping")).With("type", "get", "id", fmt.Sprint(n), "from", streamtest.Domain, "to", "localhost")
		if err := c.Send(ping); err != nil {
			t.Fatal(err)
		}
		e, err := c.Next()
		if err != nil || e.Get("type") != "result" || e.Get("id") != fmt.Sprint(n) || e.Get("from") != "localhost" {
			t.Fatalf("answer: %v, %v", e, err)
		}
		peer.Cut()
		if _, err := c.Next(); err == nil || err == io.EOF {
			t.Fatalf("Next: %v", err)
		}
		if err := c.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}
