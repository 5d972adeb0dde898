package bridge

import (
	"context"
	"sync"
	"time"
)

// Follower knows which conversations have changed, for a room that keeps something of its own up to date with their
// logs: it joins the bridge as a Side, and reads later. Its methods may be called by any goroutine, except for Run.
type Follower struct {
	asked chan chan error // somebody waits for what has happened until now
	reads func() bool     // this node reads the logs

	mu    sync.Mutex
	dirty map[int64]bool // conversations that have changed since Take
}

// NewFollower makes a Follower that knows of no change. reads reports whether this node reads the logs, such as Nodes.Holding: of several
// nodes one does. nil: it does.
func NewFollower(reads func() bool) *Follower {
	return &Follower{asked: make(chan chan error), reads: reads, dirty: make(map[int64]bool)}
}

// Changed notes that a conversation has changed (Side). That is all that following costs while people talk.
func (f *Follower) Changed(c Change) {
	if len(c.Events) > 0 {
		f.Note(c.Conversation.Number)
	}
}

// noted is how many changed conversations are noted at most. If there are more, all are looked at.
const noted = 100_000

// Note notes that conversations are to be read.
func (f *Follower) Note(numbers ...int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, n := range numbers {
		if len(f.dirty) <= noted {
			f.dirty[n] = true
		}
	}
}

// Take returns the conversations that were noted since it was last called; all says that there were too many to note.
func (f *Follower) Take() (numbers []int64, all bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for n := range f.dirty {
		numbers = append(numbers, n)
	}
	all = len(f.dirty) > noted
	clear(f.dirty)
	return numbers, all
}

// followEvery is how often a follower reads while nobody asks.
const followEvery = time.Minute

// Run calls read at once, and then once a minute and when somebody asks, until ctx ends. Whoever asks gets the error of
// read; after the other times rest gets it. Only one goroutine may call it.
func (f *Follower) Run(ctx context.Context, read func(context.Context) error, rest func(error)) {
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	var waits chan error
	for {
		err := read(ctx)
		if waits != nil {
			waits <- err
		} else {
			rest(err)
		}
		waits = nil
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case waits = <-f.asked:
		}
	}
}

// CatchUp returns when everything that was committed before was read. It waits for Run; on a node that does not read it returns at once, and
// what was committed in the last minute may be missing.
func (f *Follower) CatchUp(ctx context.Context) error {
	if f.reads != nil && !f.reads() {
		return nil
	}
	done := make(chan error, 1)
	select {
	case f.asked <- done:
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
