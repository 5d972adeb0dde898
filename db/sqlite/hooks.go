package sqlite

import (
	"context"

	"porchlight/bridge"
	"porchlight/bridge/hook"
	"porchlight/db"
)

var _ hook.Store = (*DB)(nil)

// UpdateHooks implements hook.Store. It is an Update.
func (d *DB) UpdateHooks(ctx context.Context, f func(hook.Tx) error) error {
	return d.Update(ctx, func(t bridge.Tx) error {
		x := t.(*tx).HookTx()
		defer func() { x = db.HookTx{} }() // a later use panics, see db.Reader
		return f(&x)
	})
}

// ViewHooks implements hook.Store. It is a View.
func (d *DB) ViewHooks(ctx context.Context, f func(hook.Reader) error) error {
	return d.view(ctx, func(r *db.Reader) error {
		x := r.Hooks()
		defer func() { x = db.HookReader{} }()
		return f(&x)
	})
}
