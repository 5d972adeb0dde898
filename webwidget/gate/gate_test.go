package gate_test

import (
	"io"
	"net"
	"net/http"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"porchlight/webwidget/gate"
)

const patience = time.Minute

// house is a server behind a gate.
type house struct {
	*testing.T
	gate *gate.Gate
	addr string
	held chan *gate.Conn // connections whose request the handler has; their answers wait for free
	free chan struct{}
	idle chan struct{} // a connection waits for its next request
}

func open(t *testing.T, l gate.Limits) *house {
	t.Helper()
	h := &house{t, gate.New(l), "", make(chan *gate.Conn, 100), make(chan struct{}), make(chan struct{}, 1)}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.addr = listener.Addr().String()
	server := &http.Server{ConnState: h.watch, ConnContext: h.gate.Context, ReadHeaderTimeout: time.Minute,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			c := gate.Of(r)
			if r.Method == "GET" {
				c.Whole()
			}
			if r.URL.Path == "/chat" {
				c.Chatting()
			}
			h.held <- c
			if r.URL.Path != "/quick" {
				<-h.free
			}
		})}
	done := make(chan struct{})
	go func() { server.Serve(h.gate.Listen(listener)); close(done) }()
	t.Cleanup(func() { close(h.free); server.Close(); <-done })
	return h
}

// watch is the gate's Watch, and also says when a connection waits for its next request.
func (h *house) watch(c net.Conn, state http.ConnState) {
	h.gate.Watch(c, state)
	if state == http.StateIdle {
		select {
		case h.idle <- struct{}{}:
		default:
		}
	}
}

// dial opens a connection and sends what it is given.
func (h *house) dial(send string) net.Conn {
	h.Helper()
	c, err := net.Dial("tcp", h.addr)
	if err == nil {
		_, err = io.WriteString(c, send)
	}
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() { c.Close() })
	return c
}

// ask sends a request on a new connection, and waits until the server has it.
func (h *house) ask(request string) net.Conn {
	h.Helper()
	c := h.dial(request + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
	select {
	case <-h.held:
	case <-time.After(patience):
		h.Fatal("the request did not come")
	}
	return c
}

// ended waits until the server has closed the connection.
func (h *house) ended(c net.Conn) {
	h.Helper()
	c.SetReadDeadline(time.Now().Add(patience))
	if _, err := io.Copy(io.Discard, c); err != nil && !isReset(err) {
		h.Errorf("the connection was not closed: %v", err)
	}
}

func isReset(err error) bool {
	n, ok := err.(net.Error)
	return !ok || !n.Timeout()
}

// count waits until the gate's counts are as wanted.
func (h *house) count(want gate.Stats) {
	h.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		got := h.gate.Stats()
		if got == want {
			return
		}
		if time.Now().After(end) {
			h.Fatalf("stats %+v, want %+v", got, want)
		}
	}
}

// An address that has all its connections gives up its own oldest connection that waits.
func TestGate_OwnOldestGivesWay(t *testing.T) {
	h := open(t, gate.Limits{PerAddress: 3})
	half := h.dial("POST / HTTP/1.1\r\nHost: x\r\nContent-Le")
	h.count(gate.Stats{Open: 1})
	silent := h.dial("")
	h.count(gate.Stats{Open: 2})
	h.ask("GET /")
	h.ask("GET /")
	h.ended(half)
	h.ask("GET /")
	h.ended(silent)
	h.ended(h.dial("")) // all three are being answered
	h.count(gate.Stats{Open: 3, Refused: 1, GaveWay: 2})
}

func TestGate_IdleOnesGiveWay(t *testing.T) {
	h := open(t, gate.Limits{PerAddress: 2})
	idle := h.ask("GET /quick")
	select {
	case <-h.idle: // before that the connection may still count as being answered
	case <-time.After(patience):
		t.Fatal("the connection does not get idle")
	}
	h.ask("GET /")
	h.ask("GET /")
	h.ended(idle)
}

func TestGate_ProxiesAreNotLimited(t *testing.T) {
	h := open(t, gate.Limits{PerAddress: 1, Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	for range 5 {
		h.ask("GET /")
	}
	h.count(gate.Stats{Open: 5})
}

// When there are too many connections, those that wait go first, the greediest client's
// before the others'. Then those go whose request is being answered. Chats stay.
func TestGate_Scarce(t *testing.T) {
	h := open(t, gate.Limits{Total: 5})
	chat := h.ask("GET /chat")
	busy := h.ask("GET /")
	h.dial("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n")
	one := <-h.held
	one.From(netip.MustParseAddr("192.0.2.1"))
	var greedy []net.Conn
	for range 2 {
		greedy = append(greedy, h.dial("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"))
		(<-h.held).From(netip.MustParseAddr("198.51.100.1"))
	}
	h.count(gate.Stats{Open: 5})
	h.ask("GET /chat")
	h.ended(greedy[0])
	h.ask("GET /chat")
	h.ask("GET /chat")
	h.ended(greedy[1])
	h.ask("GET /chat")
	h.ended(busy)
	h.ended(h.dial("")) // only chats are left, and these stay
	h.count(gate.Stats{Open: 5, Refused: 1, GaveWay: 4})
	chat.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	if n, err := chat.Read(make([]byte, 1)); err == nil || isReset(err) {
		t.Errorf("the chat got %d bytes, %v", n, err)
	}
}

// Before the total is reached, connections that have waited for long give way.
func TestGate_OldOnesGiveWayFirst(t *testing.T) {
	h := open(t, gate.Limits{Total: 64, Scarce: 3})
	silent := h.dial("")
	h.count(gate.Stats{Open: 1})
	busy := h.ask("GET /")
	h.ask("GET /")
	h.ask("GET /")
	h.ended(silent)
	h.ask("GET /") // nobody waits, so nobody gives way
	h.count(gate.Stats{Open: 4, GaveWay: 1})
	busy.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	if _, err := busy.Read(make([]byte, 1)); err == nil || isReset(err) {
		t.Errorf("who is answered gave way: %v", err)
	}
	h = open(t, gate.Limits{Total: 64, Scarce: 1, Grace: time.Hour})
	for range 5 {
		h.dial("") // has not waited for long
	}
	h.count(gate.Stats{Open: 5})
}

// A connection that has left counts for the total, and no longer for its address.
func TestGate_Leave(t *testing.T) {
	var left atomic.Int64
	h := open(t, gate.Limits{PerAddress: 1, Total: 8, Left: func() int { return int(left.Load()) }})
	h.dial("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	c := <-h.held
	if raw := c.Leave(); raw != net.Conn(c.TCPConn) {
		t.Errorf("Leave gives a %T", raw)
	}
	h.count(gate.Stats{})
	left.Store(8)
	h.ended(h.dial(""))
	h.count(gate.Stats{Refused: 1})
}
