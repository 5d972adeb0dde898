package report_test

import (
	"database/sql"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/report"
)

// erase deletes a conversation after what was counted of it is kept.
func (s *site) erase(count *report.Report, c bridge.Opened) {
	s.t.Helper()
	if err := s.db.Update(s.t.Context(), func(tx bridge.Tx) error { return count.Keep(tx, c.Number) }); err != nil {
		s.t.Fatal(err)
	}
	raw, err := sql.Open("sqlite3", s.path+"?_foreign_keys=on&_busy_timeout=5000")
	if err != nil {
		s.t.Fatal(err)
	}
	defer raw.Close()
	if _, err := raw.Exec("DELETE FROM conversations WHERE number = ?", c.Number); err != nil {
		s.t.Fatal(err)
	}
}

// differing lists the rows in which statistics differ.
func differing(was, is map[report.Key]report.Sum) (list []string) {
	keys := slices.Collect(maps.Keys(was))
	for k := range is {
		if _, both := was[k]; !both {
			keys = append(keys, k)
		}
	}
	for _, k := range keys {
		if was[k] != is[k] {
			list = append(list, fmt.Sprintf("%+v: %+v and then %+v", k, was[k], is[k]))
		}
	}
	return list
}

// What was counted of conversations that are deleted stays, through any number of recounts, to the last millisecond: whether they
// were counted before or not, and however their owners' time overlaps with that of others.
func TestReport_KeepsWhatIsDeleted(t *testing.T) {
	for seed := range uint64(3) {
		r := rand.New(rand.NewPCG(seed, 23))
		s := newSite(t)
		count, stop := s.counting()
		var opened []bridge.Opened
		recount := func(why string, was map[report.Key]report.Sum) {
			t.Helper()
			if err := count.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			if left := differing(was, s.all()); len(left) > 0 {
				t.Errorf("seed %d, %s: %d rows differ: %v", seed, why, len(left), left)
			}
		}
		for range 4 {
			for range 80 {
				opened = s.move(r, opened)
				if r.IntN(20) == 0 {
					s.Junk(t.Context(), olga, opened[r.IntN(len(opened))].Visitor)
				}
			}
			if err := count.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			was := s.all()
			if len(was) < 50 {
				t.Fatalf("only %d rows", len(was))
			}
			if r.IntN(2) == 0 { // what is deleted is yet to be counted anew
				if err := count.Rebuild(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			for range len(opened) / 3 {
				i := r.IntN(len(opened) - 1) // the last one stays, so that no number comes again
				s.erase(count, opened[i])
				opened = slices.Delete(opened, i, i+1)
			}
			recount("deleted", was)
			if err := count.Rebuild(t.Context()); err != nil {
				t.Fatal(err)
			}
			recount("counted anew", was)
		}
		stop()
		raw, err := sql.Open("sqlite3", s.path)
		if err != nil {
			t.Fatal(err)
		}
		left := 0
		err = raw.QueryRow("SELECT count(*) FROM report_spans WHERE conversation NOT IN (SELECT number FROM conversations)").Scan(&left)
		raw.Close()
		if err != nil || left > 0 {
			t.Errorf("seed %d: the numbers of deleted conversations are left in %d spans: %v", seed, left, err)
		}
	}
}
