package db

import (
	"fmt"
	"time"

	"porchlight/bridge"
)

// ArchiveReader reads for the archive, in the transaction of the Reader that it was made of. What asks the
// index itself are each engine's own statements, which Found and Change run.
type ArchiveReader struct{ s *Session }

// ArchiveTx also writes.
type ArchiveTx struct{ ArchiveReader }

// Archive returns an ArchiveReader for the same transaction.
func (r *Reader) Archive() ArchiveReader { return ArchiveReader{r.s} }

// ArchiveTx returns an ArchiveTx for the same transaction.
func (t *Tx) ArchiveTx() ArchiveTx { return ArchiveTx{t.Archive()} }

// Bridge implements archive.Reader.
func (r *ArchiveReader) Bridge() bridge.Reader { return r.s.reader() }

// BridgeTx implements archive.Tx.
func (t *ArchiveTx) BridgeTx() bridge.Tx { return t.s.tx() }

// Found runs a query on the index that finds numbers.
func (r *ArchiveReader) Found(query string, args ...any) ([]int64, error) {
	return list(r.s, "index", scanInt, query, args...)
}

// Change runs a statement that changes the index.
func (t *ArchiveTx) Change(query string, args ...any) error {
	if _, err := t.s.exec(query, args...); err != nil {
		return fmt.Errorf("write index: %w", err)
	}
	return nil
}

// Conversation implements archive.Reader.
func (r *ArchiveReader) Conversation(number int64) (bridge.Conversation, error) {
	return r.s.reader().Conversation(number)
}

// Request implements archive.Reader.
func (r *ArchiveReader) Request(number int64) (bridge.Request, error) {
	return r.s.reader().Request(number)
}

// Events implements archive.Reader.
func (r *ArchiveReader) Events(number, after int64, limit int) ([]bridge.Event, error) {
	return r.s.reader().Events(number, after, limit)
}

// Participants implements archive.Reader.
func (r *ArchiveReader) Participants(number int64) ([]bridge.Participant, error) {
	return r.s.reader().Participants(number)
}

// Tags implements archive.Reader.
func (r *ArchiveReader) Tags(number int64) ([]string, error) {
	return list(r.s, "tags", scanText, `SELECT tag FROM tags WHERE conversation = ? ORDER BY tag`, number)
}

// Setting implements archive.Reader.
func (r *ArchiveReader) Setting(key string) (string, error) { return r.s.reader().Setting(key) }

// SaveSetting implements archive.Tx.
func (t *ArchiveTx) SaveSetting(key, value string) error {
	return t.s.tx().SaveSetting(key, value)
}

// AppendAudit implements archive.Tx.
func (t *ArchiveTx) AppendAudit(a *bridge.Audit) error { return t.s.tx().AppendAudit(a) }

// LastNumber implements archive.Reader.
func (r *ArchiveReader) LastNumber() (int64, error) { return (&ReportReader{r.s}).LastNumber() }

// Begun implements archive.Reader. A log's first event says when the conversation began; opened_at changes
// when it is opened again.
func (r *ArchiveReader) Begun(number int64) (first int64, at time.Time, err error) {
	err = r.s.each(func(r Row) bool {
		first, at = r.int(0), r.time(1)
		return false
	}, `SELECT conversation, created_at FROM events WHERE conversation >= ? ORDER BY conversation, seq LIMIT 1`, number)
	if err != nil {
		return 0, at, fmt.Errorf("read beginning: %w", err)
	}
	return first, at, nil
}

// Unread implements archive.Reader.
func (r *ArchiveReader) Unread(after, upto int64) ([]int64, error) {
	return list(r.s, "unread logs", scanInt, `SELECT c.number FROM conversations c LEFT JOIN archive_readings r ON r.conversation = c.number
		WHERE c.number > ? AND c.number <= ? AND c.seq > coalesce(r.seq, 0) ORDER BY c.number`, after, upto)
}

// Last implements archive.Reader.
func (r *ArchiveReader) Last(from, below int64, limit int) ([]int64, error) {
	return list(r.s, "conversations", scanInt, `SELECT number FROM conversations WHERE number >= ? AND number < ? ORDER BY number DESC LIMIT ?`, from, below, int64(limit))
}

// ReadUpto implements archive.Reader.
func (r *ArchiveReader) ReadUpto(number int64) (upto int64, err error) {
	err = r.s.each(func(r Row) bool {
		upto = r.int(0)
		return false
	}, `SELECT seq FROM archive_readings WHERE conversation = ?`, number)
	if err != nil {
		return 0, fmt.Errorf("read how far a log was read: %w", err)
	}
	return upto, nil
}

// SaveRead stores how far a log was read. was is how far it was read before; CodeConflict says that somebody
// else has read on meanwhile.
func (t *ArchiveTx) SaveRead(number, was, upto int64) error {
	if was == 0 {
		return swapped(t.s.exec(`INSERT INTO archive_readings (conversation, seq) VALUES (?, ?) ON CONFLICT (conversation) DO NOTHING`, number, upto))
	}
	return swapped(t.s.exec(`UPDATE archive_readings SET seq = ? WHERE conversation = ? AND seq = ?`, upto, number, was))
}

// DeleteRead forgets how far a log was read, and reports whether it was read at all.
func (t *ArchiveTx) DeleteRead(number int64) (bool, error) {
	n, err := t.s.exec(`DELETE FROM archive_readings WHERE conversation = ?`, number)
	return n > 0, err
}

// ForgetReads forgets how far a part of all logs was read, and reports whether there are more.
func (t *ArchiveTx) ForgetReads() (more bool, err error) {
	n, err := t.s.exec(`DELETE FROM archive_readings WHERE conversation IN (SELECT conversation FROM archive_readings ORDER BY conversation LIMIT ?)`, int64(forgotten*forgotten))
	if err != nil {
		return false, fmt.Errorf("forget readings: %w", err)
	}
	return n > 0, nil
}
