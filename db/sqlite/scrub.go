package sqlite

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

// This file removes the last traces of what was deleted from the files. SQLite overwrites what is deleted
// (PRAGMA secure_delete), but when it spreads the rows of a full page over several pages, copies of rows stay in the
// part of a page that is not used. Later deletions don't know of these copies.

const (
	scrubbed   = 512                    // pages that are looked at in one turn of the writer: about a millisecond
	scrubPause = 2 * time.Millisecond   // for which the writer is left alone after a turn
	scrubTries = 200                    // how often a step is tried for which somebody reads
	scrubWait  = 100 * time.Millisecond // until it is tried again
	scrubHolds = 10 * time.Millisecond  // for which nobody may begin to read while those who read go
)

// Scrub implements archive.Store.
func (d *DB) Scrub(ctx context.Context) error {
	for from, tries := int64(1), 0; from > 0; {
		wait, was := scrubPause, from
		err := d.exclusively(ctx, func(w *writer) (err error) {
			from, err = w.scrub(d.raw, was)
			return err
		})
		if err != nil {
			return fmt.Errorf("scrub database: %w", err)
		}
		if from == was {
			wait, tries = scrubWait, tries+1
		} else {
			tries = 0
		}
		if tries == scrubTries {
			return errRead
		}
		if err := pause(ctx, wait); err != nil {
			return err
		}
	}
	for range scrubTries {
		emptied := false
		err := d.exclusively(ctx, func(w *writer) (err error) {
			emptied, err = d.emptyLog(w)
			return err
		})
		if err != nil || emptied {
			return err
		}
		if err := pause(ctx, scrubWait); err != nil {
			return err
		}
	}
	return errRead
}

var errRead = errors.New("scrub database: somebody reads it all the time, perhaps another process; it is tried again")

// exclusively runs f on the writer's goroutine between two batches of updates.
func (d *DB) exclusively(ctx context.Context, f func(*writer) error) error {
	j := &job{errand: f, answer: make(chan error, 1)}
	select {
	case d.writer.jobs <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-d.closing:
		return os.ErrClosed
	}
	select {
	case err := <-j.answer:
		return err
	case <-d.writer.done:
	}
	select {
	case err := <-j.answer:
		return err
	default:
		return os.ErrClosed
	}
}

// emptyLog moves all of the write-ahead log into the database, and cuts it to nothing. It reports false if somebody reads just now. What
// takes long is done while everybody reads on; then nobody in this process begins to read for scrubHolds, and as long as the cut takes.
func (d *DB) emptyLog(w *writer) (emptied bool, err error) {
	if left, err := w.c.logged("PASSIVE"); err != nil || left > 0 {
		return false, err
	}
	var held []*conn
	defer func() {
		for _, c := range held {
			d.readers <- c
		}
	}()
	patience := time.NewTimer(scrubHolds)
	defer patience.Stop()
	for range readerCount {
		select {
		case c := <-d.readers:
			held = append(held, c)
		case <-patience.C:
			return false, nil
		}
	}
	if err := w.c.control("PRAGMA busy_timeout = 0"); err != nil {
		return false, err
	}
	list, err := w.c.all("PRAGMA wal_checkpoint(TRUNCATE)") // columns: busy, pages in the log, pages moved into the database
	emptied = err == nil && list[0][0].(int64) == 0
	return emptied, errors.Join(err, w.c.control("PRAGMA busy_timeout = 5000"))
}

// scrub cleans the pages from one on, and returns the next page, 0 after the last one; the same page says that it has to be
// tried again. The newest version of each page is in the database then (see alone), and the writer's own copies of
// all pages are dropped afterwards, so that no earlier version of a page comes back. Nothing but unused bytes changes, so
// whoever reads the database meanwhile, and a power cut, do no harm.
func (w *writer) scrub(file *os.File, from int64) (next int64, err error) {
	if clear, err := w.alone(); err != nil || !clear {
		return from, err
	}
	defer func() { err = errors.Join(err, w.c.control("ROLLBACK"), w.c.control("PRAGMA shrink_memory")) }()
	head := make([]byte, 100)
	if _, err := file.ReadAt(head, 0); err != nil {
		return 0, err
	}
	size := int64(binary.BigEndian.Uint16(head[16:]))
	if size == 1 {
		size = 65536
	}
	usable := size - int64(head[20])
	pages := make([]byte, scrubbed*size)
	n, err := file.ReadAt(pages, (from-1)*size)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	wrote := false
	for at := int64(0); at+size <= int64(n); at += size {
		number := from + at/size
		unused, upto := unusedOf(pages[at:at+usable], number)
		if !dirty(pages[at+unused : at+upto]) {
			continue
		}
		wrote = true
		if _, err := file.WriteAt(make([]byte, upto-unused), (number-1)*size+unused); err != nil {
			return 0, err
		}
	}
	if wrote {
		if err := file.Sync(); err != nil {
			return 0, err
		}
	}
	if int64(n) < int64(len(pages)) {
		return 0, nil
	}
	return from + scrubbed, nil
}

// alone moves the write-ahead log into the database and begins a transaction, so that nobody else, in no process,
// writes to the database's file until that ends: what is in the log has been moved, and nothing can be added. It
// reports false, and begins nothing, if somebody reads an older version or another process has written meanwhile.
func (w *writer) alone() (clear bool, err error) {
	before, err := w.c.number("PRAGMA data_version") // changes when another connection commits
	if err != nil {
		return false, err
	}
	if left, err := w.c.logged("PASSIVE"); err != nil || left > 0 {
		return false, err
	}
	if err := w.c.control("BEGIN IMMEDIATE"); err != nil {
		return false, err
	}
	after, err := w.c.number("PRAGMA data_version")
	if err != nil || after != before {
		return false, errors.Join(err, w.c.control("ROLLBACK"))
	}
	return true, nil
}

// unusedOf finds the unused bytes between the cell pointers and the cells of a b-tree page
// (https://www.sqlite.org/fileformat2.html#b_tree_pages); from and upto are 0 if it is another page or
// doubtful. Pages of other kinds begin with the number of a page, so their first byte is no kind of a b-tree page in
// a database of less than 2^25 pages, which is 128 GB.
func unusedOf(page []byte, number int64) (from, upto int64) {
	head := int64(0)
	if number == 1 {
		head = 100
	}
	pointers := head + 8
	switch page[head] {
	case 2, 5:
		pointers = head + 12
	case 10, 13:
	default:
		return 0, 0
	}
	from = pointers + 2*int64(binary.BigEndian.Uint16(page[head+3:]))
	if upto = int64(binary.BigEndian.Uint16(page[head+5:])); upto == 0 {
		upto = 65536
	}
	if from > upto || upto > int64(len(page)) || number >= 1<<25 {
		return 0, 0
	}
	return from, upto
}

// dirty reports whether something is in bytes.
func dirty(b []byte) bool {
	return slices.ContainsFunc(b, func(x byte) bool { return x != 0 })
}

// pause waits, or until ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
