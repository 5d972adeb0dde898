package stream

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"time"

	"mellium.im/xmpp/component"
	"mellium.im/xmpp/jid"
)

// Config says where a component connects and as what.
type Config struct {
	Addr        string        // host:port of the server's component port
	Domain      string        // the component's own domain
	Secret      string        // shared with the server
	Limits      Limits        // for one stanza
	DialTimeout time.Duration // for connection and handshake together; 10 s if zero
	Log         *slog.Logger  // nil: nothing is logged
}

// Limits bound one stanza; a field that is zero means its default. Bytes bounds
// outgoing stanzas too, since a server ends the stream over a stanza that it finds
// too large.
type Limits struct {
	Bytes    int // as XML; default 512 KiB, which is Prosody's own limit
	Depth    int // of nesting, the stanza itself being 1; default 64
	Elements int // in all; default 2000
}

func (l Limits) orDefault() Limits {
	if l.Bytes <= 0 {
		l.Bytes = 512 << 10
	}
	if l.Depth <= 0 {
		l.Depth = 64
	}
	if l.Elements <= 0 {
		l.Elements = 2000
	}
	return l
}

const (
	dialTimeout  = 10 * time.Second
	handshakeMax = 64 << 10 // bytes a server may send before the stream is open
)

// Dial connects to the server and does the handshake of XEP-0114 §3. ctx bounds
// only that: ending it later does not touch the stream. If the server refuses, the
// error contains mellium's stream.Error: not-authorized (wrong secret),
// host-unknown, or conflict (the domain is connected already).
func Dial(ctx context.Context, cfg Config) (*Conn, error) {
	addr, err := jid.Parse(cfg.Domain)
	if err == nil && addr.String() != addr.Domainpart() {
		err = errors.New("not a domain")
	}
	if err != nil {
		return nil, fmt.Errorf("parse component domain: %w", err)
	}
	timeout := cfg.DialTimeout
	if timeout <= 0 {
		timeout = dialTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	nc, err := new(net.Dialer).DialContext(ctx, "tcp", cfg.Addr)
	if err != nil {
		return nil, fmt.Errorf("connect to server: %w", err)
	}
	sock, err := tune(nc)
	if err != nil && cfg.Log != nil {
		cfg.Log.Warn("setting socket options", "err", err)
	}
	lim := cfg.Limits.orDefault()
	in := newSplitter(sock, lim.Bytes)
	if err := handshake(ctx, addr, cfg.Secret, sock, in); err != nil {
		nc.Close()
		return nil, fmt.Errorf("open component stream: %w", err)
	}
	return newConn(sock, in, lim), nil
}

// handshake lets mellium negotiate. When ctx ends, it closes the connection, since
// deadlines have no effect here: see handshakeConn.
func handshake(ctx context.Context, addr jid.JID, secret string, nc net.Conn, in *splitter) error {
	release := context.AfterFunc(ctx, func() { nc.Close() })
	hc := &handshakeConn{Conn: nc, in: in, left: handshakeMax}
	_, err := component.NewSession(ctx, addr, []byte(secret), hc)
	switch {
	case !release():
		return context.Cause(ctx)
	case err != nil && hc.err != nil:
		return hc.err
	}
	return withText(err)
}

// handshakeConn is the connection as mellium sees it. It is an io.ByteReader,
// so that mellium's decoder reads no further than the handshake and the rest can
// be taken over. Its deadlines do nothing: mellium sets one in the past when its
// context ends, even if that is just after the handshake.
type handshakeConn struct {
	net.Conn
	in   *splitter
	left int   // bytes the server may still send
	err  error // of reading
}

// ReadByte takes one byte from the splitter, and fails once the server has sent
// handshakeMax bytes.
func (c *handshakeConn) ReadByte() (byte, error) {
	if c.left--; c.left < 0 {
		c.err = errors.New("handshake larger than the limit")
		return 0, c.err
	}
	b, err := c.in.ReadByte()
	if err != nil {
		c.err = unexpected(err)
	}
	return b, err
}

// Read reads one byte. mellium uses ReadByte; a net.Conn must have Read as well.
func (c *handshakeConn) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	b, err := c.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = b
	return 1, nil
}

// SetDeadline does nothing, see the type.
func (c *handshakeConn) SetDeadline(time.Time) error { return nil }

// SetReadDeadline does nothing, see the type.
func (c *handshakeConn) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline does nothing, see the type.
func (c *handshakeConn) SetWriteDeadline(time.Time) error { return nil }

var _ io.ByteReader = (*handshakeConn)(nil)
