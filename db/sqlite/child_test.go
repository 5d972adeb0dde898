package sqlite

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/storetest"
)

// child is the program that tests run as another process, on the database at path.
func child(path string) {
	ctx := context.Background()
	if dest := os.Getenv("PORCHLIGHT_DB_COPY"); dest != "" {
		if err := Backup(ctx, path, dest); err != nil {
			log.Fatal(err)
		}
		return
	}
	d, err := Open(ctx, path, Options{})
	if err != nil {
		log.Fatal(err)
	}
	if os.Getenv("PORCHLIGHT_DB_OPEN") != "" {
		return
	}
	d.writer.growth, d.writer.checkpointAt = 50, 50 // makes many checkpoints; the writer has no job yet, so this is no race
	if flag := os.Getenv("DISK_FAIL_IF"); flag != "" {
		breakDisk(d, flag)
		return
	}
	writeUntilKilled(d)
}

// disk compiles testdata/disk.c, which stands between SQLite and the disk, and returns the
// environment that makes a process use it.
func disk(t *testing.T) string {
	t.Helper()
	compiler, err := exec.LookPath("cc")
	if err != nil {
		missing(t, "cc, a C compiler")
	}
	library := filepath.Join(t.TempDir(), "disk.so")
	if out, err := exec.Command(compiler, "-shared", "-fPIC", "-O1", "-Wall", "-o", library, "testdata/disk.c", "-ldl").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return "LD_PRELOAD=" + library
}

// writeUntilKilled acknowledges messages on standard output until the process
// ends.
func writeUntilKilled(d *DB) {
	var out sync.Mutex
	for w := range 8 {
		go func() {
			for i := 0; ; i++ {
				origin := fmt.Sprintf("v:%d-%d", w, i)
				if err := d.Update(context.Background(), storetest.Say(1, origin, origin, nil)); err != nil {
					log.Fatal(err)
				}
				out.Lock()
				fmt.Println(origin)
				out.Unlock()
			}
		}()
	}
	select {}
}

// breakDisk writes, makes every sync fail from then on, and prints what the store does.
func breakDisk(d *DB, flag string) {
	ctx := context.Background()
	if err := d.Update(ctx, storetest.Say(1, "v:good", "good", nil)); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(flag, nil, 0o600); err != nil {
		log.Fatal(err)
	}
	acknowledged := 0
	var failed error
	for i := 0; failed == nil && i < 2000; i++ {
		if failed = d.Update(ctx, storetest.Say(1, fmt.Sprint("v:", i), "bad", nil)); failed == nil {
			acknowledged++
		}
	}
	fmt.Printf("failed: %s after %v\n", phrase.CodeOf(failed), acknowledged > 0)
	select {
	case err := <-d.Fatal():
		fmt.Println("fatal:", err)
	default:
		fmt.Println("not fatal")
	}
	if err := os.Remove(flag); err != nil { // the disk seems well again, but must not be trusted
		log.Fatal(err)
	}
	fmt.Println("then:", phrase.CodeOf(d.Update(ctx, func(bridge.Tx) error { return nil })))
	err := d.View(ctx, func(r bridge.Reader) error { _, err := r.Conversation(1); return err })
	fmt.Println("reads:", err)
	fmt.Println("close:", d.Close())
}

// start begins a child process.
func start(t *testing.T, path string, env ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), "PORCHLIGHT_DB_CHILD="+path), env...)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}
