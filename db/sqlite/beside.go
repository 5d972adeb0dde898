package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"

	"porchlight/bridge"
)

// Look reads the database at path, which this or another process may have open. It changes nothing.
func Look(ctx context.Context, path string, f func(bridge.Reader) error) error {
	return beside(ctx, path, copying, "BEGIN", func(c *conn) error {
		tx := c.session.Tx()
		return f(&tx)
	})
}

// Amend changes the database at path in one transaction, though this or another process may have it open: that process
// waits for as long as f takes, as SQLite's writers wait for each other. So f is quick, and it changes nothing that a
// running porchlight remembers (see memory, and the mirrors of package bridge). If f fails, nothing is changed. It waits up to
// a minute for its turn: SQLite has no queue, and whoever looks now and then is often late where another writes all the time.
func Amend(ctx context.Context, path string, f func(bridge.Tx) error) error {
	return beside(ctx, path, amending, "BEGIN IMMEDIATE", func(c *conn) error {
		tx := c.session.Tx()
		return f(&tx)
	})
}

// beside runs f in a transaction on a connection of its own. The database must have the schema of this porchlight, since it
// is not migrated while another one may have it open.
func beside(ctx context.Context, path string, r role, begin string, f func(*conn) error) (err error) {
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("find database: %w", err)
	}
	if r == amending {
		if _, err := usable(path); err != nil {
			return err
		}
	}
	c, err := open(path, r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := c.control(begin); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := sameSchema(c, path); err != nil {
		return errors.Join(err, c.control("ROLLBACK"))
	}
	c.reset()
	if err := errors.Join(f(c), c.failed); err != nil {
		return errors.Join(err, c.control("ROLLBACK"))
	}
	if err := c.control("COMMIT"); err != nil {
		return errors.Join(fmt.Errorf("commit: %w", err), c.control("ROLLBACK"))
	}
	return nil
}

// sameSchema refuses a database of another porchlight's schema.
func sameSchema(c *conn, path string) error {
	version, err := schemaVersion(c, path)
	if err != nil {
		return err
	}
	if version < lastStep() {
		return fmt.Errorf("database %s has schema %d, and this porchlight needs %d: start it once, which brings the database up to date", path, version, lastStep())
	}
	return known(path, version, lastStep())
}
