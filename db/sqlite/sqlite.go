// Package sqlite is the engine that keeps porchlight's data in one SQLite file. It
// implements bridge.Store; the statements on the tables are in package db.
//
// One goroutine writes. It takes all updates that wait, runs them in one transaction and
// answers them after the commit. So many messages of a busy site share one fsync, and a
// single message waits for no others. Four more connections read, each on a snapshot. An
// update that was answered without error is on the disk: synchronous is FULL, and the
// writer remembers only what it has written.
package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"porchlight/bridge"
	"porchlight/db"
)

// Options are what a DB needs beside its path. Both may be nil.
type Options struct {
	Clock bridge.Clock // names automatic backups
	Log   *slog.Logger
}

// DB is an open database. Its methods may be called by any goroutine.
type DB struct {
	db.Rooms
	path    string
	lock    *os.File
	raw     *os.File // the database's file, for Scrub; open until the connections are closed, since closing it gives up their locks (https://www.sqlite.org/howtocorrupt.html §2.2)
	writer  *writer
	readers chan *conn  // connections that are free
	blind   atomic.Bool // the last View could not read
	log     *slog.Logger
	unused  Unused
	anew    bool // Open has emptied the index of what was said; see Damage

	closing   chan struct{} // closed when Close begins
	closeOnce sync.Once
	closeErr  error
}

var _ bridge.Store = (*DB)(nil)

// readerCount is how many Views run at a time.
const readerCount = 4

// Open opens the database at path, creates it if it is missing, and brings its schema up
// to date after making a copy. Until Close no other process can open the database, except
// for a Backup. Open refuses a database that is damaged, that has a newer schema, that
// belongs to another program, or that this SQLite or file system can't keep safe.
func Open(ctx context.Context, path string, opts Options) (*DB, error) {
	if opts.Clock == nil {
		opts.Clock = bridge.SystemClock{}
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("find database: %w", err)
	}
	lock, err := lockFile(path)
	if err != nil {
		return nil, err
	}
	d := &DB{path: path, lock: lock, readers: make(chan *conn, readerCount), log: opts.Log, closing: make(chan struct{})}
	d.Rooms = db.NewRooms(d)
	if err := d.start(ctx, opts); err != nil {
		return nil, errors.Join(err, d.release())
	}
	return d, nil
}

// start opens the connections and starts the writer. After an error the caller calls
// release, which closes what start has opened.
func (d *DB) start(ctx context.Context, opts Options) error {
	if err := createFile(d.path); err != nil {
		return err
	}
	if err := d.lookAtLog(opts); err != nil {
		return err
	}
	c, err := open(d.path, writing)
	if err != nil {
		return err
	}
	d.writer = newWriter(c, opts.Log, d.closing)
	err = check(ctx, c, d.path, checkTime, opts.Log)
	if d.anew = errors.Is(err, errIndex); d.anew {
		opts.Log.Error("index of what was said is damaged, and is made anew", "database", d.path, "err", err)
		err = nil
	}
	if err != nil {
		return err
	}
	if err := migrate(ctx, c, d.path, schema(), opts); err != nil {
		return err
	}
	if d.anew {
		if err := emptyIndex(c); err != nil {
			return err
		}
	}
	if d.raw, err = os.OpenFile(d.path, os.O_RDWR, 0); err != nil {
		return err
	}
	for range readerCount {
		r, err := open(d.path, reading)
		if err != nil {
			return err
		}
		d.readers <- r
	}
	go d.writer.run()
	return nil
}

// lookAtLog finds out what SQLite is about to ignore in the write-ahead log. If there is
// anything, it copies the log, since the next commit overwrites it.
func (d *DB) lookAtLog(opts Options) error {
	u, err := unusedLog(d.path + "-wal")
	if err != nil || u.Bytes == 0 {
		return err
	}
	u.Copy = fmt.Sprintf("%s-wal.%s.damaged", d.path, opts.Clock.Now().UTC().Format("20060102T150405Z"))
	if err := copyLog(d.path+"-wal", u.Copy); err != nil {
		opts.Log.Warn("copy damaged write-ahead log", "err", err)
		u.Copy = ""
	}
	opts.Log.Error("write-ahead log ends early", "database", d.path, "from_byte", u.From, "unused_bytes", u.Bytes, "commits", u.Commits, "copy", u.Copy)
	d.unused = u
	return nil
}

// copyLog copies a write-ahead log, so that only the owner can read the copy: it may hold
// what visitors wrote.
func copyLog(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// Unused returns what Open found to be lost at the end of the write-ahead log.
func (d *DB) Unused() Unused { return d.unused }

// View runs f on a consistent snapshot of what is committed. At most four run
// at a time, so f must be short, must not wait for the network, and must not
// call View. The Reader ends with f and serves one goroutine.
func (d *DB) View(ctx context.Context, f func(bridge.Reader) error) error {
	return d.ViewRows(ctx, func(r *db.Reader) error { return f(r) })
}

// ViewRows implements db.Engine.
func (d *DB) ViewRows(ctx context.Context, f func(*db.Reader) error) error {
	return d.viewOn(ctx, func(_ *conn, r *db.Reader) error { return f(r) })
}

// viewOn also hands the connection on.
func (d *DB) viewOn(ctx context.Context, f func(*conn, *db.Reader) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	var c *conn
	select {
	case c = <-d.readers:
	case <-ctx.Done():
		return ctx.Err()
	case <-d.closing:
		return db.Closed()
	}
	defer func() { d.readers <- c }()
	defer func() { err = d.judge(err) }()
	if err := c.control("BEGIN"); err != nil {
		return fmt.Errorf("begin view: %w", err)
	}
	r := c.session.Reader()
	defer func() {
		r = db.Reader{} // a later use panics, see db.Reader
		if e := c.control("ROLLBACK"); e != nil && err == nil {
			err = fmt.Errorf("end view: %w", e)
		}
	}()
	return f(c, &r)
}

// judge makes an error of a View one that says that the store is unavailable, unless the View's
// function is to blame. It logs when reading begins to fail, and when it works again.
func (d *DB) judge(err error) error {
	fails := kindOf(err) != faulty
	if d.blind.Load() != fails && d.blind.Swap(fails) != fails {
		if fails {
			d.log.Error("store can't be read", "err", err)
		} else {
			d.log.Info("store can be read again")
		}
	}
	if fails {
		return errors.Join(db.Unavailable(), err)
	}
	return err
}

// Fatal returns a channel that gets an error when the database can no longer be trusted to
// keep what it is given, for instance after a failed fsync. All updates are then refused.
// The process must end; its next start finds what was really stored.
func (d *DB) Fatal() <-chan error { return d.writer.fatal }

// Close finishes the updates and views under way, refuses new ones, and closes
// the database. It may be called several times.
func (d *DB) Close() error {
	d.closeOnce.Do(func() {
		close(d.closing)
		<-d.writer.done
		for range readerCount {
			d.closeErr = errors.Join(d.closeErr, (<-d.readers).close())
		}
		d.closeErr = errors.Join(d.closeErr, d.writer.finish(), d.release())
	})
	return d.closeErr
}

// release closes everything that is open. Nothing may run any more.
func (d *DB) release() error {
	var errs []error
	for len(d.readers) > 0 {
		errs = append(errs, (<-d.readers).close())
	}
	if d.writer != nil {
		errs = append(errs, d.writer.c.close())
	}
	if d.raw != nil {
		errs = append(errs, d.raw.Close())
	}
	return errors.Join(append(errs, d.lock.Close())...)
}
