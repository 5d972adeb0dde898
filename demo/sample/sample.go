// Package sample fills an empty store with a month in the life of a small shop, so that statistics,
// feedback and lists have something to show. Everything is made through the bridge, by its rules,
// with a clock that moves through the past.
package sample

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/hours"
	"porchlight/bridge/phrase"
)

const (
	conversations = 200
	tickets       = 26 // of these; they come while nobody is there
	days          = 30
	seed          = 20260101
)

// Hours are when the shop of the sample is open, by the clocks where the program runs.
const Hours = "Mon-Fri 9-18; Sat 10-14"

// madeSetting says in the store that the sample was made.
const madeSetting = "sample_made"

// ErrNotEmpty says that the store has conversations already.
var ErrNotEmpty = errors.New("there are conversations already, and a sample can't be put among them")

// Make stores the sample, all of it in one transaction, or nothing if there is an error. The
// operators and departments of the store play in it; at least one operator must be enabled. opts are
// those of the program, whose clock says when the sample ends. A store that has the sample already is
// left as it is; one with other conversations is refused with ErrNotEmpty.
func Make(ctx context.Context, store bridge.Store, opts bridge.Options) error {
	err := store.Update(ctx, func(tx bridge.Tx) error {
		made, err := tx.Setting(madeSetting)
		if err != nil || made != "" {
			return err
		}
		_, err = tx.Conversation(1)
		switch {
		case err == nil:
			return ErrNotEmpty
		case phrase.CodeOf(err) != phrase.CodeNotFound:
			return err
		}
		if err := fill(ctx, tx, opts); err != nil {
			return err
		}
		return tx.SaveSetting(madeSetting, "yes")
	})
	if err != nil {
		return fmt.Errorf("make sample: %w", err)
	}
	return nil
}

// fill plays the month in a transaction.
func fill(ctx context.Context, tx bridge.Tx, opts bridge.Options) error {
	now := opts.Clock.Now()
	zone, err := hours.ZoneNamed(now.Format("-07:00"))
	if err != nil {
		return err
	}
	clock := &past{now.In(zone).AddDate(0, 0, -days)}
	opts.Clock, opts.Log = clock, slog.New(slog.DiscardHandler)
	opts.Limits.OffersAtOnce = 0
	opts.Mail = bridge.MailOptions{} // nothing of the past goes by mail today
	table, err := hours.Parse(Hours, zone.String(), clock.at)
	if err != nil {
		return err
	}
	within := &within{tx: tx}
	b, err := bridge.Open(ctx, within, opts)
	if err != nil {
		return err
	}
	if err := b.Team.Administer(ctx, func(tx bridge.Tx) error { return tx.SaveSetting(bridge.SiteHours, table.String()) }); err != nil {
		return err
	}
	b.Link.Up()
	p := &play{ctx: ctx, bridge: b, clock: clock, end: now.In(zone), address: opts.PublicURL, rand: rand.New(rand.NewPCG(seed, days))}
	p.plot()
	if err := p.run(); err != nil {
		return err
	}
	if err := p.confirm(); err != nil {
		return err
	}
	return within.failed
}

// past is the clock of the sample.
type past struct{ at time.Time }

// Now implements bridge.Clock.
func (c *past) Now() time.Time { return c.at }

// within is a bridge.Store inside of one transaction. An update of it that fails can't be undone
// alone, so the whole transaction has to fail then.
type within struct {
	tx     bridge.Tx
	failed error // of the first update that failed
}

// Update implements bridge.Store.
func (w *within) Update(_ context.Context, f func(bridge.Tx) error) error {
	err := f(w.tx)
	if w.failed == nil {
		w.failed = err
	}
	return err
}

// View implements bridge.Store.
func (w *within) View(_ context.Context, f func(bridge.Reader) error) error { return f(w.tx) }
