package park

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// stand is a lot with a server that parks every request.
type stand struct {
	*Lot
	t     *testing.T
	srv   *httptest.Server
	mu    sync.Mutex
	dial  sync.Mutex // held by a visit, so that each visit gets its own seat from ready
	seats []*Seat
	gone  chan int
	ready chan *Seat
}

func newStand(t *testing.T, every time.Duration) *stand {
	t.Helper()
	l, err := New(":\n\n", every)
	if err != nil {
		t.Fatal(err)
	}
	if l == nil {
		t.Skip("SKIPPED: nothing can be parked on", runtime.GOOS)
	}
	s := &stand{Lot: l, t: t, gone: make(chan int, 1000), ready: make(chan *Seat, 1000)}
	s.srv = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(func() {
		l.Close()
		s.srv.Close()
	})
	return s
}

// parked returns how many seats there are.
func (s *stand) parked() (n int) {
	s.Lot.mu.Lock()
	defer s.Lot.mu.Unlock()
	for _, seat := range s.Lot.seats {
		if seat != nil {
			n++
		}
	}
	return n
}

// tenant is the tenant of the i-th seat.
type tenant struct {
	s *stand
	i int
}

func (t tenant) Gone() { t.s.gone <- t.i }

func (s *stand) serve(w http.ResponseWriter, r *http.Request) {
	conn, err := s.Hijack(w, r)
	if err != nil {
		s.t.Error(err)
		return
	}
	io.WriteString(conn, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello\n")
	s.mu.Lock()
	defer s.mu.Unlock()
	i := len(s.seats)
	seat, err := s.Park(conn, tenant{s, i})
	if err != nil {
		s.t.Error(err)
		return
	}
	s.seats = append(s.seats, seat)
	s.ready <- seat
}

// visit opens a connection and reads up to the first line.
func (s *stand) visit() (net.Conn, *bufio.Reader, *Seat) {
	s.t.Helper()
	s.dial.Lock()
	defer s.dial.Unlock()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.srv.URL, "http://"))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	r := bufio.NewReader(conn)
	for line := ""; line != "hello\n"; {
		if line, err = r.ReadString('\n'); err != nil {
			s.t.Fatal(err)
		}
	}
	return conn, r, <-s.ready
}

func (s *stand) line(r *bufio.Reader) string {
	s.t.Helper()
	line, err := r.ReadString('\n')
	if err != nil {
		s.t.Fatal(err)
	}
	return line
}

func TestSeat_WritesReachTheClient(t *testing.T) {
	s := newStand(t, time.Hour)
	_, r, seat := s.visit()
	for i := range 100 {
		if err := seat.Write(fmt.Appendf(nil, "%d\n", i)); err != nil {
			t.Fatal(err)
		}
		if got := s.line(r); got != fmt.Sprintf("%d\n", i) {
			t.Fatalf("got %q", got)
		}
	}
}

func TestSeat_HeldComesWithTheNextOrByItself(t *testing.T) {
	s := newStand(t, time.Hour)
	conn, r, seat := s.visit()
	hold := func() bool {
		if err := seat.Hold([]byte("held\n")); err != nil {
			t.Fatal(err)
		}
		return !arrived(t, conn)
	}
	waited := false
	for range 20 { // a slow machine may look too late
		waited = hold() || waited
		if err := seat.Write([]byte("next\n")); err != nil {
			t.Fatal(err)
		}
		if got := s.line(r) + s.line(r); got != "held\nnext\n" {
			t.Fatalf("got %q", got)
		}
	}
	if !waited {
		t.Error("it never waited for the next")
	}
	hold()
	if got := s.line(r); got != "held\n" {
		t.Errorf("got %q", got)
	}
}

// arrived reports whether there is something to read on a connection.
func arrived(t *testing.T, conn net.Conn) (yes bool) {
	t.Helper()
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err == nil {
		err = raw.Control(func(fd uintptr) {
			n, _, _ := syscall.Recvfrom(int(fd), make([]byte, 1), syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
			yes = n > 0
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	return yes
}

func TestSeat_HeartbeatsComeByThemselves(t *testing.T) {
	s := newStand(t, 50*time.Millisecond)
	_, r, _ := s.visit()
	for range 3 {
		if got := s.line(r) + s.line(r); got != ":\n\n" {
			t.Fatalf("got %q", got)
		}
	}
}

func TestSeat_HangUpIsNoticed(t *testing.T) {
	s := newStand(t, time.Hour)
	conn, _, seat := s.visit()
	s.visit()
	conn.Close()
	if i := <-s.gone; i != 0 {
		t.Errorf("seat %d is gone", i)
	}
	if err := seat.Write([]byte("x")); err == nil || s.parked() != 1 {
		t.Errorf("write gives %v, %d are parked", err, s.parked())
	}
}

func TestSeat_SlowReaderIsCut(t *testing.T) {
	s := newStand(t, time.Hour)
	conn, _, seat := s.visit()
	conn.(*net.TCPConn).SetReadBuffer(4096)
	chunk := make([]byte, 32<<10)
	sent := 0
	for range 1000 {
		if err := seat.Write(chunk); err != nil {
			<-s.gone
			return
		}
		sent += len(chunk)
	}
	t.Errorf("%d bytes were taken for a reader that does not read", sent)
}

func TestLot_CloseEndsAll(t *testing.T) {
	s := newStand(t, time.Hour)
	_, r, _ := s.visit()
	s.visit()
	s.Lot.Close()
	if len(s.gone) != 2 || s.parked() != 0 {
		t.Errorf("%d of 2 are gone, %d parked", len(s.gone), s.parked())
	}
	if _, err := r.ReadByte(); err == nil {
		t.Error("a connection is still open")
	}
}

// TestSeat_NumbersAreReused lets connections come and go while others are written to: a
// write must never reach a later owner of the same descriptor.
func TestSeat_NumbersAreReused(t *testing.T) {
	s := newStand(t, 20*time.Millisecond)
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			for j := range 30 {
				conn, r, seat := s.visit()
				want := fmt.Sprintf("%d-%d\n", i, j)
				seat.Write([]byte(want))
				for {
					line, err := r.ReadString('\n')
					if err != nil {
						t.Error(err)
						return
					}
					if line == ":\n" || line == "\n" {
						continue
					}
					if line != want {
						t.Errorf("got %q, want %q", line, want)
					}
					break
				}
				conn.Close()
				seat.Write([]byte("late\n"))
			}
		})
	}
	group.Wait()
}

// A hang-up that is told when another seat has its descriptor already closes no seat.
func TestSeat_LateHangUp(t *testing.T) {
	s := newStand(t, time.Hour)
	_, _, seat := s.visit()
	if got := s.seatOf(hangUp{int(seat.fd), seat.turn}); got != seat {
		t.Errorf("its own hang-up finds %v", got)
	}
	if got := s.seatOf(hangUp{int(seat.fd), seat.turn - 1}); got != nil {
		t.Error("the hang-up of an earlier seat ends this one")
	}
}
