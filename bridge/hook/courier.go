package hook

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"porchlight/bridge"
)

const (
	lanes     = 8       // posts to one receiver at the same time, each about another conversation
	noted     = 100_000 // conversations that are noted at most; if there are more, all are looked at
	window    = 4096    // conversations that one look for what is untold looks at
	lookEvery = time.Second
	dueAtOnce = 500 // conversations that are taken up again in one look
)

// courier posts to one webhook.
type courier struct {
	hooks *Hooks
	id    string
	types Hook // of which Types alone count: they never change
	stop  context.CancelFunc
	wake  chan struct{}
	tick  <-chan time.Time

	mu   sync.Mutex
	todo []int64        // conversations that have something to tell, perhaps; none is here twice
	in   map[int64]bool // those of todo
	busy map[int64]bool // those that are being told; true: they have changed meanwhile
	scan bool           // all conversations are to be looked at
	full bool           // some had no room in todo: all are to be looked at when it is empty
	next time.Time      // when a post that has failed is due, zero if there is none
}

func newCourier(h *Hooks, w Hook) *courier {
	return &courier{hooks: h, id: w.ID, types: w, wake: make(chan struct{}, 1), in: make(map[int64]bool), busy: make(map[int64]bool), scan: true, next: time.UnixMilli(1)}
}

// wants reports whether something is posted of an event.
func (k *courier) wants(e bridge.Event) bool { return slices.ContainsFunc(typesOf(e), k.types.wants) }

// start runs the courier in a goroutine of its own until ctx ends or stop is called; all waits for it.
func (k *courier) start(ctx context.Context, all *sync.WaitGroup) {
	ctx, k.stop = context.WithCancel(ctx)
	all.Go(func() {
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		k.tick = tick.C
		k.run(ctx)
	})
}

// note notes that a conversation has something to tell, perhaps.
func (k *courier) note(numbers ...int64) {
	k.mu.Lock()
	for _, n := range numbers {
		_, busy := k.busy[n]
		switch {
		case busy:
			k.busy[n] = true
		case k.in[n]:
		case len(k.todo) >= noted:
			k.full = true
		default:
			k.todo, k.in[n] = append(k.todo, n), true
		}
	}
	k.mu.Unlock()
	k.ring()
}

// lookAtAll has all conversations looked at.
func (k *courier) lookAtAll() {
	k.mu.Lock()
	k.scan = true
	k.mu.Unlock()
	k.ring()
}

func (k *courier) ring() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// pick takes a conversation off the list, for which done is to be called then.
func (k *courier) pick() (number int64, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.todo) == 0 {
		return 0, false
	}
	number, k.todo = k.todo[0], k.todo[1:]
	delete(k.in, number)
	k.busy[number] = false
	return number, true
}

// done says that a conversation was told; more says that there is more to tell of it. Then it stands at the end of
// the list, so that a long log lets others pass.
func (k *courier) done(number int64, more bool) {
	k.mu.Lock()
	more = more || k.busy[number]
	delete(k.busy, number)
	k.mu.Unlock()
	if more {
		k.note(number)
	}
}

// run tells until ctx ends, and then waits for what is under way.
func (k *courier) run(ctx context.Context) {
	var under sync.WaitGroup
	defer under.Wait()
	free := make(chan struct{}, lanes)
	for ctx.Err() == nil {
		k.look(ctx)
		number, ok := k.pick()
		if !ok {
			select {
			case <-ctx.Done():
			case <-k.wake:
			case <-k.tick:
			}
			continue
		}
		select {
		case <-ctx.Done():
			return
		case free <- struct{}{}:
		}
		under.Go(func() {
			more, err := k.tell(ctx, number)
			if err != nil && ctx.Err() == nil {
				k.hooks.opts.Log.Error("tell a webhook", "hook", k.id, "conversation", number, "err", err)
				k.failing()
			}
			k.done(number, more && err == nil)
			<-free
		})
	}
}

// failing has all conversations looked at again in a while, because the store failed.
func (k *courier) failing() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.scan, k.next = true, k.now().Add(lookEvery)
}

func (k *courier) now() time.Time { return k.hooks.opts.Bridge.Now() }

// look notes what is due to be tried again, and what is untold if all is to be looked at.
func (k *courier) look(ctx context.Context) {
	now := k.now()
	k.mu.Lock()
	due, scan := !k.next.IsZero() && !now.Before(k.next), k.scan || k.full && len(k.todo) == 0
	if due {
		k.next = time.Time{}
	}
	if scan {
		k.scan, k.full = false, false
	}
	k.mu.Unlock()
	var err error
	if due {
		err = k.lookAtDue(ctx, now)
	}
	if scan && err == nil {
		err = k.lookAtUntold(ctx)
	}
	if err != nil && ctx.Err() == nil {
		k.hooks.opts.Log.Error("find what a webhook is to be told", "hook", k.id, "err", err)
		k.failing()
	}
}

// lookAtDue notes the conversations whose next post is due again.
func (k *courier) lookAtDue(ctx context.Context, now time.Time) error {
	var list []int64
	var next time.Time
	err := k.hooks.store.ViewHooks(ctx, func(r Reader) (err error) {
		if list, err = r.DueCursors(k.id, now, dueAtOnce); err != nil {
			return err
		}
		next, err = r.NextDue(k.id)
		return err
	})
	if err != nil {
		return fmt.Errorf("read due posts: %w", err)
	}
	if len(list) > 0 { // they are due until they were tried
		next = now.Add(lookEvery)
	}
	k.note(list...)
	k.due(next)
	return nil
}

// isFull reports whether there was no room for some conversation.
func (k *courier) isFull() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.full
}

// due notes when a post is due again; zero is never.
func (k *courier) due(at time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !at.IsZero() && (k.next.IsZero() || at.Before(k.next)) {
		k.next = at
	}
}

// lookAtUntold notes all conversations whose log goes on past what was told, as far as there is room.
func (k *courier) lookAtUntold(ctx context.Context) error {
	for after, last := int64(0), int64(1); after < last && !k.isFull(); after += window {
		var list []int64
		err := k.hooks.store.ViewHooks(ctx, func(r Reader) error {
			h, err := r.Hook(k.id)
			if err == nil {
				last, err = r.LastNumber()
			}
			if err == nil {
				list, err = r.Untold(h, after, after+window)
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("find untold logs: %w", err)
		}
		k.note(list...)
	}
	return nil
}

var _ bridge.Side = (*Hooks)(nil)
