package webwidget

import (
	"bytes"
	"net"
	"sync"

	"porchlight/bridge"
	"porchlight/webwidget/park"
)

// board holds the status of all departments in its encoded form, so that a
// change is computed once however many streams show it.
type board struct {
	bridge *bridge.Bridge

	mu      sync.Mutex
	current map[string][]byte // by department, "" is all of them
	changed chan struct{}     // closed at the next change
	seats   map[*statusSeat]bool
}

// statusSeat is a parked stream of status changes.
type statusSeat struct {
	s          *Server
	seat       *park.Seat
	department string
}

// Gone is called once the connection is gone (park.Tenant).
func (st *statusSeat) Gone() {
	b := st.s.board
	b.mu.Lock()
	delete(b.seats, st)
	b.mu.Unlock()
	st.s.limits.streams.leave()
}

func newBoard(b *bridge.Bridge) *board {
	return &board{bridge: b, current: make(map[string][]byte), changed: make(chan struct{}), seats: make(map[*statusSeat]bool)}
}

// run keeps the board up to date until done is closed. One goroutine calls it.
func (b *board) run(done <-chan struct{}) {
	news := make(chan struct{}, 1)
	defer b.bridge.WatchStatus(news)()
	for {
		b.refresh()
		select {
		case <-news:
		case <-done:
			return
		}
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
