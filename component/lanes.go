package component

import (
	"context"
	"strings"
	"sync"
	"time"
)

const (
	laneRoom  = 4096  // jobs that may wait in one lane
	ownRoom   = 8192  // jobs that may wait in all lanes of one operator
	lanesRoom = 16384 // jobs that may wait in all lanes
)

// lanes run jobs: the jobs of one key one after the other, in order, and those of
// different keys side by side, so that they can share a commit. Any goroutine may put a
// job.
type lanes struct {
	since   func() time.Time // a moment before which nothing was written that comes now
	mu      sync.Mutex
	ctx     context.Context // for the jobs; nil unless run is running
	queues  map[string][]job
	waiting int
	own     map[string]int // waiting by operator, the part of the key before its space
	oldest  time.Time      // the earliest job.since of what waited at the last mark or came since; zero: nothing did
	owned   sync.WaitGroup
}

// job is what is to be done, and a moment before which it was not written.
type job struct {
	do    func(context.Context)
	since time.Time
}

func newLanes(since func() time.Time) *lanes {
	return &lanes{since: since, queues: make(map[string][]job), own: make(map[string]int)}
}

// run works until ctx ends and the jobs under way are done. Jobs that still wait are
// dropped: nothing was acknowledged for them, and by the next run another node may have
// told their senders that they are lost.
func (l *lanes) run(ctx context.Context) {
	l.mu.Lock()
	l.ctx = ctx
	for key := range l.queues {
		l.start(key)
	}
	l.mu.Unlock()
	<-ctx.Done()
	l.mu.Lock()
	l.ctx = nil
	l.mu.Unlock()
	l.owned.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.queues)
	clear(l.own)
	l.waiting = 0
}

// mark has done tell of what was handled by now.
func (l *lanes) mark() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.oldest = time.Time{}
	for _, queue := range l.queues {
		l.note(queue[0].since)
	}
}

// note takes in a job that was not handled by the last mark. The caller holds the lock.
func (l *lanes) note(since time.Time) {
	if l.oldest.IsZero() || since.Before(l.oldest) {
		l.oldest = since
	}
}

// done returns a moment before which everything that came until now was handled by the last mark; zero: all of it was.
func (l *lanes) done() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.oldest
}

// put queues a job and never waits. It returns false if there is no room.
func (l *lanes) put(key string, do func(context.Context)) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	queue := l.queues[key]
	owner, _, _ := strings.Cut(key, " ")
	if l.waiting >= lanesRoom || l.own[owner] >= ownRoom || len(queue) >= laneRoom {
		return false
	}
	l.waiting++
	l.own[owner]++
	since := l.since()
	l.note(since)
	l.queues[key] = append(queue, job{do, since})
	if len(queue) == 0 {
		l.start(key)
	}
	return true
}

// start gives a lane its goroutine, which ends when the lane is empty. The caller holds
// the lock.
func (l *lanes) start(key string) {
	if l.ctx != nil {
		ctx := l.ctx
		l.owned.Go(func() { l.work(ctx, key) })
	}
}

func (l *lanes) work(ctx context.Context, key string) {
	for ctx.Err() == nil {
		l.mu.Lock()
		do := l.queues[key][0].do // stays until it is done, so that nobody else starts the lane
		l.mu.Unlock()
		do(ctx)
		l.mu.Lock()
		l.waiting--
		l.left(key)
		rest := l.queues[key][1:]
		l.queues[key] = rest
		if len(rest) == 0 {
			delete(l.queues, key)
		}
		l.mu.Unlock()
		if len(rest) == 0 {
			return
		}
	}
}

// left counts one job less for the key's operator. The caller holds the lock.
func (l *lanes) left(key string) {
	owner, _, _ := strings.Cut(key, " ")
	if l.own[owner]--; l.own[owner] == 0 {
		delete(l.own, owner)
	}
}
