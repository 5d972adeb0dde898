package sqlite

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/storetest"
)

// checkCopy opens a copy as a database of its own and checks that its logs have
// no gap and end where the conversations say. It returns the log's length.
func checkCopy(t *testing.T, path string, number int64) int64 {
	t.Helper()
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("copy: %v, %v", info, err)
	}
	d := openAt(t, path)
	var c bridge.Conversation
	view(t, d, func(r bridge.Reader) (err error) {
		c, err = r.Conversation(number)
		if err != nil {
			return err
		}
		events, err := r.Events(number, 0, 1<<20)
		for i, e := range events {
			if e.Seq != int64(i+1) {
				t.Errorf("event %d has seq %d", i, e.Seq)
			}
		}
		if int64(len(events)) != c.Seq {
			t.Errorf("%d events, seq %d", len(events), c.Seq)
		}
		return err
	})
	return c.Seq
}

func TestBackup_UnderLoad(t *testing.T) {
	d := openNew(t)
	number := create(t, d, storetest.Sample(1)).Number
	ctx, cancel := context.WithCancel(t.Context())
	var acknowledged atomic.Int64
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				if err := d.Update(context.Background(), storetest.Say(number, fmt.Sprintf("v:%d-%d", w, i), "some text", nil)); err != nil {
					t.Error(err)
				}
				acknowledged.Add(1)
			}
		})
	}
	for i := range 5 {
		before := acknowledged.Load()
		dest := filepath.Join(t.TempDir(), "copy.db")
		from := d.Backup
		if i%2 == 1 { // as another process does
			from = func(ctx context.Context, dest string) error { return Backup(ctx, d.path, dest) }
		}
		if err := from(t.Context(), dest); err != nil {
			t.Error(err)
			break
		}
		names, _ := filepath.Glob(dest + "*")
		expect(t, []string{dest})(names, nil)
		if seq := checkCopy(t, dest, number); seq < before {
			t.Errorf("the copy has %d events, but %d were acknowledged before it began", seq, before)
		}
	}
	cancel()
	wg.Wait()
}

func TestBackup_FromAnotherProcess(t *testing.T) {
	d := openNew(t)
	number := create(t, d, storetest.Sample(1)).Number
	update(t, d, storetest.Say(number, "v:1", "one", nil))
	dest := filepath.Join(t.TempDir(), "copy.db")
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PORCHLIGHT_DB_CHILD="+d.path, "PORCHLIGHT_DB_COPY="+dest)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	update(t, d, storetest.Say(number, "v:2", "two", nil)) // the copy's locks don't touch the original
	expect(t, int64(1))(checkCopy(t, dest, number), nil)
}

func TestBackup_OfAStoppedDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "porchlight.db")
	d, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	number := create(t, d, storetest.Sample(1)).Number
	update(t, d, storetest.Say(number, "v:1", "one", nil))
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	dest := filepath.Join(t.TempDir(), "copy.db")
	if err := Backup(t.Context(), path, dest); err != nil {
		t.Fatal(err)
	}
	expect(t, int64(1))(checkCopy(t, dest, number), nil)
	expect(t, []string{"one"})(texts(t, openAt(t, path), number), nil)
}

func TestBackup_Refuses(t *testing.T) {
	d := openNew(t)
	dir := t.TempDir()
	dest := filepath.Join(dir, "copy.db")
	write(t, dest, "precious")
	expectText(t, d.Backup(t.Context(), dest), dest, "exists already")
	if content, err := os.ReadFile(dest); err != nil || string(content) != "precious" {
		t.Errorf("dest is now %q, %v", content, err)
	}
	expectText(t, d.Backup(t.Context(), filepath.Join(dir, "none", "copy.db")), "no such file")
	expectText(t, Backup(t.Context(), filepath.Join(dir, "none.db"), filepath.Join(dir, "copy2.db")), "none.db", "no such file")

	for name, spoil := range map[string]func(*testing.T, string){"damaged": damage, "orphaned": orphan} {
		path := filepath.Join(t.TempDir(), "porchlight.db")
		spoil(t, path)
		if err := Backup(t.Context(), path, filepath.Join(dir, "copy3.db")); err == nil {
			t.Errorf("a database that is %s was copied without a word", name)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.Backup(ctx, filepath.Join(dir, "copy4.db")); err == nil {
		t.Error("a backup ran after its context had ended")
	}
	names, _ := filepath.Glob(filepath.Join(dir, "*"))
	expect(t, []string{dest})(names, nil) // no unfinished copy is left
}
