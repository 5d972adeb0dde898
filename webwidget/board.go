package webwidget

import (
	"bytes"
	"net"
	"sync"

	"porchlight/bridge"
	"porchlight/webwidget/park"
	"porchlight/webwidget/share"
)

// board holds the status of all departments in its encoded form, so that a
// change is computed once however many streams show it.
type board struct {
	bridge *bridge.Bridge
	news   chan struct{} // has room for one: the status may be another

	mu      sync.Mutex
	current map[string][]byte // by department, "" is all of them
	changed chan struct{}     // closed at the next change
	seats   map[*statusSeat]bool
}

// statusSeat is a parked stream of status changes. It is a share.Member and a
// park.Tenant.
type statusSeat struct {
	s          *Server
	seat       *park.Seat // nil until it is parked; under the board's lock
	cut        bool       // its place was given to another; likewise
	department string
	slot       share.Slot
	begun      int64 // Unix time
}

// Slot is its place.
func (st *statusSeat) Slot() *share.Slot { return &st.slot }

// Pace makes the oldest give way.
func (st *statusSeat) Pace() int64 { return st.begun }

// Cut ends the stream: its place was given to another.
func (st *statusSeat) Cut() {
	b := st.s.board
	b.mu.Lock()
	defer b.mu.Unlock()
	st.cut = true
	if st.seat != nil {
		st.seat.Cut()
	}
}

// Gone is called once the connection is gone (park.Tenant).
func (st *statusSeat) Gone() {
	b := st.s.board
	b.mu.Lock()
	delete(b.seats, st)
	b.mu.Unlock()
	st.s.limits.streams.Leave(st)
}

func newBoard(b *bridge.Bridge) *board {
	return &board{bridge: b, news: make(chan struct{}, 1), current: make(map[string][]byte), changed: make(chan struct{}), seats: make(map[*statusSeat]bool)}
}

// run keeps the board up to date until done is closed. One goroutine calls it.
func (b *board) run(done <-chan struct{}) {
	for {
		b.refresh()
		select {
		case <-b.news:
		case <-done:
			return
		}
	}
}

// look has run look at the status; it never waits.
func (b *board) look() {
	select {
	case b.news <- struct{}{}:
	default:
	}
}

// refresh computes the status anew and wakes the readers if it is another one.
func (b *board) refresh() {
	fresh := make(map[string][]byte)
	all, err := b.bridge.Status("")
	if err == nil {
		fresh[""] = encodeStatus(all)
	}
	for _, d := range all.Departments {
		if st, err := b.bridge.Status(d.Name); err == nil { // else it was just deleted
			fresh[d.Name] = encodeStatus(st)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if same(b.current, fresh) {
		return
	}
	b.current = fresh
	close(b.changed)
	b.changed = make(chan struct{})
	for st := range b.seats {
		st.seat.Write(appendFrame(nil, 0, "status", fresh[st.department])) // an error has closed it
	}
}

// seat parks a connection as a stream of status changes; sent is what it has had
// already.
func (b *board) seat(lot *park.Lot, conn net.Conn, st *statusSeat, sent []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	var err error
	if st.seat, err = lot.Park(conn, st); err != nil {
		return err
	}
	b.seats[st] = true
	if st.cut {
		st.seat.Cut()
	}
	if now := b.current[st.department]; !bytes.Equal(now, sent) {
		st.seat.Write(appendFrame(nil, 0, "status", now))
	}
	return nil
}

func same(a, b map[string][]byte) bool {
	if len(a) != len(b) {
		return false
	}
	for name := range a {
		if !bytes.Equal(a[name], b[name]) {
			return false
		}
	}
	return true
}

// read returns a department's status, nil if it is not known yet, and a channel
// that is closed when another one can be read.
func (b *board) read(department string) ([]byte, <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.current[department], b.changed
}
