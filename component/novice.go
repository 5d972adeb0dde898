package component

import (
	"context"
	"time"

	"porchlight/bridge"
)

// An operator's first noviceOffers offers say how to take them. novice counts offers in
// the first noviceEntries entries of the desk log only; after that nobody is a novice.
const noviceOffers, noviceEntries = 10, 40

// novice reports whether an operator had no more than their first noviceOffers offers at
// a time, and so must be told how things are done.
func novice(ctx context.Context, b *bridge.Bridge, o bridge.OperatorJID, at time.Time) (bool, error) {
	entries, err := b.DeskEntries(ctx, o, 0, noviceEntries)
	offers, before := 0, 0
	for _, e := range entries {
		if e.At.After(at) {
			break
		}
		before++
		if e.Kind == bridge.DeskOffer {
			offers++
		}
	}
	return offers <= noviceOffers && before < noviceEntries, err
}
