package sqlite

import (
	"errors"

	"github.com/mattn/go-sqlite3"
)

// kind says what an error of SQLite means for the store.
type kind int

const (
	faulty  kind = iota // the statement is wrong
	passing             // nothing can be written now, for instance because the disk is full; this may pass
	lasting             // what is on the disk is unknown: the program must stop and read it again
)

// kindOf judges an error. A failed fsync must not be tried again, because the
// kernel forgets the pages it could not write and lets the next one succeed
// (Rebello et al., ATC'20).
func kindOf(err error) kind {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return faulty
	}
	switch e.ExtendedCode {
	case sqlite3.ErrIoErrFsync, sqlite3.ErrIoErrDirFsync:
		return lasting
	}
	switch e.Code {
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return lasting
	case sqlite3.ErrFull, sqlite3.ErrIoErr, sqlite3.ErrReadonly, sqlite3.ErrCantOpen,
		sqlite3.ErrBusy, sqlite3.ErrNomem, sqlite3.ErrProtocol:
		return passing
	}
	return faulty
}
