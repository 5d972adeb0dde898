package postgres

import (
	"cmp"
	"context"
	"database/sql/driver"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"porchlight/bridge"
	"porchlight/db"
)

// conn is a connection in a transaction. One goroutine uses it.
type conn struct {
	raw     *pgx.Conn
	ctx     context.Context // ends when the transaction takes too long
	texts   *texts
	session *db.Session
	locks   bool // a row that is read to be changed is locked

	held    *pgx.Batch // what goes with the next statement: how the transaction begins, or writes
	opening int        // how much of it was there at the beginning
	begun   bool       // BEGIN was sent
	heard   bool       // and answered
	number  string     // of the transaction, if it is one that writes
	ending  bool       // COMMIT was sent
	wrote   bool
	failed  error // the first error of a statement
	rows    rows  // rows of the query that runs
}

// newConn makes one for a transaction that begins with a text. Whether a tenure that ctx has still lasts, and the transaction's
// number, are asked for in the same round trip as the first statement.
func newConn(ctx context.Context, d *DB, raw *pgx.Conn, begin string) *conn {
	c := &conn{raw: raw, ctx: ctx, texts: &d.texts, locks: begin == updating, held: &pgx.Batch{}}
	c.held.Queue(begin)
	if t, under := bridge.TenureOf(ctx); under && c.locks {
		c.held.Queue(underTenure, t.Holder, t.Epoch)
	}
	if c.locks {
		c.held.Queue(numberOf)
	}
	c.opening = c.held.Len()
	c.session = db.NewSession(c)
	return c
}

// fail remembers an error of a statement.
func (c *conn) fail(err error) error {
	if err == nil {
		return nil
	}
	err = told(err)
	if c.failed == nil {
		c.failed = err
	}
	return err
}

// send sends what is held and a statement in one round trip. The results are those of the statement.
func (c *conn) send(query string, args []driver.NamedValue) (pgx.BatchResults, error) {
	batch := c.held
	batch.Queue(query, values(args)...)
	asked := -1 // the place of numberOf
	if c.locks && !c.begun {
		asked = c.opening - 1
	}
	c.held, c.begun = &pgx.Batch{}, true
	results := c.raw.SendBatch(c.ctx, batch)
	for i := range batch.Len() - 1 {
		var err error
		if i == asked {
			err = results.QueryRow().Scan(&c.number)
		} else {
			_, err = results.Exec()
		}
		if err != nil {
			return nil, c.fail(errors.Join(err, results.Close()))
		}
	}
	c.heard = true // the first statement that is sent has BEGIN before it
	return results, nil
}

// run sends what is held and a statement without result rows.
func (c *conn) run(query string, args []driver.NamedValue) (tag pgconn.CommandTag, err error) {
	results, err := c.send(query, args)
	if err != nil {
		return tag, err
	}
	tag, err = results.Exec()
	return tag, c.fail(cmp.Or(err, results.Close()))
}

// Exec implements db.Conn.
func (c *conn) Exec(query string, args []driver.NamedValue) (int64, error) {
	tag, err := c.run(c.texts.plain(query), args)
	c.wrote = c.wrote || tag.RowsAffected() > 0
	return tag.RowsAffected(), err
}

// Must implements db.Conn. It holds the statement back.
func (c *conn) Must(query string, args []driver.NamedValue) error {
	c.held.Queue(c.texts.must(query), values(args)...)
	c.wrote = true
	return nil
}

// ToChange implements db.Conn. The lock is that of an UPDATE, which lets others refer to the row.
func (c *conn) ToChange(query string) string {
	if !c.locks {
		return query
	}
	return c.texts.locking(query)
}

// Query implements db.Conn.
func (c *conn) Query(query string, args []driver.NamedValue) (db.Rows, error) {
	results, err := c.send(c.texts.plain(query), args)
	if err != nil {
		return nil, err
	}
	found, err := results.Query()
	if err != nil {
		return nil, c.fail(errors.Join(err, results.Close()))
	}
	c.wrote = c.wrote || !strings.HasPrefix(query, "SELECT ")
	c.rows = rows{c: c, found: found, results: results}
	return &c.rows, nil
}

// commit sends what is held and COMMIT. It sends nothing if nothing was sent so far.
func (c *conn) commit() error {
	if !c.begun && c.held.Len() == c.opening {
		return nil
	}
	if !c.begun && c.locks { // so that the number is known
		if _, err := c.run("SELECT 1", nil); err != nil {
			return err
		}
	}
	c.ending = true
	_, err := c.run("COMMIT", nil)
	return err
}

// rollBack ends the transaction; if it can't, the pool closes the connection, which does the same.
func (c *conn) rollBack() {
	if c.begun && !c.raw.IsClosed() {
		_, _ = c.raw.Exec(c.ctx, "ROLLBACK")
	}
}

// rows are the rows of the query that runs on c.
type rows struct {
	c       *conn
	found   pgx.Rows
	results pgx.BatchResults
}

// Next implements db.Rows.
func (r *rows) Next() (db.Row, error) {
	if !r.found.Next() {
		return nil, r.c.fail(r.found.Err())
	}
	row, err := r.found.Values()
	if err != nil {
		return nil, r.c.fail(err)
	}
	list := make(db.Row, len(row))
	for i, v := range row {
		list[i] = v
		if n, ok := v.(int32); ok { // of a literal in a statement
			list[i] = int64(n)
		}
	}
	return list, nil
}

// Close implements db.Rows.
func (r *rows) Close() error {
	r.found.Close()
	return r.c.fail(cmp.Or(r.found.Err(), r.results.Close()))
}

// values are the arguments of a statement.
func values(args []driver.NamedValue) []any {
	list := make([]any, len(args))
	for i := range args {
		list[i] = args[i].Value
		if s, ok := list[i].(string); ok {
			list[i] = storable(s)
		}
	}
	return list
}

// storable returns a text as it is stored, and looked for. PostgreSQL keeps only UTF-8 without U+0000; in the place of what is
// not is the replacement character.
func storable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
