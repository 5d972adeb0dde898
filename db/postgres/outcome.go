package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// An update has the number of its transaction before it commits. When the connection breaks before the answer to COMMIT has come,
// the server is asked what became of that number (https://www.postgresql.org/docs/current/functions-info.html): what is stored is not
// stored once more.
//
// A server that has crashed may give the number of a transaction of which it had written nothing to its log to another one, and then says of
// the lost one what became of the other. lifeOf differs from before then, since a server forgets its statistics when it recovers; so it does
// at another server that took its place.
const (
	numberOf = `SELECT CAST(pg_current_xact_id() AS text)`
	lifeOf   = `SELECT coalesce(CAST(extract(epoch FROM stats_reset) AS text), '') FROM pg_stat_bgwriter`
	statusOf = `SELECT coalesce(pg_xact_status(CAST($1 AS xid8)), ''), (` + lifeOf + `)`
)

// lifeKey is where a connection keeps what lifeOf said when it began.
const lifeKey = "life"

// noteLife keeps it.
func noteLife(ctx context.Context, c *pgx.Conn) error {
	var life string
	err := c.QueryRow(ctx, lifeOf).Scan(&life)
	c.PgConn().CustomData()[lifeKey] = life
	return err
}

// How long the server is asked, and how long it is left alone between.
const (
	askTime  = 10 * time.Second
	askAgain = 20 * time.Millisecond
)

// outcome finds out whether a transaction was committed, whose connection broke: no kind and true if it was, broken if it was not,
// so that it may run again, and gone if nobody knows. life is what lifeOf said before it began.
func (d *DB) outcome(ctx context.Context, number string, life any) (k kind, committed bool) {
	ctx, cancel := d.within(ctx, askTime)
	defer cancel()
	for {
		var status, now string
		err := d.apart(ctx, "ask what became of a transaction", func(c *pgxpool.Conn) error {
			return c.QueryRow(ctx, statusOf, number).Scan(&status, &now)
		})
		switch {
		case err == nil && status == "committed" && now == life:
			return faulty, true
		case err == nil && status == "committed":
			return gone, false
		case err == nil && status == "aborted":
			return broken, false
		}
		select { // it is in progress until the server knows that the connection broke, or the server is away
		case <-time.After(askAgain):
		case <-ctx.Done():
			return gone, false
		}
	}
}

// Doubts implements crew.Store.
func (d *DB) Doubts() int64 { return d.doubts.Load() }
