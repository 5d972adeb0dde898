// Package gate counts the connections of a web server, so that nobody can hold all of
// them.
//
// One address may have a number of connections, and its network twice as many. When an
// address has too many, its oldest connection that waits for a request, or for the rest of
// one, gives way to the new connection. When descriptors get scarce, old connections of
// everybody give way, those of the greediest network first. When none are left, connections
// on which a request is being answered give way too, except where the request belongs to
// an established chat.
//
// The gate needs no goroutine. Connections that leave it cost nothing (see [Conn.Leave]).
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
	PerAddress int            // connections of one IPv4 address or IPv6 /64; a /24 or /48 may have twice as many; 0: no limit
	Proxies    []netip.Prefix // trusted proxies; their connections serve many people, so PerAddress does not limit these
	Total      int            // connections at one time, including those that left; 0: no limit
	Scarce     int            // from so many connections on, those that have waited for longer than Grace give way; 0: never
	Grace      time.Duration
	Left       func() int // returns how many connections have left and are open; nil: none
}

// networkShare is how many times as many connections as one address its network may have.
const networkShare = 2

// Gate counts connections. Any goroutine may call its methods.
type Gate struct {
	limits Limits

	mu       sync.Mutex
	conns    map[*Conn]struct{}
	groups   map[peer.Net]map[*Conn]struct{} // the connections with a limit, by address and by network
	refused  atomic.Int64
	gaveWay  atomic.Int64
	sequence int64 // the number of the connection accepted last
}

// New makes a gate. If Limits.PerAddress is above a quarter of Limits.Total, that quarter counts.
func New(l Limits) *Gate {
	if l.Left == nil {
		l.Left = func() int { return 0 }
	}
	if l.Total > 0 && l.PerAddress > 0 {
		l.PerAddress = max(1, min(l.PerAddress, l.Total/4))
	}
	return &Gate{limits: l, conns: make(map[*Conn]struct{}), groups: make(map[peer.Net]map[*Conn]struct{})}
}

// Stats says how many connections are open and have not left, and since the start how
// many found no room and how many gave way to others.
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

// Of returns a request's connection, nil if the request came through no gate.
func Of(r *http.Request) *Conn {
	c, _ := r.Context().Value(connKey{}).(*Conn)
	return c
}

// admit takes a connection in, or reports that there is no room for it. It closes other
// connections to make room.
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
	g.gaveWay.Add(int64(len(victims)))
	if !ok {
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

// weakest returns the connection of a group that gives way to a new one: the oldest that
// waits for a request or for the rest of one; nil if there is none. The lock is held.
func weakest(group map[*Conn]struct{}) *Conn {
	var w *Conn
	for c := range group {
		if c.waits() && (w == nil || c.number < w.number) {
			w = c
		}
	}
	return w
}

// thinning says how many connections give way at one time: Total divided by thinning. If
// one gave way at a time, an attacker could make the gate look through all connections for
// each new one.
const thinning = 16

// thin forgets some of the connections that may give way, and returns them so that the
// caller closes them. Those that wait come first, then those of the network with the most
// connections, then the oldest. The lock is held.
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

// makeRoom ends connections because the system has no descriptor left. It reports whether
// there were any to end.
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
