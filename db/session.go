package db

import (
	"cmp"
	"database/sql/driver"
	"fmt"
	"time"
)

// Conn is an engine's connection in a transaction, and all that the statements need of a
// database. One goroutine at a time uses it. Arguments are nil, int64, bool, string or
// []byte; the caller may change them after the call.
type Conn interface {
	// Exec runs a statement without result rows, and returns how many rows it changed.
	Exec(query string, args []driver.NamedValue) (changed int64, err error)
	// Query runs a statement with result rows. The caller closes them before anything else
	// runs on the connection.
	Query(query string, args []driver.NamedValue) (Rows, error)
	// Must runs a statement that changes one row; the error is Unchanged if there is no such row. The engine may run it
	// later, together with another statement or with the commit, and then the update fails by what it could not do.
	Must(query string, args []driver.NamedValue) error
	// ToChange returns a query for one row of a table whose row the update is about to change: nobody else changes it
	// before the update ends.
	ToChange(query string) string
}

// Rows are the rows of a Query.
type Rows interface {
	// Next returns the next row, which is valid until the next call. It returns nil after
	// the last row.
	Next() (Row, error)
	Close() error
}

// Row is one row of a result. Its values have the types that arguments have, except that
// an engine without flags has 0 and 1 for them. The schema says the type of each column;
// NULL reads as the zero value.
type Row []driver.Value

func (r Row) text(i int) string  { s, _ := r[i].(string); return s }
func (r Row) bytes(i int) []byte { b, _ := r[i].([]byte); return b }
func (r Row) int(i int) int64    { n, _ := r[i].(int64); return n }
func (r Row) bool(i int) bool    { b, _ := r[i].(bool); return b || r.int(i) != 0 }

func (r Row) duration(i int) time.Duration { return time.Duration(r.int(i)) * time.Millisecond }

func (r Row) time(i int) time.Time {
	ms, ok := r[i].(int64)
	if !ok {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// Session runs porchlight's statements on a connection. An engine makes one for each
// connection, and one goroutine at a time uses it. The Session keeps the arguments' slice,
// which would otherwise be allocated for each statement.
type Session struct {
	conn Conn
	args []driver.NamedValue // arguments of the statement that runs
}

// NewSession returns a session on a connection.
func NewSession(c Conn) *Session { return &Session{conn: c} }

// bind returns the arguments in the driver's form, valid until the next call.
func (s *Session) bind(args []any) []driver.NamedValue {
	s.args = s.args[:0]
	for i, a := range args {
		s.args = append(s.args, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	return s.args
}

// exec runs a statement without result rows, and returns how many rows it changed.
func (s *Session) exec(query string, args ...any) (int64, error) {
	return s.conn.Exec(query, s.bind(args))
}

// must runs a statement that changes one row; see Conn.Must.
func (s *Session) must(query string, args ...any) error { return s.conn.Must(query, s.bind(args)) }

// each calls f with every row until it returns false. The row is valid during
// the call, and f must not use s.
func (s *Session) each(f func(Row) bool, query string, args ...any) error {
	rows, err := s.conn.Query(query, s.bind(args))
	if err != nil {
		return err
	}
	r, err := rows.Next()
	for err == nil && r != nil && f(r) {
		r, err = rows.Next()
	}
	return cmp.Or(err, rows.Close())
}

// assign runs an INSERT or UPDATE … RETURNING a number. It reports false if the statement
// changed nothing.
func (s *Session) assign(query string, args ...any) (n int64, changed bool, err error) {
	err = s.each(func(r Row) bool {
		n, changed = r.int(0), true
		return true
	}, query, args...)
	return n, changed, err
}

// one reads one thing, called noun in errors. Without a row the error has
// CodeNotFound.
func one[T any](s *Session, noun string, scan func(Row) T, query string, args ...any) (T, error) {
	var thing T
	found := false
	err := s.each(func(r Row) bool {
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
func list[T any](s *Session, noun string, scan func(Row) T, query string, args ...any) ([]T, error) {
	var things []T
	err := s.each(func(r Row) bool {
		things = append(things, scan(r))
		return true
	}, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", noun, err)
	}
	return things, nil
}

// millis returns a time in the form that is stored: milliseconds since 1970, or NULL for
// the zero time.
func millis(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

// orNull returns a text in the form that is stored: NULL if it is empty.
func orNull[S ~string](s S) any {
	if s == "" {
		return nil
	}
	return string(s)
}

// orNone is a number for a column that has NULL for 0.
func orNone(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

func scanInt(r Row) int64   { return r.int(0) }
func scanText(r Row) string { return r.text(0) }
