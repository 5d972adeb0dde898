package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"porchlight/e2e/rig"
)

// options say which faults happen, and how often.
type options struct {
	seed                int64
	kills, stalls, cuts int
	mailKills           int
	full, keep          bool
	nodes, faults, gaps int
	only                string
	pace                time.Duration // between two messages of one writer with several nodes; PostgreSQL takes longer for a message
	verbose             bool
	server              string
}

// run plays all faults and reports. An error means that the promise was broken, or that the harness
// could not work.
func run(ctx context.Context, o options, out io.Writer) error {
	fmt.Fprintf(out, "seed %d\n", o.seed)
	dir, err := os.MkdirTemp("", "porchlight-faults-")
	if err != nil {
		return err
	}
	if o.keep {
		fmt.Fprintln(out, "files stay in", dir)
	} else {
		defer os.RemoveAll(dir)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	bin, err := rig.Build(ctx, dir)
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(uint64(o.seed), 1))
	if o.nodes > 0 {
		return crewFaults(ctx, o, random, bin, dir, out)
	}
	if o.kills+o.stalls > 0 {
		if err := traffic(ctx, o, random, bin, dir, out); err != nil {
			return err
		}
	}
	if o.mailKills > 0 {
		if err := mails(ctx, o, random, bin, dir, out); err != nil {
			return err
		}
	}
	if o.cuts > 0 {
		if err := powerCuts(ctx, o, random, bin, dir, out); err != nil {
			return err
		}
	}
	if o.full {
		return fullDisk(ctx, o.server, bin, dir, out)
	}
	return nil
}

// traffic has visitors and an operator talk while the faults happen.
func traffic(ctx context.Context, o options, random *rand.Rand, bin, dir string, out io.Writer) error {
	w, err := newWorld(ctx, o.server, bin, dir, filepath.Join(dir, "porchlight.db"))
	if err != nil {
		return err
	}
	defer w.close()
	if err := w.begin(ctx, 4); err != nil {
		return err
	}
	began := time.Now()
	for i, f := range w.plan(o, random) {
		if err := f.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		if i%50 == 49 {
			fmt.Fprintf(out, "%4d faults, %v: %s\n", i+1, time.Since(began).Round(time.Second), w.sheet.summary())
		}
		if err := w.pause(ctx, time.Duration(50+random.IntN(300))*time.Millisecond); err != nil {
			return err
		}
	}
	if err := w.settle(ctx); err != nil {
		fmt.Fprintln(out, w.sheet.summary())
		return err
	}
	fmt.Fprintf(out, "%d kills of the bridge, %d faults of the link, the server and the visitors' network in %v: %s\n",
		o.kills, o.stalls, time.Since(began).Round(time.Second), w.sheet.summary())
	return w.sheet.verdict()
}
