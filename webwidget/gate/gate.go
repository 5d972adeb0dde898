// Package gate counts the connections of a web server, so that nobody can hold
// all of them.
//
// One address may have some, and its network twice as many. When there are
// too many of an address, its own oldest that waits for a request, or for the
// rest of one, gives way to the new one; when descriptors get scarce the
// old ones of everybody do, the greediest network's first. Connections on which an answer is
// made come after them, and those of an established chat are never ended here.
//
// The gate costs no goroutine, and nothing for connections that leave it (see
// [Conn.Leave]).
package gate

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"porchlight/webwidget/peer"
)

// Limits bounds the connections. The zero value limits nothing.
type Limits struct {
	PerAddress int            // connections of one IPv4 address or IPv6 /64, and twice as many of a /24 or /48; 0: no limit
	Proxies    []netip.Prefix // whose connections are those of many people, and are not limited by their address
	Total      int            // connections at one time, those that left included; 0: no limit
	Scarce     int            // from so many on those that have waited for longer than Grace give way; 0: never
	Grace      time.Duration
	Left       func() int // how many there are that have left; nil: none
}

// networkShare is how many times the connections of one address its network may have.
const networkShare = 2

// Gate counts connections. Its methods may be called by any goroutine.
type Gate struct {
	limits Limits

	mu       sync.Mutex
	conns    map[*Conn]struct{}
	groups   map[peer.Net]map[*Conn]struct{} // by address and by network, of those that are limited
	refused  atomic.Int64
	gaveWay  atomic.Int64
	sequence int64 // of the connection accepted last
}

// New makes a gate.
func New(l Limits) *Gate {
	if l.Left == nil {
		l.Left = func() int { return 0 }
	}
	if l.Total > 0 && l.PerAddress > 0 {
		l.PerAddress = max(1, min(l.PerAddress, l.Total/4))
	}
	return &Gate{limits: l, conns: make(map[*Conn]struct{}), groups: make(map[peer.Net]map[*Conn]struct{})}
}

// Stats is how many connections there are, and since the start how many were
// closed at once, and how many gave way to others.
type Stats struct{ Open, Refused, GaveWay int64 }

// Stats returns the counts.
func (g *Gate) Stats() Stats {
	g.mu.Lock()
	defer g.mu.Unlock()
	return Stats{Open: int64(len(g.conns)), Refused: g.refused.Load(), GaveWay: g.gaveWay.Load()}
}

// Watch tells a connection what the server does with it (http.Server.ConnState).
func (g *Gate) Watch(c net.Conn, state http.ConnState) {
	conn, ok := c.(*Conn)
	if !ok {
		return
	}
	switch state {
	case http.StateActive:
		conn.since.Store(time.Now().UnixNano())
		conn.chat.Store(false)
		conn.state.Store(asking)
	case http.StateIdle:
		conn.since.Store(time.Now().UnixNano())
		conn.client.Store(0)
		conn.state.Store(idle)
	}
}

// connKey is the key of a request's connection in its context.
type connKey struct{}

// Context remembers the connection for Of (http.Server.ConnContext).
func (g *Gate) Context(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// Of returns a request's connection, nil if it came through no gate.
func Of(r *http.Request) *Conn {
	c, _ := r.Context().Value(connKey{}).(*Conn)
	return c
}

// admit takes a connection in, or reports that there is no room for it. It closes
// others to make room.
func (g *Gate) admit(c *Conn) bool {
	var victims []*Conn
	g.mu.Lock()
	ok := g.fits(c, &victims)
	if ok {
		g.sequence++
		c.number = g.sequence
		g.conns[c] = struct{}{}
		for _, n := range c.nets() {
			if g.groups[n] == nil {
				g.groups[n] = make(map[*Conn]struct{})
			}
			g.groups[n][c] = struct{}{}
		}
	}
	g.mu.Unlock()
	for _, v := range victims {
		v.Close()
	}
	if g.gaveWay.Add(int64(len(victims))); !ok {
		g.refused.Add(1)
	}
	return ok
}

// fits looks for room, and forgets the connections that have to give way for it.
// The lock is held.
func (g *Gate) fits(c *Conn, victims *[]*Conn) bool {
	for i, n := range c.nets() {
		most := g.limits.PerAddress
		if i > 0 {
			most *= networkShare
		}
		group := g.groups[n]
		if most == 0 || len(group) < most {
			continue
		}
		v := weakest(group)
		if v == nil {
			return false
		}
		g.forget(v)
		*victims = append(*victims, v)
	}
	if g.limits.Total > 0 && len(g.conns)+g.limits.Left() >= g.limits.Total {
		*victims = append(*victims, g.thin(func(c *Conn) bool { return !c.lasts() })...)
		return len(g.conns)+g.limits.Left() < g.limits.Total
	}
	if g.limits.Scarce > 0 && len(g.conns)+g.limits.Left() >= g.limits.Scarce {
		old := time.Now().Add(-g.limits.Grace).UnixNano()
		*victims = append(*victims, g.thin(func(c *Conn) bool { return c.waits() && c.since.Load() <= old })...)
	}
	return true
}

// weakest is the one of a group that gives way to a new one: the oldest that
// waits for a request or for the rest of one; nil if there is none.
func weakest(group map[*Conn]struct{}) *Conn {
	var w *Conn
	for c := range group {
		if c.waits() && (w == nil || c.number < w.number) {
			w = c
		}
	}
	return w
}

// thinning is which part of all connections gives way at one time: to look
// through all of them for each new one would be work for an attacker to make.
const thinning = 16

// thin forgets a part of those that may give way when there are too many. The lock is held.
func (g *Gate) thin(may func(*Conn) bool) []*Conn {
	share := make(map[peer.Net]int)
	var list []*Conn
	for c := range g.conns {
		share[c.whose()]++
		if may(c) {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b *Conn) int {
		if a.waits() != b.waits() {
			if a.waits() {
				return -1
			}
			return 1
		}
		if d := share[b.whose()] - share[a.whose()]; d != 0 {
			return d
		}
		return int(a.number - b.number)
	})
	list = list[:min(len(list), max(1, g.limits.Total/thinning))]
	for _, c := range list {
		g.forget(c)
	}
	return list
}

// forget takes a connection out. The lock is held.
func (g *Gate) forget(c *Conn) {
	if _, ok := g.conns[c]; !ok {
		return
	}
	delete(g.conns, c)
	for _, n := range c.nets() {
		if delete(g.groups[n], c); len(g.groups[n]) == 0 {
			delete(g.groups, n)
		}
	}
}

// makeRoom ends connections because the system has no descriptor left; it
// reports whether there were any to end.
func (g *Gate) makeRoom() bool {
	g.mu.Lock()
	list := g.thin(func(c *Conn) bool { return !c.lasts() })
	g.mu.Unlock()
	for _, c := range list {
		c.Close()
	}
	g.gaveWay.Add(int64(len(list)))
	return len(list) > 0
}
