package onsite

import (
	"context"

	"porchlight/bridge"
)

// Store is what the rules need of a database. Its methods may be called by any goroutine, and are those of bridge.Store in
// all else.
type Store interface {
	// UpdateInvitations runs f in a write transaction, perhaps more than once.
	UpdateInvitations(ctx context.Context, f func(Tx) error) error
	// ViewInvitations runs f on a consistent snapshot of what is committed.
	ViewInvitations(ctx context.Context, f func(Reader) error) error
}

// Reader reads the rules.
type Reader interface {
	// Invitations lists the rules by name.
	Invitations() ([]Rule, error)
}

// Tx also writes.
type Tx interface {
	Reader
	// SaveInvitation stores a rule, in place of one of the same name.
	SaveInvitation(r Rule) error
	// DeleteInvitation deletes a rule. CodeNotFound says that there is none of that name.
	DeleteInvitation(name string) error
	AppendAudit(a *bridge.Audit) error
}
