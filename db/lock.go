package db

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// ErrInUse is what Open's error contains when another process has the database.
var ErrInUse = errors.New("in use by another porchlight")

// lockFile makes this the only process that has the database open. The lock
// lasts until the file is closed, or the process ends in whatever way.
func lockFile(path string) (*os.File, error) {
	name := path + ".lock"
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock database: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = fmt.Errorf("database %s is %w, which holds %s; stop that one first", path, ErrInUse, name)
	} else if err != nil {
		err = fmt.Errorf("lock %s: %w", name, err)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// createFile creates the database's file if it is missing, so that nobody but
// the owner can read it; SQLite gives its other files the same mode.
func createFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case errors.Is(err, os.ErrExist):
	case err != nil:
		return fmt.Errorf("create database: %w", err)
	default:
		if err := errors.Join(f.Close(), syncDir(path)); err != nil {
			return fmt.Errorf("create database: %w", err)
		}
	}
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		if err := os.Chmod(name, 0o600); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("protect database: %w", err)
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
