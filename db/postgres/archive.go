package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"porchlight/bridge/archive"
	"porchlight/db"
)

var _ archive.Store = (*DB)(nil)

// UpdateArchive implements archive.Store. It is an Update.
func (d *DB) UpdateArchive(ctx context.Context, f func(archive.Tx) error) error {
	return d.updateRows(ctx, func(tx *db.Tx) error {
		x := &archiveTx{tx.ArchiveTx()}
		defer func() { *x = archiveTx{} }() // a later use panics, see db.Reader
		return f(x)
	})
}

// ViewArchive implements archive.Store. It is a View.
func (d *DB) ViewArchive(ctx context.Context, f func(archive.Reader) error) error {
	return d.ViewRows(ctx, func(r *db.Reader) error {
		x := &archiveReader{r.Archive()}
		defer func() { *x = archiveReader{} }()
		return f(x)
	})
}

// Scrub implements archive.Store. It takes away what deleted rows have left in the tables. In the server's write-ahead log,
// and in what is copied from it, they stay for as long as the server is told to keep that.
func (d *DB) Scrub(ctx context.Context) error {
	if _, err := d.pool.Exec(ctx, `VACUUM`); err != nil {
		return fmt.Errorf("scrub database: %w", err)
	}
	return nil
}

// archiveReader is what all engines read alike, and the index: the table archive_words with the words of a conversation as a tsvector,
// as they are and without their places.
type archiveReader struct{ db.ArchiveReader }

// archiveTx also writes.
type archiveTx struct{ db.ArchiveTx }

// Erase implements archive.Tx.
func (t *archiveTx) Erase(number int64) error {
	if err := t.Unindex(number); err != nil {
		return err
	}
	return t.ArchiveTx.Erase(number)
}

// What a tsvector holds at most, in bytes (https://www.postgresql.org/docs/current/textsearch-limitations.html). Longer words,
// and what is too much of a conversation, are not found.
const (
	longestWord  = 2046
	longestEntry = 1<<20 - 1
)

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
		if slices.ContainsFunc(words, func(w string) bool { return len(w) > longestWord }) {
			return nil, nil
		}
	}
	return r.Found(`SELECT conversation FROM archive_words WHERE words @@ CAST(? AS tsquery) AND conversation >= ? AND conversation < ? ORDER BY conversation DESC LIMIT ?`,
		expression(l), l.From, l.Below, int64(limit))
}

// expression writes a lookup as a tsquery: each word is in quotes, in which nothing has a meaning but a quote and a backslash, which
// are doubled (https://www.postgresql.org/docs/current/datatype-textsearch.html).
func expression(l archive.Lookup) string {
	var all []string
	for _, w := range l.Words {
		all = append(all, quoted(w))
	}
	for _, w := range l.Begins {
		all = append(all, quoted(w)+":*")
	}
	for _, group := range l.Labels {
		var any []string
		for _, w := range group {
			any = append(any, quoted(w))
		}
		all = append(all, "("+strings.Join(any, " | ")+")")
	}
	return strings.Join(all, " & ")
}

func quoted(word string) string {
	return "'" + strings.NewReplacer("'", "''", `\`, `\\`).Replace(word) + "'"
}

// Index implements archive.Tx.
func (t *archiveTx) Index(number, was, upto int64, words []string) error {
	if err := t.SaveRead(number, was, upto); err != nil {
		return err
	}
	var kept []string
	room := longestEntry
	for _, w := range words {
		if len(w) <= min(longestWord, room) {
			kept, room = append(kept, w), room-len(w)
		}
	}
	return t.Change(`INSERT INTO archive_words (conversation, words) VALUES (?, array_to_tsvector(string_to_array(?, ' '))) ON CONFLICT (conversation) DO UPDATE SET words = excluded.words`,
		number, strings.Join(kept, " "))
}

// Unindex implements archive.Tx.
func (t *archiveTx) Unindex(number int64) error {
	if had, err := t.DeleteRead(number); err != nil || !had {
		return err
	}
	return t.Change(`DELETE FROM archive_words WHERE conversation = ?`, number)
}

// Forget implements archive.Tx.
func (t *archiveTx) Forget() (more bool, err error) {
	if more, err = t.ForgetReads(); err != nil || more {
		return more, err
	}
	return false, t.Change(`DELETE FROM archive_words`)
}

// Tidy implements archive.Tx. The server tidies by itself.
func (t *archiveTx) Tidy() (more bool, err error) { return false, nil }
