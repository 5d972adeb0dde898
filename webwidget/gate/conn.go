package gate

import (
	"errors"
	"net"
	"net/netip"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"porchlight/webwidget/peer"
)

// What a connection is at.
const (
	idle   = int32(iota) // nothing of a request has come
	asking               // a request has begun and is not whole
	served               // an answer is made to a whole one
)

// Conn is a connection that the gate counts. It has all that a TCP connection has.
type Conn struct {
	*net.TCPConn
	gate   *Gate
	own    peer.Net // of its address; 0: a proxy's, not limited
	number int64
	state  atomic.Int32
	since  atomic.Int64  // Unix time in ns: when the request began, or the wait for one
	chat   atomic.Bool   // the request belongs to an established chat
	client atomic.Uint64 // the peer.Net of who asks through a proxy
}

// Close ends the connection.
func (c *Conn) Close() error {
	c.Leave()
	return c.TCPConn.Close()
}

// Leave takes the connection out of the gate's hands, as when it was hijacked:
// whoever has it now counts it (see Limits.Left). It returns the connection itself.
func (c *Conn) Leave() net.Conn {
	c.gate.mu.Lock()
	defer c.gate.mu.Unlock()
	c.gate.forget(c)
	return c.TCPConn
}

// Whole says that all of the request has come.
func (c *Conn) Whole() {
	if c != nil {
		c.state.CompareAndSwap(asking, served)
	}
}

// ByProxy reports whether the connection is that of a trusted proxy, so that From is to
// say who is behind it.
func (c *Conn) ByProxy() bool { return c != nil && c.own == 0 }

// From says who the request on it is from, as a trusted proxy tells.
func (c *Conn) From(client netip.Addr) { c.client.Store(uint64(peer.Of(client))) }

// Chatting says that the request belongs to an established chat. What has not
// come whole may be ended all the same.
func (c *Conn) Chatting() {
	if c != nil {
		c.chat.Store(true)
	}
}

// lasts reports whether the connection is not ended when there are too many.
func (c *Conn) lasts() bool { return !c.waits() && c.chat.Load() }

func (c *Conn) waits() bool { return c.state.Load() <= asking }

// whose is the network for which the connection is there.
func (c *Conn) whose() peer.Net {
	if c.own != 0 {
		return c.own.Around()
	}
	return peer.Net(c.client.Load()).Around()
}

// nets are the groups in which the connection is limited: its address and the
// network around it.
func (c *Conn) nets() []peer.Net {
	if c.own == 0 {
		return nil
	}
	return []peer.Net{c.own, c.own.Around()}
}

// sendBuffer is the kernel's room per connection, in bytes: a reader that stalls
// must not let megabytes pile up.
const sendBuffer = 16 << 10

// listener lets connections through a gate.
type listener struct {
	net.Listener
	gate *Gate
}

// Listen returns a listener whose connections pass the gate.
func (g *Gate) Listen(l net.Listener) net.Listener { return &listener{l, g} }

// Accept returns the next connection for which there is room.
func (l *listener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if (errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)) && l.gate.makeRoom() {
			continue
		}
		if err != nil {
			return nil, err
		}
		tcp, ok := conn.(*net.TCPConn)
		if !ok {
			return conn, nil
		}
		_ = tcp.SetWriteBuffer(sendBuffer) // without it all works, only with more memory
		c := &Conn{TCPConn: tcp, gate: l.gate, own: l.gate.netOf(tcp)}
		c.since.Store(time.Now().UnixNano())
		if l.gate.admit(c) {
			return c, nil
		}
		tcp.Close()
	}
}

// netOf is in whose groups a connection is counted, 0 for a proxy's or if nothing is limited.
func (g *Gate) netOf(c *net.TCPConn) peer.Net {
	a, ok := c.RemoteAddr().(*net.TCPAddr)
	if !ok || g.limits.PerAddress == 0 {
		return 0
	}
	addr := a.AddrPort().Addr().Unmap().WithZone("")
	if slices.ContainsFunc(g.limits.Proxies, func(p netip.Prefix) bool { return p.Contains(addr) }) {
		return 0
	}
	return peer.Of(addr)
}
