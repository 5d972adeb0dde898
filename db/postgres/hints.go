package postgres

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// channel is the name under which the nodes of a store hear of each other; another schema of the same database is another store.
const channel = `'porchlight_' || md5(current_schema())`

// How long a connection that listens may be silent before it is tried, and how long the answer may take: a dead server may send nothing
// at all.
const (
	silence = 10 * time.Second
	answer  = 5 * time.Second
)

// echoTime is how long Hears waits.
const echoTime = 2 * time.Second

// Notify implements crew.Store.
func (d *DB) Notify(ctx context.Context, payload string) error {
	return d.apart(ctx, "notify nodes", func(c *pgxpool.Conn) error {
		_, err := c.Exec(ctx, `SELECT pg_notify(`+channel+`, $1)`, payload)
		return err
	})
}

// Hears reports whether what is sent at one URL of a database is heard at another one, "" the same: it is not through a pooler in transaction mode.
// No porchlight hears it.
func Hears(ctx context.Context, url, listen string) (bool, error) {
	var ends [2]*pgx.Conn
	for i, at := range []string{url, cmp.Or(listen, url)} {
		config, err := configOf(at, Options{})
		if err == nil {
			ends[i], err = pgx.ConnectConfig(ctx, config.ConnConfig)
		}
		if err != nil {
			return false, fmt.Errorf("listen to nodes: %w", err)
		}
		defer ends[i].Close(ctx)
	}
	name := "porchlight_check_" + strings.ToLower(rand.Text())
	_, err := ends[1].Exec(ctx, `LISTEN `+name)
	if err == nil {
		_, err = ends[0].Exec(ctx, `SELECT pg_notify($1, '')`, name)
	}
	if err != nil {
		return false, fmt.Errorf("listen to nodes: %w", err)
	}
	limited, cancel := context.WithTimeout(ctx, echoTime)
	defer cancel()
	_, err = ends[1].WaitForNotification(limited)
	return err == nil, ctx.Err()
}

// Listen implements crew.Store.
func (d *DB) Listen(ctx context.Context, heard func(payload string)) error {
	c, err := pgx.ConnectConfig(ctx, d.listener)
	if err != nil {
		return fmt.Errorf("listen to nodes: %w", err)
	}
	defer func() {
		limited, cancel := d.within(context.WithoutCancel(ctx), answer)
		defer cancel()
		_ = c.Close(limited) // nothing is lost with it
	}()
	var name string
	if err = c.QueryRow(ctx, `SELECT `+channel).Scan(&name); err == nil {
		_, err = c.Exec(ctx, `LISTEN `+name)
	}
	if err == nil {
		heard("")
	}
	for err == nil {
		err = hear(ctx, c, heard)
	}
	return fmt.Errorf("listen to nodes: %w", err)
}

// hear waits for one text, and tries the connection if none comes.
func hear(ctx context.Context, c *pgx.Conn, heard func(string)) error {
	limited, cancel := context.WithTimeout(ctx, silence)
	defer cancel()
	n, err := c.WaitForNotification(limited)
	var network net.Error
	switch {
	case err == nil:
		heard(n.Payload)
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case !errors.As(err, &network) || !network.Timeout() || c.IsClosed():
		return err
	}
	limited, cancel = context.WithTimeout(ctx, answer)
	defer cancel()
	return c.Ping(limited)
}
