package portraits

import (
	"context"

	"porchlight/bridge"
)

// Store is what portraits need of a database. Its methods may be called by any goroutine, and are those of bridge.Store in
// all else.
type Store interface {
	// UpdatePortraits runs f in a write transaction, perhaps more than once.
	UpdatePortraits(ctx context.Context, f func(Tx) error) error
	// ViewPortraits runs f on a consistent snapshot of what is committed.
	ViewPortraits(ctx context.Context, f func(Reader) error) error
}

// Reader reads portraits.
type Reader interface {
	// Portraits lists the portraits without their bytes, by operator.
	Portraits() ([]Portrait, error)
	// Portrait is that of an operator, with its bytes; CodeNotFound says that there is none.
	Portrait(o bridge.OperatorJID) (Portrait, error)
}

// Tx also writes.
type Tx interface {
	Reader
	// SavePortrait stores a portrait in the place of the one of the same operator.
	SavePortrait(p Portrait) error
	// DeletePortrait deletes an operator's portrait, if there is one.
	DeletePortrait(o bridge.OperatorJID) error
}
