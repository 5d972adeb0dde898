package postgres_test

import (
	"path/filepath"
	"slices"
	"testing"
)

// Each step of SQLite's schema from PostgreSQL's first on has its twin.
func TestSchema_StepsHaveTheSameNumbers(t *testing.T) {
	numbers := func(pattern string) (list []string) {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("no steps: %v", err)
		}
		for _, p := range paths {
			list = append(list, filepath.Base(p)[:4])
		}
		return list // sorted, as Glob returns them
	}
	ours, sqlites := numbers("schema/*.sql"), numbers("../sqlite/schema/*.sql")
	if first, found := slices.BinarySearch(sqlites, ours[0]); !found || !slices.Equal(ours, sqlites[first:]) {
		t.Errorf("PostgreSQL's steps are %v, and SQLite's %v", ours, sqlites)
	}
}
