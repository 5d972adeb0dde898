package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"
)

// checkTime bounds the check at the start. Only a backup checks a large database in full.
const checkTime = time.Second

// errIndex says that nothing is damaged but the index of what was said, which is made of the rest.
var errIndex = errors.New("the index of what was said is damaged")

// check refuses a damaged database, if it can find the damage within the bound. It is errIndex if only that is damaged.
func check(ctx context.Context, c *conn, path string, bound time.Duration, log *slog.Logger) error {
	bounded, cancel := context.WithTimeout(ctx, bound)
	defer cancel()
	err := inspect(bounded, c, "PRAGMA quick_check(100)", "PRAGMA foreign_key_check")
	switch {
	case err == nil || ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, errIndex):
		return err
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

// inspect runs checks. A check returns no rows, or "ok", if all is well. The error is errIndex if all that is wrong is in the
// index of what was said.
func inspect(ctx context.Context, c *conn, checks ...string) (index error) {
	for _, query := range checks {
		found, err := rowsOf(ctx, c, query)
		if err != nil {
			return fmt.Errorf("run %s: %w", query, err)
		}
		for _, row := range found {
			switch text, _ := row[0].(string); {
			case text == "ok":
			case strings.Contains(text, "FTS5 table main.archive_words"), strings.HasPrefix(text, "fts5: ") && strings.HasSuffix(text, `table "archive_words"`): // how SQLite's fts5_main.c and fts5_index.c name it
				index = fmt.Errorf("%s found %q: %w", query, text, errIndex)
			default:
				return fmt.Errorf("%s found %v", query, row)
			}
		}
	}
	return index
}

// rowsOf runs a query that may take long, and returns its rows. The query ends with ctx.
func rowsOf(ctx context.Context, c *conn, query string) (list [][]driver.Value, err error) {
	rows, err := c.raw.QueryContext(ctx, query, nil)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for {
		values := make([]driver.Value, len(rows.Columns()))
		switch err := rows.Next(values); {
		case errors.Is(err, io.EOF):
			return list, nil
		case err != nil:
			return nil, err
		}
		list = append(list, values)
	}
}

// emptyIndex makes the index of what was said anew, without anything in it. It is filled again as that of a database is that had
// none; see package archive.
func emptyIndex(c *conn) error {
	tables, err := c.all("SELECT sql FROM sqlite_schema WHERE name = 'archive_words'")
	if err != nil || len(tables) == 0 {
		return err
	}
	create, _ := tables[0][0].(string)
	for _, do := range []string{"BEGIN IMMEDIATE", "DELETE FROM archive_readings", "DROP TABLE archive_words", create,
		"INSERT INTO archive_words (archive_words, rank) VALUES ('automerge', 8)", "COMMIT"} {
		if _, err := c.raw.ExecContext(context.Background(), do, nil); err != nil {
			_, _ = c.raw.ExecContext(context.Background(), "ROLLBACK", nil) // it was not begun, or ends with the connection
			return fmt.Errorf("make the index anew: %w", err)
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
