// Package pgd runs a private PostgreSQL: for `porchlight demo` with several nodes, and for tests that need a real database
// server. It is Debian's package, in a folder of its own, run by an ordinary user; only who may reach the folder of its unix
// socket can connect. It ends with the process that started it, however that ends.
package pgd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"porchlight/demo/xmppd"
)

// Config says what to start. The zero value is a server that leaves nothing behind.
type Config struct {
	Dir      string   // keeps the databases; empty: a temporary folder, removed at the end
	Settings []string // of the server, as in fsync=off
}

// Server is a running PostgreSQL. Its methods may be called by any goroutine, but Stop, Crash, Restart and Close by one at a time.
type Server struct {
	cfg  Config
	bin  string   // the folder with PostgreSQL's programs
	own  string   // the folder with the socket and the log, and the databases unless Config has one for them
	dir  *os.File // the folder with the databases
	data string   // the databases, as the server finds them

	mu    sync.Mutex
	guard *guard
	ended chan error
}

// ErrMissing is in the error of Start if PostgreSQL is not installed.
var ErrMissing = errors.New("PostgreSQL is missing")

const (
	patience = time.Minute           // for a start
	look     = 20 * time.Millisecond // between two looks whether the server answers
	handOver = 10 * time.Second      // for the end of a server whose process was killed, and whose folder is used again
	socket   = "/.s.PGSQL.5432"      // below the server's folder
	inUse    = `"postmaster.pid" already exists`
)

// Start makes the databases' folder if there is none, starts the server and returns when it answers. ctx bounds only the start. The error
// says what to install if PostgreSQL is missing, and quotes the server's log if it gave up.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg, bin: bin, ended: make(chan error, 1)}
	if s.own, err = os.MkdirTemp("", "porchlight-postgres-"); err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	if err = s.prepare(cmp.Or(cfg.Dir, s.own)); err == nil {
		err = s.Restart(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start PostgreSQL: %w", err), s.Close())
	}
	return s, nil
}

// programs finds the folder with PostgreSQL's programs. Debian keeps each version apart, outside of PATH.
func programs() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres") // the pattern is none that is wrong
	if path, err := exec.LookPath("postgres"); err == nil {
		found = append(found, path)
	}
	if len(found) == 0 {
		return "", errors.Join(ErrMissing, xmppd.Missing("postgres", "postgresql"))
	}
	return filepath.Dir(found[0]), nil
}

// prepare gives the folders to the server's user, and makes the databases if that was not done before. On Linux the server gets the
// databases' folder as an open file, so that its user needs no rights to the folders above, which are not ours to open to others.
func (s *Server) prepare(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for _, d := range []string{s.own, dir} {
		if err := give(d); err != nil {
			return err
		}
	}
	dir, err := filepath.Abs(dir)
	if err == nil {
		s.dir, err = os.Open(dir)
	}
	if err != nil {
		return err
	}
	s.data = filepath.Join(dir, "data")
	if _, err := os.Stat("/proc/self/fd"); err == nil {
		s.data = "/proc/self/fd/3/data" // the first of exec.Cmd's ExtraFiles
	}
	if _, err := os.Stat(filepath.Join(dir, "data", "PG_VERSION")); err == nil {
		return nil
	}
	cmd, err := s.command("initdb", "--no-sync", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale", "-D", s.data)
	if err != nil {
		return err
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

// URL returns the URL of a database of that name.
func (s *Server) URL(database string) string {
	return "postgres:///" + database + "?" + url.Values{"host": {s.own}, "user": {"postgres"}}.Encode()
}

// Socket is the path of the socket on which the server listens, for whoever stands between it and porchlight.
func (s *Server) Socket() string { return s.own + socket }

// Log is the path of the file with what the server has written.
func (s *Server) Log() string { return filepath.Join(s.own, "log") }

// Done returns a channel that gets an error when the server ends although nobody has asked it to.
func (s *Server) Done() <-chan error { return s.ended }

// Create makes a database as a copy of a template, such as template0, unless there is one of that name, and returns its URL.
func (s *Server) Create(name, template string) (string, error) {
	cmd, err := s.command("createdb", "-h", s.own, "-U", "postgres", "-T", template, name)
	if err != nil {
		return "", err
	}
	if out, err := cmd.CombinedOutput(); err != nil && !strings.Contains(string(out), "already exists") {
		return "", fmt.Errorf("make database: %w\n%s", err, out)
	}
	return s.URL(name), nil
}

// Stop ends the server in order (fast shutdown), and waits for its end. The databases stay, and Restart goes on with them.
func (s *Server) Stop() error { return s.end("INT") }

// Crash ends the server as `pg_ctl stop -m immediate` does, and waits for its end.
func (s *Server) Crash() error { return s.end("QUIT") }

func (s *Server) end(signal string) error {
	s.mu.Lock()
	g := s.guard
	s.mu.Unlock()
	if g == nil {
		return nil
	}
	return g.end(signal)
}

// Close stops the server and removes what it had in temporary folders.
func (s *Server) Close() error {
	err := errors.Join(s.Stop(), os.RemoveAll(s.own))
	if s.dir != nil {
		_ = s.dir.Close() // was only read, and may be closed already
	}
	return err
}

// Restart starts a server that was stopped or has crashed, with the same databases, and returns when it answers. ctx bounds the start.
func (s *Server) Restart(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for began := time.Now(); ; {
		g, err := s.launch()
		if err != nil {
			return err
		}
		err = s.await(ctx, g)
		if err == nil {
			s.mu.Lock()
			s.guard = g
			s.mu.Unlock()
			go s.watch(g)
			return nil
		}
		_ = g.end("QUIT") // what went wrong is known
		said, _ := os.ReadFile(s.Log())
		if !strings.Contains(string(said), inUse) || time.Since(began) > handOver {
			return fmt.Errorf("%w, its last words:\n%s", err, tail(string(said), 1000))
		}
	}
}

// await waits until the server answers, or has ended.
func (s *Server) await(ctx context.Context, g *guard) error {
	for {
		c, err := pgx.Connect(ctx, s.URL("postgres"))
		if err == nil {
			return c.Close(ctx)
		}
		select {
		case <-ctx.Done():
			return err
		case <-g.exited:
			return errors.New("it has ended")
		case <-time.After(look):
		}
	}
}

// watch reports an end that nobody has asked for.
func (s *Server) watch(g *guard) {
	<-g.exited
	if g.asked.Load() {
		return
	}
	select {
	case s.ended <- fmt.Errorf("PostgreSQL has ended, see %s", s.Log()):
	default: // an earlier end has not been read yet
	}
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }
