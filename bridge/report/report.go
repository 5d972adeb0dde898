package report

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"porchlight/bridge"
)

// Options are what a Report needs beside its store.
type Options struct {
	Clock bridge.Clock
	Log   *slog.Logger
	Zone  func() *time.Location            // the site's, in which days begin and end
	Hours func(department string) Calendar // nil, or a nil Calendar: all time is business time
	// Missed is how much news no side was told because there was too much; see bridge.Bridge.Missed.
	Missed  func() int64
	Mailing *Mailing // sends statistics by mail; nil: nothing is sent
}

// Report keeps the statistics up to date. Its methods may be called by any goroutine, except for Run.
type Report struct {
	store Store
	opts  Options
	asked chan chan error // somebody waits for what has happened until now

	mu    sync.Mutex
	dirty map[int64]bool // conversations that have changed since they were read

	// What follows belongs to Run.
	scan   bool // all conversations are to be looked at
	missed int64
}

// New makes a Report, which reads once Run runs.
func New(store Store, opts Options) *Report {
	return &Report{store: store, opts: opts, asked: make(chan chan error), dirty: make(map[int64]bool), scan: true}
}

// Changed notes that a conversation has changed (bridge.Side). That is all the statistics cost while
// people talk.
func (r *Report) Changed(c bridge.Change) {
	if len(c.Events) > 0 {
		r.note(c.Conversation.Number)
	}
}

// noted is how many changed conversations are noted at most. If there are more, all are looked at.
const noted = 100_000

func (r *Report) note(numbers ...int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, n := range numbers {
		if len(r.dirty) <= noted {
			r.dirty[n] = true
		}
	}
}

// take returns the conversations that have changed; all says that there were too many to note.
func (r *Report) take() (numbers []int64, all bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for n := range r.dirty {
		numbers = append(numbers, n)
	}
	all = len(r.dirty) > noted
	clear(r.dirty)
	return numbers, all
}

// readEvery is how often the logs are read while nobody asks.
const readEvery = time.Minute

// Run reads the logs until ctx ends, and then returns nil: all that nobody has read yet at first, and
// then what changes, once a minute or when somebody asks. Once a minute it also sends the mails that are due. Only one goroutine may call it.
func (r *Report) Run(ctx context.Context) error {
	tick := time.NewTicker(readEvery)
	defer tick.Stop()
	var waits chan error
	for {
		err := r.read(ctx)
		if waits != nil {
			waits <- err
		} else {
			if err == nil {
				err = r.deliver(ctx)
			}
			if err != nil && ctx.Err() == nil {
				r.opts.Log.Error("make statistics", "err", err)
			}
		}
		waits = nil
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case waits = <-r.asked:
		}
	}
}

// CatchUp returns when everything that was committed before is counted. It waits for Run.
func (r *Report) CatchUp(ctx context.Context) error {
	done := make(chan error, 1)
	select {
	case r.asked <- done:
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

// patience is how long Counted waits for what is not counted yet.
const patience = 2 * time.Second

// Counted is CatchUp for somebody who looks at the numbers: late reports that it takes too long to wait
// for.
func (r *Report) Counted(ctx context.Context) (late bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err = r.CatchUp(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return true, nil
	}
	return false, err
}

// Today is the time now in the site's zone.
func (r *Report) Today() time.Time { return r.opts.Clock.Now().In(r.opts.Zone()) }
