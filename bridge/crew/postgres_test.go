package crew_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/crew"
	"porchlight/bridge/phrase"
	"porchlight/db/postgres"
	"porchlight/db/postgres/postgrestest"
)

// real is a node on a real database.
type real struct {
	*crew.Crew
	store  *postgres.DB
	linked chan context.Context // gets the context of held when it begins
	heard  chan bridge.Hint
	leave  func()
}

func (r *real) Take(context.Context, bridge.Tenure) error { return nil }
func (r *real) Drop()                                     {}
func (r *real) Follow(context.Context, bool) error        { return nil }
func (r *real) Mourn(context.Context, string) error       { return nil }
func (r *real) Sweep(context.Context) error               { return nil }
func (r *real) Hear(_ context.Context, h bridge.Hint) error {
	r.heard <- h
	return nil
}

// joinReal starts a node, and waits until it listens.
func joinReal(t *testing.T, url, id string) *real {
	t.Helper()
	const ttl = 2 * time.Second
	d, err := postgres.Open(t.Context(), url, postgres.Options{Node: id, Lease: ttl})
	if err != nil {
		t.Fatal(err)
	}
	r := &real{store: d, linked: make(chan context.Context, 9), heard: make(chan bridge.Hint, 9)}
	r.Crew = crew.New(d, crew.Options{Node: crew.Node{ID: id, Name: id}, TTL: ttl, Log: slog.New(slog.DiscardHandler)})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.Run(ctx, r, func(ctx context.Context) {
			r.linked <- ctx
			<-ctx.Done()
		})
	}()
	r.leave = func() {
		cancel()
		<-ended
		_ = d.Close()
	}
	t.Cleanup(r.leave)
	return r
}

// tells says something on one node again and again until another one hears it: it may not listen yet.
func tells(t *testing.T, from, to *real, what string) {
	t.Helper()
	for {
		from.Tell(bridge.Hint{Alarm: what})
		select {
		case h := <-to.heard:
			if h.Alarm == what {
				return
			}
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// On a real database the link goes from node to node, at an orderly end and when one loses its way to the database, and what comes late
// from the one before is not stored.
func TestRun_OnPostgreSQL(t *testing.T) {
	given := postgrestest.New(t)
	a := joinReal(t, given, "a/1")
	first := <-a.linked
	b := joinReal(t, given, "b/1")
	tells(t, a, b, "from a")
	tells(t, b, a, "from b")
	a.leave()
	second := <-b.linked
	if first.Err() == nil {
		t.Error("two hold the link")
	}
	c := joinReal(t, given, "c/1")
	tells(t, c, b, "from c")
	if err := b.store.Update(second, func(tx bridge.Tx) error { return tx.SaveSetting("key", "second") }); err != nil {
		t.Error(err)
	}
	if err := b.store.Close(); err != nil { // as if the database were gone for it alone
		t.Fatal(err)
	}
	third := <-c.linked
	if second.Err() == nil {
		t.Error("two hold the link")
	}
	tenure, _ := bridge.TenureOf(second)
	late := tenure.Under(t.Context())
	if err := c.store.Update(late, func(tx bridge.Tx) error { return tx.SaveSetting("key", "late") }); !errors.Is(err, bridge.ErrTenureOver) || phrase.CodeOf(err) != phrase.CodeUnavailable {
		t.Errorf("what is late says %v", err)
	}
	if err := c.store.Update(third, func(tx bridge.Tx) error { return tx.SaveSetting("other", "third") }); err != nil {
		t.Error(err)
	}
	err := c.store.View(t.Context(), func(r bridge.Reader) error {
		value, err := r.Setting("key")
		if value != "second" {
			t.Errorf("stored is %q", value)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
