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
	InUse  bool   // another porchlight has the database open
	Holder string // what that porchlight has signed the lock with
	Unused Unused // what is lost of the write-ahead log

	Operators []string // addresses of the operators who are enabled
}

// Peek finds out whether this user could open the database at path. It changes and creates
// nothing. Beside an error it returns what it has found until then. A database that is in
// use is no error.
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

// holder looks at the lock file, if there is one.
func holder(path string) (held bool, who string, err error) {
	f, err := os.Open(path + ".lock")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, "", nil
	case err != nil:
		return false, "", withRemedy(path, err)
	}
	defer f.Close()
	held, err = tryLock(f, syscall.LOCK_SH) // closing f releases the lock again
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

// usable reports whether the file exists. The error says why this user could not open it,
// or create it if it is missing. A file of another owner is an error as well, since only
// the owner can change its mode (see createFile). For root the file must belong to the
// owner of its folder, since porchlight itself will not run as root.
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

// readable checks a database that nobody has open, and returns its operators.
func readable(ctx context.Context, path string) ([]string, error) {
	r := copying
	if info, err := os.Stat(path + "-wal"); err != nil || info.Size() == 0 {
		r = peeking // with another role SQLite would create files beside the database
	}
	c, err := open(path, r)
	if err != nil {
		return nil, err
	}
	defer c.close()
	if err := check(ctx, c, path, checkTime, slog.New(slog.DiscardHandler)); err != nil && !errors.Is(err, errIndex) {
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
