// Package postgres is the engine that keeps porchlight's data in a PostgreSQL database. It implements bridge.Store; the
// statements on the tables are in package db.
//
// Each update is a transaction of its own on a connection of a pool, READ COMMITTED. What reads a conversation in it locks
// its row, so updates of one conversation run one after the other, and those of others beside them. BEGIN goes with the
// first statement, and the writes of a message go with COMMIT, so a message takes three round trips. A view is a
// transaction that sees one snapshot.
package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/db"
)

// Options are what a DB needs beside its URL.
type Options struct {
	Log *slog.Logger // may be nil
	// Node is this process's id among those that have the database open, "" if it is none of them. The server lists its connections
	// under it.
	Node string
	// Lease is for how long a node takes the lease; see Take. After that time the server ends a transaction in which nothing is
	// done. Zero: a minute.
	Lease time.Duration
	// Listen is the URL for Listen, if a pooler that lets no LISTEN through stands at the other one; "": the other one.
	Listen string
	// Beside opens a database that stays as it is: its schema has to be up to date.
	Beside bool
	// Alone refuses a database that a living node has open, with ErrInUse.
	Alone bool
}

// DB is an open database. Its methods may be called by any goroutine.
type DB struct {
	db.Rooms
	pool  *pgxpool.Pool
	own   *pgxpool.Pool // for heartbeats, the lease and hints, which don't wait for those who store
	log   *slog.Logger
	texts texts

	listener *pgx.ConnConfig
	schema   int64 // the last step that this program knows

	down             atomic.Bool // the last transaction found no database
	commits, retries atomic.Int64
	doubts           atomic.Int64 // see Doubts
	closed           atomic.Bool

	hurry   context.Context // is over once Hurry was called
	hurries context.CancelFunc
}

var _ bridge.Store = (*DB)(nil)

const (
	connections = 16               // in the pool, unless the URL says otherwise
	ownOnes     = 2                // in the pool for a node's own statements
	dialTime    = 5 * time.Second  // for a new connection, unless the URL says otherwise
	idleTime    = time.Minute      // after which the server ends an idle transaction, unless there is a lease
	longest     = 30 * time.Second // a transaction lasts
	hurried     = 3 * time.Second  // a transaction lasts after Hurry, and Close
)

// Open opens the database that a URL names, postgres://user:password@host/database?…, with libpq's parameters and those of
// pgxpool, and brings its schema up to date. Several porchlights may have it open. It refuses a server that is too old, a database that
// sorts otherwise than by the bytes of UTF-8, that does not keep what it has committed, that has a newer schema, or that belongs to
// another program.
// No error has the password in it.
func Open(ctx context.Context, url string, opts Options) (*DB, error) {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	config, err := configOf(url, opts)
	if err != nil {
		return nil, err
	}
	listen, err := configOf(cmp.Or(opts.Listen, url), opts)
	if err != nil {
		return nil, err
	}
	d := &DB{log: opts.Log, listener: listen.ConnConfig}
	d.hurry, d.hurries = context.WithCancel(context.Background())
	if d.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	few := config.Copy()
	few.MaxConns, few.MinConns, few.MinIdleConns = ownOnes, 0, 0
	if d.own, err = pgxpool.NewWithConfig(ctx, few); err != nil {
		d.pool.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	d.Rooms = db.NewRooms(d)
	if err := d.start(ctx, config.ConnConfig, opts); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// start looks whether the database is as it has to be, and makes it so.
func (d *DB) start(ctx context.Context, config *pgx.ConnConfig, opts Options) (err error) {
	if err := suits(ctx, d.pool); err != nil {
		return err
	}
	if d.schema, err = lastStep(); err != nil {
		return err
	}
	version, err := schemaVersion(ctx, d.pool)
	if err == nil {
		err = known(version, d.schema)
	}
	if err == nil && opts.Alone {
		err = d.unused(ctx)
	}
	switch {
	case err != nil || version == d.schema:
		return err
	case opts.Beside:
		return fmt.Errorf("the database has schema %d, and this porchlight needs %d: start it once, which brings the database up to date", version, d.schema)
	}
	return migrate(ctx, config, version, d.schema, opts.Log)
}

// unused refuses a database that a living node has open.
func (d *DB) unused(ctx context.Context) error {
	who, err := living(ctx, d.pool)
	switch {
	case err != nil:
		return fmt.Errorf("read nodes: %w", err)
	case who != "":
		return fmt.Errorf("%w (%s)", ErrInUse, who)
	}
	return nil
}

// configOf reads a URL, and adds what it does not say.
func configOf(url string, opts Options) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read the database's URL: %w", err)
	}
	config.AfterConnect = noteLife
	if !strings.Contains(url, "pool_max_conns=") {
		config.MaxConns = connections
	}
	if !strings.Contains(url, "connect_timeout=") {
		config.ConnConfig.ConnectTimeout = dialTime
	}
	for name, value := range map[string]string{
		"application_name":                    "porchlight",
		"idle_in_transaction_session_timeout": fmt.Sprint(cmp.Or(opts.Lease, idleTime).Milliseconds()), // the locks of a porchlight whose machine has died
	} {
		if _, given := config.ConnConfig.RuntimeParams[name]; !given {
			config.ConnConfig.RuntimeParams[name] = value
		}
	}
	if opts.Node != "" {
		config.ConnConfig.RuntimeParams["application_name"] = sessionName(opts.Node)
	}
	return config, nil
}

