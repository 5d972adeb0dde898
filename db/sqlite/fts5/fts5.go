// Package fts5 adds FTS5, SQLite's full text search (https://sqlite.org/fts5.html), to the SQLite of the
// driver, which has it only in builds with the tag sqlite_fts5. porchlight is built by a plain go build.
//
// fts5.h and sqlite3.h are cut unchanged out of the driver's module, where they are a part of
// sqlite3-binding.c, and sqlite3-binding.h. Both are in the public domain (https://sqlite.org/copyright.html). After
// an update of the driver
//
//	go test ./db/sqlite/fts5 -run SameAsTheDrivers -update
//
// cuts them out anew; without -update that test compares them.
//
// The object file of this package names functions of SQLite that only the driver's object file has. cgo
// links each package on its own first, to see which libraries it needs; the linker's flag below lets that
// pass. The program is linked of all object files, and there each name is found or the link fails.
package fts5

/*
#cgo CFLAGS: -std=gnu99 -DSQLITE_THREADSAFE=1
#cgo linux LDFLAGS: -Wl,--unresolved-symbols=ignore-in-object-files -lm
#cgo darwin LDFLAGS: -Wl,-undefined,dynamic_lookup
int porchlight_enable_fts5(void);
*/
import "C"

import (
	"fmt"

	_ "github.com/mattn/go-sqlite3" // has the rest of SQLite
)

// Enable gives FTS5 to all connections of this process that are opened afterwards
// (https://sqlite.org/c3ref/auto_extension.html). Any goroutine may call it, and any number of times: SQLite
// keeps the list under a lock, and each extension in it once.
func Enable() error {
	if code := C.porchlight_enable_fts5(); code != 0 {
		return fmt.Errorf("enable FTS5: SQLite's error %d", int(code))
	}
	return nil
}
