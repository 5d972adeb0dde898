package sqlite

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/storetest"
)

func TestOpen_EveryConnectionHasItsPragmas(t *testing.T) {
	d := openNew(t)
	safe := map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1",
		"trusted_schema": "0", "cell_size_check": "1"}
	verify := func(who string, c *conn, more map[string]string) {
		t.Helper()
		for _, wanted := range []map[string]string{safe, more} {
			for name, want := range wanted {
				if got, err := answer(c.raw, name); err != nil || got != want {
					t.Errorf("%s: pragma %s is %q (%v), want %q", who, name, got, err, want)
				}
			}
		}
	}
	update(t, d, func(bridge.Tx) error {
		verify("writer", d.writer.c, map[string]string{"query_only": "0", "journal_size_limit": "16777216", "wal_autocheckpoint": "0"})
		return nil
	})
	for range readerCount {
		c := <-d.readers
		verify("reader", c, map[string]string{"query_only": "1"})
		if _, err := c.Exec(`DELETE FROM settings`, nil); err == nil {
			t.Error("a reader can write")
		}
		defer func() { d.readers <- c }()
	}
}

func TestApply_RefusesWhatDoesNotTake(t *testing.T) {
	path := filepath.Join(t.TempDir(), "porchlight.db")
	write(t, path, "")
	c, err := open(path, writing)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	err = apply(c.raw, []pragma{{"foreign_keys", "OFF", "1"}})
	expectText(t, err, "foreign_keys", `"0"`, `"1"`)
}

func TestSupported(t *testing.T) {
	expectText(t, supported("3.40.1", 3_040_001), "3.40.1", "libsqlite3")
	if err := supported("3.51.3", 3_051_003); err != nil {
		t.Error(err)
	}
}

func TestOpen_OnlyOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "porchlight.db")
	d, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), path, Options{})
	expectText(t, err, path+".lock", "another porchlight")
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	openAt(t, path)
}

func TestOpen_RelativePathAndOddName(t *testing.T) {
	t.Chdir(t.TempDir())
	const name = "a b?c#d%41.db"
	d := openAt(t, name)
	number := create(t, d, storetest.Sample(1)).Number
	update(t, d, storetest.Say(number, "v:1", "one", nil))
	if _, err := os.Stat(name); err != nil {
		t.Error(err)
	}
}

func TestOpen_FilesAreTheOwnersOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "porchlight.db")
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	d := openAt(t, path)
	create(t, d, storetest.Sample(1))
	names, err := filepath.Glob(path + "*")
	if err != nil || len(names) != 4 { // database, lock, log, shared memory
		t.Fatalf("files %v, %v", names, err)
	}
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, %v", name, info.Mode(), err)
		}
	}
}

