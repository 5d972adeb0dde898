package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"
)

// checkTime bounds the check at the start. Only a backup checks a large database in full.
const checkTime = time.Second

// check refuses a damaged database, if it can find the damage within the bound.
func check(ctx context.Context, c *conn, path string, bound time.Duration, log *slog.Logger) error {
	bounded, cancel := context.WithTimeout(ctx, bound)
	defer cancel()
	err := inspect(bounded, c, "PRAGMA quick_check(1)", "PRAGMA foreign_key_check")
	switch {
	case err == nil || ctx.Err() != nil:
		return ctx.Err()
	case bounded.Err() != nil:
		log.Info("database is too large to be checked at the start", "bound", bound)
		return nil
	}
	return damaged(path, err)
}

// damaged is the error for a database that is damaged.
func damaged(path string, err error) error {
	return fmt.Errorf("database %s is damaged and is left as it is; move it away and put a copy made by porchlight backup in its place: %w", path, err)
}

// inspect runs checks. A check returns no rows, or "ok", if all is well.
func inspect(ctx context.Context, c *conn, checks ...string) error {
	for _, query := range checks {
		found, err := firstRow(ctx, c, query)
		if err != nil {
			return fmt.Errorf("run %s: %w", query, err)
		}
		if len(found) > 0 && found[0] != "ok" {
			return fmt.Errorf("%s found %v", query, found)
		}
	}
	return nil
}

// firstRow runs a query that may take long, and returns its first row, nil if it has none.
// The query ends with ctx.
func firstRow(ctx context.Context, c *conn, query string, args ...driver.NamedValue) ([]driver.Value, error) {
	rows, err := c.raw.QueryContext(ctx, query, args)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	values := make([]driver.Value, len(rows.Columns()))
	if err := rows.Next(values); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	return values, nil
}
