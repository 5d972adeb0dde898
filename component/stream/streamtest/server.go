// Package streamtest is the server's side of XEP-0114 for tests: it listens on a
// free loopback port, checks the handshake, and then does what the test's script
// says. What the component writes is checked by encoding/xml as well as by
// stream.Parse, so that a stanza only one of them accepts fails the test.
package streamtest

import (
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"porchlight/component/stream"
)

// What a Server expects of the component.
const (
	Domain = "support.localhost"
	Secret = "secret"
)

// Patience is how long a script waits for what must come.
const Patience = 10 * time.Second

// Server accepts component connections. Accept must be called from the test's own
// goroutine, since it can fail the test; the other methods may be called from any.
type Server struct {
	t     testing.TB
	ln    net.Listener
	ready chan *Conn
	wg    sync.WaitGroup

	mu      sync.Mutex
	reject  string // the stream error that ends further handshakes; "": none
	text    string // of that error
	answers func(*Conn, *stream.Element) bool
	conns   map[net.Conn]bool
	stopped bool
}

// New starts a server that stops with the test.
func New(t testing.TB) *Server {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, ln: ln, ready: make(chan *Conn, 64), conns: map[net.Conn]bool{}}
	s.wg.Go(s.listen)
	t.Cleanup(s.stop)
	return s
}

// Addr is where the server listens.
func (s *Server) Addr() string { return s.ln.Addr().String() }

// Config is how the component connects to this server.
func (s *Server) Config() stream.Config {
	return stream.Config{Addr: s.Addr(), Domain: Domain, Secret: Secret}
}

// Accept waits for the next connection whose handshake is done.
func (s *Server) Accept() *Conn {
	s.t.Helper()
	select {
	case c := <-s.ready:
		return c
	case <-time.After(Patience):
		s.t.Fatal("no component has connected")
		return nil
	}
}

// Reject answers all further handshakes with a stream error, such as "conflict"
// with "Component already connected", until it is called with "".
func (s *Server) Reject(condition, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reject, s.text = condition, text
}

// Answer shows each element of each connection made from now on to f before the
// script sees it. f runs in the connection's own goroutine and reports whether it has
// dealt with the element. See Pong.
func (s *Server) Answer(f func(*Conn, *stream.Element) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers = f
}

// Pong is an argument for Answer: it answers every ping (XEP-0199) as the ping's
// addressee would.
func Pong(c *Conn, e *stream.Element) bool {
	if e.Local != "iq" || e.Get("type") != "get" || e.Child("urn:xmpp:ping", "ping") == nil {
		return false
	}
	pong := stream.New("", "iq").With("type", "result", "id", e.Get("id"), "from", e.Get("to"), "to", e.Get("from"))
	return c.write(string(pong.Append(nil))) == nil
}

func (s *Server) listen() {
	for {
		nc, err := s.ln.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		c := newConn(s.t, nc, s.answers)
		if s.stopped {
			nc.Close()
		} else {
			s.conns[nc] = true
			s.wg.Go(func() { s.serve(c) })
		}
		s.mu.Unlock()
	}
}

func (s *Server) serve(c *Conn) {
	defer func() {
		c.nc.Close()
		s.mu.Lock()
		delete(s.conns, c.nc)
		s.mu.Unlock()
	}()
	if s.handshake(c) {
		s.ready <- c
		if c.read() == io.EOF {
			c.goodbye()
		}
	} else { // let the component read why before the connection goes
		_, _ = io.Copy(io.Discard, c.nc)
	}
}

// stop ends all connections and waits for their goroutines.
func (s *Server) stop() {
	s.ln.Close()
	s.mu.Lock()
	s.stopped = true
	for nc := range s.conns {
		nc.Close()
	}
	s.mu.Unlock()
	s.wg.Wait()
}
