package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/access"
	"porchlight/bridge/archive"
	"porchlight/bridge/hook"
	"porchlight/bridge/links"
	"porchlight/bridge/onsite"
	"porchlight/bridge/phrase"
	"porchlight/bridge/portraits"
	"porchlight/bridge/report"
	"porchlight/config"
	"porchlight/db"
	"porchlight/db/postgres"
	"porchlight/db/sqlite"
)

// store is an open database of any engine.
type store interface {
	bridge.Store
	access.Store
	archive.Store
	hook.Store
	links.Store
	onsite.Store
	portraits.Store
	report.Store
	Writable() bool
	Fatal() <-chan error
	Damage() []phrase.Phrase
	Stats() db.Stats
	SignLock(holder string) error
	Close() error
}

var _, _ store = (*sqlite.DB)(nil), (*postgres.DB)(nil)

// keeper is what the program does with a database that it may not have open. There is one for each engine.
type keeper interface {
	// open opens the database, and makes what is missing of it.
	open(ctx context.Context, clock bridge.Clock, node string, log *slog.Logger) (store, error)
	// alone does so for this process only, and fails while a porchlight has the database open.
	alone(ctx context.Context, clock bridge.Clock, log *slog.Logger) (store, error)
	// look reads, and amend changes, a database that another porchlight may have open; amend changes nothing that a running
	// porchlight remembers.
	look(ctx context.Context, f func(bridge.Reader) error) error
	amend(ctx context.Context, f func(bridge.Tx) error) error
	// peek finds out whether the database can be opened, and who has it open.
	peek(ctx context.Context) (sqlite.State, error)
	// backup copies the database into a new file.
	backup(ctx context.Context, dest string) error
}

// keeperOf returns the one that the config names.
func keeperOf(c config.Config) keeper {
	if url := c.Store.URL.Reveal(); url != "" {
		return inPostgres{url, c.Store.Listen.Reveal(), c.Cluster.Lease}
	}
	return inFile{c.Store.Path}
}

// inFile keeps everything in an SQLite file.
type inFile struct{ path string }

func (k inFile) open(ctx context.Context, clock bridge.Clock, _ string, log *slog.Logger) (store, error) {
	d, err := sqlite.Open(ctx, k.path, sqlite.Options{Clock: clock, Log: log})
	if err != nil {
		return nil, err // no store that holds a nil
	}
	return d, nil
}

func (k inFile) alone(ctx context.Context, clock bridge.Clock, log *slog.Logger) (store, error) {
	return k.open(ctx, clock, "", log)
}

func (k inFile) look(ctx context.Context, f func(bridge.Reader) error) error {
	return sqlite.Look(ctx, k.path, f)
}

func (k inFile) amend(ctx context.Context, f func(bridge.Tx) error) error {
	return sqlite.Amend(ctx, k.path, f)
}

func (k inFile) peek(ctx context.Context) (sqlite.State, error) { return sqlite.Peek(ctx, k.path) }

func (k inFile) backup(ctx context.Context, dest string) error {
	return sqlite.Backup(ctx, k.path, dest)
}

// inPostgres keeps everything in a PostgreSQL database.
type inPostgres struct {
	url    string
	listen string // for hints; "": url
	lease  time.Duration
}

func (k inPostgres) open(ctx context.Context, _ bridge.Clock, node string, log *slog.Logger) (store, error) {
	return k.with(ctx, postgres.Options{Log: log, Node: node, Lease: k.lease, Listen: k.listen})
}

func (k inPostgres) alone(ctx context.Context, _ bridge.Clock, log *slog.Logger) (store, error) {
	return k.with(ctx, postgres.Options{Log: log, Alone: true})
}

func (k inPostgres) with(ctx context.Context, o postgres.Options) (store, error) {
	d, err := postgres.Open(ctx, k.url, o)
	if err != nil {
		return nil, err
	}
	return d, nil
}

func (k inPostgres) look(ctx context.Context, f func(bridge.Reader) error) error {
	return k.beside(ctx, func(d *postgres.DB) error { return d.View(ctx, f) })
}

func (k inPostgres) amend(ctx context.Context, f func(bridge.Tx) error) error {
	return k.beside(ctx, func(d *postgres.DB) error { return d.Update(ctx, f) })
}

func (k inPostgres) beside(ctx context.Context, f func(*postgres.DB) error) error {
	d, err := postgres.Open(ctx, k.url, postgres.Options{Beside: true})
	if err != nil {
		return err
	}
	return errors.Join(f(d), d.Close())
}

func (k inPostgres) peek(ctx context.Context) (sqlite.State, error) {
	s, err := postgres.Peek(ctx, k.url)
	return sqlite.State{Path: s.Place, Exists: s.Exists, InUse: s.InUse, Holder: s.Holder, Operators: s.Operators}, err
}

// errServers refuses to copy what PostgreSQL copies itself.
var errServers = errors.New("the config's database is PostgreSQL, which has tools of its own for copies: pg_dump --format=custom --file=DEST DATABASE, and pg_basebackup for all of a server")

func (k inPostgres) backup(context.Context, string) error {
	return errServers
}
