package db

import (
	"context"

	"porchlight/bridge"
	"porchlight/bridge/access"
	"porchlight/bridge/hook"
	"porchlight/bridge/links"
	"porchlight/bridge/onsite"
	"porchlight/bridge/portraits"
	"porchlight/bridge/report"
)

// Engine runs transactions. Its Update and ViewRows are bridge.Store's Update and View; the bridge.Tx has a *Tx in it.
type Engine interface {
	Update(ctx context.Context, f func(bridge.Tx) error) error
	ViewRows(ctx context.Context, f func(*Reader) error) error
}

// Rooms are the stores of the rooms beside the bridge, on any engine, which has a Rooms in it.
type Rooms struct{ engine Engine }

var (
	_ access.Store    = Rooms{}
	_ hook.Store      = Rooms{}
	_ links.Store     = Rooms{}
	_ onsite.Store    = Rooms{}
	_ portraits.Store = Rooms{}
	_ report.Store    = Rooms{}
)

// NewRooms returns the stores on an engine.
func NewRooms(e Engine) Rooms { return Rooms{e} }

// base is what of an engine's transaction is alike in all of them.
func (t *Tx) base() *Tx { return t }

func baseOf(t bridge.Tx) *Tx { return t.(interface{ base() *Tx }).base() }

// update runs f in an Update, with the transaction as a room needs it. A later use of that panics; see Reader.
func update[T any](ctx context.Context, r Rooms, room func(*Tx) T, f func(*T) error) error {
	return r.engine.Update(ctx, func(t bridge.Tx) error {
		x := room(baseOf(t))
		defer func() { x = *new(T) }()
		return f(&x)
	})
}

// view does the same for a View.
func view[T any](ctx context.Context, r Rooms, room func(*Reader) T, f func(*T) error) error {
	return r.engine.ViewRows(ctx, func(t *Reader) error {
		x := room(t)
		defer func() { x = *new(T) }()
		return f(&x)
	})
}

// UpdateAccess implements access.Store. It is an Update.
func (r Rooms) UpdateAccess(ctx context.Context, f func(access.Tx) error) error {
	return update(ctx, r, (*Tx).AccessTx, func(x *AccessTx) error { return f(x) })
}

// ViewAccess implements access.Store. It is a View.
func (r Rooms) ViewAccess(ctx context.Context, f func(access.Reader) error) error {
	return view(ctx, r, (*Reader).Access, func(x *AccessReader) error { return f(x) })
}

// UpdateHooks implements hook.Store. It is an Update.
func (r Rooms) UpdateHooks(ctx context.Context, f func(hook.Tx) error) error {
	return update(ctx, r, (*Tx).HookTx, func(x *HookTx) error { return f(x) })
}

// ViewHooks implements hook.Store. It is a View.
func (r Rooms) ViewHooks(ctx context.Context, f func(hook.Reader) error) error {
	return view(ctx, r, (*Reader).Hooks, func(x *HookReader) error { return f(x) })
}

// UpdateLinks implements links.Store. It is an Update.
func (r Rooms) UpdateLinks(ctx context.Context, f func(links.Tx) error) error {
	return update(ctx, r, (*Tx).LinkTx, func(x *LinkTx) error { return f(x) })
}

// ViewLinks implements links.Store. It is a View.
func (r Rooms) ViewLinks(ctx context.Context, f func(links.Reader) error) error {
	return view(ctx, r, (*Reader).Links, func(x *LinkReader) error { return f(x) })
}

// UpdateInvitations implements onsite.Store. It is an Update.
func (r Rooms) UpdateInvitations(ctx context.Context, f func(onsite.Tx) error) error {
	return update(ctx, r, (*Tx).InvitationTx, func(x *InvitationTx) error { return f(x) })
}

// ViewInvitations implements onsite.Store. It is a View.
func (r Rooms) ViewInvitations(ctx context.Context, f func(onsite.Reader) error) error {
	return view(ctx, r, InvitationsIn, func(x *InvitationReader) error { return f(x) })
}

// UpdatePortraits implements portraits.Store. It is an Update.
func (r Rooms) UpdatePortraits(ctx context.Context, f func(portraits.Tx) error) error {
	return update(ctx, r, (*Tx).PortraitTx, func(x *PortraitTx) error { return f(x) })
}

// ViewPortraits implements portraits.Store. It is a View.
func (r Rooms) ViewPortraits(ctx context.Context, f func(portraits.Reader) error) error {
	return view(ctx, r, PortraitsIn, func(x *PortraitReader) error { return f(x) })
}

// UpdateReport implements report.Store. It is an Update.
func (r Rooms) UpdateReport(ctx context.Context, f func(report.Tx) error) error {
	return update(ctx, r, (*Tx).ReportTx, func(x *ReportTx) error { return f(x) })
}

// ReportIn implements report.Store.
func (Rooms) ReportIn(t bridge.Tx) report.Tx {
	x := baseOf(t).ReportTx()
	return &x
}

// ViewReport implements report.Store. It is a View.
func (r Rooms) ViewReport(ctx context.Context, f func(report.Reader) error) error {
	return view(ctx, r, (*Reader).Report, func(x *ReportReader) error { return f(x) })
}
