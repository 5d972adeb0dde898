package stream

import (
	"fmt"
	"net"
	"runtime"
	"sync"
	"time"
)

const (
	pendingMax   = 256 << 10        // bytes waiting above which Send blocks
	keepalive    = 45 * time.Second // of silence, then a space (RFC 6120 §4.6.1)
	writeTimeout = 30 * time.Second // for one write call
)

// writer gathers bytes from any goroutine and writes them from one: each write
// call takes all that has gathered since the one before. What one put queues goes
// out undivided, and puts go out in order, or the connection is broken.
type writer struct {
	conn net.Conn
	wake chan struct{} // holds one when there may be something to do

	mu      sync.Mutex
	room    sync.Cond // putters wait here
	pending []byte    // to be written next
	flight  int       // bytes being written now
	err     error     // why nothing more is taken
	drain   bool      // run returns once nothing is pending
}

func newWriter(conn net.Conn) *writer {
	w := &writer{conn: conn, wake: make(chan struct{}, 1)}
	w.room.L = &w.mu
	return w
}

// put queues b. Above pendingMax it waits for room if block is set, and reports
// false if not. It also reports false, with the error, once the writer has ended.
func (w *writer) put(b []byte, block bool) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.err == nil && len(w.pending)+w.flight > pendingMax {
		if !block {
			return false, nil
		}
		w.room.Wait()
	}
	if w.err != nil {
		return false, w.err
	}
	w.pending = append(w.pending, b...)
	w.signal()
	return true, nil
}

// finish refuses all further puts with err and lets go those that wait. If
// drain is set, what is pending and then last are still written.
func (w *writer) finish(err error, drain bool, last string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil {
		w.err, w.drain = err, true
		if drain {
			w.pending = append(w.pending, last...)
		}
	}
	if !drain {
		w.pending = nil
	}
	w.room.Broadcast()
	w.signal()
}

func (w *writer) signal() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

func (w *writer) size() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.pending) + w.flight
}

// cause returns why put takes nothing more, nil while it still does.
func (w *writer) cause() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

// run writes until finish is called, and returns nil, or until a write fails, and
// returns the failure.
func (w *writer) run() error {
	silence := time.NewTimer(keepalive)
	defer silence.Stop()
	var spare []byte
	for {
		idle := false
		select {
		case <-w.wake:
			runtime.Gosched() // lets goroutines that are about to send do so; without any it returns at once
		case <-silence.C:
			idle = true
		}
		out, last := w.take(spare, idle)
		if err := w.write(out); err != nil {
			return fmt.Errorf("write stream: %w", err)
		}
		if last {
			return nil
		}
		spare = out[:0]
		silence.Reset(keepalive)
	}
}

// take swaps what is pending for a spare buffer, and reports whether nothing
// follows it.
func (w *writer) take(spare []byte, idle bool) (out []byte, last bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	out, w.pending = w.pending, spare
	if idle && len(out) == 0 {
		out = append(out, ' ')
	}
	w.flight = len(out)
	return out, w.drain
}

func (w *writer) write(out []byte) error {
	if len(out) == 0 {
		return nil
	}
	if err := w.conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	if _, err := w.conn.Write(out); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.flight = 0
	w.room.Broadcast()
	return nil
}
