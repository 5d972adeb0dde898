package sqlite

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"porchlight/bridge/archive"
)

// updateArchive runs f as an update, and fails the test if that fails.
func updateArchive(t *testing.T, d *DB, f func(archive.Tx) error) {
	t.Helper()
	if err := d.UpdateArchive(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// TestArchive_Look: each word, some word that begins so, one label of each group, between two numbers, the greatest first.
func TestArchive_Look(t *testing.T) {
	d := openNew(t)
	updateArchive(t, d, func(tx archive.Tx) error {
		for n, words := range map[int64][]string{1: {"refund", "order", "=oa"}, 2: {"refunds", "order", "=ob"}, 3: {"refund", "退款", "=ob", "=ts"}} {
			if err := tx.Index(n, 0, 1, words); err != nil {
				return err
			}
		}
		return nil
	})
	look := func(l archive.Lookup, limit int, want ...int64) {
		t.Helper()
		if l.Below == 0 {
			l.Below = math.MaxInt64
		}
		err := d.ViewArchive(t.Context(), func(r archive.Reader) error {
			got, err := r.Look(l, limit)
			if !slices.Equal(got, want) {
				t.Errorf("%+v finds %v and not %v", l, got, want)
			}
			return err
		})
		if err != nil {
			t.Errorf("%+v: %v", l, err)
		}
	}
	look(archive.Lookup{Words: []string{"refund"}}, 9, 3, 1)
	look(archive.Lookup{Words: []string{"refund"}}, 1, 3)
	look(archive.Lookup{Words: []string{"refund"}, Below: 3}, 9, 1)
	look(archive.Lookup{Words: []string{"refund"}, From: 2}, 9, 3)
	look(archive.Lookup{Words: []string{"refund", "order"}}, 9, 1)
	look(archive.Lookup{Begins: []string{"ref"}}, 9, 3, 2, 1)
	look(archive.Lookup{Begins: []string{"退"}}, 9, 3)
	look(archive.Lookup{Labels: [][]string{{"=oa", "=ob"}, {"=ts", "=tx"}}}, 9, 3)
	look(archive.Lookup{Words: []string{"order"}, Labels: [][]string{{"=ob"}}}, 9, 2)
	for _, odd := range []string{`"`, `""`, "a OR b", "NEAR(a)", "words:x", "*", "^a", "-a", "(", "{", "\x00", "'"} {
		for _, l := range []archive.Lookup{{Words: []string{odd}}, {Begins: []string{odd}}, {Words: []string{"refund"}, Labels: [][]string{{odd}}}} {
			look(l, 9)
		}
	}
	updateArchive(t, d, func(tx archive.Tx) error { return tx.Index(1, 1, 2, []string{"other"}) })
	look(archive.Lookup{Words: []string{"refund"}}, 9, 3)
	look(archive.Lookup{Words: []string{"other"}}, 9, 1)
	for range 2 {
		updateArchive(t, d, func(tx archive.Tx) error { return tx.Unindex(3) })
	}
	look(archive.Lookup{Words: []string{"refund"}}, 9)
	if err := d.UpdateArchive(t.Context(), func(tx archive.Tx) error { return tx.Index(1, 1, 3, []string{"late"}) }); err == nil {
		t.Error("a log that somebody else has read on is read again")
	}
}

// TestArchive_TidyLeavesNoTrace: what is taken out of the index is in no file any more once the index is tidy and the log of writes is
// in the database.
func TestArchive_TidyLeavesNoTrace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "porchlight.db")
	d := openAt(t, path)
	const marker = "xyzzyplugh"
	for n := range int64(300) {
		updateArchive(t, d, func(tx archive.Tx) error {
			words := []string{"common", fmt.Sprint("word", n)}
			if n == 150 {
				words = append(words, marker)
			}
			return tx.Index(n+1, 0, 1, words)
		})
	}
	in := func() (list []string) {
		files, err := filepath.Glob(path + "*")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			content, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			// FTS5 leaves out of a word what it shares with the word before it.
			if bytes.Contains(content, []byte(marker[1:])) {
				list = append(list, filepath.Base(name))
			}
		}
		return list
	}
	if len(in()) == 0 {
		t.Fatal("the word is nowhere, so this test would not see it")
	}
	updateArchive(t, d, func(tx archive.Tx) error { return tx.Unindex(151) })
	rounds := 0
	for more := true; more; rounds++ {
		updateArchive(t, d, func(tx archive.Tx) (err error) {
			more, err = tx.Tidy()
			return err
		})
		if rounds > 1000 {
			t.Fatal("the index is never tidy")
		}
	}
	if err := d.Close(); err != nil { // which brings all into the database
		t.Fatal(err)
	}
	if left := in(); len(left) > 0 {
		t.Errorf("the word is still in %v", left)
	}
}

// TestOpen_MakesADamagedIndexAnew: a database of which only the index of what was said is damaged is opened, with an empty index
// that says it has read nothing; a copy of it is made all the same.
func TestOpen_MakesADamagedIndexAnew(t *testing.T) {
	d := openNew(t)
	updateArchive(t, d, func(tx archive.Tx) error {
		for n := range int64(500) {
			if err := tx.Index(n+1, 0, 1, []string{"refund", fmt.Sprint("order", n)}); err != nil {
				return err
			}
		}
		return nil
	})
	if len(d.Damage()) > 0 {
		t.Error("the index of a new database is lost")
	}
	path := d.path
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	c, err := open(path, writing)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.raw.ExecContext(t.Context(), "UPDATE archive_words_data SET block = zeroblob(length(block)) WHERE id > 10", nil)
	if err = errors.Join(err, c.close()); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	if d, err = Open(t.Context(), path, Options{Log: slog.New(slog.NewTextHandler(&log, nil))}); err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if len(d.Damage()) != 1 || !strings.Contains(log.String(), "level=ERROR") {
		t.Errorf("nobody is told: %s", log.String())
	}
	err = d.ViewArchive(t.Context(), func(r archive.Reader) error {
		got, err := r.Look(archive.Lookup{Words: []string{"refund"}, Below: math.MaxInt64}, 9)
		upto, e := r.ReadUpto(1)
		if len(got) > 0 || upto != 0 {
			t.Errorf("the index has %v, and has read #1 up to %d", got, upto)
		}
		return errors.Join(err, e)
	})
	if err != nil {
		t.Error(err)
	}
	updateArchive(t, d, func(tx archive.Tx) error { return tx.Index(1, 0, 1, []string{"refund"}) })
	if err := d.Backup(t.Context(), filepath.Join(t.TempDir(), "copy.db")); err != nil {
		t.Error(err)
	}
}
