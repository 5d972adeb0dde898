package pgd_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"

	"porchlight/demo/pgd"
)

// start starts a server for the length of the test, or skips the test if there is no PostgreSQL.
func start(t *testing.T, cfg pgd.Config) *pgd.Server {
	t.Helper()
	s, err := pgd.Start(t.Context(), cfg)
	switch {
	case errors.Is(err, pgd.ErrMissing) && os.Getenv("CI") == "":
		t.Skipf("NOT TESTED: %v", err)
	case err != nil:
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// query carries out a statement that returns one number.
func query(t *testing.T, url, sql string) (n int) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	if err := c.QueryRow(t.Context(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// What is in the databases outlasts a stop, a crash, and a second server on the same folder, which waits for the end of the first.
func TestServer_KeepsItsDatabases(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "postgres")
	s := start(t, pgd.Config{Dir: dir})
	url, err := s.Create("ours", "template0")
	if err != nil {
		t.Fatal(err)
	}
	if c, err := pgx.Connect(t.Context(), url); err != nil {
		t.Fatal(err)
	} else if _, err := c.Exec(t.Context(), "CREATE TABLE t (n int); INSERT INTO t VALUES (7)"); err != nil {
		t.Fatal(err)
	} else {
		c.Close(t.Context())
	}
	for name, end := range map[string]func() error{"stop": s.Stop, "crash": s.Crash} {
		if err := errors.Join(end(), s.Restart(t.Context())); err != nil {
			t.Fatal(name, err)
		}
		if n := query(t, url, "SELECT n FROM t"); n != 7 {
			t.Errorf("after %s: %d", name, n)
		}
	}
	second := make(chan *pgd.Server)
	go func() {
		other, err := pgd.Start(context.Background(), pgd.Config{Dir: dir})
		if err != nil {
			t.Error(err)
		}
		second <- other
	}()
	if err := s.Crash(); err != nil {
		t.Fatal(err)
	}
	if other := <-second; other != nil {
		if n := query(t, other.URL("ours"), "SELECT n FROM t"); n != 7 {
			t.Errorf("the next one: %d", n)
		}
		if err := other.Close(); err != nil {
			t.Error(err)
		}
	}
	select {
	case err := <-s.Done():
		t.Errorf("an end that was asked for is reported: %v", err)
	default:
	}
}

// A server without a folder of its own leaves nothing behind.
func TestServer_LeavesNothing(t *testing.T) {
	t.Parallel()
	s := start(t, pgd.Config{Settings: []string{"fsync=off", "max_connections=33"}})
	if n := query(t, s.URL("postgres"), "SELECT current_setting('max_connections')::int"); n != 33 {
		t.Errorf("max_connections is %d", n)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Dir(s.Socket())); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("its folder is still there: %v", err)
	}
}
