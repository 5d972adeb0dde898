package sqlite

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"porchlight/bridge/phrase"
	"porchlight/bridge/storetest"

	"github.com/mattn/go-sqlite3"
)

// prepared makes a closed database with one conversation, #1, and returns its path.
func prepared(t *testing.T, dir string) string {
	t.Helper()
	path := filepath.Join(dir, "porchlight.db")
	d, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	create(t, d, storetest.Sample(1))
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// Every acknowledged message survives a power cut, after which each file holds only what had
// been synced.
func TestUpdate_SurvivesAPowerCut(t *testing.T) {
	preload, kept := disk(t), t.TempDir()
	path := prepared(t, t.TempDir())
	copyFile(t, path, filepath.Join(kept, filepath.Base(path)))
	cmd := start(t, path, preload, "DISK_KEPT="+kept)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged := make(map[string]bool)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		acknowledged[lines.Text()] = true
		if len(acknowledged) == 2000 {
			_ = cmd.Process.Kill() // messages acknowledged until it is dead count, too
		}
	}
	_ = cmd.Wait()
	if len(acknowledged) < 2000 {
		t.Fatalf("only %d messages were acknowledged", len(acknowledged))
	}
	for _, at := range []string{filepath.Join(kept, filepath.Base(path)), path} { // power cut, kill -9
		stored := make(map[string]bool)
		for _, text := range texts(t, openAt(t, at), 1) {
			stored[text] = true
		}
		lost := 0
		for text := range acknowledged {
			if !stored[text] {
				lost++
			}
		}
		if lost > 0 {
			t.Errorf("%s: %d of %d acknowledged messages are lost", at, lost, len(acknowledged))
		}
	}
}

// A failed fsync, in a commit or in a checkpoint, ends all writing.
func TestUpdate_FailedSyncIsFatal(t *testing.T) {
	preload := disk(t)
	for ending, acknowledged := range map[string]bool{"-wal": false, ".db": true} {
		t.Run(ending, func(t *testing.T) {
			dir := t.TempDir()
			cmd := start(t, prepared(t, dir), preload, "DISK_FAIL="+ending, "DISK_FAIL_IF="+filepath.Join(dir, "flag"))
			out, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			want := fmt.Sprintf("failed: unavailable after %v\nfatal: ", acknowledged)
			if !strings.HasPrefix(string(out), want) || !strings.HasSuffix(string(out), "\nthen: unavailable\nreads: <nil>\nclose: <nil>\n") {
				t.Errorf("got %s", out)
			}
			expect(t, "good")(texts(t, openAt(t, filepath.Join(dir, "porchlight.db")), 1)[0], nil)
		})
	}
}

func TestUpdate_FullDiskIsUnavailableUntilThereIsSpace(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("SKIPPED: no right to mount a small tmpfs: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	d := openAt(t, prepared(t, dir))
	ballast := filepath.Join(dir, "ballast")
	write(t, ballast, strings.Repeat("x", 1<<20))
	text := strings.Repeat("long ", 5000)
	stored, failed := 0, error(nil)
	for failed == nil && stored < 1000 {
		if failed = d.Update(t.Context(), storetest.Say(1, fmt.Sprint("v:", stored), text, nil)); failed == nil {
			stored++
		}
	}
	expectCode(t, phrase.CodeUnavailable, failed)
	if d.Writable() {
		t.Error("a full disk counts as writable")
	}
	for _, err := range together(t, d, storetest.Say(1, "v:a", text, nil), storetest.Say(1, "v:b", text, nil)) { // no update of a batch is stored
		expectCode(t, phrase.CodeUnavailable, err)
	}
	expect(t, stored)(len(texts(t, d, 1)), nil) // reading goes on
	if err := d.Backup(t.Context(), filepath.Join(dir, "copy.db")); err == nil {
		t.Error("a backup fitted on a full disk")
	}
	select {
	case err := <-d.Fatal():
		t.Fatalf("a full disk is not fatal: %v", err)
	default:
	}

	remove(t, ballast)
	update(t, d, storetest.Say(1, "v:again", "again", nil))
	if !d.Writable() {
		t.Error("there is space, and it does not count as writable")
	}
	expect(t, stored+1)(len(texts(t, d, 1)), nil)
}

func TestKindOf(t *testing.T) {
	for err, want := range map[error]kind{
		nil:           faulty,
		os.ErrInvalid: faulty,
		sqlite3.Error{Code: sqlite3.ErrConstraint, ExtendedCode: sqlite3.ErrConstraintUnique}: faulty,
		sqlite3.Error{Code: sqlite3.ErrFull}:                                                  passing,
		sqlite3.Error{Code: sqlite3.ErrBusy}:                                                  passing,
		sqlite3.Error{Code: sqlite3.ErrReadonly}:                                              passing,
		sqlite3.Error{Code: sqlite3.ErrCantOpen}:                                              passing,
		sqlite3.Error{Code: sqlite3.ErrIoErr, ExtendedCode: sqlite3.ErrIoErrWrite}:            passing,
		sqlite3.Error{Code: sqlite3.ErrIoErr, ExtendedCode: sqlite3.ErrIoErrFsync}:            lasting,
		sqlite3.Error{Code: sqlite3.ErrIoErr, ExtendedCode: sqlite3.ErrIoErrDirFsync}:         lasting,
		sqlite3.Error{Code: sqlite3.ErrCorrupt}:                                               lasting,
	} {
		if got := kindOf(fmt.Errorf("commit: %w", err)); got != want {
			t.Errorf("%v is %v, want %v", err, got, want)
		}
	}
}

// copyFile copies a file in another process. In this one, closing a file that SQLite has
// open would release SQLite's locks.
func copyFile(t *testing.T, from, to string) {
	t.Helper()
	if out, err := exec.Command("cp", from, to).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}
