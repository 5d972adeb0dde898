package sqlite

import (
	"errors"
	"fmt"
	"runtime/debug"

	"porchlight/bridge"
	"porchlight/db"
)

// errSpoilt says that an update failed after it had written. Its batch is rolled back, so
// the batch's other updates have to run again.
var errSpoilt = errors.New("an update failed after it had written")

// serve runs the batch and leaves its answer in each job.
func (w *writer) serve() {
	if w.broken {
		w.refuse()
		return
	}
	err := w.transact(false)
	if err == errSpoilt && len(w.batch) == 1 {
		return // the only job has its answer
	}
	// Savepoints can undo one update of the batch. They are used only once an update has to
	// be undone, since they make every update dearer.
	if err == errSpoilt {
		err = w.transact(true)
	}
	w.report(err)
	if err != nil {
		w.refuse()
	}
}

// refuse gives every job of the batch the answer that it was not stored.
func (w *writer) refuse() {
	for _, j := range w.batch {
		j.err = db.Unavailable()
	}
}

// report notes how a batch ended: it logs when the store becomes unavailable or available
// again, ends the writer after a lasting error, and counts the commit.
func (w *writer) report(err error) {
	if err != nil {
		if !w.down {
			w.log.Error("store unavailable", "err", err)
		}
		w.down = true
		w.counts.down.Store(true)
		if kindOf(err) == lasting {
			w.die(err)
		}
		return
	}
	if w.down {
		w.log.Info("store available again")
	}
	w.down = false
	w.counts.down.Store(false)
	n := int64(len(w.batch))
	w.counts.commits.Add(1)
	w.counts.jobs.Add(n)
	w.counts.largest.Store(max(w.counts.largest.Load(), n))
}

// transact runs the batch in one transaction. After an error nothing was stored; errSpoilt
// means that running the batch again with savepoints will help.
func (w *writer) transact(savepoints bool) (err error) {
	if err := w.rollBack(); err != nil { // a transaction is still open if an earlier roll back failed
		return err
	}
	if err := w.c.control("BEGIN IMMEDIATE"); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() {
		if err != nil {
			w.memory.forget()
			if e := w.rollBack(); e != nil {
				err = errors.Join(err, e)
			}
		}
	}()
	for _, j := range w.batch {
		step := w.attempt
		if savepoints {
			step = w.attemptAlone
		}
		if err := step(j); err != nil {
			return err
		}
	}
	if err := w.c.control("COMMIT"); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// rollBack ends the transaction, if SQLite has not done so itself.
func (w *writer) rollBack() error {
	if w.c.raw.AutoCommit() {
		return nil
	}
	if err := w.c.control("ROLLBACK"); err != nil {
		return fmt.Errorf("roll back: %w", err)
	}
	return nil
}

// attempt runs a job and leaves the answer in it. It returns an error if the transaction
// can't go on.
func (w *writer) attempt(j *job) error {
	w.c.reset()
	j.err = call(j.f, &tx{w.c.session.Tx(), w.memory})
	failed := w.c.failed
	switch {
	case failed != nil && kindOf(failed) != faulty:
		return failed
	case failed != nil && j.err == nil:
		j.err = failed // f has dropped the error
		return errSpoilt
	case failed != nil || j.err != nil && w.c.wrote:
		return errSpoilt
	}
	return nil
}

// attemptAlone runs a job in a savepoint, and undoes what the job wrote if it fails.
func (w *writer) attemptAlone(j *job) error {
	if err := w.c.control("SAVEPOINT update_one"); err != nil {
		return fmt.Errorf("begin savepoint: %w", err)
	}
	err := w.attempt(j)
	if err == errSpoilt {
		w.memory.forget()
		err = w.c.control("ROLLBACK TO update_one")
	}
	if err != nil {
		return err
	}
	if err := w.c.control("RELEASE update_one"); err != nil {
		return fmt.Errorf("end savepoint: %w", err)
	}
	return nil
}

// call runs f, and turns a panic into an error, so that one update can't end the program.
func call(f func(bridge.Tx) error, t *tx) (err error) {
	defer func() {
		*t = tx{} // a later use panics, see db.Reader
		if p := recover(); p != nil {
			err = fmt.Errorf("update panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return f(t)
}
