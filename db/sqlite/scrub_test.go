package sqlite

import (
	"bytes"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
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
			if _, err := d.writer.c.Exec(query, named(args...)); err != nil {
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

// TestScrub_WhileOthersWriteAndRead: updates, views and an update of another process while the database is scrubbed lose nothing, and
// what is deleted meanwhile is overwritten by the next scrub.
func TestScrub_WhileOthersWriteAndRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "porchlight.db")
	d := openAt(t, path)
	update(t, d, func(tx bridge.Tx) error { return tx.SaveSetting("first", "xyzzyplugh") })
	stop, done := make(chan struct{}), make(chan int)
	go func() {
		n := 0
		for ; ; n++ {
			select {
			case <-stop:
				done <- n
				return
			default:
			}
			name := fmt.Sprint("key", n)
			if err := d.Update(t.Context(), func(tx bridge.Tx) error { return tx.SaveSetting(name, strings.Repeat("x", n%3000)) }); err != nil {
				t.Error(err)
			}
			if err := d.View(t.Context(), func(r bridge.Reader) error { _, err := r.Setting(name); return err }); err != nil {
				t.Error(err)
			}
		}
	}()
	for range 5 {
		if err := Amend(t.Context(), path, func(tx bridge.Tx) error { return tx.SaveSetting("first", "another") }); err != nil {
			t.Error(err)
		}
		if err := d.Scrub(t.Context()); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	stored := <-done
	if err := d.Scrub(t.Context()); err != nil {
		t.Error(err)
	}
	if n := occurs(t, path, "xyzzyplugh"); n > 0 {
		t.Errorf("%d traces are left", n)
	}
	kept, err := d.writer.c.number("SELECT count(*) FROM settings WHERE key LIKE 'key%'")
	if err != nil || kept != int64(stored) {
		t.Errorf("%d of %d are kept: %v", kept, stored, err)
	}
	if ok, err := d.writer.c.all("PRAGMA integrity_check"); err != nil || ok[0][0] != "ok" {
		t.Errorf("%v %v", ok, err)
	}
}

// TestScrub_KeepsNobodyFromReading: while somebody reads for long, the end of a scrub waits, and everybody else reads on.
func TestScrub_KeepsNobodyFromReading(t *testing.T) {
	d := openAt(t, filepath.Join(t.TempDir(), "porchlight.db"))
	update(t, d, func(tx bridge.Tx) error { return tx.SaveSetting("first", "1") })
	reads, goes, scrubbed, over := make(chan struct{}), make(chan struct{}), make(chan error, 1), make(chan error, 1)
	go func() {
		over <- d.View(t.Context(), func(r bridge.Reader) error {
			_, err := r.Setting("first") // which begins the snapshot
			close(reads)
			<-goes
			return err
		})
	}()
	<-reads
	go func() { scrubbed <- d.Scrub(t.Context()) }()
	var longest time.Duration
	for begun := time.Now(); time.Since(begun) < 2*time.Second && longest < 2*time.Second; {
		at := time.Now()
		soon, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		if err := d.View(soon, func(r bridge.Reader) error { _, err := r.Setting("first"); return err }); err != nil {
			t.Error(err)
		}
		cancel()
		longest = max(longest, time.Since(at))
	}
	t.Logf("the longest view took %v", longest)
	if longest >= 2*time.Second {
		t.Error("nobody can read")
	}
	if len(scrubbed) > 0 {
		t.Error("the scrub has not waited")
	}
	close(goes)
	if err := errors.Join(<-over, <-scrubbed); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(d.path + "-wal"); err != nil || info.Size() > 0 {
		t.Errorf("the write-ahead log is not empty: %v %v", info, err)
	}
}

// named are arguments in the driver's form.
func named(args ...any) []driver.NamedValue {
	list := make([]driver.NamedValue, len(args))
	for i, a := range args {
		if n, ok := a.(int); ok {
			a = int64(n)
		}
		list[i] = driver.NamedValue{Ordinal: i + 1, Value: a}
	}
	return list
}
