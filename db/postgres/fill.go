package postgres

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"strings"

	"github.com/jackc/pgx/v5"

	"porchlight/db"
)

// Filled says what Fill has copied.
type Filled struct {
	Tables, Rows int64
	Changed      int64 // texts with U+0000 or bytes that are no UTF-8, in whose place is the replacement character
}

// Fill copies tables into a database that has nothing in it, each after those that it refers to, and compares what has come with
// what was given, row by row. All of it is done or nothing.
func (d *DB) Fill(ctx context.Context, tables func(f func(db.Table) error) error) (filled Filled, err error) {
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if err := empty(ctx, tx); err != nil {
			return err
		}
		return tables(func(t db.Table) error { return fill(ctx, tx, t, &filled) })
	})
	if err != nil {
		return Filled{}, fmt.Errorf("fill database: %w", err)
	}
	return filled, nil
}

// empty refuses a database that something was stored in, and takes away what the steps of the schema have stored.
func empty(ctx context.Context, tx pgx.Tx) error {
	var used bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM operators) OR EXISTS (SELECT 1 FROM conversations) OR EXISTS (SELECT 1 FROM visitors) OR EXISTS (SELECT 1 FROM settings) OR (SELECT count(*) > 1 FROM departments)`).Scan(&used)
	if err == nil && used {
		err = errors.New("the database has something in it already; name an empty one")
	}
	if err == nil {
		_, err = tx.Exec(ctx, `DELETE FROM departments`)
	}
	return err
}

// fill copies a table.
func fill(ctx context.Context, tx pgx.Tx, t db.Table, filled *Filled) error {
	flags, numbers, err := columnsOf(ctx, tx, t.Name)
	if err != nil {
		return err
	}
	var given sum
	_, err = tx.CopyFrom(ctx, pgx.Identifier{t.Name}, t.Columns, pgx.CopyFromFunc(func() ([]any, error) {
		row, err := t.Next()
		if row == nil || err != nil {
			return nil, err
		}
		for i, v := range row {
			switch v := v.(type) {
			case string:
				if row[i] = storable(v); row[i] != v {
					filled.Changed++
				}
			case int64:
				if flags[t.Columns[i]] {
					row[i] = v != 0
				}
			}
		}
		given.add(row)
		return row, nil
	}))
	if err != nil {
		return err
	}
	if numbers != "" && t.Last > 0 {
		if _, err := tx.Exec(ctx, `SELECT setval(pg_get_serial_sequence($1, $2), $3)`, t.Name, numbers, t.Last); err != nil {
			return err
		}
	}
	var came sum
	rows, err := tx.Query(ctx, `SELECT "`+strings.Join(t.Columns, `", "`)+`" FROM `+t.Name)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		row, err := rows.Values()
		if err != nil {
			return err
		}
		came.add(row)
	}
	if rows.Err() == nil && came != given {
		return fmt.Errorf("%d rows were given and %d came, or they differ", given.rows, came.rows)
	}
	filled.Tables, filled.Rows = filled.Tables+1, filled.Rows+given.rows
	return rows.Err()
}

// columnsOf finds out which columns of a table are flags, and which one numbers its rows.
func columnsOf(ctx context.Context, tx pgx.Tx, table string) (flags map[string]bool, numbers string, err error) {
	flags = make(map[string]bool)
	rows, err := tx.Query(ctx, `SELECT column_name, data_type = 'boolean', is_identity = 'YES' FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1`, table)
	if err != nil {
		return nil, "", err
	}
	var name string
	var flag, identity bool
	_, err = pgx.ForEachRow(rows, []any{&name, &flag, &identity}, func() error {
		flags[name] = flag
		if identity {
			numbers = name
		}
		return nil
	})
	return flags, numbers, err
}

// sum is what rows are compared by, in whatever order they come.
type sum struct {
	rows int64
	hash uint64
}

func (s *sum) add(row []any) {
	h := fnv.New64a()
	for _, v := range row {
		fmt.Fprintf(h, "%T %d:%v\n", v, len(fmt.Sprint(v)), v) // never fails
	}
	s.rows++
	s.hash += h.Sum64()
}
