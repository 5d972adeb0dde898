package stream

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	xmppstream "mellium.im/xmpp/stream"
)

// These tests run over net.Pipe, which buffers nothing, and in synctest's bubbles.
// Time stands still in a bubble while any goroutine works, and a bubble fails when a
// goroutine is left over.

// bubble runs f with a Conn and the server's end of it.
func bubble(t *testing.T, f func(t *testing.T, c *Conn, server net.Conn)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ours, server := net.Pipe()
		lim := Limits{}.orDefault()
		f(t, newConn(ours, newSplitter(ours, lim.Bytes), lim), server)
		server.Close()
	})
}

// read reads n bytes at the server's end.
func read(t *testing.T, server net.Conn, n int) string {
	t.Helper()
	b := make([]byte, n)
	if n, err := io.ReadFull(server, b); err != nil {
		t.Fatalf("server read %q: %v", b[:n], err)
	}
	return string(b)
}

func write(t *testing.T, server net.Conn, s string) {
	t.Helper()
	if _, err := io.WriteString(server, s); err != nil {
		t.Fatal(err)
	}
}

// start calls f in a goroutine; the channel holds its result.
func start[T any](f func() T) <-chan T {
	c := make(chan T, 1)
	go func() { c <- f() }()
	return c
}

// untilEnd calls Next until it fails for good.
func untilEnd(c *Conn) error {
	for {
		var refused *StanzaError
		if _, err := c.Next(); err != nil && !errors.As(err, &refused) {
			return err
		}
	}
}

// finished reports whether the result is there once every goroutine waits.
func finished[T any](c <-chan T) bool {
	synctest.Wait()
	return len(c) > 0
}

// fill queues stanzas until there is no more room.
func fill(t *testing.T, c *Conn) {
	t.Helper()
	for c.TrySend(Text("", "a", strings.Repeat("x", 1000))) {
		synctest.Wait()
	}
	if n := c.Pending(); n <= pendingMax || n > pendingMax+2000 {
		t.Fatalf("%d bytes pending when there is no room", n)
	}
}

func TestConn_SendBlocksWhileThePeerDoesNotRead(t *testing.T) {
	bubble(t, func(t *testing.T, c *Conn, server net.Conn) {
		fill(t, c)
		sent := start(func() error { return c.Send(New("", "b")) })
		if finished(sent) {
			t.Fatal("Send has not waited")
		}
		if c.TrySend(New("", "b")) {
			t.Fatal("TrySend has found room")
		}
		read(t, server, 100<<10)
		if !finished(sent) || <-sent != nil {
			t.Fatal("Send has not gone on")
		}
		rest := start(func() string { b, _ := io.ReadAll(server); return string(b) })
		synctest.Wait()
		if c.Pending() != 0 {
			t.Fatalf("%d bytes pending after all is read", c.Pending())
		}
		_ = c.Close(context.Background()) // the server does not answer
		if got := <-rest; !strings.HasSuffix(got, "</a><b/></stream:stream>") {
			t.Fatalf("last bytes: %q", got[len(got)-40:])
		}
	})
}

// ended returns a context that is over, for a Close that need not wait.
func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func TestConn_CloseLetsWaitingSendsGo(t *testing.T) {
	bubble(t, func(t *testing.T, c *Conn, _ net.Conn) {
		fill(t, c)
		var sent []<-chan error
		for range 3 {
			sent = append(sent, start(func() error { return c.Send(New("", "b")) }))
		}
		next := start(func() error { return untilEnd(c) })
		synctest.Wait()
		began := time.Now()
		closed := start(func() error { return c.Close(context.Background()) })
		for _, s := range sent {
			if !finished(s) {
				t.Fatal("Send still waits")
			}
			if err := <-s; !errors.Is(err, ErrClosed) {
				t.Fatalf("Send: %v", err)
			}
		}
		if err := <-closed; !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != closeTimeout {
			t.Fatalf("Close: %v after %v", err, time.Since(began))
		}
		if err := <-next; !errors.Is(err, ErrClosed) {
			t.Fatalf("Next: %v", err)
		}
	})
}

func TestConn_Close(t *testing.T) {
	bubble(t, func(t *testing.T, c *Conn, server net.Conn) {
		next := start(func() error { return untilEnd(c) })
		if err := c.Send(New("", "a"), New("", "b")); err != nil {
			t.Fatal(err)
		}
		closed := start(func() error { return c.Close(context.Background()) })
		again := start(func() error { return c.Close(context.Background()) })
		const want = "<a/><b/></stream:stream>"
		if got := read(t, server, len(want)); got != want {
			t.Fatalf("server read %q", got)
		}
		if finished(closed) || finished(again) {
			t.Fatal("Close has not waited for the server")
		}
		write(t, server, "<late/></stream:stream>")
		if err := <-closed; err != nil {
			t.Fatal(err)
		}
		if err := <-again; err != nil {
			t.Fatal(err)
		}
		if err := <-next; err != io.EOF {
			t.Fatalf("Next: %v", err)
		}
		if err := c.Send(New("", "a")); !errors.Is(err, ErrClosed) || c.TrySend(New("", "a")) {
			t.Fatalf("Send after Close: %v", err)
		}
	})
}

