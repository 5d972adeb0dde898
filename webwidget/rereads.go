package webwidget

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"porchlight/bridge/phrase"
)

// rereaders is how many goroutines read logs for readers that found a gap.
const rereaders = 4

// rereadAgain is after how long a log is read again that could not be read.
const rereadAgain = time.Second

// rereads is the queue of the readers that found a gap. A reader is in it at most once,
// since it is busy from then on. Any goroutine may call the methods of the queue, close once.
type rereads struct {
	mu     sync.Mutex
	list   []*reader
	more   sync.Cond
	closed bool
	over   chan struct{} // closed when closed is set
}

func newRereads() *rereads {
	q := &rereads{over: make(chan struct{})}
	q.more.L = &q.mu
	return q
}

func (q *rereads) put(r *reader) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.list = append(q.list, r)
	q.more.Signal()
}

func (q *rereads) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	close(q.over)
	q.more.Broadcast()
}

// next waits for a reader; nil means that the queue is closed.
func (q *rereads) next() *reader {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.list) == 0 && !q.closed {
		q.more.Wait()
	}
	if q.closed {
		return nil
	}
	r := q.list[0]
	q.list = q.list[1:]
	return r
}

// run serves the queue until it is closed.
func (q *rereads) run(log *slog.Logger) {
	for r := q.next(); r != nil; r = q.next() {
		err := r.reread(context.Background())
		if phrase.CodeOf(err) == phrase.CodeUnavailable { // the page keeps its stream, and what it has missed is in the log
			select {
			case <-time.After(rereadAgain): // meanwhile nobody could read either
				q.put(r)
			case <-q.over:
			}
			continue
		}
		if err != nil && phrase.CodeOf(err) != phrase.CodeNotFound { // it was erased
			log.Error("event stream", "conversation", r.number(), "err", err)
		}
		if err != nil {
			r.Cut()
		}
	}
}
