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
	checkpointPages = 4000    // pages that the write-ahead log grows by between checkpoints: 16 MB
	lookUpdates     = 512     // updates after which checkpoint looks at the size of the log again
	lookBytes       = 1 << 20 // bytes of arguments after which it does so
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
	errands      []*job // see runErrands
	broken       bool   // a fatal error has happened
	down         bool   // the last commit failed
	growth       int64  // by how many pages the write-ahead log grows between checkpoints
	checkpointAt int64  // pages in the log at which the next checkpoint is due
	unlooked     int    // updates since checkpoint last looked at the log's size

	memory *memory
	counts counts
}

// counts holds the numbers for Stats. The writer's goroutine counts; any may read.
type counts struct {
	commits, jobs, largest atomic.Int64
	down                   atomic.Bool
}

// job is an update under way.
type job struct {
	f      func(bridge.Tx) error
	errand func(*writer) error // what is done between two batches in place of an update; nil: nothing
	taken  atomic.Bool         // the writer has taken the job, or the caller has taken it back
	answer chan error
	err    error
}

// newWriter makes a writer. It looks at the log's size after the first update: an earlier run may have left much.
func newWriter(c *conn, log *slog.Logger, closing <-chan struct{}) *writer {
	return &writer{c: c, log: log, jobs: make(chan *job, maxBatch), closing: closing,
		memory: newMemory(), done: make(chan struct{}), fatal: make(chan error, 1), growth: checkpointPages, checkpointAt: checkpointPages, unlooked: lookUpdates}
}

// Update runs f in a write transaction, and returns once that is on the disk. Several
// updates may share one commit, and f may run more than once. If ctx ends before f has
// started, f does not run and Update returns the error of ctx. Once f has started, Update
// waits and returns what really happened. The Tx ends with f.
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
	return <-j.answer // the writer answers every job that it has taken
}

// run is the writer's goroutine. After closing it ends once every job is answered.
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
		w.runErrands()
		w.checkpoint()
	}
	finished = true
}

// runErrands does what was taken with the batch to be done after it.
func (w *writer) runErrands() {
	for _, j := range w.errands {
		if w.broken {
			j.answer <- db.Unavailable()
		} else {
			j.answer <- j.errand(w)
		}
	}
	w.errands = w.errands[:0]
}

// answer sends each job of the batch its answer.
func (w *writer) answer() {
	for i, j := range w.batch {
		j.answer <- j.err
		w.batch[i] = nil
	}
}

// gather waits for a job, and takes it with all jobs that come while others can run. It returns false
// when no more will come.
func (w *writer) gather() bool {
	w.batch = w.batch[:0]
	select {
	case j := <-w.jobs:
		w.take(j)
	case <-w.closing: // jobs may still be waiting
		if len(w.jobs) == 0 {
			return false
		}
	}
	for more := true; more; {
		runtime.Gosched() // lets goroutines that are about to call Update do so; without any it returns at once
		more = w.takeWaiting()
	}
	return true
}

// takeWaiting takes the jobs that wait now, and reports whether there were any and there is room for more.
func (w *writer) takeWaiting() bool {
	before := len(w.batch)
	for len(w.batch) < maxBatch {
		select {
		case j := <-w.jobs:
			w.take(j)
		default:
			return len(w.batch) > before
		}
	}
	return false
}

// take adds a job to the batch, unless its caller has taken it back.
func (w *writer) take(j *job) {
	if j.errand != nil {
		w.errands = append(w.errands, j)
		return
	}
	if j.taken.CompareAndSwap(false, true) {
		w.batch = append(w.batch, j)
	}
}

// die sends err to DB.Fatal; serve refuses all further jobs.
func (w *writer) die(err error) {
	if !w.broken {
		w.broken = true
		w.fatal <- err
	}
}

// checkpoint moves the write-ahead log into the database when it has grown. SQLite's own
// automatic checkpoint is off, since it would delay the answers and hide a failed fsync.
// Pages that readers still need stay until the next checkpoint.
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

// finish moves the write-ahead log into the database before the end. On a full disk the log
// stays as it is; nothing is lost, since the next start reads it.
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
