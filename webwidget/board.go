package webwidget

import (
	"bytes"
	"context"
	"maps"
	"sync"

	"porchlight/bridge"
	"porchlight/webwidget/share"
)

// board holds the status of all departments as frames of a stream, so that a change
// is encoded once however many streams show it. Any goroutine may call its methods.
type board struct {
	bridge *bridge.Bridge
	news   chan struct{} // has room for one; a value in it means that the status may have changed

	mu      sync.Mutex
	frames  map[string][]byte // by department; "" stands for all departments together
	readers map[*statusReader]bool
}

func newBoard(b *bridge.Bridge) *board {
	return &board{bridge: b, news: make(chan struct{}, 1), readers: make(map[*statusReader]bool)}
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

// look makes run look at the status. It never waits.
func (b *board) look() {
	select {
	case b.news <- struct{}{}:
	default:
	}
}

// refresh encodes the status anew, and tells the readers if it has changed.
func (b *board) refresh() {
	fresh := make(map[string][]byte)
	frame := func(department string, st bridge.Status) []byte {
		return appendFrame(nil, 0, "status", encodeStatus(st, siteOf(b.bridge, department)))
	}
	all, err := b.bridge.Team.Status("")
	if err == nil {
		fresh[""] = frame("", all)
	}
	for _, d := range all.Departments {
		if st, err := b.bridge.Team.Status(d.Name); err == nil { // otherwise the department has just been deleted
			fresh[d.Name] = frame(d.Name, st)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if maps.EqualFunc(b.frames, fresh, bytes.Equal) {
		return
	}
	b.frames = fresh
	for r := range b.readers {
		r.show(fresh[r.department])
	}
}

// frame is the status of a department, nil if it is not known yet.
func (b *board) frame(department string) []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.frames[department]
}

// statusReader is an open page's reader of the status. It sends each status that differs
// from the last. It is a follower. The board's lock guards the fields that change.
type statusReader struct {
	streams    *streams
	department string
	slot       share.Slot

	out transport // nil until the page has caught up
	cut bool      // its place was given to another
}

func newStatusReader(st *streams, slot share.Slot, department string) *statusReader {
	return &statusReader{streams: st, department: department, slot: slot}
}

// Slot returns the place of the stream (share.Member).
func (r *statusReader) Slot() *share.Slot { return &r.slot }

// Pace makes the oldest stream give way (share.Member).
func (r *statusReader) Pace() int64 { return int64(r.slot.Since) }

// Cut ends the stream, whose place was given to another (share.Member).
func (r *statusReader) Cut() {
	b := r.streams.board
	b.mu.Lock()
	defer b.mu.Unlock()
	r.cut = true
	if r.out != nil {
		r.out.Cut()
	}
}

// Gone is called once the stream has ended (park.Tenant).
func (r *statusReader) Gone() {
	b := r.streams.board
	b.mu.Lock()
	delete(b.readers, r)
	b.mu.Unlock()
	r.streams.places.Leave(r)
}

// begin sends the status as it is now.
func (r *statusReader) begin(_ context.Context, c carrier) (err error) {
	b := r.streams.board
	now := b.frame(r.department)
	if err := c.send(append([]byte(beat), now...)); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if r.out, err = c.settle(r); err != nil {
		return err
	}
	b.readers[r] = true
	if r.cut {
		r.out.Cut()
	}
	if later := b.frames[r.department]; !bytes.Equal(later, now) {
		r.show(later)
	}
	return nil
}

// show sends a status, if there is one. When Write fails the stream has ended already.
// The board's lock is held.
func (r *statusReader) show(frame []byte) {
	if frame != nil {
		_ = r.out.Write(frame)
	}
}
