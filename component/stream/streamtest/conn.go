package streamtest

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"porchlight/component/stream"
)

// Conn is the server's end of one connection. Next, Expect, ExpectEnd and Close must
// be called from the test's own goroutine; the other methods from any.
type Conn struct {
	t       testing.TB
	nc      net.Conn
	dec     *xml.Decoder
	seen    bytes.Buffer // what dec has read and forget has not dropped
	cut     int64        // where seen begins in the input
	answers func(*Conn, *stream.Element) bool

	bye     sync.Once
	writing sync.Mutex
	mu      sync.Mutex
	stalled chan struct{} // closed when reading may go on
	queue   []*stream.Element
	more    chan struct{} // holds one when there may be something new
	err     error         // why there is no more
}

func newConn(t testing.TB, nc net.Conn, answers func(*Conn, *stream.Element) bool) *Conn {
	c := &Conn{t: t, nc: nc, answers: answers, more: make(chan struct{}, 1), stalled: make(chan struct{})}
	close(c.stalled)
	c.dec = xml.NewDecoder(io.TeeReader(gate{c}, &c.seen))
	return c
}

// gate lets reads through unless the connection is stalled.
type gate struct{ c *Conn }

// Read reads from the connection (io.Reader).
func (g gate) Read(p []byte) (int, error) {
	g.c.mu.Lock()
	stalled := g.c.stalled
	g.c.mu.Unlock()
	<-stalled
	return g.c.nc.Read(p)
}

// Send writes XML as it is.
func (c *Conn) Send(xml string) {
	c.t.Helper()
	c.check(c.write(xml))
}

// Reply is Send for the answers of Server.Answer, which may be on their way when the test ends the connection.
func (c *Conn) Reply(xml string) {
	c.t.Helper()
	if err := c.write(xml); !errors.Is(err, net.ErrClosed) {
		c.check(err)
	}
}

func (c *Conn) check(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Errorf("write to component: %v", err)
	}
}

func (c *Conn) write(xml string) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	_, err := io.WriteString(c.nc, xml)
	return err
}

// Next returns the next element the component has written that no Answer has
// dealt with, or nil after the timeout or at the end of the stream (see Err).
func (c *Conn) Next(timeout time.Duration) *stream.Element {
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	for {
		c.mu.Lock()
		if len(c.queue) > 0 {
			e := c.queue[0]
			c.queue = c.queue[1:]
			c.mu.Unlock()
			return e
		}
		err := c.err
		c.mu.Unlock()
		if err != nil {
			return nil
		}
		select {
		case <-c.more:
		case <-timer.C:
			return nil
		}
	}
}

// Unread makes Next return e again.
func (c *Conn) Unread(e *stream.Element) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.queue = append([]*stream.Element{e}, c.queue...)
}

// Expect returns the next element that match accepts, skipping others, and fails
// the test if none comes in time. A nil match accepts everything.
func (c *Conn) Expect(match func(*stream.Element) bool) *stream.Element {
	c.t.Helper()
	var skipped []byte
	for end := time.Now().Add(Patience); ; {
		e := c.Next(time.Until(end))
		if e == nil {
			c.t.Fatalf("what was expected did not come (stream: %v); instead: %s", c.Err(), skipped)
		}
		if match == nil || match(e) {
			return e
		}
		skipped = append(e.Append(skipped), '\n')
	}
}

// Err returns why the component's stream is over: io.EOF after its end tag. It
// returns nil while the stream goes on.
func (c *Conn) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// ExpectEnd waits until the component has ended its stream in order.
func (c *Conn) ExpectEnd() {
	c.t.Helper()
	for end := time.Now().Add(Patience); c.Next(time.Until(end)) != nil; {
	}
	if err := c.Err(); err != io.EOF {
		c.t.Fatalf("component's stream has not ended in order: %v", err)
	}
}

// Stall stops reading until the returned function is called or the test ends. One
// read that is under way, and some megabytes of the kernel's, still go through.
func (c *Conn) Stall() (resume func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	stalled := make(chan struct{})
	c.stalled = stalled
	resume = sync.OnceFunc(func() { close(stalled) })
	c.t.Cleanup(resume)
	return resume
}

// StreamError sends a stream error, such as "conflict" with "Replaced by a new
// connection", and ends the stream and the connection.
func (c *Conn) StreamError(condition, text string) {
	b := stream.New(stream.NSError, condition).Append([]byte("<stream:error>"))
	if text != "" {
		b = stream.Text(stream.NSError, "text", text).Append(b)
	}
	// The component may have hung up meanwhile; then it needs no error.
	_ = c.write(string(b) + "</stream:error></stream:stream>")
	c.hangUp()
}

// Close ends the stream in order: it sends the end tag, waits for the component's,
// and closes the connection. If the component ends the stream first, the server
// answers with its own end tag, and nobody need call Close.
func (c *Conn) Close() {
	c.t.Helper()
	c.goodbye()
	c.ExpectEnd()
	c.nc.Close()
}

// goodbye writes the end tag of the stream, once.
func (c *Conn) goodbye() {
	// If the component has cut the connection, the test's script will notice.
	c.bye.Do(func() { _ = c.write("</stream:stream>") })
}

// Cut ends the connection without a word, as a crash of the server does.
func (c *Conn) Cut() { c.nc.Close() }

// hangUp closes the sending side only, so that unread input does not make the
// kernel throw away what was sent last.
func (c *Conn) hangUp() {
	if tcp, ok := c.nc.(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
	}
}
