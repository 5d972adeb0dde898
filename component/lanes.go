package component

import (
	"context"
	"hash/maphash"
	"sync"
	"sync/atomic"
)

const (
	laneCount = 64
	laneRoom  = 4096  // stanzas waiting in one lane; above it they are refused
	lanesRoom = 32768 // and in all lanes together
)

// lanes run jobs: those of one key one after the other, in order; those of
// different keys side by side.
type lanes struct {
	seed    maphash.Seed
	queue   []chan func(context.Context)
	waiting atomic.Int64
}

func newLanes(n, room int) *lanes {
	l := &lanes{seed: maphash.MakeSeed(), queue: make([]chan func(context.Context), n)}
	for i := range l.queue {
		l.queue[i] = make(chan func(context.Context), room)
	}
	return l
}

// run works until ctx ends. Jobs that wait then are dropped: nothing was
// acknowledged for them.
func (l *lanes) run(ctx context.Context) {
	var owned sync.WaitGroup
	for _, q := range l.queue {
		owned.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case job := <-q:
					l.waiting.Add(-1)
					job(ctx)
				}
			}
		})
	}
	owned.Wait()
}

// put queues a job and never waits; false means there was no room.
func (l *lanes) put(key string, job func(context.Context)) bool {
	if l.waiting.Add(1) > lanesRoom {
		l.waiting.Add(-1)
		return false
	}
	select {
	case l.queue[maphash.String(l.seed, key)%uint64(len(l.queue))] <- job:
		return true
	default:
		l.waiting.Add(-1)
		return false
	}
}
