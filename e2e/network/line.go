package network

import (
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

const (
	// segment is how much of a connection a packet carries, as on an Ethernet.
	segment = 1460
	// flight is how many packets are on their way at most in one direction of a connection.
	flight = 256
	// A lost packet is sent again after a time between these, and after twice that if it is lost again
	// (RFC 6298 §5.5; Linux begins at 200 ms).
	soon, late = 200 * time.Millisecond, time.Second
)

// way is one direction of the line, which all connections share.
type way struct {
	cfg  Config
	mu   sync.Mutex
	free time.Time // when the line takes the next packet
	dice *rand.Rand
}

func newWay(cfg Config, direction uint64) *way {
	return &way{cfg: cfg, dice: rand.New(rand.NewPCG(cfg.Seed, direction))}
}

// arrival returns when a packet comes out at the other end that is sent now.
func (w *way) arrival(now time.Time, size int) time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cfg.Rate > 0 {
		if now.Before(w.free) {
			now = w.free
		}
		now = now.Add(time.Duration(size) * time.Second / time.Duration(w.cfg.Rate))
		w.free = now
	}
	at := now.Add(w.cfg.Delay)
	if w.cfg.Loss == 0 {
		return at
	}
	for again := soon + time.Duration(w.dice.Int64N(int64(late-soon))); w.dice.Float64() < w.cfg.Loss; again *= 2 {
		at = at.Add(again)
	}
	return at
}

// accept takes connections until the listener is closed.
func (n *Network) accept() {
	for {
		near, err := n.front.Accept()
		if err != nil {
			return
		}
		go n.join(near) // ends with the connection
	}
}

// join carries one connection: the first packet leaves after a handshake, which goes there and back.
func (n *Network) join(near net.Conn) {
	time.Sleep(time.Until(n.down.arrival(n.up.arrival(time.Now(), 0), 0)))
	far, err := net.Dial("tcp", n.inner.Addr().String())
	if err != nil {
		near.Close()
		return
	}
	n.mu.Lock()
	n.links[near], n.links[far] = true, true
	n.mu.Unlock()
	end := func() {
		near.Close()
		far.Close()
	}
	if n.cfg.Cut > 0 {
		defer time.AfterFunc(n.cfg.Cut, end).Stop()
	}
	var both sync.WaitGroup
	both.Go(func() { n.carry(n.up, near, far) })
	both.Go(func() { n.carry(n.down, far, near) })
	both.Wait()
	end()
	n.mu.Lock()
	delete(n.links, near)
	delete(n.links, far)
	n.mu.Unlock()
}

// packet is what one read gave, and when it comes out.
type packet struct {
	data []byte
	at   time.Time
}

// carry passes one direction of a connection on until its end, which passes, too. What comes later
// never overtakes: a lost packet holds up those behind it, as TCP does.
func (n *Network) carry(w *way, from, to net.Conn) {
	flying := make(chan packet, flight)
	go func() { // ends with the connection's direction
		defer close(flying)
		var last time.Time
		for {
			buf := make([]byte, segment)
			size, err := from.Read(buf)
			at := w.arrival(time.Now(), size)
			if at.Before(last) {
				at = last
			}
			last = at
			flying <- packet{buf[:size], at}
			if err != nil {
				return
			}
		}
	}()
	broken := false
	for p := range flying {
		if broken {
			continue // what is still on its way gets lost
		}
		time.Sleep(time.Until(p.at))
		_, err := to.Write(p.data)
		n.bytes.Add(int64(len(p.data)))
		broken = err != nil
		if broken {
			from.Close()
		}
	}
	to.Close()
}
