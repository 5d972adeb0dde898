package component

import (
	"context"
	"time"
)

// gatherStatus is how long changes of who is on duty, and of the queue, are gathered
// before they are shown. A login, or a request that is taken at once, changes them
// several times.
const gatherStatus = 2 * time.Second

// gatherer calls a function once for all the changes that come within a while.
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

// run calls f when wait has passed since the first change that was told, again and again
// until ctx ends.
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
		select { // f shows what came meanwhile, too
		case <-g.news:
		default:
		}
		f()
	}
}
