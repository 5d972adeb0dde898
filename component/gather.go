package component

import (
	"cmp"
	"context"
	"time"
)

// gatherStatus is how long changes of who is on duty and of the queue are gathered
// before they are shown: a request that is taken at once, or a login, changes them
// several times.
const gatherStatus = 2 * time.Second

// tell says that the desk's presence may be another. It never waits.
func (p *pump) tell() {
	select {
	case p.news <- struct{}{}:
	default:
	}
}

// tellStatus wakes the desk's presence some time after the first of the changes that
// were told, until ctx ends.
func (p *pump) tellStatus(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.news:
		}
		wait := time.NewTimer(cmp.Or(p.c.opts.Gather, gatherStatus))
		select {
		case <-ctx.Done():
			wait.Stop()
			return
		case <-wait.C:
		}
		select { // what came meanwhile is in it
		case <-p.news:
		default:
		}
		p.wake(task{status: true})
	}
}