// A server that breaks off during Close may not have got what was queued, so Close
// returns an error.
func TestConn_CutDuringClose(t *testing.T) {
	bubble(t, func(t *testing.T, c *Conn, server net.Conn) {
		next := start(func() error { return untilEnd(c) })
		if err := c.Send(New("", "a")); err != nil {
			t.Fatal(err)
		}
		closed := start(func() error { return c.Close(context.Background()) })
		if finished(closed) {
			t.Fatal("Close has not waited")
		}
		server.Close()
		if err := <-closed; !errors.Is(err, io.ErrUnexpectedEOF) || !errors.Is(err, ErrClosed) {
			t.Fatalf("Close: %v", err)
		}
		if err := <-next; !errors.Is(err, ErrClosed) {
			t.Fatalf("Next: %v", err)
		}
	})
}

func TestConn_ServerEndsStream(t *testing.T) {
	bubble(t, func(t *testing.T, c *Conn, server net.Conn) {
		next := start(func() error { return untilEnd(c) })
		write(t, server, "<a/></stream:stream>")
		if got := read(t, server, len(streamEndTag)); got != streamEndTag {
			t.Fatalf("answered %q", got)
		}
		if err := <-next; err != io.EOF {
			t.Fatalf("Next: %v", err)
		}
		if err := c.Send(New("", "a")); !errors.Is(err, io.EOF) || c.TrySend(New("", "a")) {
			t.Fatalf("Send: %v", err)
		}
		if err := c.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
	})
}

func TestConn_StreamError(t *testing.T) {
	const replaced = "<stream:error><conflict xmlns='" + NSError + "'/><text xml:lang='en' xmlns='" + NSError + "'>Replaced by a new connection</text></stream:error>"
	for in, want := range map[string]struct{ condition, text, lang, content string }{
		replaced: {"conflict", "Replaced by a new connection", "en", ""},
		"<stream:error><see-other-host xmlns='" + NSError + "'>b.example</see-other-host></stream:error>": {"see-other-host", "", "", "b.example"},
		"<stream:error><x xmlns='urn:x'/></stream:error>":                                                 {"undefined-condition", "", "", ""},
		"<stream:error><conflict></stream:error></stream:error>":                                          {"undefined-condition", "", "", ""}, // malformed
	} {
		bubble(t, func(t *testing.T, c *Conn, server net.Conn) {
			next := start(func() error { return untilEnd(c) })
			write(t, server, in)
			err := <-next
			var se xmppstream.Error
			if !errors.As(err, &se) || se.Err != want.condition || se.Content != want.content {
				t.Fatalf("Next: %v, %+v", err, se)
			}
			if want.text != "" && (len(se.Text) != 1 || se.Text[0].Value != want.text || se.Text[0].Lang != want.lang || !strings.Contains(err.Error(), want.text)) {
				t.Errorf("text: %+v in %v", se.Text, err)
			}
			if _, again := c.Next(); again != err {
				t.Errorf("Next again: %v", again)
			}
			if err := c.Send(New("", "a")); !errors.As(err, &se) {
				t.Errorf("Send: %v", err)
			}
			if err := c.Close(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestConn_Cut(t *testing.T) {
	bubble(t, func(t *testing.T, c *Conn, server net.Conn) {
		next := start(func() error { return untilEnd(c) })
		server.Close()
		if err := <-next; !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("Next: %v", err)
		}
		if err := c.Send(New("", "a")); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("Send: %v", err)
		}
		if err := c.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
	})
}

func TestConn_RefusedStanzas(t *testing.T) {
	head := func(name string) string { return "<" + name + " from='a@b/❤️' to='c@d' id='1' type='chat'>" }
	for name, c := range map[string]struct {
		in   string
		want error // nil: a *SyntaxError
	}{
		"too large":       {head("message") + "<body>" + strings.Repeat("x", 512<<10) + "</body></message>", ErrTooLarge},
		"much too large":  {head("message") + "<body>" + strings.Repeat("x", 5<<20) + "</body></message>", ErrTooLarge},
		"too deep":        {head("message") + strings.Repeat("<a>", 5000) + strings.Repeat("</a>", 5000) + "</message>", ErrTooMany},
		"deep":            {head("message") + strings.Repeat("<a>", 64) + strings.Repeat("</a>", 64) + "</message>", ErrTooDeep},
		"too many":        {head("message") + strings.Repeat("<a/>", 2000) + "</message>", ErrTooMany},
		"bad UTF-8":       {head("message") + "<body>\xff</body></message>", nil},
		"control":         {head("message") + "<body>&#1;</body></message>", nil},
		"comment":         {head("message") + "<!-- --></message>", nil},
		"mismatched tags": {head("message") + "<a><b></a></b></message>", nil},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, conn *Conn, server net.Conn) {
				wrote := start(func() error { _, err := io.WriteString(server, c.in+"<presence/>"); return err })
				_, err := conn.Next()
				var refused *StanzaError
				if !errors.As(err, &refused) {
					t.Fatalf("Next: %v", err)
				}
				var syntax *SyntaxError
				if c.want != nil && !errors.Is(err, c.want) && name != "too deep" || c.want == nil && !errors.As(err, &syntax) {
					t.Errorf("Next: %v, want %v", err, c.want)
				}
				refused.Err = nil
				if *refused != (StanzaError{"message", "a@b/❤️", "c@d", "1", "chat", nil}) {
					t.Errorf("head: %+v", refused)
				}
				if e, err := conn.Next(); err != nil || e.Local != "presence" {
					t.Errorf("next stanza: %v, %v", e, err)
				}
				if err := <-wrote; err != nil {
					t.Error(err)
				}
				_ = conn.Close(ended())
			})
		})
	}
}