// oldest is the oldest PostgreSQL that is tried.
const oldest = 140000

// suits refuses a database that would do something else than SQLite does, or lose what it has acknowledged.
func suits(ctx context.Context, c rower) error {
	var version int
	var encoding, keeps string
	var ordered bool
	err := c.QueryRow(ctx, `SELECT current_setting('server_version_num')::int, current_setting('server_encoding'), current_setting('synchronous_commit'),
		'B' < 'a' AND '-b' < 'a' AND 'z' < 'é'`).Scan(&version, &encoding, &keeps, &ordered)
	switch {
	case err != nil:
		return fmt.Errorf("open database: %w", err)
	case version < oldest:
		return fmt.Errorf("the database's server is PostgreSQL %d; porchlight needs 14 or newer", version/10000)
	case encoding != "UTF8" || !ordered:
		return errors.New("the database sorts otherwise than by the bytes of UTF-8; make it by: CREATE DATABASE porchlight TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
	case keeps == "off":
		return errors.New("synchronous_commit is off, so the database would lose messages that were acknowledged; set it to on for porchlight's user")
	}
	return nil
}

// View runs f on a consistent snapshot of what is committed. The Reader ends with f and serves one goroutine.
func (d *DB) View(ctx context.Context, f func(bridge.Reader) error) error {
	return d.ViewRows(ctx, func(r *db.Reader) error { return f(r) })
}

// ViewRows implements db.Engine.
func (d *DB) ViewRows(ctx context.Context, f func(*db.Reader) error) error {
	for try := 1; ; try++ {
		heard := false
		k, err := d.transact(ctx, viewing, func(c *conn) error {
			r := c.session.Reader()
			defer func() {
				r = db.Reader{} // a later use panics, see db.Reader
				heard = c.heard
			}()
			return f(&r)
		})
		if k != broken || heard || try == tries {
			return d.judge(k, err)
		}
		d.pool.Reset() // the connection had broken while it was not used, so f has read nothing yet, and the others are as old
	}
}

// judge makes the error of a transaction that found no database one that says so, and logs when that begins and ends.
func (d *DB) judge(k kind, err error) error {
	fails := k == gone || k == broken
	if d.down.Load() != fails && d.down.Swap(fails) != fails {
		if fails {
			d.log.Error("store unavailable", "err", err)
		} else {
			d.log.Info("store available again")
		}
	}
	switch {
	case k == over: // what the server said is how underTenure asks
		return errors.Join(db.Unavailable(), bridge.ErrTenureOver)
	case fails:
		return errors.Join(db.Unavailable(), err)
	}
	return err
}

// Writable reports whether the last transaction found the database.
func (d *DB) Writable() bool { return !d.down.Load() }

// Fatal returns nil: what a database server can no longer be trusted with is its own to say.
func (d *DB) Fatal() <-chan error { return nil }

// Stats returns the present numbers. An update has a commit of its own.
func (d *DB) Stats() db.Stats {
	s, n := d.pool.Stat(), d.commits.Load()
	return db.Stats{Commits: n, Updates: n, LargestBatch: min(n, 1), Retries: d.retries.Load(), Connections: int64(s.TotalConns()), Busy: int64(s.AcquiredConns())}
}

// Damage returns nil: the server looks after its own.
func (d *DB) Damage() []phrase.Phrase { return nil }

// Hurry says that the process is about to end: what is under way and what comes gets little time from now on. A connection whose other end
// is gone without a word would hold it up for longer than whoever ends it waits.
func (d *DB) Hurry() { d.hurries() }

// within returns a context for at most some time, and for little after Hurry.
func (d *DB) within(ctx context.Context, most time.Duration) (context.Context, context.CancelFunc) {
	limited, cancel := context.WithTimeout(ctx, most)
	stop := context.AfterFunc(d.hurry, func() { time.AfterFunc(hurried, cancel) })
	return limited, func() {
		stop()
		cancel()
	}
}

// Close finishes the updates and views under way, refuses new ones, and closes the connections; it leaves those that take long to the
// process's end. It may be called several times.
func (d *DB) Close() error {
	d.closed.Store(true)
	d.Hurry()
	done := make(chan struct{})
	go func() {
		defer close(done)
		d.pool.Close()
		d.own.Close()
	}()
	select {
	case <-done:
	case <-time.After(hurried + hurried/3): // they are cut off by then
		d.log.Warn("some connections to the database don't answer, and end with this process")
	}
	return nil
}
