package sqlite

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/storetest"
	"porchlight/db"
)

func TestMain(m *testing.M) {
	storetest.Child(func(ctx context.Context, place string) (storetest.Store, error) { return Open(ctx, place, Options{}) })
	if path := os.Getenv("PORCHLIGHT_DB_CHILD"); path != "" {
		child(path)
		return
	}
	os.Exit(m.Run())
}

// missing skips a test that needs something which is not installed. In CI it fails the test,
// since CI has everything.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("MISSING: %s", what)
	}
	t.Skipf("SKIPPED, MISSING: %s", what)
}

// openAt opens a database that is closed with the test.
func openAt(t testing.TB, path string) *DB {
	t.Helper()
	d, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func openNew(t testing.TB) *DB { return openAt(t, filepath.Join(t.TempDir(), "porchlight.db")) }

func update(t testing.TB, d *DB, f func(bridge.Tx) error) {
	t.Helper()
	if err := d.Update(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func view(t testing.TB, d *DB, f func(bridge.Reader) error) {
	t.Helper()
	if err := d.View(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// ask runs a query on SQLite directly.
func ask(t testing.TB, d *DB, query string) []db.Row {
	t.Helper()
	c := <-d.readers
	defer func() { d.readers <- c }()
	rows, err := c.all(query)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// expect returns a function that checks the result of a call of the store.
func expect[T any](t testing.TB, want T) func(T, error) {
	return func(got T, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("error: %v", err)
		} else if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
}

func expectCode(t testing.TB, want phrase.Code, err error) {
	t.Helper()
	if got := phrase.CodeOf(err); got != want {
		t.Errorf("error %v has code %q, want %q", err, got, want)
	}
}

func expectText(t testing.TB, err error, words ...string) {
	t.Helper()
	for _, w := range words {
		if err == nil || !strings.Contains(err.Error(), w) {
			t.Errorf("error %v does not say %q", err, w)
		}
	}
}

// at returns the time n seconds after the test's beginning, with a part that is too fine to
// be stored.
func at(n int) time.Time {
	return time.Unix(1_800_000_000+int64(n), 123_456_789).In(time.FixedZone("elsewhere", 3600))
}

// stored returns a time in the form in which the store returns it.
func stored(t time.Time) time.Time { return t.Truncate(time.Millisecond).UTC() }

// create stores a conversation and returns it with its number.
func create(t testing.TB, d *DB, c bridge.Conversation) bridge.Conversation {
	t.Helper()
	update(t, d, storetest.Create(&c))
	return c
}

func hire(t testing.TB, d *DB, o bridge.OperatorJID) {
	t.Helper()
	update(t, d, func(tx bridge.Tx) error { return tx.SaveOperator(bridge.Operator{JID: o, Enabled: true}) })
}

// texts lists the texts of a conversation's log.
func texts(t testing.TB, d *DB, number int64) []string {
	t.Helper()
	var list []string
	view(t, d, func(r bridge.Reader) error {
		events, err := r.Events(number, 0, 1<<20)
		for _, e := range events {
			list = append(list, e.Text)
		}
		return err
	})
	return list
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }
