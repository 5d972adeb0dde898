package onsite_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/clocktest"
	"porchlight/bridge/onsite"
	"porchlight/bridge/phrase"
	"porchlight/db/sqlite"
)

// Rules survive a restart as they are, are changed by their name, and are in the audit log.
func TestSite_KeepsRules(t *testing.T) {
	clock := clocktest.At(time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC))
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "x.db"), sqlite.Options{Clock: clock, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	open := func() *onsite.Site {
		s := onsite.New(store, onsite.Options{Now: clock.Now})
		if err := s.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		return s
	}
	want := onsite.Rule{Name: "pricing", Text: "Questions?", Page: "/pricing", After: 45 * time.Second, Returning: true, Once: onsite.AVisit, Hours: "Mon-Fri 9-17", Department: "sales", Language: "de", Made: clock.Now(), By: olga.JID}
	s := open()
	for i := range 2 {
		err := s.Save(t.Context(), olga, "Pricing", func(r *onsite.Rule, fresh bool) ([]bridge.Changed, error) {
			if fresh != (i == 0) {
				t.Errorf("fresh is %t at the save %d", fresh, i)
			}
			*r = want
			return []bridge.Changed{{Key: "text", Is: want.Text}}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Save(t.Context(), olga, "empty", func(*onsite.Rule, bool) ([]bridge.Changed, error) { return nil, nil }); phrase.CodeOf(err) != phrase.CodeInvalid {
		t.Errorf("a rule without words: %v", err)
	}
	if got := open().Rules(); len(got) != 1 || !got[0].Made.Equal(want.Made) || !reflect.DeepEqual(got[0], withMade(want, got[0].Made)) {
		t.Errorf("after a restart: %+v", got)
	}
	if _, err := s.Delete(t.Context(), olga, "PRICING"); err != nil {
		t.Error(err)
	}
	if _, err := s.Delete(t.Context(), olga, "pricing"); phrase.CodeOf(err) != phrase.CodeNotFound {
		t.Errorf("deleted twice: %v", err)
	}
	if got := open().Rules(); len(got) != 0 {
		t.Errorf("after the deletion: %+v", got)
	}
	var lines []string
	err = store.View(context.Background(), func(r bridge.Reader) error {
		list, err := r.Audits("", clock.Now().Add(-time.Hour), clock.Now().Add(time.Hour), 10)
		for _, a := range list {
			lines = append(lines, a.Line)
		}
		return err
	})
	if err != nil || len(lines) != 3 {
		t.Errorf("audit log %q, %v", lines, err)
	}
}

func withMade(r onsite.Rule, at time.Time) onsite.Rule {
	r.Made = at
	return r
}
