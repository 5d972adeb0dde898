package hook

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"porchlight/bridge"
)

// Options are what Hooks need beside their store.
type Options struct {
	Bridge  *bridge.Bridge
	Carrier Carrier
	Check   func(address string) error // refuses addresses that Carrier never posts to, if not nil
	Log     *slog.Logger
}

// Stats counts what was posted since the start.
type Stats struct {
	Taken   int64 // posts that a receiver has taken
	Failed  int64 // posts that were not taken, and are tried again
	GivenUp int64 // posts that are not tried any more
}

// Hooks tells webhooks what happens. It is a bridge.Side. Its methods may be called by any goroutine, except for Run.
type Hooks struct {
	store  Store
	opts   Options
	turned chan struct{} // rings when webhooks were made, changed or deleted

	couriers atomic.Pointer[[]*courier] // one for each webhook that is on
	taken    atomic.Int64
	failed   atomic.Int64
	givenUp  atomic.Int64
}

// New makes Hooks, which post once Run runs.
func New(store Store, opts Options) *Hooks {
	h := &Hooks{store: store, opts: opts, turned: make(chan struct{}, 1)}
	h.couriers.Store(new([]*courier))
	return h
}

// Changed notes that a conversation has changed (bridge.Side). Without a webhook it costs the look for one.
func (h *Hooks) Changed(c bridge.Change) {
	for _, k := range *h.couriers.Load() {
		if slices.ContainsFunc(c.Events, k.wants) {
			k.note(c.Conversation.Number)
		}
	}
}

// Reread has all logs looked at, since some changes were not told (bridge.Rereader).
func (h *Hooks) Reread() {
	for _, k := range *h.couriers.Load() {
		k.lookAtAll()
	}
}

// Stats returns what was counted.
func (h *Hooks) Stats() Stats { return Stats{h.taken.Load(), h.failed.Load(), h.givenUp.Load()} }

// renewEvery is how often the list of webhooks is read anew though nothing rang.
const renewEvery = time.Minute

// Run posts until ctx ends, and then returns nil. A post that is under way then is made again after the next start,
// under the same id. Only one goroutine may call it.
func (h *Hooks) Run(ctx context.Context) error {
	running := make(map[string]*courier)
	var all sync.WaitGroup
	defer all.Wait()
	tick := time.NewTicker(renewEvery)
	defer tick.Stop()
	for {
		if err := h.renew(ctx, running, &all); err != nil && ctx.Err() == nil {
			h.opts.Log.Error("run webhooks", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-h.turned:
		case <-tick.C:
		}
	}
}

// renew starts a courier for each webhook that is on, stops those of others, and deletes what is gone.
func (h *Hooks) renew(ctx context.Context, running map[string]*courier, all *sync.WaitGroup) error {
	list, err := h.list(ctx)
	if err != nil {
		return err
	}
	on := make(map[string]bool)
	var couriers, fresh []*courier
	for _, w := range list {
		if w.State == Gone {
			err = h.forget(ctx, w)
		}
		if w.State != On {
			continue
		}
		on[w.ID] = true
		if running[w.ID] == nil {
			running[w.ID] = newCourier(h, w)
			fresh = append(fresh, running[w.ID])
		}
		couriers = append(couriers, running[w.ID])
	}
	h.couriers.Store(&couriers)
	for _, k := range fresh { // what happens from here on is noted, and what has happened is found
		k.start(ctx, all)
	}
	for id, k := range running {
		if !on[id] {
			k.stop()
			delete(running, id)
		}
	}
	return err
}

// list reads all webhooks.
func (h *Hooks) list(ctx context.Context) (list []Hook, err error) {
	err = h.store.ViewHooks(ctx, func(r Reader) (err error) {
		list, err = r.Hooks()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read webhooks: %w", err)
	}
	return list, nil
}

// forget deletes a webhook that is gone, and its cursors before it: these are many, and a part of them at a time holds
// nobody up. If the process ends meanwhile, the next one goes on.
func (h *Hooks) forget(ctx context.Context, w Hook) error {
	for more := true; more; {
		err := h.store.UpdateHooks(ctx, func(tx Tx) (err error) {
			if more, err = tx.ForgetCursors(w.ID); err == nil && !more {
				err = tx.DeleteHook(w.ID)
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("delete webhook %s: %w", w.Name, err)
		}
	}
	return nil
}

// ring has Run read the list of webhooks.
func (h *Hooks) ring() {
	select {
	case h.turned <- struct{}{}:
	default:
	}
}