func TestOpen_RefusesWhatItCannotKeep(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(t *testing.T, path string)
		words []string
	}{
		"no folder":        {func(t *testing.T, path string) { remove(t, filepath.Dir(path)) }, []string{"no such file"}},
		"not a database":   {func(t *testing.T, path string) { write(t, path, strings.Repeat("porch", 1000)) }, []string{"not a database"}},
		"another program":  {func(t *testing.T, path string) { run(t, path, `CREATE TABLE tea (milk)`) }, []string{"another program", "choose another path"}},
		"damaged":          {damage, []string{"damaged", "porchlight backup"}},
		"damaged schema":   {damageSchema, []string{"damaged", "porchlight backup"}},
		"broken reference": {orphan, []string{"damaged", "foreign_key_check"}},
		"newer": {func(t *testing.T, path string) {
			openAndClose(t, path)
			run(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (4711, 1)`)
		}, []string{"schema 4711", "newer porchlight"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "porchlight.db")
			c.spoil(t, path)
			before, _ := os.ReadFile(path)
			_, err := Open(t.Context(), path, Options{})
			if err == nil {
				t.Fatal("opened")
			}
			expectText(t, err, c.words...)
			expectText(t, err, path)
			if after, _ := os.ReadFile(path); len(before) > 0 && name != "another program" && string(after) != string(before) {
				t.Error("the file was changed")
			}
			if again, err2 := Open(t.Context(), path, Options{}); err2 == nil || err2.Error() != err.Error() {
				t.Errorf("second time: %v, %v", again, err2)
			}
		})
	}
}

// Open leaves something that is no file as it is, with its rights, and makes nothing beside
// it.
func TestOpen_RefusesWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	folder, socket := filepath.Join(dir, "folder"), filepath.Join(dir, "socket")
	l, err := net.Listen("unix", socket)
	if err := errors.Join(err, os.Mkdir(folder, 0o755)); err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for path, words := range map[string]string{folder: "name a file in it", socket: "this is no file"} {
		before, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Peek(t.Context(), path); err == nil {
			t.Errorf("%s can be used", path)
		} else {
			expectText(t, err, words, path)
		}
		if _, err := Open(t.Context(), path, Options{}); err == nil {
			t.Errorf("%s was opened", path)
		} else {
			expectText(t, err, words, path)
		}
		if after, err := os.Stat(path); err != nil || after.Mode() != before.Mode() {
			t.Errorf("%s has mode %v, had %v; %v", path, after.Mode(), before.Mode(), err)
		}
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) != 2 {
		t.Errorf("files %v, %v", list, err)
	}
}

// The error for a user without rights says who must own the database, and never advises to
// run porchlight as root.
func TestWithRemedy_NoRight(t *testing.T) {
	path := filepath.Join(t.TempDir(), "porchlight.db")
	me := userName(os.Geteuid())
	err := withRemedy(path, fs.ErrPermission)
	expectText(t, err, "belongs to "+me, "chown "+me+" "+path+"* and its folder")
	if strings.Contains(err.Error(), "as root") {
		t.Error(err)
	}
}

func TestCheck_EndsAtItsBound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "porchlight.db")
	damage(t, path)
	c, err := open(path, writing)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	if err := check(t.Context(), c, path, time.Minute, discard()); err == nil {
		t.Error("no damage was found")
	}
	if err := check(t.Context(), c, path, 0, discard()); err != nil {
		t.Errorf("without time: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := check(ended, c, path, time.Minute, discard()); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want canceled", err)
	}
}

func openAndClose(t *testing.T, path string) {
	t.Helper()
	d, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	update(t, d, func(tx bridge.Tx) error {
		for i := range 300 {
			c := storetest.Sample(i)
			c.Visitor = bridge.VisitorJID(strings.Repeat("v", 100) + string(c.ID))
			if err := errors.Join(tx.CreateVisitor(bridge.Visitor{JID: c.Visitor}), tx.CreateConversation(&c, bridge.Request{}, string(c.ID), nil)); err != nil {
				return err
			}
		}
		return nil
	})
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}

// run changes a closed database behind porchlight's back.
func run(t *testing.T, path, query string) {
	t.Helper()
	if err := createFile(path); err != nil {
		t.Fatal(err)
	}
	c, err := open(path, writing)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	for _, q := range []string{"PRAGMA foreign_keys = OFF", query} {
		if err := c.control(q); err != nil {
			t.Fatal(err)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

func damage(t *testing.T, path string) {
	t.Helper()
	openAndClose(t, path)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(content) - 60_000; i < len(content)-40_000; i++ { // where tables are
		content[i] = 0xA5
	}
	write(t, path, string(content))
}

// damageSchema damages the pages that say which tables there are.
func damageSchema(t *testing.T, path string) {
	t.Helper()
	openAndClose(t, path)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 200; i < 4096; i++ {
		content[i] = 0xA5
	}
	write(t, path, string(content))
}

func orphan(t *testing.T, path string) {
	t.Helper()
	openAndClose(t, path)
	run(t, path, `DELETE FROM visitors`)
}
