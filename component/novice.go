package component

import (
	"context"
	"time"

	"porchlight/bridge"
)

// noviceOffers is how many offers an operator gets with the words how to take them, and
// noviceEntries in how many of the desk's first messages these are looked for.
const noviceOffers, noviceEntries = 10, 40

// novice reports whether, at a time, an operator had not had more than their first
// offers, and so is told how things are done.
func novice(ctx context.Context, b *bridge.Bridge, o bridge.OperatorJID, at time.Time) (bool, error) {
	entries, err := b.DeskEntries(ctx, o, 0, noviceEntries)
	offers, before := 0, 0
	for _, e := range entries {
		if e.At.After(at) {
			break
		}
		if before++; e.Kind == bridge.DeskOffer {
			offers++
		}
	}
	return offers <= noviceOffers && before < noviceEntries, err
}
