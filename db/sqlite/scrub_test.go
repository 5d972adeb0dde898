package sqlite

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// occurs counts how often a text stands in the files of a database.
func occurs(t *testing.T, path, text string) (n int) {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		n += bytes.Count(content, []byte(text))
	}
	return n
}

// TestScrub_LeavesNoTrace: in a database whose pages have often been divided, copies of rows stay in the unused parts of
// pages though SQLite overwrites what is deleted. Scrub removes these, and nothing else.
func TestScrub_LeavesNoTrace(t *testing.T) {
	const marker = "xyzzyplugh"
	traces := 0
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 1))
		path := filepath.Join(t.TempDir(), "porchlight.db")
		d := openAt(t, path)
		do := func(query string, args ...any) {
			t.Helper()
			if _, err := d.writer.c.Exec(query, arguments(args...)); err != nil {
				t.Fatal(err)
			}
		}
		do(`CREATE TABLE said (conversation INTEGER NOT NULL, seq INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (conversation, seq)) STRICT, WITHOUT ROWID`)
		do("BEGIN")
		for seq := range 3000 {
			n, text := r.IntN(60), strings.Repeat("lorem ipsum ", r.IntN(30))
			if n == 30 {
				text = marker + text
			}
			do(`INSERT INTO said VALUES (?, ?, ?)`, n, seq, text)
			if seq%50 == 0 {
				do("COMMIT")
				do("BEGIN")
			}
		}
		do("COMMIT")
		do(`DELETE FROM said WHERE conversation = 30`)
		before, err := d.writer.c.all("SELECT conversation, seq, text FROM said ORDER BY conversation, seq")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.writer.c.logged("TRUNCATE"); err != nil {
			t.Fatal(err)
		}
		traces += occurs(t, path, marker)
		if err := d.Scrub(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := occurs(t, path, marker); n > 0 {
			t.Errorf("seed %d: %d traces are left", seed, n)
		}
		do(`INSERT INTO said VALUES (61, 1, 'more')`)
		do(`DELETE FROM said WHERE conversation = 61`)
		after, err := d.writer.c.all("SELECT conversation, seq, text FROM said ORDER BY conversation, seq")
		if err != nil || len(after) != len(before) {
			t.Fatalf("%d rows of %d are left: %v", len(after), len(before), err)
		}
		for i := range after {
			if after[i][1] != before[i][1] || after[i][2] != before[i][2] {
				t.Fatalf("row %d has changed", i)
			}
		}
		if ok, err := d.writer.c.all("PRAGMA integrity_check"); err != nil || ok[0][0] != "ok" {
			t.Errorf("seed %d: %v %v", seed, ok, err)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		if n := occurs(t, path, marker); n > 0 {
			t.Errorf("seed %d: %d traces are back after the end", seed, n)
		}
	}
	if traces == 0 {
		t.Error("nothing is left without Scrub, so this test does not see what it does")
	}
}
