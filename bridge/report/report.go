package report

import (
	"context"
	"errors"
	"log/slog"
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
	Mailing *Mailing    // sends statistics by mail; nil: nothing is sent
	Reads   func() bool // this node reads the logs; see bridge.NewFollower
}

// Report keeps the statistics up to date. Its methods may be called by any goroutine, except for Run.
type Report struct {
	*bridge.Follower // its Changed and CatchUp are the report's

	store Store
	opts  Options

	// What follows belongs to Run.
	scan   bool // all conversations are to be looked at
	missed int64
}

// New makes a Report, which reads once Run runs.
func New(store Store, opts Options) *Report {
	return &Report{store: store, opts: opts, Follower: bridge.NewFollower(opts.Reads)}
}

// Run reads the logs until ctx ends, and then returns nil: all that nobody has read yet at first, and
// then what changes, once a minute or when somebody asks. Once a minute it also sends the mails that are due. Only one goroutine may call it,
// but it may be called again.
func (r *Report) Run(ctx context.Context) error {
	r.scan = true
	r.Follower.Run(ctx, r.read, func(err error) {
		if err == nil {
			err = r.deliver(ctx)
		}
		if err != nil && ctx.Err() == nil {
			r.opts.Log.Error("make statistics", "err", err)
		}
	})
	return nil
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