func TestConn_SendTooLarge(t *testing.T) {
	bubble(t, func(t *testing.T, c *Conn, server net.Conn) {
		frame := len("<a></a>")
		largest := Text("", "a", strings.Repeat("x", 512<<10-frame))
		larger := Text("", "a", strings.Repeat("x", 512<<10-frame+1))
		if err := c.Send(New("", "b"), larger); !errors.Is(err, ErrTooLarge) || c.TrySend(larger) {
			t.Fatalf("Send: %v", err)
		}
		if n := c.Pending(); n != 0 {
			t.Fatalf("%d bytes of it are pending", n)
		}
		if err := c.Send(largest, nil); err != nil {
			t.Fatal(err)
		}
		if got := read(t, server, 512<<10); got != string(largest.Append(nil)) {
			t.Fatal("another stanza has come")
		}
		server.Close()
		_ = c.Close(ended())
	})
}

func TestConn_Keepalive(t *testing.T) {
	bubble(t, func(t *testing.T, c *Conn, server net.Conn) {
		began := time.Now()
		at := func(want string, after time.Duration) {
			t.Helper()
			if got := read(t, server, len(want)); got != want || time.Since(began) != after {
				t.Fatalf("%q after %v, want %q after %v", got, time.Since(began), want, after)
			}
		}
		at(" ", 45*time.Second)
		at(" ", 90*time.Second)
		time.Sleep(30 * time.Second)
		if err := c.Send(New("", "a")); err != nil {
			t.Fatal(err)
		}
		at("<a/>", 120*time.Second)
		at(" ", 165*time.Second)
		server.Close()
		_ = c.Close(ended())
	})
}

// A peer that never reads again ends the stream even where the kernel knows no
// TCP_USER_TIMEOUT.
func TestConn_WriteTimeout(t *testing.T) {
	bubble(t, func(t *testing.T, c *Conn, _ net.Conn) {
		began := time.Now()
		next := start(func() error { return untilEnd(c) })
		fill(t, c)
		if err := c.Send(New("", "a")); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(began) != writeTimeout {
			t.Errorf("Send: %v after %v", err, time.Since(began))
		}
		if err := <-next; !errors.Is(err, os.ErrDeadlineExceeded) || !strings.Contains(err.Error(), "write") {
			t.Errorf("Next: %v", err)
		}
		if err := c.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

// brokenPipe fails to write, like a connection that the server has closed.
type brokenPipe struct{ net.Conn }

func (brokenPipe) Write([]byte) (int, error) { return 0, syscall.EPIPE }

// A server says why before it breaks off: a failing write must not hide that.
func TestConn_LastWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, server := net.Pipe()
		lim := Limits{}.orDefault()
		c := newConn(brokenPipe{ours}, newSplitter(ours, lim.Bytes), lim)
		_ = c.Send(New("", "a"))
		synctest.Wait()
		if err := c.Send(New("", "a")); !errors.Is(err, syscall.EPIPE) {
			t.Fatalf("Send: %v", err)
		}
		wrote := start(func() error {
			_, err := io.WriteString(server, "<stream:error><conflict xmlns='"+NSError+"'/></stream:error>")
			return err
		})
		if _, err := c.Next(); !errors.Is(err, xmppstream.Conflict) {
			t.Fatalf("Next: %v", err)
		}
		<-wrote
		if err := c.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
	})
}
