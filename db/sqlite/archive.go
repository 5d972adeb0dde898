package sqlite

import (
	"context"
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
		x := archiving(t)
		defer func() { *x = archiveTx{} }() // a later use panics, see db.Reader
		return f(x)
	})
}

// archiving is the transaction as the archive needs it.
func archiving(t bridge.Tx) *archiveTx {
	w := t.(*tx)
	return &archiveTx{w.ArchiveTx(), w}
}

// ViewArchive implements archive.Store. It is a View.
func (d *DB) ViewArchive(ctx context.Context, f func(archive.Reader) error) error {
	return d.ViewRows(ctx, func(r *db.Reader) error {
		x := &archiveReader{r.Archive()}
		defer func() { *x = archiveReader{} }()
		return f(x)
	})
}

// archiveReader is what all engines read alike, and the index: FTS5's table archive_words.
type archiveReader struct{ db.ArchiveReader }

// archiveTx also writes.
type archiveTx struct {
	db.ArchiveTx
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

// Look implements archive.Reader.
func (r *archiveReader) Look(l archive.Lookup, limit int) ([]int64, error) {
	return look(&r.ArchiveReader, l, limit)
}

// Look implements archive.Reader.
func (t *archiveTx) Look(l archive.Lookup, limit int) ([]int64, error) {
	return look(&t.ArchiveReader, l, limit)
}

func look(r *db.ArchiveReader, l archive.Lookup, limit int) ([]int64, error) {
	for _, words := range append([][]string{l.Words, l.Begins}, l.Labels...) {
		if slices.ContainsFunc(words, foreign) {
			return nil, nil
		}
	}
	return r.Found(`SELECT rowid FROM archive_words WHERE archive_words MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid DESC LIMIT ?`,
		expression(l), l.From, l.Below, int64(limit))
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
		if err := t.Change(`DELETE FROM archive_words WHERE rowid = ?`, number); err != nil {
			return err
		}
	}
	return t.Change(`INSERT INTO archive_words (rowid, words) VALUES (?, ?)`, number, strings.Join(words, " "))
}

// Unindex implements archive.Tx.
func (t *archiveTx) Unindex(number int64) error {
	if had, err := t.DeleteRead(number); err != nil || !had {
		return err
	}
	return t.Change(`DELETE FROM archive_words WHERE rowid = ?`, number)
}

// Forget implements archive.Tx. The index has no rows for readings that are forgotten only once all are.
func (t *archiveTx) Forget() (more bool, err error) {
	if more, err = t.ForgetReads(); err != nil || more {
		return more, err
	}
	return false, t.Change(`INSERT INTO archive_words (archive_words) VALUES ('delete-all')`)
}

// tidied is how many pages of the index Tidy writes at most: about two milliseconds.
const tidied = 100

// Tidy implements archive.Tx: it merges parts of the index, and drops meanwhile what was deleted. FTS5 says
// by the number of changed rows whether anything was left to do (https://sqlite.org/fts5.html#the_merge_command).
func (t *archiveTx) Tidy() (more bool, err error) {
	before, err := t.changes()
	if err != nil {
		return false, err
	}
	if err := t.Change(`INSERT INTO archive_words (archive_words, rank) VALUES ('merge', ?)`, int64(-tidied)); err != nil {
		return false, err
	}
	after, err := t.changes()
	return after-before >= 2, err
}

// changes is how many rows the connection has changed.
func (t *archiveTx) changes() (n int64, err error) {
	list, err := t.Found(`SELECT total_changes()`)
	if err == nil {
		n = list[0]
	}
	return n, err
}
