package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/mattn/go-sqlite3"
)

// conn is one SQLite connection with its prepared statements, used at the
// driver's level: through database/sql a message costs a fifth more CPU.
// One goroutine uses it at a time.
type conn struct {
	raw        *sqlite3.SQLiteConn
	statements map[string]*statement
	args       []driver.NamedValue // of the statement that runs
	values     row                 // of the row it is at

	wrote  bool  // a row was changed since reset
	bytes  int   // of the arguments, since whoever counts them set it back
	failed error // the first error of SQLite since reset
}

// statement is prepared on one connection.
type statement struct {
	*sqlite3.SQLiteStmt
	columns int // of its rows; 0 until known
}

// reset begins a new watch over wrote and failed.
func (c *conn) reset() { c.wrote, c.failed = false, nil }

// fail remembers an error of SQLite.
func (c *conn) fail(err error) error {
	if c.failed == nil {
		c.failed = err
	}
	return err
}

// prepare returns the statement for the query, the same one each time.
func (c *conn) prepare(query string) (*statement, error) {
	if s, ok := c.statements[query]; ok {
		return s, nil
	}
	prepared, err := c.raw.Prepare(query)
	if err != nil {
		return nil, c.fail(err)
	}
	s := &statement{SQLiteStmt: prepared.(*sqlite3.SQLiteStmt)}
	c.statements[query] = s
	return s, nil
}

// bind makes the driver's form of the arguments: nil, int64, bool, string or
// []byte. It is valid until the next call.
func (c *conn) bind(args []any) []driver.NamedValue {
	c.args = c.args[:0]
	for i, a := range args {
		c.args = append(c.args, driver.NamedValue{Ordinal: i + 1, Value: a})
		switch a := a.(type) {
		case string:
			c.bytes += len(a)
		case []byte:
			c.bytes += len(a)
		}
	}
	return c.args
}

// exec runs a statement that gives no rows, and returns how many it changed.
func (c *conn) exec(query string, args ...any) (int64, error) {
	s, err := c.prepare(query)
	if err != nil {
		return 0, err
	}
	result, err := s.ExecContext(context.Background(), c.bind(args))
	if err != nil {
		return 0, c.fail(err)
	}
	n, err := result.RowsAffected()
	c.wrote = c.wrote || n > 0
	return n, err
}

// control runs BEGIN, COMMIT and the like.
func (c *conn) control(query string) error {
	s, err := c.prepare(query)
	if err != nil {
		return err
	}
	_, err = s.ExecContext(context.Background(), nil)
	return err
}

// logged returns how many pages of the write-ahead log are not in the database
// yet, after a checkpoint of that mode: PASSIVE moves as many as it can without
// waiting, NOOP none.
func (c *conn) logged(mode string) (pages int64, err error) {
	err = c.each(func(r row) bool { // busy, in the log, of these in the database
		pages = r.int(1) - r.int(2)
		return true
	}, "PRAGMA wal_checkpoint("+mode+")")
	return pages, err
}

// each calls f with every row until it returns false. The row is valid during
// the call, and f must not use c.
func (c *conn) each(f func(row) bool, query string, args ...any) (err error) {
	s, err := c.prepare(query)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(context.Background(), c.bind(args))
	if err != nil {
		return c.fail(err)
	}
	defer func() {
		if e := rows.Close(); e != nil && err == nil {
			err = c.fail(e)
		}
	}()
	if s.columns == 0 {
		s.columns = len(rows.Columns())
	}
	for len(c.values) < s.columns {
		c.values = append(c.values, nil)
	}
	for {
		switch err := rows.Next(c.values[:s.columns]); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return c.fail(err)
		case !f(c.values[:s.columns]):
			return nil
		}
	}
}

// assign runs an INSERT or UPDATE … RETURNING a number. It reports false if
// nothing was changed.
func (c *conn) assign(query string, args ...any) (n int64, changed bool, err error) {
	err = c.each(func(r row) bool {
		n, changed, c.wrote = r.int(0), true, true
		return true
	}, query, args...)
	return n, changed, err
}

// close closes the statements and the connection.
func (c *conn) close() error {
	var errs []error
	for _, s := range c.statements {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, c.raw.Close())...)
}

// one reads one thing, called noun in errors. Without a row the error has
// CodeNotFound.
func one[T any](c *conn, noun string, scan func(row) T, query string, args ...any) (T, error) {
	var thing T
	found := false
	err := c.each(func(r row) bool {
		thing, found = scan(r), true
		return false
	}, query, args...)
	if err != nil {
		return thing, fmt.Errorf("read %s: %w", noun, err)
	}
	if !found {
		return thing, notFound(noun)
	}
	return thing, nil
}

// list reads several things, called noun in errors.
func list[T any](c *conn, noun string, scan func(row) T, query string, args ...any) ([]T, error) {
	var things []T
	err := c.each(func(r row) bool {
		things = append(things, scan(r))
		return true
	}, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", noun, err)
	}
	return things, nil
}

// row is a row of a result. The schema is STRICT, so a column's type is known;
// NULL reads as the zero value.
type row []driver.Value

func (r row) text(i int) string  { s, _ := r[i].(string); return s }
func (r row) bytes(i int) []byte { b, _ := r[i].([]byte); return b }
func (r row) int(i int) int64    { n, _ := r[i].(int64); return n }
func (r row) bool(i int) bool    { return r.int(i) != 0 }

func (r row) time(i int) time.Time {
	ms, ok := r[i].(int64)
	if !ok {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// millis is a time as it is stored: milliseconds since 1970, or NULL.
func millis(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

// orNull stores no text as NULL.
func orNull[S ~string](s S) any {
	if s == "" {
		return nil
	}
	return string(s)
}

func scanInt(r row) int64   { return r.int(0) }
func scanText(r row) string { return r.text(0) }
