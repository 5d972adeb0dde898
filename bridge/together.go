package bridge

import "context"

// together is several updates that are stored in one transaction, all or none.
type together struct {
	tx    Tx
	after []func() // what is to be told once it is durable, in order
}

// togetherKey is the key of a *together in a context.
type togetherKey struct{}

// inOne is what a context is part of; nil: nothing.
func inOne(ctx context.Context) *together {
	t, _ := ctx.Value(togetherKey{}).(*together)
	return t
}

// Together carries f out so that all that the bridge stores and reads with the context that f gets is one transaction. If f
// fails, nothing of it was stored, and nobody is told of it. f may be called more than once, and must not wait for anything but
// the bridge.
func Together(ctx context.Context, b *Bridge, f func(context.Context) error) error {
	if inOne(ctx) != nil {
		return f(ctx)
	}
	var done together
	err := b.store.Update(ctx, func(tx Tx) error {
		done = together{tx: tx}
		return f(context.WithValue(ctx, togetherKey{}, &done))
	})
	if err != nil {
		restoreMirrors(ctx, b)
		return err
	}
	for _, tell := range done.after {
		tell()
	}
	return nil
}

// restoreMirrors reads anew what is held in memory of the store, since it may hold what was not stored after all.
func restoreMirrors(ctx context.Context, b *Bridge) {
	if err := b.Blocks.Load(ctx); err != nil && ctx.Err() == nil {
		b.log.Error("read blocks", "err", err)
	}
}
