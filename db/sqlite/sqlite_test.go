package sqlite

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/db"
)

func TestMain(m *testing.M) {
	if path := os.Getenv("PORCHLIGHT_DB_CHILD"); path != "" {
		child(path)
		return
	}
	os.Exit(m.Run())
}

// missing skips a test for want of a part, except in CI, which has them all.
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

// ask asks SQLite itself.
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

// expect checks what a call of the store gave.
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

// at is a time of the test, n seconds after its beginning, with a part that is
// too fine to be stored.
func at(n int) time.Time {
	return time.Unix(1_800_000_000+int64(n), 123_456_789).In(time.FixedZone("elsewhere", 3600))
}

// stored is what comes back of a time.
func stored(t time.Time) time.Time { return t.Truncate(time.Millisecond).UTC() }

// sample is conversation i of visitor anna as it is created: waiting.
func sample(i int) bridge.Conversation {
	return bridge.Conversation{ID: bridge.ConversationID(fmt.Sprintf("id-%d", i)), Visitor: "anna-7k2f@support.example.org", Department: "support",
		Kind: bridge.Chat, State: bridge.Waiting, Email: "anna@example.org", OpenedAt: stored(at(0))}
}

// create stores a conversation, with its visitor if needed, and returns it with
// its number.
func create(t testing.TB, d *DB, c bridge.Conversation) bridge.Conversation {
	t.Helper()
	update(t, d, func(tx bridge.Tx) error {
		err := tx.CreateVisitor(bridge.Visitor{JID: c.Visitor, Name: "Anna"})
		if err != nil && phrase.CodeOf(err) != phrase.CodeConflict {
			return err
		}
		return tx.CreateConversation(&c, bridge.Request{Reason: "Help"}, "key of "+string(c.ID), []byte("hash"))
	})
	return c
}

func hire(t testing.TB, d *DB, operators ...bridge.OperatorJID) {
	t.Helper()
	update(t, d, func(tx bridge.Tx) error {
		var errs []error
		for _, o := range operators {
			errs = append(errs, tx.SaveOperator(bridge.Operator{JID: o, Enabled: true}))
		}
		return errors.Join(errs...)
	})
}

// say appends a visitor's message as the bridge does, and returns its seq.
func say(number int64, origin, text string, seq *int64) func(bridge.Tx) error {
	return func(tx bridge.Tx) error {
		c, err := tx.Conversation(number)
		if err != nil {
			return err
		}
		if _, err := tx.EventByOrigin(number, origin); phrase.CodeOf(err) != phrase.CodeNotFound {
			return err
		}
		was := c.Seq
		c.Seq++
		c.Due.IdleWarn = at(int(c.Seq))
		if err := tx.SaveConversation(c, was); err != nil {
			return err
		}
		if seq != nil {
			*seq = c.Seq
		}
		return tx.Append(bridge.Event{Conversation: number, Seq: c.Seq, Type: bridge.EventMessage, At: at(0),
			From: bridge.FromVisitor, Name: "Anna", Text: text, Origin: origin})
	}
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
