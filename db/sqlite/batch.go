package sqlite

import (
	"errors"
	"fmt"
	"runtime/debug"

	"porchlight/bridge"
	"porchlight/db"
)

// errSpoilt says that an update failed after it had written, and that the
// others of its batch, rolled back with it, have to run again.
var errSpoilt = errors.New("an update failed after it had written")

// serve runs the batch and leaves its answer in each job.
func (w *writer) serve() {
	if w.broken {
		w.refuse()
		return
	}
	err := w.transact(false)
	if err == errSpoilt && len(w.batch) == 1 {
		return // it has its answer, and nobody else is hurt
	}
	// Savepoints undo one update among others. They cost too much to be used
	// before one has to be undone.
	if err == errSpoilt {
		err = w.transact(true)
	}
	w.report(err)
	if err != nil {
		w.refuse()
	}
}

// refuse answers the whole batch that nothing of it was kept.
func (w *writer) refuse() {
	for _, j := range w.batch {
		j.err = db.Unavailable()
	}
}

// report takes note of how a batch ended.
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

// transact runs the batch in one transaction. When it returns an error nothing
// was kept: errSpoilt if running it again with savepoints will help.
func (w *writer) transact(savepoints bool) (err error) {
	if err := w.rollBack(); err != nil { // what a failed roll back left
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

// attempt runs a job and leaves its answer in it. It returns an error when the
// transaction can't be gone on with.
func (w *writer) attempt(j *job) error {
	w.c.reset()
	j.err = call(j.f, &tx{w.c.session.Tx(), w.memory})
	failed := w.c.failed
	switch {
	case failed != nil && kindOf(failed) != faulty:
		return failed
	case failed != nil && j.err == nil:
		j.err = failed // f ignored it
		return errSpoilt
	case failed != nil || j.err != nil && w.c.wrote:
		return errSpoilt
	}
	return nil
}

// attemptAlone is attempt in a savepoint, which undoes what a job wrote that
// failed.
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

// call runs f. A panic becomes an error, so that one update can't end the
// process.
func call(f func(bridge.Tx) error, t *tx) (err error) {
	defer func() {
		*t = tx{} // it has ended
		if p := recover(); p != nil {
			err = fmt.Errorf("update panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return f(t)
}
