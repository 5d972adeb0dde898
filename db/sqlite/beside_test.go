package sqlite

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"porchlight/bridge"
)

func answersIn(t *testing.T, look func(context.Context, func(bridge.Reader) error) error) (names string) {
	t.Helper()
	err := look(t.Context(), func(r bridge.Reader) error {
		list, err := r.Answers()
		for _, a := range list {
			names += a.Name
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func save(name string) func(bridge.Tx) error {
	return func(tx bridge.Tx) error {
		return tx.SaveAnswer(bridge.Answer{AnswerKey: bridge.AnswerKey{Name: name}, Text: "x"})
	}
}

// A database is read and changed though it is open, all of a change or nothing, and both sides see what the other wrote.
func TestAmend_BesideAnOpenDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "porchlight.db")
	look := func(ctx context.Context, f func(bridge.Reader) error) error { return Look(ctx, path, f) }
	d, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	open := true
	defer func() {
		if open {
			d.Close()
		}
	}()
	if err := d.Update(t.Context(), save("a")); err != nil {
		t.Fatal(err)
	}
	if err := Amend(t.Context(), path, save("b")); err != nil {
		t.Fatal(err)
	}
	stop := errors.New("stop")
	if err := Amend(t.Context(), path, func(tx bridge.Tx) error { return errors.Join(save("c")(tx), stop) }); !errors.Is(err, stop) {
		t.Errorf("a change that fails: %v", err)
	}
	if err := d.Update(t.Context(), save("d")); err != nil {
		t.Fatal(err)
	}
	if got := answersIn(t, look) + " " + answersIn(t, d.View); got != "abd abd" {
		t.Errorf("stored: %s", got)
	}
	if err := Look(t.Context(), path, func(r bridge.Reader) error { return save("e")(r.(bridge.Tx)) }); err == nil {
		t.Error("who looks can change something")
	}
	open = false
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := Amend(t.Context(), path, save("f")); err != nil {
		t.Fatal(err)
	}
	if got := answersIn(t, look); got != "abdf" {
		t.Errorf("stored while it is closed: %s", got)
	}
}

// What is no database of this porchlight is left as it is.
func TestAmend_RefusesOthers(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "no.db")
	if err := Amend(t.Context(), missing, save("a")); err == nil || !strings.Contains(err.Error(), "find database") {
		t.Errorf("no database: %v", err)
	}
	if _, err := os.Stat(missing); err == nil {
		t.Error("it was made")
	}
	path := filepath.Join(t.TempDir(), "porchlight.db")
	d, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	c, err := open(path, writing)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Exec("DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)", nil)
	if err = errors.Join(err, c.close()); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{Amend(t.Context(), path, save("a")), Look(t.Context(), path, func(bridge.Reader) error { return nil })} {
		if err == nil || !strings.Contains(err.Error(), "start it once") {
			t.Errorf("an older schema: %v", err)
		}
	}
}
