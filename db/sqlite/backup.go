package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Backup copies the open database to dest; see the function Backup.
func (d *DB) Backup(ctx context.Context, dest string) error { return Backup(ctx, d.path, dest) }

// Backup makes a consistent copy of the database at path. This or another process may have
// the database open. The copy is one file that can be put in the place of the original.
// When Backup returns, the copy has been checked in full and is on the disk; before that
// there is no file named dest. Backup never overwrites an existing dest.
func Backup(ctx context.Context, path, dest string) error {
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("back up database: %w", err)
	}
	if err := absent(dest); err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(dest), filepath.Base(dest)+".*.part")
	if err != nil {
		return fmt.Errorf("create backup: %w", err)
	}
	defer os.Remove(temp.Name())
	defer temp.Close()
	if err := copyInto(ctx, path, temp.Name()); err != nil {
		return fmt.Errorf("copy database %s: %w", path, err)
	}
	if err := verify(ctx, temp.Name()); err != nil {
		return fmt.Errorf("verify copy of database %s: %w", path, err)
	}
	if err := temp.Sync(); err != nil {
		return fmt.Errorf("write backup: %w", err)
	}
	if err := absent(dest); err != nil {
		return err
	}
	if err := errors.Join(os.Rename(temp.Name(), dest), syncDir(dest)); err != nil {
		return fmt.Errorf("name backup: %w", err)
	}
	return nil
}

// absent refuses a dest that exists.
func absent(dest string) error {
	_, err := os.Lstat(dest)
	switch {
	case err == nil:
		return fmt.Errorf("backup %s exists already and is not overwritten; choose another name", dest)
	case errors.Is(err, os.ErrNotExist):
		return nil
	}
	return fmt.Errorf("back up database: %w", err)
}

// copyInto copies what is committed into an empty file.
func copyInto(ctx context.Context, path, dest string) error {
	c, err := open(path, copying)
	if err != nil {
		return err
	}
	defer c.close()
	_, err = firstRow(ctx, c, "VACUUM INTO ?", driver.NamedValue{Ordinal: 1, Value: dest})
	return err
}

// verify reads the whole copy.
func verify(ctx context.Context, path string) error {
	c, err := open(path, copying)
	if err != nil {
		return err
	}
	defer c.close()
	err = inspect(ctx, c, "PRAGMA integrity_check(100)", "PRAGMA foreign_key_check")
	if errors.Is(err, errIndex) { // whoever opens the copy makes it anew
		return nil
	}
	return err
}
