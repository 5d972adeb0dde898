// Package park keeps idle HTTP connections, such as event streams, for next to
// nothing: no goroutine and no buffer is held for one, only a small struct and
// the file descriptor. One goroutine waits for all hang-ups, and one sends all
// heartbeats.
//
// A connection is taken over from net/http after its handler has written what
// there was to write; from then on only short writes happen, which never block.
// A reader too slow to take one is cut off: it comes back and reads on from where
// it was.
//
// It works on Linux for plain TCP. Elsewhere, and for TLS or HTTP/2, Park says
// ErrUnsupported and the handler goes on as handlers do.
package park

import (
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

// ErrUnsupported means that this connection can't be parked.
var ErrUnsupported = errors.New("connection can't be parked")

// ErrGone means that the seat's connection is closed.
var ErrGone = errors.New("connection is gone")

// Lot holds the parked connections. Its methods may be called by any goroutine.
type Lot struct {
	beat  []byte
	every time.Duration
	poll  *poller

	mu     sync.Mutex
	seats  []*Seat // by file descriptor, for the heartbeats
	turn   int32   // of the last seat
	left   []*Seat // whose tenants are to be told
	news   sync.Cond
	closed bool
	done   chan struct{}
	owned  sync.WaitGroup
}

// goneWorkers tell the tenants, which may wait for a disk.
const goneWorkers = 8

// New makes a lot that writes beat to every seat once in a while. Close ends
// its goroutines. Where nothing can be parked it is nil, which Park accepts.
func New(beat string, every time.Duration) (*Lot, error) {
	poll, err := newPoller()
	if errors.Is(err, ErrUnsupported) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	l := &Lot{beat: []byte(beat), every: every, poll: poll, done: make(chan struct{})}
	l.news.L = &l.mu
	l.owned.Go(l.watch)
	l.owned.Go(l.heartbeats)
	for range goneWorkers {
		l.owned.Go(l.sayGone)
	}
	return l, nil
}

// Seat is one parked connection. Its methods may be called by any goroutine.
type Seat struct {
	lot    *Lot
	mu     sync.Mutex
	fd     int32 // -1 once closed
	turn   int32 // tells it from earlier seats of the same descriptor
	tenant Tenant
}

// Tenant is whose connection is parked. Gone is called once, when it is gone, by
// a goroutine of the lot.
type Tenant interface{ Gone() }

// Hijack takes the connection of a request over for parking, or says
// ErrUnsupported and leaves all as it is. The caller writes the answer's head,
// and what else there is, to the connection, and then either parks or closes it.
func (l *Lot) Hijack(w http.ResponseWriter, r *http.Request) (net.Conn, error) {
	if l == nil || r.ProtoMajor != 1 || r.TLS != nil {
		return nil, ErrUnsupported
	}
	conn, buf, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, ErrUnsupported
	}
	if counted, ok := conn.(interface{ Leave() net.Conn }); ok {
		conn = counted.Leave() // whoever counts connections counts this one no more
	}
	if _, ok := conn.(*net.TCPConn); !ok || buf.Reader.Buffered() > 0 {
		conn.Close()
		return nil, ErrGone // a client that sends more before it has an answer is not one of ours
	}
	return conn, conn.SetDeadline(time.Time{})
}

// Park takes a hijacked connection into the lot; conn must not be used any
// more, also after an error. The tenant is told when the other side hangs up, a
// write fails or the lot closes.
func (l *Lot) Park(conn net.Conn, tenant Tenant) (*Seat, error) {
	defer conn.Close() // the socket lives on in a duplicate of its descriptor
	fd, err := duplicate(conn)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.turn++
	s := &Seat{lot: l, fd: int32(fd), turn: l.turn, tenant: tenant}
	if l.closed {
		closeFD(fd)
		return nil, ErrGone
	}
	for len(l.seats) <= fd {
		l.seats = append(l.seats, nil)
	}
	l.seats[fd] = s
	if err := l.poll.add(fd, s.turn); err != nil {
		l.seats[fd] = nil
		closeFD(fd)
		return nil, err
	}
	return s, nil
}

