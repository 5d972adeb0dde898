package sqlite

import (
	"context"
	"testing"

	"porchlight/bridge/storetest"
)

// openStore opens a database in the form that the suite of all stores needs.
func openStore(ctx context.Context, place string) (storetest.Store, error) {
	return Open(ctx, place, Options{})
}

func TestStore(t *testing.T) { storetest.Run(t, openStore) }
