package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/crew"
	"porchlight/db/postgres"
)

// pair is two nodes on one database, of which one tells the other what it has stored.
type pair struct {
	from  *crew.Crew
	close func() // ends both

	mu    sync.Mutex
	at    map[bridge.LogEnd]time.Time // when what was told and not heard yet was committed
	heard []time.Duration             // how old hints were
}

// newPair makes them and waits until they hear each other.
func newPair(ctx context.Context, url string) (*pair, error) {
	p := &pair{at: make(map[bridge.LogEnd]time.Time)}
	var stores []*postgres.DB
	for _, id := range []string{"a/1", "b/1"} {
		store, err := postgres.Open(ctx, url, postgres.Options{Node: id, Lease: 5 * time.Second})
		if err != nil {
			return nil, err
		}
		stores = append(stores, store)
	}
	ctx, cancel := context.WithCancel(ctx)
	var both sync.WaitGroup
	listens := make(chan struct{}, 100)
	run := func(store crew.Store, id string) *crew.Crew {
		c := crew.New(store, crew.Options{Node: crew.Node{ID: id, Name: id}, TTL: 5 * time.Second, Log: slog.New(slog.DiscardHandler)})
		both.Go(func() { c.Run(ctx, hearing{p, listens}, func(ctx context.Context) { <-ctx.Done() }) })
		return c
	}
	p.from = run(stores[0], "a/1")
	run(stores[1], "b/1")
	p.close = func() {
		cancel()
		both.Wait()
		for _, store := range stores {
			_ = store.Close() // nothing is lost with it
		}
	}
	for {
		p.from.Tell(bridge.Hint{Site: true})
		select {
		case <-listens:
			return p, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// told tells what was committed just now.
func (p *pair) told(number, seq int64) {
	end := bridge.LogEnd{Number: number, First: seq, Last: seq}
	p.mu.Lock()
	p.at[end] = time.Now()
	p.mu.Unlock()
	p.from.Tell(bridge.Hint{Logs: []bridge.LogEnd{end}})
}

// ages says how old the hints were that came since it was last asked.
func (p *pair) ages() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.heard) == 0 {
		return "none came"
	}
	said := fmt.Sprintf("%d came, p50 %.1f ms and p99 %.1f ms after the commit", len(p.heard), millisOf(percentile(p.heard, 50)), millisOf(percentile(p.heard, 99)))
	p.heard = nil
	return said
}

// hearing is the bridge of both nodes, which only looks how old hints are.
type hearing struct {
	*pair
	listens chan struct{}
}

// Hear implements crew.Bridge.
func (h hearing) Hear(_ context.Context, hint bridge.Hint) error {
	if hint.Site {
		select {
		case h.listens <- struct{}{}:
		default:
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, end := range hint.Logs {
		if at, ok := h.at[end]; ok {
			delete(h.at, end)
			h.heard = append(h.heard, time.Since(at))
		}
	}
	return nil
}

// Sweep implements crew.Bridge.
func (hearing) Sweep(context.Context) error { return nil }

// Take implements crew.Bridge.
func (hearing) Take(context.Context, bridge.Tenure) error { return nil }

// Drop implements crew.Bridge.
func (hearing) Drop() {}

// Follow implements crew.Bridge.
func (hearing) Follow(context.Context, bool) error { return nil }

// Mourn implements crew.Bridge.
func (hearing) Mourn(context.Context, string) error { return nil }
