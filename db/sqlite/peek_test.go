package sqlite

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"porchlight/bridge"
)

// Peek creates and changes nothing, and finds what Open would refuse.
func TestPeek_MakesNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "porchlight.db")
	if s, err := Peek(t.Context(), path); err != nil || s.Exists || s.InUse || s.Path != path {
		t.Errorf("%+v, %v: nothing is there", s, err)
	}
	expectFiles(t, dir)
	d := openAt(t, path)
	if err := d.SignLock("pid 12, http://x"); err != nil {
		t.Fatal(err)
	}
	if s, err := Peek(t.Context(), path); err != nil || !s.InUse || s.Holder != "pid 12, http://x" {
		t.Errorf("%+v, %v: it is in use", s, err)
	}
	_, err := Open(t.Context(), path, Options{})
	expectText(t, err, "pid 12, http://x", path)
	update(t, d, func(tx bridge.Tx) error {
		return tx.SaveOperator(bridge.Operator{JID: "olga@example.org", Name: "Olga", Enabled: true})
	})
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	s, err := Peek(t.Context(), path)
	if err != nil || !s.Exists || s.InUse || len(s.Operators) != 1 || s.Operators[0] != "olga@example.org" {
		t.Errorf("%+v, %v: it is stopped", s, err)
	}
	expectFiles(t, dir, "porchlight.db", "porchlight.db.lock")
	if after, _ := os.ReadFile(path); string(after) != string(before) {
		t.Error("the file was changed")
	}
	run(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (4711, 1)`)
	_, err = Peek(t.Context(), path)
	expectText(t, err, "schema 4711")
	_, err = Peek(t.Context(), filepath.Join(dir, "none", "porchlight.db"))
	expectText(t, err, "there is no folder "+filepath.Join(dir, "none"))
}

// The error for another user's file says who must own it.
func TestPeek_NamesTheOwner(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: only root can give files away")
	}
	dir := t.TempDir()
	path := prepared(t, dir)
	if err := os.Chown(dir, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	_, err := Peek(t.Context(), path)
	expectText(t, err, "belongs to root", "chown nobody "+path)
}

func expectFiles(t *testing.T, dir string, want ...string) {
	t.Helper()
	var got []string
	files, _ := os.ReadDir(dir)
	for _, f := range files {
		got = append(got, f.Name())
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the folder has %q, want %q", got, want)
	}
}
