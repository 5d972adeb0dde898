package db

import (
	"fmt"

	"porchlight/bridge"
)

// Reader reads in the transaction that is open on its session's connection. An engine
// makes one for each transaction and sets it to its zero value at the end. Every later use
// panics, so a Reader that escapes its transaction is found.
type Reader struct{ NodeReader }

// Tx also writes.
type Tx struct{ Reader }

var (
	_ bridge.Reader = (*Reader)(nil)
	_ bridge.Tx     = (*Tx)(nil)
)

// Reader returns a Reader for a transaction that only reads.
func (s *Session) Reader() Reader { return Reader{NodeReader{s}} }

// Tx returns a Tx for a transaction that writes.
func (s *Session) Tx() Tx { return Tx{s.Reader()} }

func (s *Session) reader() *Reader { return &Reader{NodeReader{s}} }
func (s *Session) tx() *Tx         { return &Tx{*s.reader()} }

// change runs an UPDATE or DELETE of one row. The error has CodeNotFound if there is no
// such row.
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
