package webwidget

import (
	"errors"
	"io"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"porchlight/webwidget/gate"
)

// arriving is a request's body on its way. A reader waits for the body as long as it
// comes at a decent rate. If nobody reads the body, net/http waits for the rest of it
// until the same limit, answers, and closes the connection.
type arriving struct {
	io.ReadCloser
	control *http.ResponseController
	conn    *gate.Conn // nil without a gate
	tooSlow *atomic.Int64
	pause   time.Duration
	rate    int64 // the least rate, in bytes a second on average; 0: any
	begun   time.Time
	got     atomic.Int64 // bytes
	set     time.Time    // the read limit that is set now

	mu     sync.Mutex
	whole  bool  // all of it was read
	ending error // the error that every Read returns from now on
}

// errDisplaced ends a body whose place was given to another.
var errDisplaced = errors.New("another came faster")

// answerTime is how long a client may take to read the answer after all of the request
// has come, so that a client that stalls does not hold it for ever. Streams move the limit
// on.
const answerTime = time.Minute

// limitTime puts time limits on a request's body and on its answer. A request without a
// body is whole already. Not every writer can set limits (a test's recorder can't): then
// the limits of the connection count.
func (s *Server) limitTime(control *http.ResponseController, r *http.Request) {
	conn := gate.Of(r)
	if conn.ByProxy() {
		conn.From(s.proxies.client(r))
	}
	if r.Body == nil || r.Body == http.NoBody {
		conn.Whole()
		_ = control.SetWriteDeadline(time.Now().Add(answerTime))
		return
	}
	a := &arriving{ReadCloser: r.Body, control: control, conn: conn, tooSlow: &s.counters.tooSlow, pause: s.times.body, rate: s.opts.LeastRate, begun: time.Now()}
	a.extend()
	r.Body = a
}

// extend moves the time limits on.
func (a *arriving) extend() {
	now := time.Now()
	next := now.Add(a.pause)
	if a.rate > 0 {
		whole := a.begun.Add(a.pause + time.Duration(float64(a.got.Load())/float64(a.rate)*float64(time.Second)))
		if whole.Before(next) {
			next = whole
		}
	}
	if next.Sub(a.set) < a.pause/16 { // saves a system call for each small piece
		return
	}
	a.set = next
	_ = a.control.SetReadDeadline(next)
	_ = a.control.SetWriteDeadline(next.Add(answerTime))
}

// Read reads on, and moves the limit on by what came.
func (a *arriving) Read(b []byte) (int, error) {
	a.mu.Lock()
	if a.ending != nil {
		a.mu.Unlock()
		return 0, a.ending
	}
	a.extend()
	a.mu.Unlock()
	n, err := a.ReadCloser.Read(b)
	a.got.Add(int64(n))
	if errors.Is(err, os.ErrDeadlineExceeded) {
		a.tooSlow.Add(1)
	}
	if errors.Is(err, io.EOF) {
		a.conn.Whole()
		a.mu.Lock()
		a.whole = true
		_ = a.control.SetReadDeadline(time.Time{}) // otherwise the limit would end the making of the answer
		a.mu.Unlock()
	}
	return n, err
}

// end makes every Read fail with err, a Read that is waiting included. A body that has
// come whole is left alone. Any goroutine may call end.
func (a *arriving) end(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.whole {
		return
	}
	a.ending = err
	_ = a.control.SetReadDeadline(time.Unix(1, 0))
}

// ended returns the error that end was called with, nil if it was not called.
func (a *arriving) ended() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.ending
}

// pace is how fast the body came until now, in bytes a second. A body that has just begun
// counts as fast, since it had no time to be slow.
func (a *arriving) pace() int64 {
	const start = 2 * time.Second
	return a.got.Load() * int64(time.Second) / int64(max(time.Since(a.begun), start)-start+time.Millisecond)
}
