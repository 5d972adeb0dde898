package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
)

// steps holds the schema's steps, each in a file of its own. A released step never changes.
//
//go:embed schema/*.sql
var steps embed.FS

// schema returns the folder of the steps.
func schema() fs.FS {
	sub, err := fs.Sub(steps, "schema")
	if err != nil {
		panic(err) // the path is constant
	}
	return sub
}

// migrate brings the schema to the last step, each step in a transaction of its own. It
// copies a database that is not empty first.
func migrate(ctx context.Context, c *conn, path string, steps fs.FS, opts Options) error {
	pool := sql.OpenDB(connector{path, migrating})
	defer pool.Close()
	provider, err := goose.NewProvider(goose.DialectSQLite3, pool, steps, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("read schema: %w", err)
	}
	sources := provider.ListSources()
	last := sources[len(sources)-1].Version
	version, err := schemaVersion(c, path)
	if err != nil {
		return err
	}
	if err := known(path, version, last); err != nil || version == last {
		return err
	}
	if version > 0 {
		if err := copyBefore(ctx, path, version, opts); err != nil {
			return fmt.Errorf("back up before migration: %w", err)
		}
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate database %s from schema %d to %d: %w", path, version, last, err)
	}
	opts.Log.Info("database schema migrated", "from", version, "to", last)
	return nil
}

// known refuses a schema that a newer porchlight made.
func known(path string, version, last int64) error {
	if version <= last {
		return nil
	}
	return fmt.Errorf("database %s has schema %d, but this porchlight knows only up to %d; use the newer porchlight that made it, or a copy from before its upgrade",
		path, version, last)
}

// lastStep returns the number of the last step.
func lastStep() (last int64) {
	names, _ := fs.Glob(schema(), "*.sql") // the pattern is constant
	for _, name := range names {
		number, _, _ := strings.Cut(name, "_")
		n, _ := strconv.ParseInt(number, 10, 64) // goose refuses other names
		last = max(last, n)
	}
	return last
}

// copyBefore copies a database that is about to be migrated. If a copy with the name of
// this second exists, an earlier attempt made it and was killed; it is whole, and nothing
// was written since, so copyBefore keeps it. It removes unfinished copies.
func copyBefore(ctx context.Context, path string, version int64, opts Options) error {
	dir, prefix := filepath.Dir(path), fmt.Sprintf("%s.schema%d-", filepath.Base(path), version)
	dest := filepath.Join(dir, prefix+opts.Clock.Now().UTC().Format("20060102T150405Z")+".backup")
	files, err := os.ReadDir(dir)
	for _, f := range files {
		if strings.HasPrefix(f.Name(), prefix) && strings.HasSuffix(f.Name(), ".part") {
			err = errors.Join(err, os.Remove(filepath.Join(dir, f.Name())))
		}
	}
	if _, e := os.Stat(dest); e == nil || err != nil {
		return err
	}
	if err := Backup(ctx, path, dest); err != nil {
		return err
	}
	opts.Log.Info("database copied before migration", "copy", dest)
	return nil
}

// schemaVersion returns the last step that the database has taken, 0 if it is empty.
func schemaVersion(c *conn, path string) (int64, error) {
	tables, err := c.number(`SELECT count(*) FROM sqlite_schema`)
	if err != nil || tables == 0 {
		return 0, err
	}
	ours, err := c.number(`SELECT count(*) FROM sqlite_schema WHERE name = '` + goose.DefaultTablename + `'`)
	if err != nil {
		return 0, err
	}
	if ours == 0 {
		return 0, fmt.Errorf("file %s is a database of another program; choose another path", path)
	}
	return c.number(`SELECT max(version_id) FROM ` + goose.DefaultTablename + ` WHERE is_applied`)
}
