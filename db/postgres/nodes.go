package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"porchlight/bridge/crew"
)

var _ crew.Store = (*DB)(nil)

// The database's clock, in milliseconds since 1970 as all times are stored. It goes on within a transaction.
const clock = `CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)`

// alive is true of a node that was seen lately.
const alive = `seen_at > ` + clock + ` - 10000`

// apart runs f on a connection that those who store never have, so that a heartbeat does not wait for them.
func (d *DB) apart(ctx context.Context, what string, f func(*pgxpool.Conn) error) error {
	err := d.own.AcquireFunc(ctx, f)
	if kindOf(err) == broken {
		d.own.Reset() // the others are as old
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// Beat implements crew.Store.
func (d *DB) Beat(ctx context.Context, n crew.Node) error {
	return d.apart(ctx, "say that the node lives", func(c *pgxpool.Conn) error {
		_, err := c.Exec(ctx, `INSERT INTO nodes (id, name, version, shared, url, schema, started_at, seen_at) VALUES ($1, $2, $3, $4, $5, $6, `+clock+`, `+clock+`)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, version = excluded.version, shared = excluded.shared, url = excluded.url, seen_at = `+clock,
			n.ID, n.Name, n.Version, n.Shared, n.URL, d.schema)
		return err
	})
}

// Nodes implements crew.Store.
func (d *DB) Nodes(ctx context.Context) (list []crew.Node, err error) {
	err = d.apart(ctx, "list nodes", func(c *pgxpool.Conn) error {
		list, err = nodes(ctx, c)
		return err
	})
	return list, err
}

// querier is a connection, or one of a pool.
type querier interface {
	rower
	Query(ctx context.Context, query string, args ...any) (pgx.Rows, error)
}

func nodes(ctx context.Context, c querier) ([]crew.Node, error) {
	rows, err := c.Query(ctx, `SELECT id, name, version, shared, url, schema, started_at, seen_at, `+alive+` FROM nodes ORDER BY name, id`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (n crew.Node, err error) {
		var started, seen int64
		err = row.Scan(&n.ID, &n.Name, &n.Version, &n.Shared, &n.URL, &n.Schema, &started, &seen, &n.Alive)
		n.Started, n.Seen = time.UnixMilli(started).UTC(), time.UnixMilli(seen).UTC()
		return n, err
	})
}

// Bury implements crew.Store.
func (d *DB) Bury(ctx context.Context, id string) error {
	return d.apart(ctx, "forget a node", func(c *pgxpool.Conn) error {
		_, err := c.Exec(ctx, `DELETE FROM nodes WHERE id = $1`, id)
		return err
	})
}
