package db

import (
	"fmt"

	"porchlight/bridge"
)

// Reader answers questions from the transaction that is open on its session's
// connection. An engine makes one for each transaction, and sets it to its zero
// value at the end, after which all it does is panic.
type Reader struct{ s *Session }

// Tx also writes.
type Tx struct{ Reader }

var (
	_ bridge.Reader = (*Reader)(nil)
	_ bridge.Tx     = (*Tx)(nil)
)

// Reader is for a transaction that only reads.
func (s *Session) Reader() Reader { return Reader{s} }

// Tx is for a transaction that writes.
func (s *Session) Tx() Tx { return Tx{s.Reader()} }

// change runs an UPDATE of one row, whose absence gives CodeNotFound.
func (t *Tx) change(noun, query string, args ...any) error {
	n, err := t.s.exec(query, args...)
	if err != nil {
		return fmt.Errorf("save %s: %w", noun, err)
	}
	if n == 0 {
		return notFound(noun)
	}
	return nil
}
