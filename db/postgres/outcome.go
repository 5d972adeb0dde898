package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// An update has the number of its transaction before it commits. When the connection breaks before the answer to COMMIT has come,
// the server is asked what became of that number (https://www.postgresql.org/docs/current/functions-info.html): what is stored is not
// stored once more.
const (
	numberOf = `SELECT CAST(pg_current_xact_id() AS text)`
	statusOf = `SELECT coalesce(pg_xact_status(CAST($1 AS xid8)), '')`
)

// How long the server is asked, and how long it is left alone between.
const (
	askTime  = 10 * time.Second
	askAgain = 20 * time.Millisecond
)

// outcome finds out whether a transaction was committed, whose connection broke: no kind and true if it was, broken if it was not,
// so that it may run again, and gone if nobody knows.
func (d *DB) outcome(ctx context.Context, number string) (k kind, committed bool) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	for {
		var status string
		err := d.apart(ctx, "ask what became of a transaction", func(c *pgxpool.Conn) error {
			return c.QueryRow(ctx, statusOf, number).Scan(&status)
		})
		switch {
		case err == nil && status == "committed":
			return faulty, true
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
