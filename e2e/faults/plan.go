package main

import (
	"context"
	"math/rand/v2"
	"time"
)

// fault is one thing that goes wrong.
type fault struct {
	name string
	do   func(context.Context) error
}

// plan returns the faults that the options ask for, in random order.
func (w *world) plan(o options, r *rand.Rand) []fault {
	var all []fault
	short := func(limit int) time.Duration { return time.Duration(10+r.IntN(limit)) * time.Millisecond }
	for range o.kills {
		down := short(100)
		all = append(all, fault{"kill the bridge", func(ctx context.Context) error {
			w.bridge.Kill()
			if err := w.pause(ctx, down); err != nil {
				return err
			}
			return w.bridge.Start(ctx)
		}})
	}
	for i := range o.stalls {
		d := short(1500)
		switch i % 7 {
		case 0:
			all = append(all, fault{"stall the link", func(ctx context.Context) error {
				w.link.setStall(true)
				err := w.pause(ctx, d)
				w.link.setStall(false)
				return err
			}})
		case 1:
			all = append(all, fault{"cut the link", func(context.Context) error { w.link.cut(false); return nil }})
		case 2:
			all = append(all, fault{"half-open the link", func(context.Context) error { w.link.cut(true); return nil }})
		case 3:
			all = append(all, fault{"pause the server", func(ctx context.Context) error {
				if err := w.server.Pause(); err != nil {
					return err
				}
				err := w.pause(ctx, d)
				w.server.Resume()
				return err
			}})
		case 4:
			all = append(all, fault{"restart the server", func(ctx context.Context) error { return w.server.Restart(ctx) }})
		case 5:
			all = append(all, fault{"take the visitors offline", func(ctx context.Context) error {
				w.pages.setAway(true)
				err := w.pause(ctx, d)
				w.pages.setAway(false)
				return err
			}})
		case 6:
			all = append(all, fault{"stall the visitors' network", func(ctx context.Context) error {
				w.pages.setStall(true)
				err := w.pause(ctx, d)
				w.pages.setStall(false)
				return err
			}})
		}
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}
