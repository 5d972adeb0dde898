package stream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	xmppstream "mellium.im/xmpp/stream"
)

const (
	closeTimeout = 2 * time.Second // for Close without deadline
	lastWords    = time.Second     // to read why the server broke off, once a write has failed
	keepBuffer   = 64 << 10        // encoding buffers larger than this are not kept
)

// Conn is a component's stream. One goroutine reads it with Next; all other
// methods may be called from any goroutine. Close must be called in the end,
// whatever else has happened.
type Conn struct {
	nc      net.Conn
	lim     Limits
	in      *splitter
	parser  parser // of Next's goroutine
	out     *writer
	buffers sync.Pool // of *[]byte, for encoding

	over    error         // what Next returns from now on; only Next's goroutine writes it, before it closes ended
	ended   chan struct{} // closed when over is set
	written chan struct{} // closed when nothing more will be written
	closing atomic.Bool
	closed  chan struct{} // closed when Close is through
	unclean error         // what Close returns
}

func newConn(nc net.Conn, in *splitter, lim Limits) *Conn {
	c := &Conn{
		nc: nc, lim: lim, in: in, parser: parser{lim: lim}, out: newWriter(nc),
		ended: make(chan struct{}), written: make(chan struct{}), closed: make(chan struct{}),
	}
	c.buffers.New = func() any { return new([]byte) }
	go c.write() // ends with the writer: by Close, a failure or the end of the input
	return c
}

func (c *Conn) write() {
	defer close(c.written)
	if err := c.out.run(); err != nil {
		c.out.finish(err, false, "")
		// A server that breaks off has often said why: let Next read it.
		_ = c.nc.SetReadDeadline(time.Now().Add(lastWords))
	}
}

// Next waits for the next stanza or other top level element. White space is
// skipped.
//
// A *StanzaError (errors.As) means that one stanza was refused; call Next again.
// Any other error is the end of the stream, and all later calls return it too:
// io.EOF if the server closed it in order, ErrClosed after Close, an error
// containing mellium's stream.Error if the server said why (a conflict here
// means that another connection has replaced this one) or broke the rules of the
// stream itself, else an error of the connection (io.ErrUnexpectedEOF if it was
// merely closed).
//
// Only one goroutine may call Next, and it should go on calling until the stream
// ends, also while Close runs: Close waits for that end.
func (c *Conn) Next() (*Element, error) {
	if c.over != nil {
		return nil, c.over
	}
	raw, err := c.in.next()
	if err != nil && !errors.Is(err, ErrTooLarge) {
		return nil, c.end(err)
	}
	var e *Element
	if err == nil {
		e, err = c.parser.parse(raw)
	}
	switch {
	case err == nil && e.Space == NSStreams && e.Local == "error":
		return nil, c.end(streamError(e))
	case err == nil:
		return e, nil
	case bytes.HasPrefix(raw, []byte("<stream:")):
		return nil, c.end(fmt.Errorf("server ended the stream: %w", xmppstream.UndefinedCondition))
	}
	return nil, newStanzaError(head(raw), err)
}

// end notes that there is no more input, and why.
func (c *Conn) end(err error) error {
	var said xmppstream.Error
	switch cause := c.out.cause(); {
	case cause == nil, err == io.EOF, errors.As(err, &said):
	case cause == ErrClosed:
		err = fmt.Errorf("%w before the server had ended it: %w", cause, err)
	default:
		err = cause // a write has failed, and reading fails because of that
	}
	if err == io.EOF {
		c.out.finish(err, true, streamEndTag) // RFC 6120 §4.4
	} else {
		c.out.finish(err, false, "")
		c.nc.Close()
	}
	c.over = err
	close(c.ended)
	return err
}

// Send queues whole stanzas, in order and next to each other, and returns before
// they are written. While more than 256 KiB are waiting it blocks, until there is
// room or the stream is over. If one of the stanzas is larger than Limits.Bytes
// none is sent, the error is ErrTooLarge, and the stream goes on. Any other error
// means that the stream is over. No error does not mean that the server has got
// them: only an answer to a later ping proves that.
func (c *Conn) Send(stanzas ...*Element) error {
	_, err := c.put(stanzas, true)
	return err
}

// TrySend is Send for the goroutine that reads, which must never wait for the
// server to read: it never blocks, and reports whether the stanzas were queued.
func (c *Conn) TrySend(stanzas ...*Element) bool {
	ok, err := c.put(stanzas, false)
	return ok && err == nil
}

func (c *Conn) put(stanzas []*Element, block bool) (bool, error) {
	buf := c.buffers.Get().(*[]byte)
	defer func() {
		if cap(*buf) <= keepBuffer {
			c.buffers.Put(buf)
		}
	}()
	b := (*buf)[:0]
	for _, e := range stanzas {
		if e == nil {
			continue
		}
		from := len(b)
		if b = e.Append(b); len(b)-from > c.lim.Bytes {
			return false, fmt.Errorf("send stanza: %w", ErrTooLarge)
		}
	}
	*buf = b
	ok, err := c.out.put(b, block)
	if err != nil {
		return false, fmt.Errorf("send stanza: %w", err)
	}
	return ok, nil
}

// Pending returns how many bytes are queued and not yet handed to the kernel.
func (c *Conn) Pending() int { return c.out.size() }

// Close ends the stream: it refuses further sends, lets those that wait fail,
// writes what is queued and the end tag of the stream, waits until Next has seen
// the server's end tag, and closes the connection; all that within the deadline
// of ctx, or 2 s if it has none. When it returns, no goroutine of the Conn is
// left. An error means that the server has not ended the stream in return, so
// that what was sent last may be lost; it is nil if the stream was over before. A
// later call waits for the first and returns the same.
func (c *Conn) Close(ctx context.Context) error {
	if c.closing.CompareAndSwap(false, true) {
		c.unclean = c.close(ctx)
		close(c.closed)
	}
	<-c.closed
	return c.unclean
}

const streamEndTag = "</stream:stream>"

func (c *Conn) close(ctx context.Context) (err error) {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, closeTimeout)
		defer cancel()
	}
	before := c.out.cause()
	c.out.finish(ErrClosed, true, streamEndTag)
	for _, done := range []chan struct{}{c.written, c.ended} {
		select {
		case <-done:
		case <-ctx.Done():
		}
	}
	select {
	case <-c.ended:
		if c.over != io.EOF {
			err = c.over
		}
	default:
		err = ctx.Err()
	}
	c.nc.Close()
	<-c.written
	if err == nil || before != nil {
		return nil
	}
	return fmt.Errorf("close stream: %w", err)
}
