package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mattn/go-sqlite3"

	"porchlight/db"
)

// conn is one SQLite connection with its prepared statements. It calls the driver
// directly, since through database/sql a message costs a fifth more CPU. One goroutine at
// a time uses it.
type conn struct {
	raw        *sqlite3.SQLiteConn
	session    *db.Session
	statements map[string]*statement
	rows       rows // rows of the query that runs

	wrote  bool  // a row was changed since reset
	bytes  int   // bytes of arguments since writer.checkpoint last set it to 0
	failed error // SQLite's first error since reset
}

// statement is prepared on one connection.
type statement struct {
	*sqlite3.SQLiteStmt
	writes bool
	row    db.Row // room for the present row; nil until the number of columns is known
}

// reset clears wrote and failed.
func (c *conn) reset() { c.wrote, c.failed = false, nil }

// fail remembers an error of SQLite.
func (c *conn) fail(err error) error {
	if c.failed == nil {
		c.failed = err
	}
	return err
}

// count adds the size of the arguments to bytes.
func (c *conn) count(args []driver.NamedValue) {
	for i := range args {
		switch a := args[i].Value.(type) {
		case string:
			c.bytes += len(a)
		case []byte:
			c.bytes += len(a)
		}
	}
}

// prepare returns the statement for a query. It prepares each query once.
func (c *conn) prepare(query string) (*statement, error) {
	if s, ok := c.statements[query]; ok {
		return s, nil
	}
	prepared, err := c.raw.Prepare(query)
	if err != nil {
		return nil, c.fail(err)
	}
	s := &statement{SQLiteStmt: prepared.(*sqlite3.SQLiteStmt), writes: !strings.HasPrefix(query, "SELECT ")}
	c.statements[query] = s
	return s, nil
}

// Exec implements db.Conn.
func (c *conn) Exec(query string, args []driver.NamedValue) (int64, error) {
	s, err := c.prepare(query)
	if err != nil {
		return 0, err
	}
	c.count(args)
	result, err := s.ExecContext(context.Background(), args)
	if err != nil {
		return 0, c.fail(err)
	}
	n, err := result.RowsAffected()
	c.wrote = c.wrote || n > 0
	return n, err
}

// Must implements db.Conn. It runs at once.
func (c *conn) Must(query string, args []driver.NamedValue) error {
	n, err := c.Exec(query, args)
	if err == nil && n == 0 {
		err = db.Unchanged()
	}
	return err
}

// ToChange implements db.Conn. Nobody else writes beside the writer.
func (c *conn) ToChange(query string) string { return query }

// Query implements db.Conn.
func (c *conn) Query(query string, args []driver.NamedValue) (db.Rows, error) {
	s, err := c.prepare(query)
	if err != nil {
		return nil, err
	}
	c.count(args)
	found, err := s.QueryContext(context.Background(), args)
	if err != nil {
		return nil, c.fail(err)
	}
	if s.row == nil {
		s.row = make(db.Row, len(found.Columns()))
	}
	c.rows = rows{c: c, found: found, row: s.row, written: s.writes}
	return &c.rows, nil
}

// rows are the rows of the query that runs on c.
type rows struct {
	c       *conn
	found   driver.Rows
	row     db.Row
	written bool // the query writes and returns what it wrote
}

// Next implements db.Rows.
func (r *rows) Next() (db.Row, error) {
	err := r.found.Next(r.row)
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, r.c.fail(err)
	}
	r.c.wrote = r.c.wrote || r.written
	return r.row, nil
}

// Close implements db.Rows.
func (r *rows) Close() error {
	if err := r.found.Close(); err != nil {
		return r.c.fail(err)
	}
	return nil
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

// logged runs a checkpoint and returns how many pages of the write-ahead log are not in
// the database yet. The mode PASSIVE moves as many pages as it can without waiting; NOOP
// moves none.
func (c *conn) logged(mode string) (pages int64, err error) {
	list, err := c.all("PRAGMA wal_checkpoint(" + mode + ")") // columns: busy, pages in the log, pages moved into the database
	if err != nil {
		return 0, err
	}
	return list[0][1].(int64) - list[0][2].(int64), nil
}

// all returns all rows of one of the engine's own queries.
func (c *conn) all(query string) ([]db.Row, error) {
	found, err := c.Query(query, nil)
	if err != nil {
		return nil, err
	}
	var list []db.Row
	row, err := found.Next()
	for row != nil && err == nil {
		list = append(list, slices.Clone(row))
		row, err = found.Next()
	}
	return list, errors.Join(err, found.Close())
}

// number returns the number that a query about the schema gives.
func (c *conn) number(query string) (int64, error) {
	list, err := c.all(query)
	if err != nil {
		return 0, fmt.Errorf("read schema: %w", err)
	}
	return list[0][0].(int64), nil
}

// close closes the statements and the connection.
func (c *conn) close() error {
	var errs []error
	for _, s := range c.statements {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, c.raw.Close())...)
}
