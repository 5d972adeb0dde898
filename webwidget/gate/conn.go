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

// The states of a connection.
const (
	idle   = int32(iota) // nothing of a request has come
	asking               // a request has begun and has not come whole
	served               // a whole request is being answered
)

// Conn is a TCP connection that the gate counts. Any goroutine may call its methods.
type Conn struct {
	*net.TCPConn
	gate   *Gate
	own    peer.Net // the peer.Net of its address; 0: not limited, such as a proxy's connection
	number int64
	state  atomic.Int32
	since  atomic.Int64  // Unix time in ns: when the request began, or the wait for one
	chat   atomic.Bool   // the request belongs to an established chat
	client atomic.Uint64 // the peer.Net of the client that asks through a proxy
}

// Close ends the connection, which the gate then counts no more.
func (c *Conn) Close() error {
	c.Leave()
	return c.TCPConn.Close()
}

// Leave takes the connection out of the gate's hands, for example when it was hijacked.
// From then on its new owner counts it (see Limits.Left). Leave returns the TCP connection.
func (c *Conn) Leave() net.Conn {
	c.gate.mu.Lock()
	defer c.gate.mu.Unlock()
	c.gate.forget(c)
	return c.TCPConn
}

// Whole says that all of the request has come. On a nil Conn it does nothing.
func (c *Conn) Whole() {
	if c != nil {
		c.state.CompareAndSwap(asking, served)
	}
}

// ByProxy reports whether the gate does not limit the connection by its address: a trusted
// proxy opened it, or there is no such limit. Then From is to name the client.
func (c *Conn) ByProxy() bool { return c != nil && c.own == 0 }

// From names the client of the request, as the trusted proxy told it.
func (c *Conn) From(client netip.Addr) { c.client.Store(uint64(peer.Of(client))) }

// Chatting says that the request belongs to an established chat. The gate may end the
// connection all the same as long as the request has not come whole. On a nil Conn it does
// nothing.
func (c *Conn) Chatting() {
	if c != nil {
		c.chat.Store(true)
	}
}

// lasts reports whether the connection stays even when there are too many.
func (c *Conn) lasts() bool { return !c.waits() && c.chat.Load() }

func (c *Conn) waits() bool { return c.state.Load() <= asking }

// whose returns the network for which the connection is there.
func (c *Conn) whose() peer.Net {
	if c.own != 0 {
		return c.own.Around()
	}
	return peer.Net(c.client.Load()).Around()
}

// nets returns the groups in which the connection is limited: its address and the network
// around it.
func (c *Conn) nets() []peer.Net {
	if c.own == 0 {
		return nil
	}
	return []peer.Net{c.own, c.own.Around()}
}

// sendBuffer is how much the kernel may hold of what was written to a connection, in
// bytes: a reader that stalls must not let megabytes pile up.
const sendBuffer = 16 << 10

// listener lets connections through a gate.
type listener struct {
	net.Listener
	gate *Gate
}

// Listen returns a listener whose connections come through the gate.
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
		_ = tcp.SetWriteBuffer(sendBuffer) // if this fails, the connection works all the same with more memory
		c := &Conn{TCPConn: tcp, gate: l.gate, own: l.gate.netOf(tcp)}
		c.since.Store(time.Now().UnixNano())
		if l.gate.admit(c) {
			return c, nil
		}
		tcp.Close()
	}
}

// netOf returns the peer.Net by which a connection is limited; 0 for a proxy's connection,
// and if there is no limit.
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
