package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"porchlight/db"
)

// Tables calls f with each table of the database at path that is not made of others, each after those that it refers to. Nobody
// can open the database meanwhile.
func Tables(ctx context.Context, path string, f func(db.Table) error) (err error) {
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("find database: %w", err)
	}
	lock, err := lockFile(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	return beside(ctx, path, copying, "BEGIN", func(c *conn) error {
		names, err := inOrder(c)
		for _, name := range names {
			if err == nil {
				err = oneTable(ctx, c, name, f)
			}
		}
		return err
	})
}

// oneTable calls f with a table.
func oneTable(ctx context.Context, c *conn, name string, f func(db.Table) error) error {
	t := db.Table{Name: name}
	given, err := c.all(`SELECT seq FROM sqlite_sequence WHERE name = '` + name + `'`)
	if err != nil {
		return err
	}
	if len(given) > 0 {
		t.Last = given[0][0].(int64)
	}
	rows, err := c.raw.QueryContext(ctx, `SELECT * FROM "`+name+`"`, nil)
	if err != nil {
		return err
	}
	defer rows.Close()
	t.Columns = rows.Columns()
	t.Next = func() ([]any, error) {
		values := make([]driver.Value, len(t.Columns))
		if err := rows.Next(values); errors.Is(err, io.EOF) {
			return nil, nil
		} else if err != nil {
			return nil, err
		}
		row := make([]any, len(values))
		for i, v := range values {
			row[i] = v
			if b, ok := v.([]byte); ok {
				row[i] = slices.Clone(b)
			}
		}
		return row, nil
	}
	if err := f(t); err != nil {
		return fmt.Errorf("table %s: %w", name, err)
	}
	return nil
}

// inOrder lists the tables, each after those that it refers to. The index of what was said is made of the rest, and of how far it
// has read them.
func inOrder(c *conn) (done []string, err error) {
	rows, err := c.all(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%' AND name NOT LIKE 'archive_%' ORDER BY name`)
	if err != nil {
		return nil, err
	}
	for len(done) < len(rows) {
		before := len(done)
		for _, r := range rows {
			name := r[0].(string)
			refers, err := c.all(`SELECT "table" FROM pragma_foreign_key_list('` + name + `')`)
			if err != nil {
				return nil, err
			}
			waits := slices.ContainsFunc(refers, func(to db.Row) bool { return to[0] != name && !slices.Contains(done, to[0].(string)) })
			if !waits && !slices.Contains(done, name) {
				done = append(done, name)
			}
		}
		if len(done) == before {
			return nil, fmt.Errorf("of the tables only %s refer to no others in a circle", strings.Join(done, ", "))
		}
	}
	return done, nil
}
