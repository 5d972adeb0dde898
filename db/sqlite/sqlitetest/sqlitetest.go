// Package sqlitetest makes databases for the tests of other packages, faster than sqlite.Open does.
package sqlitetest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"porchlight/db/sqlite"
)

// template returns a database that holds nothing but the schema. The steps of the schema take longer
// than most tests, so a process takes them once.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "porchlight-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "porchlight.db")
	d, err := sqlite.Open(context.Background(), path, sqlite.Options{})
	if err != nil {
		return nil, err
	}
	if err := d.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// New returns the path of a new database, for sqlite.Open. It is removed when the test ends.
func New(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "porchlight.db")
	if err := Make(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// Make makes a new database at a path, unless a file is there.
func Make(path string) error {
	content, err := template()
	if err != nil {
		return fmt.Errorf("make a database to copy: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err == nil {
		_, err = f.Write(content)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return fmt.Errorf("make database: %w", err)
	}
	return nil
}
