package sqlite

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"porchlight/bridge"
)

var rewrite = flag.Bool("update", false, "write the golden files anew")

// The golden file is the schema after all steps, so that people can read it and reviewers see
// what a step changes.
func TestSchema_IsAsInTheGoldenFile(t *testing.T) {
	d := openNew(t)
	var lines []string
	for _, r := range ask(t, d, `SELECT sql || ';' FROM sqlite_schema
		WHERE sql IS NOT NULL AND tbl_name NOT LIKE 'sqlite_%' AND tbl_name NOT LIKE 'goose_%' AND tbl_name NOT LIKE 'archive_words_%' ORDER BY tbl_name, type DESC, name`) {
		lines = append(lines, r[0].(string))
	}
	got := strings.Join(lines, "\n\n") + "\n"
	const golden = "testdata/schema.sql"
	if *rewrite {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || string(want) != got {
		t.Errorf("%v: the schema is not that of %s; go test -run Schema -update ./db/sqlite writes it anew:\n%s", err, golden, got)
	}
}

// Each table is STRICT, each time is named *_at, and names are plural.
func TestSchema_KeepsItsRules(t *testing.T) {
	d := openNew(t)
	for _, r := range ask(t, d, `SELECT name, strict FROM pragma_table_list WHERE type = 'table'`) {
		table, strict := r[0].(string), r[1].(int64)
		if strings.HasPrefix(table, "sqlite_") || strings.HasPrefix(table, "goose_") || strings.HasPrefix(table, "archive_words") { // FTS5's own
			continue
		}
		if strict != 1 {
			t.Errorf("table %s is not STRICT", table)
		}
		if !strings.HasSuffix(table, "s") {
			t.Errorf("table %s is not plural", table)
		}
	}
}

func TestOpen_AgainChangesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "porchlight.db")
	openAndClose(t, path)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		d, err := Open(t.Context(), path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
	after, err := os.ReadFile(path)
	if err != nil || string(after) != string(before) {
		t.Errorf("opening changed the file (%v)", err)
	}
	names, _ := filepath.Glob(path + "*")
	expect(t, []string{path, path + ".lock"})(names, nil)
}

type clock time.Time

func (c clock) Now() time.Time { return time.Time(c) }

// nextSchema returns the schema with further steps.
func nextSchema(t *testing.T, steps ...string) fs.FS {
	t.Helper()
	next := fstest.MapFS{}
	entries, err := fs.ReadDir(schema(), ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		content, err := fs.ReadFile(schema(), e.Name())
		if err != nil {
			t.Fatal(err)
		}
		next[e.Name()] = &fstest.MapFile{Data: content}
	}
	for i, s := range steps {
		next["900"+string(rune('1'+i))+"_next.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + s)}
	}
	return next
}

func TestMigrate_CopiesAnOlderDatabaseFirst(t *testing.T) {
	path := filepath.Join(t.TempDir(), "porchlight.db")
	openAndClose(t, path)
	c, err := open(path, writing)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	opts := Options{Clock: clock(at(0)), Log: discard()}
	was, err := schemaVersion(c, path)
	if err != nil {
		t.Fatal(err)
	}
	if err := migrate(t.Context(), c, path, nextSchema(t, `ALTER TABLE settings ADD COLUMN note TEXT;`), opts); err != nil {
		t.Fatal(err)
	}
	expect(t, int64(9001))(schemaVersion(c, path))
	copies, _ := filepath.Glob(path + ".schema*")
	expect(t, []string{fmt.Sprintf("%s.schema%d-20270115T080000Z.backup", path, was)})(copies, nil)
	old := openAt(t, copies[0]) // by this porchlight, which knows no note
	view(t, old, func(r bridge.Reader) error {
		c, err := r.Conversation(300)
		expect(t, bridge.ConversationID("id-299"))(c.ID, err)
		return nil
	})
}

func TestMigrate_FailedStepLeavesTheOneBefore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "porchlight.db")
	openAndClose(t, path)
	c, err := open(path, writing)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	opts := Options{Clock: clock(at(0)), Log: discard()}
	steps := nextSchema(t, `CREATE TABLE teas (name TEXT);`, "CREATE TABLE milks (name TEXT);\nINSERT INTO nowhere VALUES (1);")
	err = migrate(t.Context(), c, path, steps, opts)
	expectText(t, err, path, "9002")
	expect(t, int64(9001))(schemaVersion(c, path))
	expect(t, int64(0))(c.number(`SELECT count(*) FROM sqlite_schema WHERE name = 'milks'`))
	opts.Clock = clock(at(1))
	steps = nextSchema(t, `CREATE TABLE teas (name TEXT);`, `CREATE TABLE milks (name TEXT);`)
	if err := migrate(t.Context(), c, path, steps, opts); err != nil {
		t.Errorf("after the mistake was mended: %v", err)
	}
}
