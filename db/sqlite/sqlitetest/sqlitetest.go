// Package sqlitetest makes databases for the tests of other packages, faster than sqlite.Open does.
package sqlitetest

import (
	"context"
	"errors"
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
	content, err := template()
	if err = errors.Join(err, os.WriteFile(path, content, 0o600)); err != nil {
		t.Fatalf("make database: %v", err)
	}
	return path
}