// Write sends all of b or closes the seat: a reader that can't take it at once
// is too slow. It never blocks.
func (s *Seat) Write(b []byte) error { return s.write(b, false) }

// Hold is Write for what is in no hurry: the kernel sends it with the next Write, or
// by itself after about 200 ms. That saves the packet, which costs most of a Write.
func (s *Seat) Hold(b []byte) error { return s.write(b, true) }

func (s *Seat) write(b []byte, more bool) error {
	s.mu.Lock()
	if s.fd < 0 {
		s.mu.Unlock()
		return ErrGone
	}
	err := writeAll(int(s.fd), b, more)
	s.mu.Unlock()
	if err != nil {
		s.lot.leave(s)
	}
	return err
}

// release closes the descriptor and reports whether it was this call that did.
func (s *Seat) release() bool {
	l := s.lot
	l.mu.Lock()
	defer l.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fd < 0 {
		return false
	}
	l.seats[s.fd] = nil // before the number can be given to a new connection
	closeFD(int(s.fd))
	s.fd = -1
	return true
}

// leave closes a seat whose connection is gone and has its tenant told.
func (l *Lot) leave(s *Seat) {
	if !s.release() {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.left = append(l.left, s)
	l.news.Signal()
}

// sayGone tells the tenants until the lot is closed and all are called.
func (l *Lot) sayGone() {
	for {
		l.mu.Lock()
		for len(l.left) == 0 && !l.closed {
			l.news.Wait()
		}
		if len(l.left) == 0 {
			l.mu.Unlock()
			return
		}
		s := l.left[len(l.left)-1]
		l.left = l.left[:len(l.left)-1]
		l.mu.Unlock()
		s.tenant.Gone()
	}
}

// heartbeats writes the beat to every seat, spread over the time between two.
func (l *Lot) heartbeats() {
	const slices = 50
	tick := time.NewTicker(max(l.every/slices, time.Millisecond))
	defer tick.Stop()
	for i := 0; ; i = (i + 1) % slices {
		select {
		case <-l.done:
			return
		case <-tick.C:
		}
		for fd := i; ; fd += slices {
			l.mu.Lock()
			if fd >= len(l.seats) {
				l.mu.Unlock()
				break
			}
			s := l.seats[fd]
			l.mu.Unlock()
			if s != nil {
				s.Write(l.beat) // an error has closed it
			}
		}
	}
}

// hangUp says that the other side of a seat's connection has gone.
type hangUp struct {
	fd   int
	turn int32 // of the seat
}

// watch waits for hang-ups.
func (l *Lot) watch() {
	for {
		list, ok := l.poll.wait()
		if !ok {
			return
		}
		for _, h := range list {
			if s := l.seatOf(h); s != nil {
				l.leave(s)
			}
		}
	}
}

// seatOf is the seat that hung up, nil if it has gone already: its descriptor may be
// that of another by now.
func (l *Lot) seatOf(h hangUp) *Seat {
	l.mu.Lock()
	defer l.mu.Unlock()
	if h.fd >= len(l.seats) || l.seats[h.fd] == nil || l.seats[h.fd].turn != h.turn {
		return nil
	}
	return l.seats[h.fd]
}

// Close closes all seats, telling the tenants, and returns when its
// goroutines have ended.
func (l *Lot) Close() {
	if l == nil {
		return
	}
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return
	}
	l.closed = true
	seats := append([]*Seat(nil), l.seats...)
	close(l.done)
	l.mu.Unlock()
	for _, s := range seats {
		if s != nil {
			l.leave(s)
		}
	}
	l.mu.Lock()
	l.news.Broadcast()
	l.mu.Unlock()
	l.poll.close()
	l.owned.Wait()
}

// Cut ends the connection as if the other side had hung up: the tenant is told.
func (s *Seat) Cut() { s.lot.leave(s) }
