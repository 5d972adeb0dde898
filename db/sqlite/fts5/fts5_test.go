package fts5_test

import (
	"bytes"
	"database/sql"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mattn/go-sqlite3"

	"porchlight/db/sqlite/fts5"
)

var update = flag.Bool("update", false, "cut FTS5 out of the driver's module anew")

// TestFTS5_SameAsTheDrivers: what is compiled here is the FTS5 of the SQLite that it is linked with.
func TestFTS5_SameAsTheDrivers(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/mattn/go-sqlite3").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := strings.TrimSpace(string(out))
	binding, err := os.ReadFile(filepath.Join(dir, "sqlite3-binding.c"))
	if err != nil {
		t.Fatal(err)
	}
	header, err := os.ReadFile(filepath.Join(dir, "sqlite3-binding.h"))
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "/************** Begin file fts5.c ", "/************** End of fts5.c "
	from, upto := bytes.Index(binding, []byte(begin)), bytes.Index(binding, []byte(end))
	if from < 0 || upto < from {
		t.Fatal("the driver's SQLite has no FTS5 between the usual marks")
	}
	for name, want := range map[string][]byte{"fts5.h": binding[from:upto], "sqlite3.h": header} {
		if *update {
			if err := os.WriteFile(name, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		have, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(have, want) {
			t.Errorf("%s is not the driver's: run this test with -update", name)
		}
	}
	version, _, _ := sqlite3.Version()
	if !bytes.Contains(header, []byte(`"`+version+`"`)) {
		t.Errorf("SQLite %s runs, which is not the one of the header", version)
	}
}

// TestEnable_OfAnyBuild: FTS5 is there though the tests are built without the driver's tag, with the kind of
// table that the search needs.
func TestEnable_OfAnyBuild(t *testing.T) {
	for range 2 {
		if err := fts5.Enable(); err != nil {
			t.Fatal(err)
		}
	}
	d, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	d.SetMaxOpenConns(1)
	for _, query := range []string{
		`CREATE VIRTUAL TABLE x USING fts5 (words, content = '', contentless_delete = 1, detail = none)`,
		`INSERT INTO x (rowid, words) VALUES (1, 'hello world'), (2, 'hello moon')`,
		`DELETE FROM x WHERE rowid = 2`,
	} {
		if _, err := d.Exec(query); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	var n int
	if err := d.QueryRow(`SELECT group_concat(rowid) FROM x WHERE x MATCH 'hello'`).Scan(&n); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	var answer string
	if err := d.QueryRow(`PRAGMA integrity_check`).Scan(&answer); err != nil || answer != "ok" {
		t.Fatal(answer, err)
	}
}
