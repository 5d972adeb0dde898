// Package postgrestest gives each test a database of its own on a private PostgreSQL that the tests of a process share.
package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"sync"
	"testing"

	"porchlight/db/postgres"
	"porchlight/demo/pgd"
)

// server starts the server once in a process. It ends with the process.
var server = sync.OnceValues(func() (*pgd.Server, error) {
	return pgd.Start(context.Background(), pgd.Config{Settings: []string{"fsync=off", "max_connections=200", "deadlock_timeout=100ms"}})
})

// running returns the server that the tests of this process share, and skips the test if there is no PostgreSQL. In the
// continuous integration the test fails then.
func running(t testing.TB) *pgd.Server {
	t.Helper()
	s, err := server()
	switch {
	case errors.Is(err, pgd.ErrMissing) && os.Getenv("CI") == "":
		t.Skipf("NOT TESTED: %v", err)
	case err != nil:
		t.Fatal(err)
	}
	return s
}

// Server returns the URL of a database whose server the tests of this process share.
func Server(t testing.TB) string {
	t.Helper()
	return running(t).URL("postgres")
}

// New returns the URL of a new database that holds nothing but the schema. It is there until the process ends.
func New(t testing.TB) string {
	t.Helper()
	return fresh(t, "template_ours")
}

// Empty returns the URL of a new database without any tables.
func Empty(t testing.TB) string {
	t.Helper()
	return fresh(t, "template0")
}

func fresh(t testing.TB, template string) string {
	t.Helper()
	server := running(t)
	ours, err := server.Create("template_ours", "template0")
	if err == nil {
		err = migrated(ours)
	}
	h := fnv.New64a()
	_, _ = io.WriteString(h, t.Name()+t.TempDir()) // names of tests come again with -count; never fails
	if err == nil {
		ours, err = server.Create(fmt.Sprintf("test_%x", h.Sum64()), template)
	}
	if err != nil {
		t.Fatal(err)
	}
	return ours
}

// migrated takes the steps of the schema. They take longer than most tests, so a process takes them once, and tests get copies.
func migrated(template string) error {
	d, err := postgres.Open(context.Background(), template, postgres.Options{})
	if err != nil {
		return err
	}
	return d.Close()
}
