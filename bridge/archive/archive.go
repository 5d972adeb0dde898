package archive

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"

	"porchlight/bridge"
)

// Options are what an Archive needs beside its store.
type Options struct {
	Bridge *bridge.Bridge
	Log    *slog.Logger
	// Keep moves what a conversation has in the statistics to what no recount forgets, in the transaction that deletes the
	// conversation; nil: there are none.
	Keep func(tx bridge.Tx, number int64) error
}

// Archive searches in what was said, keeps the index for it, and deletes what is not to be kept any longer. Its methods may be called by any goroutine,
// except for Run.
type Archive struct {
	*bridge.Follower // its Changed and CatchUp are the archive's

	store  Store
	bridge *bridge.Bridge
	log    *slog.Logger

	keep    func(tx bridge.Tx, number int64) error
	erasing chan struct{} // has room for one: an erasure is under way
	wake    chan struct{} // has room for one: there is something to tend to
	erased  atomic.Int64  // conversations that were deleted since the start

	mu    sync.Mutex
	first bool  // the archive is read for the first time since the start
	upto  int64 // up to which conversation it was read, while first

	// What follows belongs to Run.
	looked int  // how many logs one search reads at most; 0: the usual number
	scan   bool // all conversations are to be looked at
	missed int64
}

// New makes an Archive, whose index is kept once Run runs.
func New(store Store, opts Options) *Archive {
	return &Archive{store: store, bridge: opts.Bridge, log: opts.Log, Follower: bridge.NewFollower(opts.Bridge.Nodes.Holding), first: true,
		keep: opts.Keep, erasing: make(chan struct{}, 1), wake: make(chan struct{}, 1)}
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

// Run keeps the index until ctx ends, and then returns nil: it reads all that nobody has read yet at first, and
// then what changes, once a minute or when somebody searches. Beside that it deletes what is due, see tend. Only one
// goroutine may call it, but it may be called again.
func (a *Archive) Run(ctx context.Context) error {
	a.scan = true
	tended := make(chan struct{})
	go func() {
		defer close(tended)
		a.tendAlways(ctx)
	}()
	defer func() { <-tended }()
	a.Follower.Run(ctx, a.read, func(err error) {
		if err != nil && ctx.Err() == nil {
			a.log.Error("index conversations", "err", err)
		}
	})
	return nil
}
