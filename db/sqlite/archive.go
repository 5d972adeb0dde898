package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"porchlight/bridge"
	"porchlight/bridge/archive"
	"porchlight/db"
)

var _ archive.Store = (*DB)(nil)

// UpdateArchive implements archive.Store. It is an Update.
func (d *DB) UpdateArchive(ctx context.Context, f func(archive.Tx) error) error {
	return d.Update(ctx, func(t bridge.Tx) error {
		x := archiving(t, d.writer.c)
		defer func() { *x = archiveTx{} }() // a later use panics, see db.Reader
		return f(x)
	})
}

// archiving is the transaction as the archive needs it.
func archiving(t bridge.Tx, c *conn) *archiveTx {
	w := t.(*tx)
	return &archiveTx{w.ArchiveTx(), index{c}, w}
}

// ViewArchive implements archive.Store. It is a View.
func (d *DB) ViewArchive(ctx context.Context, f func(archive.Reader) error) error {
	return d.viewOn(ctx, func(c *conn, r *db.Reader) error {
		x := &archiveReader{r.Archive(), index{c}, r}
		defer func() { *x = archiveReader{} }()
		return f(x)
	})
}

// archiveReader is what all engines read alike, and the index.
type archiveReader struct {
	db.ArchiveReader
	index
	all *db.Reader
}

// Bridge implements archive.Reader.
func (r *archiveReader) Bridge() bridge.Reader { return r.all }

// archiveTx also writes.
type archiveTx struct {
	db.ArchiveTx
	index
	all *tx
}

// Bridge implements archive.Reader.
func (t *archiveTx) Bridge() bridge.Reader { return t.all }

// BridgeTx implements archive.Tx.
func (t *archiveTx) BridgeTx() bridge.Tx { return t.all }

// Erase implements archive.Tx. The writer forgets what it remembers of all conversations, since it can't tell what is
// this one's.
func (t *archiveTx) Erase(number int64) error {
	if err := t.Unindex(number); err != nil {
		return err
	}
	err := t.ArchiveTx.Erase(number)
	t.all.memory.forget()
	return err
}

// index is the table archive_words on a connection. FTS5's statements are SQLite's own, so they stand here
// and not in package db.
type index struct{ c *conn }

// Look implements archive.Reader.
func (x index) Look(l archive.Lookup, limit int) (found []int64, err error) {
	for _, words := range append([][]string{l.Words, l.Begins}, l.Labels...) {
		if slices.ContainsFunc(words, foreign) {
			return nil, nil
		}
	}
	rows, err := x.c.Query(`SELECT rowid FROM archive_words WHERE archive_words MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid DESC LIMIT ?`,
		arguments(expression(l), l.From, l.Below, int64(limit)))
	if err != nil {
		return nil, fmt.Errorf("search index: %w", err)
	}
	row, err := rows.Next()
	for row != nil && err == nil {
		found = append(found, row[0].(int64))
		row, err = rows.Next()
	}
	if err = errors.Join(err, rows.Close()); err != nil {
		return nil, fmt.Errorf("search index: %w", err)
	}
	return found, nil
}

// expression writes a lookup in FTS5's query syntax (https://sqlite.org/fts5.html#full_text_query_syntax):
// each word is a string in quotes, in which nothing has a meaning but a quote, which is doubled.
func expression(l archive.Lookup) string {
	var all []string
	for _, w := range l.Words {
		all = append(all, quoted(w))
	}
	for _, w := range l.Begins {
		all = append(all, quoted(w)+" *")
	}
	for _, group := range l.Labels {
		var any []string
		for _, w := range group {
			any = append(any, quoted(w))
		}
		all = append(all, "("+strings.Join(any, " OR ")+")")
	}
	return strings.Join(all, " AND ")
}

// foreign reports whether a word can't be in the index, because the tokenizer would cut it.
func foreign(word string) bool {
	return strings.ContainsFunc(word, func(r rune) bool {
		return r < utf8.RuneSelf && r != '=' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	})
}

func quoted(word string) string { return `"` + strings.ReplaceAll(word, `"`, `""`) + `"` }

// Index implements archive.Tx.
func (t *archiveTx) Index(number, was, upto int64, words []string) error {
	if err := t.SaveRead(number, was, upto); err != nil {
		return err
	}
	if was > 0 {
		if err := t.do(`DELETE FROM archive_words WHERE rowid = ?`, number); err != nil {
			return err
		}
	}
	return t.do(`INSERT INTO archive_words (rowid, words) VALUES (?, ?)`, number, strings.Join(words, " "))
}

// Unindex implements archive.Tx.
func (t *archiveTx) Unindex(number int64) error {
	if had, err := t.DeleteRead(number); err != nil || !had {
		return err
	}
	return t.do(`DELETE FROM archive_words WHERE rowid = ?`, number)
}

// Forget implements archive.Tx. The index has no rows for readings that are forgotten only once all are.
func (t *archiveTx) Forget() (more bool, err error) {
	if more, err = t.ForgetReads(); err != nil || more {
		return more, err
	}
	return false, t.do(`INSERT INTO archive_words (archive_words) VALUES ('delete-all')`)
}

// tidied is how many pages of the index Tidy writes at most: about two milliseconds.
const tidied = 100

// Tidy implements archive.Tx: it merges parts of the index, and drops meanwhile what was deleted. FTS5 says
// by the number of changed rows whether anything was left to do (https://sqlite.org/fts5.html#the_merge_command).
func (t *archiveTx) Tidy() (more bool, err error) {
	before, err := t.c.number(`SELECT total_changes()`)
	if err != nil {
		return false, err
	}
	if err := t.do(`INSERT INTO archive_words (archive_words, rank) VALUES ('merge', ?)`, -tidied); err != nil {
		return false, err
	}
	after, err := t.c.number(`SELECT total_changes()`)
	return after-before >= 2, err
}

// do runs a statement on the index.
func (x index) do(query string, args ...any) error {
	if _, err := x.c.Exec(query, arguments(args...)); err != nil {
		return fmt.Errorf("write index: %w", err)
	}
	return nil
}

// arguments are in the driver's form.
func arguments(args ...any) []driver.NamedValue {
	list := make([]driver.NamedValue, len(args))
	for i, a := range args {
		if n, ok := a.(int); ok {
			a = int64(n)
		}
		list[i] = driver.NamedValue{Ordinal: i + 1, Value: a}
	}
	return list
}
