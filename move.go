package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"porchlight/db"
	"porchlight/db/postgres"
	"porchlight/db/sqlite"
)

// moveCommand copies a database of SQLite, which no porchlight has open, into the empty one of PostgreSQL that the config names.
func moveCommand(ctx context.Context, e *env, args []string) error {
	cfg, f, err := configured(e, "move", args, "FROM")
	if err != nil {
		return err
	}
	from, url := f.Arg(0), cfg.Store.URL.Reveal()
	if url == "" {
		return errors.New("the config names no store.url to move to")
	}
	if _, err := sqlite.Peek(ctx, from); err != nil {
		return err
	}
	to, err := postgres.Open(ctx, url, postgres.Options{Log: slog.New(slog.NewTextHandler(e.stderr, nil)), Alone: true})
	if err != nil {
		return err
	}
	filled, err := to.Fill(ctx, func(f func(db.Table) error) error { return sqlite.Tables(ctx, from, f) })
	if err = errors.Join(err, to.Close()); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%d rows of %d tables were copied and compared. %s is as it was; keep it until you are sure.\n", filled.Rows, filled.Tables, from)
	if filled.Changed > 0 {
		fmt.Fprintf(e.stdout, "In %d texts are characters that PostgreSQL does not keep; the replacement character is in their place.\n", filled.Changed)
	}
	return nil
}
