package bridge

import (
	"context"
	"errors"
)

// Tenure is the right of one of several porchlights on one store to have the XMPP link. It ends when the lease in the store
// ends or another node takes it.
type Tenure struct {
	Holder string // the id of the node; see Options.Node
	Epoch  int64  // grows with each change of the holder
}

// ErrTenureOver is in the error, which has CodeUnavailable, of an update under a tenure that is over. Nothing of it was stored.
var ErrTenureOver = errors.New("another node has the XMPP link, or may have it")

// tenureKey is the key of a Tenure in a context.
type tenureKey struct{}

// Under returns a context whose updates are stored only while the tenure lasts.
func (t Tenure) Under(ctx context.Context) context.Context {
	return context.WithValue(ctx, tenureKey{}, t)
}

// TenureOf returns the tenure under which the updates of a context are; ok is false if they are under none.
func TenureOf(ctx context.Context) (t Tenure, ok bool) {
	t, ok = ctx.Value(tenureKey{}).(Tenure)
	return t, ok
}
