package archive

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"porchlight/bridge"
)

// Options are what an Archive needs beside its store.
type Options struct {
	Bridge *bridge.Bridge
	Log    *slog.Logger
}

// Archive searches in what was said, and keeps the index for it. Its methods may be called by any goroutine,
// except for Run.
type Archive struct {
	store  Store
	bridge *bridge.Bridge
	log    *slog.Logger
	asked  chan chan error // somebody waits for what has happened until now

	mu    sync.Mutex
	dirty map[int64]bool // conversations that have changed since their entry was made
	first bool           // the archive is read for the first time since the start
	upto  int64          // up to which conversation it was read, while first

	// What follows belongs to Run.
	scan   bool // all conversations are to be looked at
	missed int64
}

// New makes an Archive, whose index is kept once Run runs.
func New(store Store, opts Options) *Archive {
	return &Archive{store: store, bridge: opts.Bridge, log: opts.Log, asked: make(chan chan error), dirty: make(map[int64]bool), scan: true, first: true}
}

// Changed notes that a conversation has changed (bridge.Side). That is all the index costs while people talk.
func (a *Archive) Changed(c bridge.Change) {
	if len(c.Events) > 0 {
		a.note(c.Conversation.Number)
	}
}

// noted is how many changed conversations are noted at most. If there are more, all are looked at.
const noted = 100_000

func (a *Archive) note(numbers ...int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, n := range numbers {
		if len(a.dirty) <= noted {
			a.dirty[n] = true
		}
	}
}

// take returns the conversations that have changed; all says that there were too many to note.
func (a *Archive) take() (numbers []int64, all bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for n := range a.dirty {
		numbers = append(numbers, n)
	}
	all = len(a.dirty) > noted
	clear(a.dirty)
	return numbers, all
}

// reached says up to which conversation the archive was read; done says that it was read whole.
func (a *Archive) reached(upto int64, done bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.upto, a.first = upto, a.first && !done
}

// Behind reports whether older conversations are still missing in the index, and up to which it has them.
func (a *Archive) Behind() (upto int64, behind bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.upto, a.first
}

// readEvery is how often what has changed goes into the index while nobody asks.
const readEvery = time.Minute

// Run keeps the index until ctx ends, and then returns nil: it reads all that nobody has read yet at first, and
// then what changes, once a minute or when somebody searches. Only one goroutine may call it.
func (a *Archive) Run(ctx context.Context) error {
	tick := time.NewTicker(readEvery)
	defer tick.Stop()
	var waits chan error
	for {
		err := a.read(ctx)
		if waits != nil {
			waits <- err
		} else if err != nil && ctx.Err() == nil {
			a.log.Error("index conversations", "err", err)
		}
		waits = nil
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case waits = <-a.asked:
		}
	}
}

// CatchUp returns when everything that was committed before is in the index. It waits for Run.
func (a *Archive) CatchUp(ctx context.Context) error {
	done := make(chan error, 1)
	select {
	case a.asked <- done:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
