package db

import (
	"bytes"
	"fmt"

	"porchlight/bridge"
)

const selectFile = `SELECT id, conversation, name, type, size, created_at, whole FROM files `

func scanFile(r row) bridge.File {
	return bridge.File{ID: r.text(0), Conversation: r.int(1), Name: r.text(2), Type: r.text(3), Size: r.int(4), At: r.time(5), Whole: r.bool(6)}
}

// File is as bridge.Store has it.
func (r *reader) File(id string) (bridge.File, error) {
	return one(r.c, "file", scanFile, selectFile+`WHERE id = ?`, id)
}

// Files is as bridge.Store has it.
func (r *reader) Files(number int64, limit int) ([]bridge.File, error) {
	return list(r.c, "files", scanFile, selectFile+`WHERE conversation = ? LIMIT ?`, number, int64(limit))
}

// BrokenFiles is as bridge.Store has it.
func (r *reader) BrokenFiles(limit int) ([]bridge.File, error) {
	return list(r.c, "files", scanFile, selectFile+`WHERE whole = 0 ORDER BY id LIMIT ?`, int64(limit))
}

// FileBytes is as bridge.Store has it.
func (r *reader) FileBytes() (int64, error) {
	return one(r.c, "files", func(r row) int64 { return r.int(0) }, `SELECT COALESCE(SUM(size), 0) FROM files`)
}

// FilePart is as bridge.Store has it.
func (r *reader) FilePart(id string, part int64) ([]byte, error) {
	return one(r.c, "part of a file", func(r row) []byte { return bytes.Clone(r.bytes(0)) },
		`SELECT data FROM file_parts WHERE file = ? AND part = ?`, id, part)
}

// CreateFile is as bridge.Store has it.
func (t *tx) CreateFile(f bridge.File) error {
	_, err := t.c.exec(`INSERT INTO files (id, conversation, name, type, size, created_at, whole) VALUES (?, ?, ?, ?, 0, ?, 0)`,
		f.ID, f.Conversation, f.Name, f.Type, millis(f.At))
	if err != nil {
		return fmt.Errorf("create file: %w", err)
	}
	return nil
}

// AppendFile is as bridge.Store has it.
func (t *tx) AppendFile(id string, part int64, data []byte) error {
	if err := t.change("file", `UPDATE files SET size = size + ? WHERE id = ?`, int64(len(data)), id); err != nil {
		return err
	}
	if _, err := t.c.exec(`INSERT INTO file_parts (file, part, data) VALUES (?, ?, ?)`, id, part, data); err != nil {
		return fmt.Errorf("append to file: %w", err)
	}
	return nil
}

// CompleteFile is as bridge.Store has it.
func (t *tx) CompleteFile(id string) error {
	return t.change("file", `UPDATE files SET whole = 1 WHERE id = ?`, id)
}

// DeleteFileParts is as bridge.Store has it.
func (t *tx) DeleteFileParts(id string, limit int) (int64, error) {
	sizes, err := list(t.c, "parts of a file", func(r row) [2]int64 { return [2]int64{r.int(0), r.int(1)} },
		`SELECT part, length(data) FROM file_parts WHERE file = ? ORDER BY part LIMIT ?`, id, int64(limit))
	if err != nil || len(sizes) == 0 {
		return 0, err
	}
	var bytes int64
	for _, s := range sizes {
		bytes += s[1]
	}
	if _, err := t.c.exec(`DELETE FROM file_parts WHERE file = ? AND part <= ?`, id, sizes[len(sizes)-1][0]); err != nil {
		return 0, fmt.Errorf("delete parts of a file: %w", err)
	}
	return bytes, nil
}

// DeleteFile is as bridge.Store has it.
func (t *tx) DeleteFile(id string) error {
	return t.change("file", `DELETE FROM files WHERE id = ?`, id)
}
