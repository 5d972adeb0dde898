package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"porchlight/bridge"
	"porchlight/bridge/crew"
)

// The statements on the lease of the link. Who stores something under a tenure locks the row FOR KEY SHARE until that is
// committed. A renewal changes no column of a unique index, so both may go on at once; a taking changes the epoch, so it waits for those who store,
// and whoever stores after it finds another epoch.
const (
	// underTenure fails with the code tenureOver if the tenure is over: the logarithm of 0.
	underTenure = `SELECT ln(count(*)) FROM (SELECT 1 FROM leases WHERE name = 'link' AND holder = $1 AND epoch = $2 AND expires_at > ` + clock + ` FOR KEY SHARE) AS held`

	renewLease = `UPDATE leases SET expires_at = ` + clock + ` + $2 WHERE name = 'link' AND holder = $1 AND expires_at > ` + clock
	readLease  = `SELECT holder, epoch, expires_at - ` + clock + `, NOT EXISTS (SELECT 1 FROM nodes WHERE schema > $1 AND ` + alive + `)
		FROM (SELECT 1) one LEFT JOIN leases ON name = 'link'`
	// The times are those after the wait for the lock.
	takeLease = `INSERT INTO leases (name, holder, epoch, expires_at) VALUES ('link', $1, 1, ` + clock + ` + $2)
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, epoch = leases.epoch + 1, expires_at = ` + clock + ` + $2 WHERE leases.expires_at <= ` + clock
	releaseLease = `UPDATE leases SET holder = '', expires_at = 0 WHERE name = 'link' AND holder = $1 AND epoch = $2`

	// endSessions ends what a process has open in this database: a process that was stopped may hold locks.
	endSessions = `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1 AND pid <> pg_backend_pid()`
)

// Take implements crew.Store.
func (d *DB) Take(ctx context.Context, holder string, ttl time.Duration) (l crew.Lease, err error) {
	err = d.apart(ctx, "take the lease", func(c *pgxpool.Conn) error {
		var may bool
		l, may, err = d.lease(ctx, c, holder, ttl)
		if err != nil || l.Left > 0 || !may {
			return err
		}
		if l.Holder != "" && l.Holder != holder {
			d.end(ctx, c, l.Holder)
		}
		if _, err = c.Exec(ctx, takeLease, holder, ttl.Milliseconds()); err == nil {
			l, _, err = d.lease(ctx, c, holder, ttl)
		}
		return err
	})
	return l, err
}

// lease renews the lease if it is the holder's, and reads it, in one round trip. may says that no living node knows a newer schema.
func (d *DB) lease(ctx context.Context, c *pgxpool.Conn, holder string, ttl time.Duration) (l crew.Lease, may bool, err error) {
	both := &pgx.Batch{}
	both.Queue(renewLease, holder, ttl.Milliseconds())
	both.Queue(readLease, d.schema)
	results := c.SendBatch(ctx, both)
	var who *string // nil: nobody ever had it
	var epoch, left *int64
	if _, err = results.Exec(); err == nil {
		err = results.QueryRow().Scan(&who, &epoch, &left, &may)
	}
	if err = errors.Join(err, results.Close()); err == nil && who != nil {
		l = crew.Lease{Holder: *who, Epoch: *epoch, Left: time.Duration(*left) * time.Millisecond}
	}
	return l, may, err
}

// end ends the sessions of a node whose lease is over: it may be stopped in the middle of a transaction. If it can't, the taking
// waits until the server ends what has been idle for as long as the lease lasts.
func (d *DB) end(ctx context.Context, c *pgxpool.Conn, node string) {
	var ended int64
	err := c.QueryRow(ctx, endSessions, sessionName(node)).Scan(&ended)
	var said *pgconn.PgError
	if err != nil && errors.As(err, &said) {
		d.log.Warn("connections of a node whose lease is over can't be ended", "node", node, "err", err)
	} else if ended > 0 {
		d.log.Info("ended the connections of a node whose lease is over", "node", node, "connections", ended)
	}
}

// Release implements crew.Store.
func (d *DB) Release(ctx context.Context, t bridge.Tenure) error {
	return d.apart(ctx, "give the lease back", func(c *pgxpool.Conn) error {
		_, err := c.Exec(ctx, releaseLease, t.Holder, t.Epoch)
		return err
	})
}

// sessionName is the name under which the server lists the connections of a node, in the 63 bytes that it keeps. The end of an id
// is what differs.
func sessionName(node string) string {
	const ours = "porchlight "
	return ours + node[max(0, len(node)-63+len(ours)):]
}
