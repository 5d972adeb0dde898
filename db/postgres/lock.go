package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// ErrInUse is in the error of Open if another porchlight has the database open.
var ErrInUse = errors.New("the database is in use by another porchlight")

// The lock is one of a session, so it ends with the process that has taken it. It is looked for by its key, which is that of the schema.
const (
	lockKey  = `('x' || md5('porchlight ' || current_schema()))::bit(31)::int`
	waitLock = `SELECT pg_advisory_lock(0, ` + lockKey + `)`
	// The name under which a session is listed holds who signed the lock.
	findLock = `SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
		WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid::bigint = ` + lockKey + ` AND l.objsubid = 2 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`
	// lockTime is how long a process that has just died may still seem to have the lock.
	lockTime = 5 * time.Second
)

// takeLock takes the lock on a connection of its own, which is open until Close. When that connection breaks, the lock is free.
func takeLock(ctx context.Context, config *pgx.ConnConfig) (*pgx.Conn, error) {
	c, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("lock database: %w", err)
	}
	if _, err = c.Exec(ctx, fmt.Sprintf("SET lock_timeout = %d", lockTime.Milliseconds())); err == nil {
		_, err = c.Exec(ctx, waitLock)
	}
	if err == nil {
		return c, nil
	}
	var said *pgconn.PgError
	if errors.As(err, &said) && said.Code == lockNotAvailable {
		who, _, _ := holder(ctx, c) // the error says enough without
		err = fmt.Errorf("%w (%s)", ErrInUse, who)
	}
	return nil, errors.Join(fmt.Errorf("lock database: %w", err), c.Close(ctx))
}

// holder finds out who has the lock.
func holder(ctx context.Context, c *pgx.Conn) (who string, held bool, err error) {
	err = c.QueryRow(ctx, findLock).Scan(&who)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", false, nil
	}
	return who, err == nil, err
}

// SignLock says who holds the lock, such as "pid 12, http://127.0.0.1:8080", in at most 63 bytes. Peek returns it as Holder, and the
// errors of other processes quote it.
func (d *DB) SignLock(holder string) error {
	if _, err := d.lock.Exec(context.Background(), `SELECT set_config('application_name', $1, false)`, holder); err != nil {
		return fmt.Errorf("sign lock: %w", err)
	}
	return nil
}

// State is what Peek found.
type State struct {
	Place     string // the server and the database, without the password
	Exists    bool   // it has porchlight's tables
	InUse     bool   // a porchlight has the database open
	Holder    string // what that porchlight has signed the lock with
	Operators []string
}

// Peek finds out whether the database at a URL could be opened. It changes nothing. A database that is in use is no error.
func Peek(ctx context.Context, url string) (s State, err error) {
	config, err := configOf(url)
	if err != nil {
		return s, err
	}
	s.Place = fmt.Sprintf("PostgreSQL at %s, database %s", config.ConnConfig.Host, config.ConnConfig.Database)
	c, err := pgx.ConnectConfig(ctx, config.ConnConfig)
	if err != nil {
		return s, fmt.Errorf("open database: %w", err)
	}
	defer c.Close(ctx)
	if s.Holder, s.InUse, err = holder(ctx, c); err == nil {
		err = suits(ctx, c)
	}
	if err != nil {
		return s, err
	}
	version, err := schemaVersion(ctx, c)
	if err != nil || version == 0 {
		return s, err
	}
	s.Exists = true
	last, err := lastStep()
	if err == nil {
		err = known(version, last)
	}
	if err != nil {
		return s, err
	}
	rows, err := c.Query(ctx, `SELECT jid FROM operators WHERE enabled ORDER BY jid`)
	if err == nil {
		s.Operators, err = pgx.CollectRows(rows, pgx.RowTo[string])
	}
	if err != nil {
		return s, fmt.Errorf("read operators: %w", err)
	}
	return s, nil
}
