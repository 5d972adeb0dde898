package sqlite

import (
	"context"

	"porchlight/bridge"
	"porchlight/bridge/links"
	"porchlight/db"
)

var _ links.Store = (*DB)(nil)

// UpdateLinks implements links.Store. It is an Update.
func (d *DB) UpdateLinks(ctx context.Context, f func(links.Tx) error) error {
	return d.Update(ctx, func(t bridge.Tx) error {
		x := t.(*tx).LinkTx()
		defer func() { x = db.LinkTx{} }() // a later use panics, see db.Reader
		return f(&x)
	})
}

// ViewLinks implements links.Store. It is a View.
func (d *DB) ViewLinks(ctx context.Context, f func(links.Reader) error) error {
	return d.view(ctx, func(r *db.Reader) error {
		x := r.Links()
		defer func() { x = db.LinkReader{} }()
		return f(&x)
	})
}
