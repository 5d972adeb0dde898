// Package postgrestest runs a private PostgreSQL for the tests of a process: Debian's package, an own folder, an ordinary user, a unix
// socket. Each test gets a database of its own.
package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"porchlight/db/postgres"
)

// errMissing says that there is no PostgreSQL on this machine.
var errMissing = errors.New("PostgreSQL is missing, Debian's package postgresql")

// running is a server.
type running struct {
	url   string
	alive io.Closer // ends it, at the latest with this process
}

// server starts the server once in a process.
var server = sync.OnceValues(func() (running, error) {
	dir, alive, err := start()
	if err != nil {
		return running{}, err
	}
	given := "postgres:///postgres?" + url.Values{"host": {dir}, "user": {"postgres"}}.Encode()
	return running{given, alive}, await(given, filepath.Join(dir, "log"))
})

// Server returns the URL of a database whose server the tests of this process share, and skips the test if there is no
// PostgreSQL. In the continuous integration the test fails then.
func Server(t testing.TB) string {
	t.Helper()
	given, err := server()
	switch {
	case errors.Is(err, errMissing) && os.Getenv("CI") == "":
		t.Skipf("NOT TESTED: %v", err)
	case err != nil:
		t.Fatal(err)
	}
	return given.url
}

// New returns the URL of a new database that holds nothing but the schema. It is there until the process ends.
func New(t testing.TB) string {
	t.Helper()
	return fresh(t, "template_ours")
}

// Empty returns the URL of a new database without any tables.
func Empty(t testing.TB) string {
	t.Helper()
	return fresh(t, "template0")
}

func fresh(t testing.TB, template string) string {
	t.Helper()
	server := Server(t)
	ours, err := create(server, "template_ours", "template0")
	if err == nil {
		err = migrated(ours)
	}
	h := fnv.New64a()
	_, _ = io.WriteString(h, t.Name()+t.TempDir()) // names of tests come again with -count; never fails
	if err == nil {
		ours, err = create(server, fmt.Sprintf("test_%x", h.Sum64()), template)
	}
	if err != nil {
		t.Fatal(err)
	}
	return ours
}

// migrated takes the steps of the schema. They take longer than most tests, so a process takes them once, and tests get copies.
func migrated(template string) error {
	d, err := postgres.Open(context.Background(), template, postgres.Options{})
	if err != nil {
		return err
	}
	return d.Close()
}

// create copies a database, unless there is one of that name, and returns its URL.
func create(server, name, template string) (string, error) {
	err := run(server, "CREATE DATABASE "+name+" TEMPLATE "+template)
	var said *pgconn.PgError
	if errors.As(err, &said) && said.Code == "42P04" { // it is there
		err = nil
	}
	return strings.Replace(server, "/postgres?", "/"+name+"?", 1), err
}

func run(server, sql string) error {
	ctx := context.Background()
	c, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	_, err = c.Exec(ctx, sql)
	return errors.Join(err, c.Close(ctx))
}

// start makes a cluster in a new folder, and runs its server until this process ends: a shell waits for the end of what it
// reads from us, ends the server and removes the folder.
func start() (dir string, alive io.Closer, err error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres") // Debian keeps each version apart, outside of PATH
	if path, err := exec.LookPath("postgres"); err == nil {
		found = append(found, path)
	}
	if len(found) == 0 {
		return "", nil, errMissing
	}
	if dir, err = os.MkdirTemp("", "porchlight-postgres-"); err != nil {
		return "", nil, err
	}
	as, err := owner(dir)
	if err != nil {
		return "", nil, err
	}
	command := func(name string, args ...string) *exec.Cmd {
		cmd := exec.Command(name, args...)
		cmd.Dir, cmd.SysProcAttr, cmd.Env = dir, as, []string{"PATH=" + filepath.Dir(found[0]) + ":" + os.Getenv("PATH"), "LC_ALL=C"}
		return cmd
	}
	if out, err := command(filepath.Join(filepath.Dir(found[0]), "initdb"), "--no-sync", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale", "-D", filepath.Join(dir, "data")).CombinedOutput(); err != nil {
		return "", nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	guard := command("/bin/sh", "-c", `postgres -D data -k "$PWD" -c listen_addresses= -c fsync=off -c max_connections=200 -c deadlock_timeout=100ms >log 2>&1 & p=$!; read end; kill -QUIT $p; wait $p; cd /; rm -rf "$0"`, dir)
	if alive, err = guard.StdinPipe(); err != nil {
		return "", nil, err
	}
	return dir, alive, guard.Start()
}

// owner gives a folder to the user whom PostgreSQL runs as, since it refuses to run as root.
func owner(dir string) (*syscall.SysProcAttr, error) {
	as := &syscall.SysProcAttr{Setpgid: true} // keys that end the tests don't end the server before them
	if os.Getuid() != 0 {
		return as, nil
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, _ := strconv.Atoi(who.Uid) // a number on every system that has PostgreSQL's package
	gid, _ := strconv.Atoi(who.Gid)
	as.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return as, os.Chown(dir, uid, gid)
}

// await waits until the server answers.
func await(given, log string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		c, err := pgx.Connect(ctx, given)
		if err == nil {
			return c.Close(ctx)
		}
		select {
		case <-ctx.Done():
			said, _ := os.ReadFile(log)
			return fmt.Errorf("start PostgreSQL: %w\n%s", err, strings.TrimSpace(string(said)))
		case <-time.After(20 * time.Millisecond):
		}
	}
}
