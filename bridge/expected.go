package bridge

import (
	"context"
	"sync"
	"time"

	"porchlight/bridge/route"
)

// PastWaits is how long chats of a department have waited to be taken, by the hour of the day, in the site's zone, at which they
// began to wait.
type PastWaits [24]route.Past

// Expected knows how long a chat will wait, from what was counted of the past days. It is read once an hour, so that nothing is
// read when the queue moves. Its methods may be called by any goroutine, except for renew.
type Expected struct {
	bridge *Bridge
	mu     sync.Mutex
	past   map[string]PastWaits // by department; replaced as a whole
	until  time.Time            // when it is read again
}

// pastEvery is how often the past is read.
const pastEvery = time.Hour

// pastAgain is after how long it is tried again when it could not be read.
const pastAgain = time.Minute

// renew reads how long chats have waited, if it was read an hour ago or never. One goroutine calls it.
func (x *Expected) renew(ctx context.Context) error {
	b := x.bridge
	now := b.clock.Now()
	x.mu.Lock()
	due := b.opts.PastWaits != nil && (!now.Before(x.until) || x.until.Sub(now) > pastEvery) // the clock may have been set back
	x.mu.Unlock()
	if !due {
		return nil
	}
	past := make(map[string]PastWaits)
	var failed error
	for _, d := range b.Team.Departments() {
		waits, err := b.opts.PastWaits(ctx, d.Name)
		if err != nil {
			failed = err
			break
		}
		past[d.Name] = waits
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if failed != nil {
		x.until = now.Add(pastAgain)
		return failed
	}
	x.past, x.until = past, now.Add(pastEvery)
	return nil
}

// wait is how long a chat at a place in the queue of a department will wait, in seconds; 0 if that is not known.
func (x *Expected) wait(department string, place int) int64 {
	x.mu.Lock()
	past := x.past[department]
	x.mu.Unlock()
	hour := x.bridge.clock.Now().In(x.bridge.Hours.Site().Zone()).Hour()
	wait, _ := route.Wait(past[hour], place)
	return int64(wait.Seconds())
}

// place is a place in the queue of a department, with how long a chat there will wait.
func (x *Expected) place(department string, place int) Place {
	return Place{Position: int64(place), Wait: x.wait(department, place)}
}
