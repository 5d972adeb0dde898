// Package share divides a number of places among those who want one. There are places for
// event streams, for example, and for files on their way.
//
// A conversation, an address and the network around it may each have a number of places.
// When all places are taken, somebody who has fewer than the greediest gets a place of
// theirs: the slowest of these gives way. So one client may have many places as long as
// nobody else wants them.
package share

import (
	"sync"
	"sync/atomic"

	"porchlight/webwidget/peer"
)

// Limits bounds the places; 0 is no limit.
type Limits struct {
	Total      int // places of everybody together
	PerChat    int // places of one conversation
	PerAddress int // places of one IPv4 address or IPv6 /64; a /24 or /48 may have four times as many
}

// networkShare is how many times as many places as one address its network may have.
const networkShare = 4

// Slot is one place, or the wish for one. A Slot lies in its member, so that a place costs
// no memory of its own.
type Slot struct {
	Chat int64    // the number of the conversation; 0: none, and then the place gives way first
	Net  peer.Net // the peer.Net of the client's address
	at   int32    // where the member stands in the list, from 1; 0: it has no place

	Since uint32 // Unix time at which the place was wished for
}

// Member has a place or wants one. The pool calls Slot and Pace while it holds its lock,
// and Cut while it holds none.
type Member interface {
	Slot() *Slot // returns the same Slot every time
	Pace() int64 // the member of a group with the least pace gives way first
	Cut()        // says that the place was given to another; must not wait
}

// Pool is a number of places. Any goroutine may call its methods.
type Pool struct {
	limits Limits

	mu    sync.Mutex
	list  []Member
	chats map[int64]int32
	nets  map[peer.Net]int32 // the places of each address and of each network around one

	refused, gaveWay atomic.Int64
}

// New makes a pool.
func New(l Limits) *Pool {
	return &Pool{limits: l, chats: make(map[int64]int32), nets: make(map[peer.Net]int32)}
}

// Stats says how many places are taken, and since the start how many wishes were refused
// and how many members gave way to others.
type Stats struct{ Used, Refused, GaveWay int64 }

// Stats returns the counts.
func (p *Pool) Stats() Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	return Stats{int64(len(p.list)), p.refused.Load(), p.gaveWay.Load()}
}

// Enter gives m a place, or reports that there is none for m. Leave gives the place back.
func (p *Pool) Enter(m Member) bool {
	p.mu.Lock()
	var victim Member
	ok := p.allowed(m.Slot())
	if ok && p.limits.Total > 0 && len(p.list) >= p.limits.Total {
		victim = p.victim(m)
		ok = victim != nil
	}
	if victim != nil {
		p.remove(victim.Slot())
	}
	if ok {
		p.list = append(p.list, m)
		m.Slot().at = int32(len(p.list))
		p.count(m.Slot(), 1)
	}
	p.mu.Unlock()
	if victim != nil {
		p.gaveWay.Add(1)
		victim.Cut()
	}
	if !ok {
		p.refused.Add(1)
	}
	return ok
}

// Of returns how many places a conversation has.
func (p *Pool) Of(chat int64) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return int(p.chats[chat])
}

// Leave gives m's place back, if it still has one.
func (p *Pool) Leave(m Member) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.remove(m.Slot())
}

// allowed reports whether s is within the limits of its groups. The lock is held.
func (p *Pool) allowed(s *Slot) bool {
	l := p.limits
	within := func(n int32, most int) bool { return most == 0 || int(n) < most }
	return (s.Chat == 0 || within(p.chats[s.Chat], l.PerChat)) && within(p.nets[s.Net], l.PerAddress) &&
		within(p.nets[s.Net.Around()], l.PerAddress*networkShare)
}

// victim returns the member that gives way to m, nil if none does. If m belongs to a
// conversation, the members without one give way first. Then the slowest member of the
// greediest conversation, address or network gives way, if its group still has no fewer
// places afterwards than m's group. The lock is held.
func (p *Pool) victim(m Member) Member {
	s := m.Slot()
	if s.Chat != 0 {
		v := p.slowest(0, func(c *Slot) int32 {
			if c.Chat != 0 {
				return 0
			}
			return p.nets[c.Net.Around()]
		})
		if v != nil {
			return v
		}
	}
	if s.Chat != 0 {
		v := p.slowest(p.chats[s.Chat]+1, func(c *Slot) int32 { return p.chats[c.Chat] })
		if v != nil {
			return v
		}
	}
	if v := p.slowest(p.nets[s.Net]+1, func(c *Slot) int32 { return p.nets[c.Net] }); v != nil {
		return v
	}
	return p.slowest(p.nets[s.Net.Around()]+1, func(c *Slot) int32 { return p.nets[c.Net.Around()] })
}

// slowest returns the slowest member of the largest group, nil if no group has more places
// than more. The lock is held.
func (p *Pool) slowest(more int32, size func(*Slot) int32) (v Member) {
	var pace int64
	for _, c := range p.list {
		n := size(c.Slot())
		switch {
		case n > more:
			v, more, pace = c, n, c.Pace()
		case n == more && v != nil && c.Pace() < pace:
			v, pace = c, c.Pace()
		}
	}
	return v
}

// remove takes a place back, if s has one. The lock is held.
func (p *Pool) remove(s *Slot) {
	if s.at == 0 {
		return
	}
	last := len(p.list) - 1
	p.list[s.at-1] = p.list[last]
	p.list[s.at-1].Slot().at = s.at
	p.list[last] = nil
	p.list = p.list[:last]
	s.at = 0
	p.count(s, -1)
}

// count changes how many places each group of s has. The lock is held.
func (p *Pool) count(s *Slot, by int32) {
	if s.Chat != 0 {
		add(p.chats, s.Chat, by)
	}
	add(p.nets, s.Net, by)
	if around := s.Net.Around(); around != s.Net {
		add(p.nets, around, by)
	}
}

func add[K comparable](m map[K]int32, key K, by int32) {
	if m[key] += by; m[key] == 0 {
		delete(m, key)
	}
}
