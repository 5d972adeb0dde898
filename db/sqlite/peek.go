package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
)

// State is what Peek found.
type State struct {
	Path   string // absolute
	Exists bool
	InUse  bool   // another porchlight has it
	Holder string // who that is, as it signed the lock
	Unused Unused // of the write-ahead log

	Operators []string // addresses of those who are enabled
}

// Peek looks whether the database at path could be opened by this user, and
// changes and makes nothing. The State is right as far as it goes beside an error
// too; in use is none.
func Peek(ctx context.Context, path string) (State, error) {
	s := State{Path: path}
	abs, err := filepath.Abs(path)
	if err != nil {
		return s, fmt.Errorf("find database: %w", err)
	}
	s.Path = abs
	if s.InUse, s.Holder, err = holder(abs); err != nil || s.InUse {
		s.Exists = s.InUse
		return s, err
	}
	if s.Exists, err = usable(abs); err != nil || !s.Exists {
		return s, err
	}
	if s.Unused, err = unusedLog(abs + "-wal"); err != nil {
		return s, err
	}
	s.Operators, err = readable(ctx, abs)
	return s, err
}

// holder looks at the lock without making one.
func holder(path string) (held bool, who string, err error) {
	f, err := os.Open(path + ".lock")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, "", nil
	case err != nil:
		return false, "", withRemedy(path, err)
	}
	defer f.Close()
	held, err = tryLock(f, syscall.LOCK_SH) // until f is closed
	if held {
		who = holderIn(f)
	}
	return held, who, err
}

// access(2) modes.
const (
	mayWrite = 2
	mayEnter = 1
)

// usable reports whether there is a file, or else whether this user could make
// it. What only its owner could do (see createFile) is an error too, and for root
// a file that does not belong to its folder's owner: the program will not run as root.
func usable(path string) (exists bool, err error) {
	if err := plainFile(path); err != nil {
		return false, err
	}
	dir := filepath.Dir(path)
	if err := syscall.Access(dir, mayWrite|mayEnter); err != nil {
		return false, withRemedy(path, err)
	}
	for _, name := range []string{path, path + ".lock", path + "-wal", path + "-shm"} {
		uid, ok := uidOf(name)
		if !ok {
			continue
		}
		exists = exists || name == path
		of, _ := uidOf(dir)
		if me := os.Geteuid(); me == 0 && uid != of || me != 0 && uid != me {
			return exists, fmt.Errorf("database %s: %s belongs to %s; porchlight can use it once it is its own: chown %s %s*",
				path, filepath.Base(name), userName(uid), wantedOwner(me, of), path)
		}
		if err := syscall.Access(name, mayWrite); err != nil {
			return exists, withRemedy(path, err)
		}
	}
	return exists, nil
}

func wantedOwner(me, ofFolder int) string {
	if me == 0 {
		return userName(ofFolder)
	}
	return userName(me)
}

// readable looks through a database that nobody has open, and returns its operators.
func readable(ctx context.Context, path string) ([]string, error) {
	r := copying
	if info, err := os.Stat(path + "-wal"); err != nil || info.Size() == 0 {
		r = peeking // else SQLite would make its files beside it
	}
	c, err := open(path, r)
	if err != nil {
		return nil, err
	}
	defer c.close()
	if err := check(ctx, c, path, checkTime, slog.New(slog.DiscardHandler)); err != nil {
		return nil, err
	}
	version, err := schemaVersion(c, path)
	if err != nil || version == 0 {
		return nil, err
	}
	if err := known(path, version, lastStep()); err != nil {
		return nil, err
	}
	found, err := c.all(`SELECT jid FROM operators WHERE enabled = TRUE ORDER BY jid`)
	if err != nil {
		return nil, fmt.Errorf("read operators: %w", err)
	}
	var operators []string
	for _, row := range found {
		operators = append(operators, row[0].(string))
	}
	return operators, nil
}
