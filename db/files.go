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

// DeleteFile is as bridge.Store has it.
func (t *tx) DeleteFile(id string) error {
	return t.change("file", `DELETE FROM files WHERE id = ?`, id)
}
