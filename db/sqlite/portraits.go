package sqlite

import (
	"context"

	"porchlight/bridge"
	"porchlight/bridge/portraits"
	"porchlight/db"
)

var _ portraits.Store = (*DB)(nil)

// UpdatePortraits implements portraits.Store. It is an Update.
func (d *DB) UpdatePortraits(ctx context.Context, f func(portraits.Tx) error) error {
	return d.Update(ctx, func(t bridge.Tx) error {
		x := t.(*tx).PortraitTx()
		defer func() { x = db.PortraitTx{} }() // a later use panics, see db.Reader
		return f(&x)
	})
}

// ViewPortraits implements portraits.Store. It is a View.
func (d *DB) ViewPortraits(ctx context.Context, f func(portraits.Reader) error) error {
	return d.view(ctx, func(r *db.Reader) error {
		x := db.PortraitsIn(r)
		defer func() { x = db.PortraitReader{} }()
		return f(&x)
	})
}
