package links

import (
	"context"

	"porchlight/bridge"
)

// Store is what links need of a database. Its methods may be called by any goroutine, and are those of bridge.Store in all
// else.
type Store interface {
	// UpdateLinks runs f in a write transaction, perhaps more than once.
	UpdateLinks(ctx context.Context, f func(Tx) error) error
	// ViewLinks runs f on a consistent snapshot of what is committed.
	ViewLinks(ctx context.Context, f func(Reader) error) error
}

// Reader reads links.
type Reader interface {
	// SiteLinks lists the links by name.
	SiteLinks() ([]bridge.SiteLink, error)
}

// Tx also writes.
type Tx interface {
	Reader
	// SaveSiteLink stores a link, or changes all but Made and By of the one with that name.
	SaveSiteLink(l bridge.SiteLink) error
	// DeleteSiteLink gives CodeNotFound if there is none of that name.
	DeleteSiteLink(name string) error
	AppendAudit(a *bridge.Audit) error
}
