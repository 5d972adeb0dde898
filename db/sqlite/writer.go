package sqlite

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync/atomic"

	"porchlight/bridge"
	"porchlight/db"
)

const (
	maxBatch        = 512     // updates in one commit
	checkpointPages = 4000    // 16 MB
	lookUpdates     = 512     // updates after which the size of the write-ahead log is looked at again
	lookBytes       = 1 << 20 // or bytes written
)

// writer owns the one connection that writes, and the goroutine that uses it.
type writer struct {
	c    *conn
	log  *slog.Logger
	jobs chan *job

	closing <-chan struct{} // closed when no more jobs will come
	done    chan struct{}   // closed when run has ended
	fatal   chan error      // see DB.Fatal

	// What follows belongs to run.
	batch        []*job
	broken       bool  // by a fatal error
	down         bool  // the last commit failed
	growth       int64 // of the write-ahead log between checkpoints, in pages
	checkpointAt int64 // the size at which the next one is due
	unlooked     int   // updates since the last look

	memory *memory
	counts counts
}

// counts is what Stats reports; any goroutine reads it.
type counts struct {
	commits, jobs, largest atomic.Int64
	down                   atomic.Bool
}

// job is an update under way.
type job struct {
	f      func(bridge.Tx) error
	taken  atomic.Bool // by the writer, or back by a caller who no longer waits
	answer chan error
	err    error
}

func newWriter(c *conn, log *slog.Logger, closing <-chan struct{}) *writer {
	return &writer{c: c, log: log, jobs: make(chan *job, maxBatch), closing: closing,
		memory: newMemory(), done: make(chan struct{}), fatal: make(chan error, 1), growth: checkpointPages, checkpointAt: checkpointPages}
}

// Update runs f in a write transaction and returns after it is on the disk.
// Several updates may share one commit; f may run more than once. When ctx ends
// before f has started, its error is returned and f does not run; after that
// the answer is what really happened. The Tx ends with f.
func (d *DB) Update(ctx context.Context, f func(bridge.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w, j := d.writer, &job{f: f, answer: make(chan error, 1)}
	select {
	case w.jobs <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-d.closing:
		return db.Closed()
	}
	select {
	case err := <-j.answer:
		return err
	case <-ctx.Done():
		if j.taken.CompareAndSwap(false, true) {
			return ctx.Err()
		}
	case <-w.done:
		if j.taken.CompareAndSwap(false, true) {
			return db.Closed()
		}
	}
	return <-j.answer // what the writer takes, it answers
}

// run is the writer's goroutine. It ends when the last job is answered after
// closing.
func (w *writer) run() {
	defer close(w.done)
	finished := false
	defer func() {
		if !finished { // a job called runtime.Goexit
			w.die(errors.New("an update ended the writer"))
			w.refuse()
			w.answer()
		}
	}()
	for w.gather() {
		if len(w.batch) > 0 {
			w.serve()
		}
		w.answer()
		w.checkpoint()
	}
	finished = true
}

// answer tells the callers of the batch what became of it.
func (w *writer) answer() {
	for i, j := range w.batch {
		j.answer <- j.err
		w.batch[i] = nil
	}
}

// gather takes whatever waits, at least one job. It reports false when there
// will be none.
func (w *writer) gather() bool {
	w.batch = w.batch[:0]
	select {
	case j := <-w.jobs:
		w.take(j)
	case <-w.closing: // but some may be waiting
		if len(w.jobs) == 0 {
			return false
		}
	}
	runtime.Gosched() // lets those that are about to call do so; alone it returns at once
	for len(w.batch) < maxBatch {
		select {
		case j := <-w.jobs:
			w.take(j)
		default:
			return true
		}
	}
	return true
}

// take adds a job to the batch unless its caller has gone.
func (w *writer) take(j *job) {
	if j.taken.CompareAndSwap(false, true) {
		w.batch = append(w.batch, j)
	}
}

// die makes err known to DB.Fatal and refuses all further jobs.
func (w *writer) die(err error) {
	if !w.broken {
		w.broken = true
		w.fatal <- err
	}
}

// checkpoint moves the write-ahead log into the database when it has grown. It
// is not left to SQLite's automatic one, which would delay the answers and hide
// a failed fsync. What readers still need stays until the next time.
func (w *writer) checkpoint() {
	w.unlooked += len(w.batch)
	if w.broken || w.unlooked < lookUpdates && w.c.bytes < lookBytes {
		return
	}
	w.unlooked, w.c.bytes = 0, 0
	pages, err := w.c.logged("NOOP")
	if err == nil && pages < w.checkpointAt {
		return
	}
	if err == nil {
		pages, err = w.c.logged("PASSIVE")
	}
	w.checkpointAt = pages + w.growth
	if err != nil {
		w.log.Error("checkpoint", "err", err)
		if kindOf(err) == lasting {
			w.die(fmt.Errorf("checkpoint: %w", err))
		}
	}
}

// finish empties the write-ahead log before the end. If the disk is full it
// stays; nothing is lost by that, because the next start reads it.
func (w *writer) finish() error {
	if w.broken {
		return nil
	}
	_, err := w.c.logged("PASSIVE")
	if kindOf(err) == passing {
		w.log.Warn("write-ahead log left for the next start", "err", err)
		return nil
	}
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return nil
}
