package sqlite

import (
	"context"
	"testing"

	"porchlight/bridge/storetest"
)

// openStore is Open as the suite of all stores wants it.
func openStore(ctx context.Context, place string) (storetest.Store, error) {
	return Open(ctx, place, Options{})
}

func TestStore(t *testing.T) { storetest.Run(t, openStore) }
