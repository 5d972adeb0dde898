package postgres

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"porchlight/bridge"
	"porchlight/db"
)

// tries is how often an update is run at most, and pause by how much longer it waits before each run, about: two that deadlock
// would otherwise meet again.
const (
	tries = 20
	pause = 10 * time.Millisecond
)

// How transactions begin.
const (
	updating = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
	viewing  = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
)

// Update runs f in a write transaction, and returns once that is durable. f runs again when another update was in its way,
// and when the connection broke, unless the server says that all was committed. If ctx ends before f has started, f does not
// run and Update returns the error of ctx. Once f has started, Update waits and returns what really happened. The Tx ends
// with f.
func (d *DB) Update(ctx context.Context, f func(bridge.Tx) error) error {
	return d.updateRows(ctx, func(tx *db.Tx) error { return f(tx) })
}

// updateRows is Update with all that the engine's transactions can do.
func (d *DB) updateRows(ctx context.Context, f func(*db.Tx) error) error {
	for try := 1; ; try++ {
		k, err := d.transact(ctx, updating, func(c *conn) error { return call(c, f) })
		if try == tries || k != again && k != broken || k == broken && d.hurry.Err() != nil {
			return d.judge(k, err)
		}
		if k == broken {
			d.pool.Reset() // the other connections are as old
		}
		d.retries.Add(1)
		select {
		case <-time.After(rand.N(time.Duration(try) * pause)):
		case <-ctx.Done(): // f has run, and what became of it is known only by another run
		}
	}
}

// call runs f, and turns a panic into an error, so that one update can't end the program.
func call(c *conn, f func(*db.Tx) error) (err error) {
	tx := c.session.Tx()
	defer func() {
		tx = db.Tx{} // a later use panics, see db.Reader
		if p := recover(); p != nil {
			err = fmt.Errorf("update panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return f(&tx)
}

// transact runs f in a transaction on a connection of its own, and commits it unless f or a statement of it fails. Only
// the wait for the connection ends with ctx. The kind is that of what the database said, not of f's own error.
func (d *DB) transact(ctx context.Context, begin string, f func(*conn) error) (kind, error) {
	if err := ctx.Err(); err != nil {
		return faulty, err
	}
	pooled, err := d.pool.Acquire(ctx)
	switch {
	case err != nil && d.closed.Load():
		return faulty, db.Closed()
	case err != nil && ctx.Err() != nil:
		return faulty, ctx.Err()
	case err != nil:
		return gone, fmt.Errorf("find database: %w", err)
	}
	defer pooled.Release() // closes a connection with a transaction that is still open
	limited, cancel := d.within(context.WithoutCancel(ctx), longest)
	defer cancel()
	c := newConn(limited, d, pooled.Conn(), begin)
	committed := false
	defer func() {
		if !committed { // after an error, a panic or runtime.Goexit
			c.rollBack()
		}
	}()
	err = f(c)
	if err == nil {
		err = c.failed // f has dropped the error
	}
	if err == nil {
		err = c.commit()
	}
	if err != nil {
		k := kindOf(c.failed)
		if k == faulty && c.raw.IsClosed() { // not all that pgx says of it has a type
			k = broken
		}
		if k == broken && c.ending && c.wrote {
			d.doubts.Add(1)
			k, committed = d.outcome(context.WithoutCancel(ctx), c.number, pooled.Conn().PgConn().CustomData()[lifeKey])
			if k == gone { // it may be stored meanwhile
				d.doubts.Add(1)
			}
		}
		if !committed {
			return k, err
		}
	}
	committed = true
	if c.wrote {
		d.commits.Add(1)
	}
	return faulty, nil
}
