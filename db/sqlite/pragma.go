package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"

	"github.com/mattn/go-sqlite3"

	"porchlight/db"
	"porchlight/db/sqlite/fts5"
)

// role says what a connection is for.
type role int

const (
	writing   role = iota
	amending       // writes beside a porchlight that may write without a pause, and waits long for its turn
	migrating      // writes, and leaves it to the first commit afterwards that all of it is on the disk: a power cut repeats whole steps
	reading
	copying // reads a database that may be closed, or have an older schema
	peeking // reads a database that nobody has open and whose write-ahead log is empty, and creates no files beside it
)

// pragma is a setting of a connection: the value to set, and the value that SQLite must
// then report.
type pragma struct{ name, set, want string }

// pragmas returns the settings for a connection. They are set on every connection, because
// most of them belong to the connection and not to the file.
func pragmas(r role) []pragma {
	list := []pragma{
		{"synchronous", "FULL", "2"}, // the driver's own default loses commits on a power cut
		{"foreign_keys", "ON", "1"},
		{"secure_delete", "ON", "1"}, // overwrites what is deleted in the file, too
		{"trusted_schema", "OFF", "0"},
		{"cell_size_check", "ON", "1"},
		{"busy_timeout", "5000", "5000"},
	}
	switch r {
	case amending:
		list = append(list, pragma{"busy_timeout", "60000", "60000"})
	case migrating:
		list = append(list, pragma{"synchronous", "NORMAL", "1"})
	}
	switch r {
	case writing, amending, migrating:
		return append(list,
			pragma{"journal_mode", "WAL", "wal"},
			pragma{"journal_size_limit", "16777216", "16777216"},
			pragma{"wal_autocheckpoint", "0", "0"},   // see writer.checkpoint
			pragma{"cache_size", "-16384", "-16384"}) // KiB
	case reading:
		return append(list,
			pragma{"journal_mode", "", "wal"}, // belongs to the file; a reader can't set it
			pragma{"query_only", "ON", "1"})
	}
	return list
}

// connector opens connections to one database file. It is a driver.Connector,
// so no driver has to be registered.
type connector struct {
	path string
	role role
}

// Connect opens a connection, sets its pragmas and reads them back.
func (c connector) Connect(context.Context) (driver.Conn, error) {
	if err := fts5.Enable(); err != nil {
		return nil, err
	}
	dsn := url.URL{Scheme: "file", OmitHost: true, Path: c.path, RawQuery: "mode=rw&_txlock=immediate"}
	switch c.role {
	case reading, copying:
		dsn.RawQuery = "mode=ro"
	case peeking:
		dsn.RawQuery = "mode=ro&immutable=1"
	}
	return c.Driver().Open(dsn.String())
}

// Driver returns the driver with the pragmas in its hook.
func (c connector) Driver() driver.Driver {
	return &sqlite3.SQLiteDriver{ConnectHook: func(raw *sqlite3.SQLiteConn) error {
		return apply(raw, pragmas(c.role))
	}}
}

// oldest is the oldest SQLite, 3.51.3, that does not damage a database when two
// connections meet at the end of its write-ahead log.
const oldest = 3_051_003

// supported refuses an SQLite that is too old; the system's library may be.
func supported(version string, number int) error {
	if number < oldest {
		return fmt.Errorf("SQLite %s can damage databases; build porchlight with 3.51.3 or newer, and without the libsqlite3 tag", version)
	}
	return nil
}

// open opens a connection for the package's own use.
func open(path string, r role) (*conn, error) {
	version, number, _ := sqlite3.Version()
	if err := supported(version, number); err != nil {
		return nil, err
	}
	raw, err := connector{path, r}.Connect(context.Background())
	var failed sqlite3.Error
	if errors.As(err, &failed) && failed.Code == sqlite3.ErrCorrupt {
		return nil, damaged(path, err)
	}
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	c := &conn{raw: raw.(*sqlite3.SQLiteConn), statements: make(map[string]*statement)}
	c.session = db.NewSession(c)
	return c, nil
}

// apply sets the pragmas, and refuses the connection if SQLite does not report them then.
func apply(raw *sqlite3.SQLiteConn, list []pragma) error {
	for _, p := range list {
		if p.set != "" {
			if _, err := raw.Exec("PRAGMA "+p.name+" = "+p.set, nil); err != nil {
				return fmt.Errorf("set pragma %s: %w", p.name, err)
			}
		}
		got, err := answer(raw, p.name)
		if err != nil {
			return fmt.Errorf("read pragma %s: %w", p.name, err)
		}
		if got != p.want {
			return fmt.Errorf("pragma %s is %q, but must be %q: this SQLite or file system can't keep the database safe", p.name, got, p.want)
		}
	}
	return nil
}

// answer reads a pragma's value.
func answer(raw *sqlite3.SQLiteConn, name string) (string, error) {
	rows, err := raw.Query("PRAGMA "+name, nil)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	value := make([]driver.Value, 1)
	if err := rows.Next(value); err != nil && err != io.EOF {
		return "", err
	}
	return fmt.Sprint(value[0]), nil
}
