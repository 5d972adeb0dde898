package db

import (
	"fmt"

	"porchlight/bridge"
)

// reader answers questions from one connection, in the transaction that is
// open on it. It ends with that transaction.
type reader struct {
	c    *conn
	seen bridge.Conversation
}

// tx is a write transaction; see writer.
type tx struct {
	reader
	memory *memory
}

var (
	_ bridge.Reader = (*reader)(nil)
	_ bridge.Tx     = (*tx)(nil)
)

// change runs an UPDATE of one row, whose absence gives CodeNotFound.
func (t *tx) change(noun, query string, args ...any) error {
	n, err := t.c.exec(query, args...)
	if err != nil {
		return fmt.Errorf("save %s: %w", noun, err)
	}
	if n == 0 {
		return notFound(noun)
	}
	return nil
}
