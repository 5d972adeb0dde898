package webwidget

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"porchlight/webwidget/park"
)

// streamed carries a stream by a goroutine of net/http, for connections that can't be
// parked: TLS, HTTP/2, systems without epoll. It is a carrier and its own transport. Only
// that goroutine calls send, settle and run.
type streamed struct {
	w       http.ResponseWriter
	control *http.ResponseController
	limit   time.Duration // how long one write may take
	wake    chan struct{} // has room for one
	cut     chan struct{} // closed by Cut

	mu      sync.Mutex
	waiting []byte // the bytes that run is to send
	over    bool   // cut is closed
}

// streamedRoom is how much may wait for a slow page, in bytes. When more comes the page is
// cut off, as a parked one is.
const streamedRoom = 256 << 10

// newStreamed sends the head of the answer.
func newStreamed(w http.ResponseWriter, limit time.Duration) *streamed {
	w.WriteHeader(http.StatusOK)
	return &streamed{w: w, control: http.NewResponseController(w), limit: limit, wake: make(chan struct{}, 1), cut: make(chan struct{})}
}

func (st *streamed) send(b []byte) error {
	err := st.control.SetWriteDeadline(time.Now().Add(st.limit))
	if err == nil {
		_, err = st.w.Write(b)
	}
	if err == nil {
		err = st.control.Flush()
	}
	if err != nil {
		return errors.Join(park.ErrGone, err)
	}
	return nil
}

func (st *streamed) settle(park.Tenant) (transport, error) { return st, nil }

// Write hands b to run, which sends it.
func (st *streamed) Write(b []byte) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	if !st.over && len(st.waiting) > 0 && len(st.waiting)+len(b) > streamedRoom {
		st.end()
	}
	if st.over {
		return park.ErrGone
	}
	st.waiting = append(st.waiting, b...)
	select {
	case st.wake <- struct{}{}:
	default:
	}
	return nil
}

// Hold hands b to run, which sends it at once.
func (st *streamed) Hold(b []byte) error { return st.Write(b) }

// Cut makes run end.
func (st *streamed) Cut() {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.end()
}

// end closes cut. The lock is held.
func (st *streamed) end() {
	if !st.over {
		st.over = true
		close(st.cut)
	}
}

// run sends what Write was given, until the stream ends. While nothing is to be sent it
// sends a comment every heartbeat.
func (st *streamed) run(ctx context.Context, heartbeat time.Duration, closing <-chan struct{}) error {
	silent := time.NewTicker(heartbeat)
	defer silent.Stop()
	for {
		b := []byte(beat)
		select {
		case <-ctx.Done():
			return park.ErrGone
		case <-st.cut:
			return nil
		case <-closing:
			return nil
		case <-silent.C:
		case <-st.wake:
			b = st.take()
		}
		if err := st.send(b); err != nil {
			return err
		}
	}
}

// take returns the waiting bytes, which wait no longer.
func (st *streamed) take() []byte {
	st.mu.Lock()
	defer st.mu.Unlock()
	b := st.waiting
	st.waiting = nil
	return b
}
