package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// steps holds the schema's steps, each in a file of its own. A released step never changes.
//
//go:embed schema/*.sql
var steps embed.FS

// migrate brings the schema to the last step, each step in a transaction of its own. Of several porchlights that start at
// once one does it, and the others wait.
func migrate(ctx context.Context, config *pgx.ConnConfig, version, last int64, log *slog.Logger) error {
	folder, err := fs.Sub(steps, "schema")
	if err != nil {
		return fmt.Errorf("read schema: %w", err)
	}
	pool := stdlib.OpenDB(*config)
	defer pool.Close()
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300), lock.WithUnlockTimeout(1, 60)) // look each second
	if err != nil {
		return fmt.Errorf("read schema: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, pool, folder, goose.WithDisableGlobalRegistry(true), goose.WithSessionLocker(locker))
	if err != nil {
		return fmt.Errorf("read schema: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate database from schema %d to %d: %w", version, last, err)
	}
	log.Info("database schema migrated", "from", version, "to", last)
	return nil
}

// lastStep returns the number of the last step.
func lastStep() (last int64, err error) {
	names, err := fs.Glob(steps, "schema/*.sql")
	for _, name := range names { // sorted
		if last, err = goose.NumericComponent(name); err != nil {
			return 0, fmt.Errorf("read schema: %w", err)
		}
	}
	return last, err
}

// known refuses a schema that a newer porchlight made.
func known(version, last int64) error {
	if version > last {
		return fmt.Errorf("the database has schema %d, but this porchlight knows only up to %d; use the newer porchlight that made it", version, last)
	}
	return nil
}

// rower is a connection or a pool of them.
type rower interface {
	QueryRow(ctx context.Context, query string, args ...any) pgx.Row
}

// schemaVersion returns the last step that the database has taken, 0 if it has no tables.
func schemaVersion(ctx context.Context, pool rower) (version int64, err error) {
	var tables, ours int
	err = pool.QueryRow(ctx, `SELECT count(*), count(*) FILTER (WHERE tablename = '`+goose.DefaultTablename+`') FROM pg_tables WHERE schemaname = current_schema()`).Scan(&tables, &ours)
	switch {
	case err != nil:
		return 0, fmt.Errorf("read schema: %w", err)
	case tables == 0:
		return 0, nil
	case ours == 0:
		return 0, errors.New("the database belongs to another program; choose another one, or another schema by search_path in the URL")
	}
	err = pool.QueryRow(ctx, `SELECT coalesce(max(version_id), 0) FROM `+goose.DefaultTablename+` WHERE is_applied`).Scan(&version)
	if err != nil {
		return 0, fmt.Errorf("read schema: %w", err)
	}
	return version, nil
}
