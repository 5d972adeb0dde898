package main

import (
	"errors"
	"net"
	"strings"
	"sync"
	"time"
)

// proxy stands between two programs that talk by TCP. It can stall the connections (nothing passes,
// both ends stay open), cut them (both ends are closed, and new connections, too, while the proxy
// is away), or half-open them (the near end goes on, the far end is closed, as when a router
// forgets a connection).
type proxy struct {
	ln     net.Listener
	target string

	mu    sync.Mutex
	gate  sync.Cond
	stall bool
	away  bool
	links map[*link]bool
	left  []net.Conn // far ends that strand has left open
}

type link struct{ near, far net.Conn }

func newProxy(target string) (*proxy, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &proxy{ln: ln, target: target, links: make(map[*link]bool)}
	p.gate.L = &p.mu
	go p.accept() // ends with the listener
	return p, nil
}

func (p *proxy) accept() {
	for {
		near, err := p.ln.Accept()
		if err != nil {
			return
		}
		far, err := p.dial()
		if err == nil && p.isAway() {
			err = net.ErrClosed
			far.Close()
		}
		if err != nil {
			near.Close()
			continue
		}
		l := &link{near, far}
		p.mu.Lock()
		p.links[l] = true
		p.mu.Unlock()
		go p.pass(l, near, far)
		go p.pass(l, far, near)
	}
}

// dial connects to the target, which is a host:port or the path of a unix socket.
func (p *proxy) dial() (net.Conn, error) {
	if strings.HasPrefix(p.target, "/") {
		return net.Dial("unix", p.target)
	}
	return net.Dial("tcp", p.target)
}

// pass copies one direction until an end closes.
func (p *proxy) pass(l *link, from, to net.Conn) {
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		p.mu.Lock()
		for p.stall {
			p.gate.Wait()
		}
		p.mu.Unlock()
		if n > 0 {
			if _, werr := to.Write(buf[:n]); werr != nil {
				err = werr
			}
		}
		if err != nil {
			if !errors.Is(err, net.ErrClosed) { // otherwise the link was cut, perhaps on one side only
				to.Close()
			}
			p.mu.Lock()
			delete(p.links, l)
			p.mu.Unlock()
			return
		}
	}
}

// addr is the address on which the proxy listens.
func (p *proxy) addr() string { return p.ln.Addr().String() }

func (p *proxy) setStall(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stall = on
	p.gate.Broadcast()
}

func (p *proxy) isAway() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.away
}

// setAway cuts all connections and lets no new ones through, until it is called with false.
func (p *proxy) setAway(on bool) {
	p.mu.Lock()
	p.away = on
	p.mu.Unlock()
	if on {
		p.cut(false)
	}
}

// cut closes both ends of every link, or only the server's.
func (p *proxy) cut(half bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for l := range p.links {
		l.far.Close()
		if !half {
			l.near.Close()
		}
	}
}

// strandTime is after how long a server gives up a connection to a machine that has died, with net.ipv4.tcp_retries2 = 5.
const strandTime = 15 * time.Second

// strand leaves the far ends open, as when the machine at the near end has died without a word. Nobody reads there. They are open
// until the server's kernel would give them up.
func (p *proxy) strand() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for l := range p.links {
		p.left = append(p.left, l.far)
		l.near.Close()
		time.AfterFunc(strandTime, func() { l.far.Close() })
	}
}

func (p *proxy) close() {
	p.ln.Close()
	p.mu.Lock()
	for _, far := range p.left {
		far.Close()
	}
	p.mu.Unlock()
	p.setStall(false)
	p.cut(false)
}
