package postgres_test

import (
	"testing"

	"porchlight/db/postgres"
	"porchlight/db/postgres/postgrestest"
)

// Whether nodes would hear each other is found out by trying; so a pooler is noticed that lets nothing through of what others send.
func TestHears(t *testing.T) {
	direct := postgrestest.New(t)
	pooler := newProxy(t, direct)
	pooler.deaf.Store(true)
	for _, x := range []struct {
		name, url, listen string
		want              bool
	}{
		{"direct", direct, "", true},
		{"through the pooler", pooler.url, "", false},
		{"past the pooler", pooler.url, direct, true},
		{"the other way round", direct, pooler.url, false},
	} {
		if heard, err := postgres.Hears(t.Context(), x.url, x.listen); heard != x.want || err != nil {
			t.Errorf("%s: %v %v", x.name, heard, err)
		}
	}
	if _, err := postgres.Hears(t.Context(), direct, "postgres://127.0.0.1:1/none?sslmode=disable"); err == nil {
		t.Error("no error of what can't be reached")
	}
}
