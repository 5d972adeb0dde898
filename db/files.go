package db

import (
	"bytes"
	"fmt"

	"porchlight/bridge"
)

const selectFile = `SELECT id, conversation, name, type, size, created_at, whole FROM files `

func scanFile(r Row) bridge.File {
	return bridge.File{ID: r.text(0), Conversation: r.int(1), Name: r.text(2), Type: r.text(3), Size: r.int(4), At: r.time(5), Whole: r.bool(6)}
}

// File implements bridge.Reader.
func (r *Reader) File(id string) (bridge.File, error) {
	return one(r.s, "file", scanFile, selectFile+`WHERE id = ?`, id)
}

// Files implements bridge.Reader.
func (r *Reader) Files(number int64, limit int) ([]bridge.File, error) {
	return list(r.s, "files", scanFile, selectFile+`WHERE conversation = ? LIMIT ?`, number, int64(limit))
}

// BrokenFiles implements bridge.Reader.
func (r *Reader) BrokenFiles(limit int) ([]bridge.File, error) {
	return list(r.s, "files", scanFile, selectFile+`WHERE whole = FALSE ORDER BY id LIMIT ?`, int64(limit))
}

// FileBytes implements bridge.Reader.
func (r *Reader) FileBytes() (int64, error) {
	return one(r.s, "files", func(r Row) int64 { return r.int(0) }, `SELECT CAST(coalesce(SUM(size), 0) AS BIGINT) FROM files`)
}

// FilePart implements bridge.Reader.
func (r *Reader) FilePart(id string, part int64) ([]byte, error) {
	return one(r.s, "part of a file", func(r Row) []byte { return bytes.Clone(r.bytes(0)) },
		`SELECT data FROM file_parts WHERE file = ? AND part = ?`, id, part)
}

// CreateFile implements bridge.Tx.
func (t *Tx) CreateFile(f bridge.File) error {
	_, err := t.s.exec(`INSERT INTO files (id, conversation, name, type, size, created_at, whole) VALUES (?, ?, ?, ?, 0, ?, FALSE)`,
		f.ID, f.Conversation, f.Name, f.Type, millis(f.At))
	if err != nil {
		return fmt.Errorf("create file: %w", err)
	}
	return nil
}

// AppendFile implements bridge.Tx.
func (t *Tx) AppendFile(id string, part int64, data []byte) error {
	if err := t.change("file", `UPDATE files SET size = size + ? WHERE id = ?`, int64(len(data)), id); err != nil {
		return err
	}
	if _, err := t.s.exec(`INSERT INTO file_parts (file, part, data) VALUES (?, ?, ?)`, id, part, data); err != nil {
		return fmt.Errorf("append to file: %w", err)
	}
	return nil
}

// CompleteFile implements bridge.Tx.
func (t *Tx) CompleteFile(id string) error {
	return t.change("file", `UPDATE files SET whole = TRUE WHERE id = ?`, id)
}

// DeleteFileParts implements bridge.Tx.
func (t *Tx) DeleteFileParts(id string, limit int) (int64, error) {
	sizes, err := list(t.s, "parts of a file", func(r Row) [2]int64 { return [2]int64{r.int(0), r.int(1)} },
		`SELECT part, length(data) FROM file_parts WHERE file = ? ORDER BY part LIMIT ?`, id, int64(limit))
	if err != nil || len(sizes) == 0 {
		return 0, err
	}
	var bytes int64
	for _, s := range sizes {
		bytes += s[1]
	}
	if _, err := t.s.exec(`DELETE FROM file_parts WHERE file = ? AND part <= ?`, id, sizes[len(sizes)-1][0]); err != nil {
		return 0, fmt.Errorf("delete parts of a file: %w", err)
	}
	return bytes, nil
}

// DeleteFile implements bridge.Tx.
func (t *Tx) DeleteFile(id string) error {
	return t.change("file", `DELETE FROM files WHERE id = ?`, id)
}
