// Package park keeps idle HTTP connections, such as event streams, for very little memory:
// a connection has no goroutine and no buffer, only a small struct and the file
// descriptor. One goroutine waits for all hang-ups, and one sends all heartbeats.
//
// The lot takes a connection over from net/http after the handler has written what there
// was to write. From then on only short writes happen, which never block. A reader that is
// too slow for such a write is cut off; it comes back and reads on where it stopped.
//
// Parking works on Linux for plain TCP. On other systems, and for TLS or HTTP/2, Hijack
// returns ErrUnsupported, and the handler has to keep its goroutine.
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

// ErrGone means that the connection or the lot is closed.
var ErrGone = errors.New("connection is gone")

// Lot holds the parked connections. Any goroutine may call its methods.
type Lot struct {
	beat  []byte
	every time.Duration
	poll  *poller

	mu     sync.Mutex
	seats  []*Seat // by file descriptor, for the heartbeats
	turn   int32   // the turn of the last seat
	left   []*Seat // closed seats whose tenants have to be told
	news   sync.Cond
	closed bool
	done   chan struct{}
	owned  sync.WaitGroup
}

// goneWorkers is how many goroutines call Tenant.Gone. There are several, since a tenant
// may wait for a disk.
const goneWorkers = 8

// New makes a lot that writes beat to every seat once in every. Close ends its goroutines.
// On a system where nothing can be parked it returns a nil Lot, which Hijack and Close
// accept.
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

// Seat is one parked connection. Any goroutine may call its methods.
type Seat struct {
	lot    *Lot
	mu     sync.Mutex
	fd     int32 // -1 once closed
	turn   int32 // tells this seat from earlier seats with the same descriptor
	tenant Tenant
}

// Tenant owns a parked connection. A goroutine of the lot calls Gone once, when the
// connection is gone.
type Tenant interface{ Gone() }

// Hijack takes the connection of a request over for parking, or returns ErrUnsupported and
// leaves everything as it is. The caller writes the head of the answer, and what else there
// is to write, to the connection, and then either parks or closes the connection.
func (l *Lot) Hijack(w http.ResponseWriter, r *http.Request) (net.Conn, error) {
	if l == nil || r.ProtoMajor != 1 || r.TLS != nil {
		return nil, ErrUnsupported
	}
	conn, buf, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, ErrUnsupported
	}
	if counted, ok := conn.(interface{ Leave() net.Conn }); ok {
		conn = counted.Leave() // the gate that counts connections counts this one no more
	}
	if _, ok := conn.(*net.TCPConn); !ok || buf.Reader.Buffered() > 0 {
		conn.Close()
		return nil, ErrGone // our own pages send nothing more before they have an answer
	}
	if conn.SetDeadline(time.Time{}) != nil {
		conn.Close()
		return nil, ErrGone // the gate has closed it, because others needed the room
	}
	return conn, nil
}

// Park takes a hijacked connection into the lot. The caller must not use conn any more,
// even after an error. The tenant is told when the other side hangs up, a write fails or
// the lot closes.
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

// Write sends all of b or closes the seat, since a reader that can't take b at once is too
// slow. It never blocks.
func (s *Seat) Write(b []byte) error { return s.write(b, false) }

// Hold is Write for bytes that are in no hurry: the kernel sends them with the next Write,
// or by themselves after about 200 ms (TCP_CORK in tcp(7)). That saves a packet, which is
// most of what a Write costs.
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

// release closes the descriptor. It reports false if that was done before.
func (s *Seat) release() bool {
	l := s.lot
	l.mu.Lock()
	defer l.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fd < 0 {
		return false
	}
	l.seats[s.fd] = nil // before the system can give the descriptor's number to a new connection
	closeFD(int(s.fd))
	s.fd = -1
	return true
}

// leave closes a seat whose connection is gone, and queues the call of its tenant.
func (l *Lot) leave(s *Seat) {
	if !s.release() {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.left = append(l.left, s)
	l.news.Signal()
}

// sayGone calls the tenants of closed seats. It ends when the lot is closed and all have
// been called.
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

// heartbeats writes the beat to every seat. It spreads these writes over the time between
// two beats.
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
				s.Write(l.beat) // when it fails it has closed the seat
			}
		}
	}
}

// hangUp says that the other side of a seat's connection has gone.
type hangUp struct {
	fd   int
	turn int32 // the turn of the seat
}

// watch waits for hang-ups, and closes the seats. It ends when the poller is closed.
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

// seatOf returns the seat of a hang-up, nil if that seat is closed already: another seat
// may have its descriptor by now.
func (l *Lot) seatOf(h hangUp) *Seat {
	l.mu.Lock()
	defer l.mu.Unlock()
	if h.fd >= len(l.seats) || l.seats[h.fd] == nil || l.seats[h.fd].turn != h.turn {
		return nil
	}
	return l.seats[h.fd]
}

// Close closes all seats, and returns when all tenants have been told and the lot's
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

// Cut ends the connection as if the other side had hung up, so the tenant is told.
func (s *Seat) Cut() { s.lot.leave(s) }
