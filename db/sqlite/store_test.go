package sqlite_test

import (
	"context"
	"testing"

	"porchlight/bridge/storetest"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(ctx context.Context, place string) (storetest.Store, error) {
		if err := sqlitetest.Make(place); err != nil { // many trials begin with an empty store
			return nil, err
		}
		return sqlite.Open(ctx, place, sqlite.Options{})
	})
}
