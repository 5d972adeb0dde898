package crew

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"porchlight/bridge"
)

// Bridge is what a crew tells a bridge.Bridge; bridge.Nodes says what each call does.
type Bridge interface {
	Hear(ctx context.Context, h bridge.Hint) error
	Sweep(ctx context.Context) error
	Take(ctx context.Context, t bridge.Tenure) error
	Drop()
	Follow(ctx context.Context, held bool) error
	Mourn(ctx context.Context, id string) error
}

// Options are what a Crew needs beside its store.
type Options struct {
	Node Node          // this one; ID, Name, Version, Shared and URL are given
	TTL  time.Duration // for how long the lease is taken; the same for all nodes
	Log  *slog.Logger
	// Clock is what the age of hints and the silence of nodes are measured by; nil: the machine's.
	Clock bridge.Clock
}

// How often a node says that it lives and looks at the others, how often at the most it has the bridge find what hints have not told (see
// voices), and how often it tries the lease and renews it at the least; a short lease is tried and renewed more often.
const (
	beatTime  = 2 * time.Second
	sweepTime = 5 * time.Second
	tryTime   = 500 * time.Millisecond
	renewTime = time.Second
)

// Crew is this node's part in a crew. Its methods may be called by any goroutine.
type Crew struct {
	store Store
	node  Node
	ttl   time.Duration
	log   *slog.Logger
	clock bridge.Clock

	hints  outbox
	voices voices
	free   chan struct{}                 // has an element when a holder has given the lease back
	urgent chan struct{}                 // has an element when the bridge has to look at once for what hints have not told
	lease  atomic.Pointer[Lease]         // as it was last seen; nil: nobody has it, or that was too long ago
	tenure atomic.Pointer[bridge.Tenure] // this node's, once the bridge knows of it
	sent   atomic.Int64                  // hints
	age    atomic.Int64                  // see Stats, in milliseconds
	odd    map[string]string             // Shared of the nodes whose configs differ, by id; only mourn uses it
}

// New makes a Crew. Tell may be called from then on; what it is told goes out when Run runs.
func New(store Store, o Options) *Crew {
	if o.Clock == nil {
		o.Clock = bridge.SystemClock{}
	}
	return &Crew{store: store, node: o.Node, ttl: o.TTL, log: o.Log, clock: o.Clock, hints: newOutbox(),
		voices: voices{own: o.Node.ID, clock: o.Clock, by: make(map[string]*voice)}, free: make(chan struct{}, 1), urgent: make(chan struct{}, 1), odd: make(map[string]string)}
}

// Run makes this node one of the crew until ctx ends, and returns when it has left. While it has the lease it calls held, with a context
// that is under the tenure and ends with it; the lease is given back only after held has returned. If held returns before, the lease is
// given back, and others may take it first.
func (c *Crew) Run(ctx context.Context, b Bridge, held func(context.Context)) {
	c.beat(ctx) // before others ask who it is
	background, end := context.WithCancel(context.WithoutCancel(ctx))
	var others sync.WaitGroup
	others.Go(func() { every(background, beatTime, nil, c.beat) })
	others.Go(func() { every(background, beatTime, nil, func(ctx context.Context) { c.look(ctx, b) }) })
	others.Go(func() { c.tell(background) })
	others.Go(func() { c.listen(background, b) })
	others.Go(func() { every(background, tryTime, c.urgent, func(ctx context.Context) { c.sweep(ctx, b) }) })
	c.lead(ctx, b, held)
	end()
	others.Wait()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.patience())
	defer cancel()
	for c.send(last, false) { // what came at the end
	}
	c.say(last, "leave the crew", c.store.Bury(last, c.node.ID))
}

// every calls f now, and then each time that d has passed or soon has an element, until ctx ends.
func every(ctx context.Context, d time.Duration, soon <-chan struct{}, f func(context.Context)) {
	ticks := time.NewTicker(d)
	defer ticks.Stop()
	for ctx.Err() == nil {
		f(ctx)
		select {
		case <-ticks.C:
		case <-soon:
		case <-ctx.Done():
		}
	}
}

// signal puts an element into a channel, unless there is one.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// say logs an error, unless it is that of a context that has ended. What failed is done again.
func (c *Crew) say(ctx context.Context, what string, err error) {
	if err != nil && ctx.Err() == nil {
		c.log.Warn("can't "+what, "err", err)
	}
}

// patience is how long the store may take for an answer.
func (c *Crew) patience() time.Duration { return c.ttl / 2 }

// learn takes in who has the lease, until it ends.
func (c *Crew) learn(l Lease) {
	c.lease.Store(&l)
	time.AfterFunc(l.Left, func() { c.lease.CompareAndSwap(&l, nil) })
}

// Holder returns the id of the node that has the lease, as this one last heard; ok is false if nobody has it, or this node does not
// know.
func (c *Crew) Holder() (id string, ok bool) {
	if l := c.lease.Load(); l != nil {
		return l.Holder, true
	}
	return "", false
}
