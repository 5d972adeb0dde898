package component

import (
	"context"
	"time"
)

// gatherStatus is how long changes of who is on duty and of the queue are gathered
// before they are shown: a request that is taken at once, or a login, changes them
// several times.
const gatherStatus = 2 * time.Second

// gatherer gathers changes for a while.
type gatherer struct {
	wait time.Duration
	news chan struct{} // has room for one
}

func newGatherer(wait time.Duration) *gatherer {
	return &gatherer{wait: wait, news: make(chan struct{}, 1)}
}

// tell says that something may have changed. It never waits; any goroutine may call it.
func (g *gatherer) tell() {
	select {
	case g.news <- struct{}{}:
	default:
	}
}

// run calls f some time after the first of the changes that were told, until ctx ends.
func (g *gatherer) run(ctx context.Context, f func()) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-g.news:
		}
		wait := time.NewTimer(g.wait)
		select {
		case <-ctx.Done():
			wait.Stop()
			return
		case <-wait.C:
		}
		select { // what came meanwhile is in it
		case <-g.news:
		default:
		}
		f()
	}
}
