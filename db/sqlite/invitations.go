package sqlite

import (
	"context"

	"porchlight/bridge"
	"porchlight/bridge/onsite"
	"porchlight/db"
)

var _ onsite.Store = (*DB)(nil)

// UpdateInvitations implements onsite.Store. It is an Update.
func (d *DB) UpdateInvitations(ctx context.Context, f func(onsite.Tx) error) error {
	return d.Update(ctx, func(t bridge.Tx) error {
		x := t.(*tx).InvitationTx()
		defer func() { x = db.InvitationTx{} }() // a later use panics, see db.Reader
		return f(&x)
	})
}

// ViewInvitations implements onsite.Store. It is a View.
func (d *DB) ViewInvitations(ctx context.Context, f func(onsite.Reader) error) error {
	return d.view(ctx, func(r *db.Reader) error {
		x := db.InvitationsIn(r)
		defer func() { x = db.InvitationReader{} }()
		return f(&x)
	})
}
