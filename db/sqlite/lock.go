package sqlite

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// ErrInUse is in Open's error when another process has the database open.
var ErrInUse = errors.New("in use by another porchlight")

// lockFile makes this the only process that has the database open. The lock lasts until
// the file is closed or the process ends, however it ends.
func lockFile(path string) (*os.File, error) {
	if err := plainFile(path); err != nil {
		return nil, err
	}
	name := path + ".lock"
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, withRemedy(path, err)
	}
	held, err := tryLock(f, syscall.LOCK_EX)
	if err == nil && held {
		err = fmt.Errorf("database %s is %w%s, which holds %s; stop that one first", path, ErrInUse, inBrackets(holderIn(f)), name)
	} else if err == nil {
		err = f.Truncate(0) // removes the signature of an earlier holder
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// tryLock reports whether another process holds the lock.
func tryLock(f *os.File, how int) (held bool, err error) {
	err = syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("lock %s: %w", f.Name(), err)
	}
	return false, nil
}

// SignLock writes into the lock file who holds the lock, such as "pid 12,
// http://127.0.0.1:8080". Peek returns it as Holder, and the errors of other processes
// quote it.
func (d *DB) SignLock(holder string) error {
	_, err := d.lock.WriteAt([]byte(holder), 0)
	if err == nil {
		err = d.lock.Truncate(int64(len(holder)))
	}
	if err != nil {
		return fmt.Errorf("sign lock: %w", err)
	}
	return nil
}

// holderIn reads who signed the lock; "" if nobody did.
func holderIn(f *os.File) string {
	b, err := io.ReadAll(io.NewSectionReader(f, 0, 200))
	if err != nil {
		return ""
	}
	return strings.ToValidUTF8(string(b), "")
}

func inBrackets(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

// withRemedy adds to an error what to do when a file of the database can't be opened or
// changed.
func withRemedy(path string, err error) error {
	dir := filepath.Dir(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("database %s: there is no folder %s; make it, writable for the user that porchlight runs as: %w", path, dir, err)
	case errors.Is(err, syscall.EROFS):
		return fmt.Errorf("database %s: the file system is read-only; mount it writable, or choose another store.path: %w", path, err)
	case errors.Is(err, fs.ErrPermission):
		me, owner, as := userName(os.Geteuid()), ownerOf(path, dir), ""
		if owner != userName(0) { // never advise to run porchlight as root
			as = fmt.Sprintf("Run porchlight as %s; or, if it is to be %s's: ", owner, me)
		}
		return fmt.Errorf("database %s: user %s has no right to it, since it belongs to %s. %schown %s %s* and its folder: %w", path, me, owner, as, me, path, err)
	}
	return fmt.Errorf("database %s: %w", path, err)
}

// plainFile refuses a path that names something other than a file. It runs before anything
// is made beside the path or its rights are changed.
func plainFile(path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil || info.Mode().IsRegular():
		return nil
	case info.IsDir():
		return fmt.Errorf("database %s: this is a folder; name a file in it, as in store.path = %q", path, filepath.Join(path, "porchlight.db"))
	}
	return fmt.Errorf("database %s: this is no file (%s); choose another store.path", path, info.Mode().Type())
}

// createFile creates the database's file if it is missing, and lets only the owner read
// it. SQLite gives its other files the same mode.
func createFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case errors.Is(err, os.ErrExist):
	case err != nil:
		return fmt.Errorf("create %w", withRemedy(path, err))
	default:
		if err := errors.Join(f.Close(), syncDir(path)); err != nil {
			return fmt.Errorf("create database: %w", err)
		}
	}
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		if err := os.Chmod(name, 0o600); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("protect %w", withRemedy(path, err))
		}
	}
	return nil
}

// syncDir makes the name of a file durable.
func syncDir(path string) error {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
