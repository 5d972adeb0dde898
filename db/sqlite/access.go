package sqlite

import (
	"context"

	"porchlight/bridge"
	"porchlight/bridge/access"
	"porchlight/db"
)

var _ access.Store = (*DB)(nil)

// UpdateAccess implements access.Store. It is an Update.
func (d *DB) UpdateAccess(ctx context.Context, f func(access.Tx) error) error {
	return d.Update(ctx, func(t bridge.Tx) error {
		x := t.(*tx).AccessTx()
		defer func() { x = db.AccessTx{} }() // a later use panics, see db.Reader
		return f(&x)
	})
}

// ViewAccess implements access.Store. It is a View.
func (d *DB) ViewAccess(ctx context.Context, f func(access.Reader) error) error {
	return d.view(ctx, func(r *db.Reader) error {
		x := r.Access()
		defer func() { x = db.AccessReader{} }()
		return f(&x)
	})
}
