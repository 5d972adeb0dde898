package bridge_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

var errLost = errors.New("disk I/O error")

// lossy is a store that fails to read something.
type lossy struct {
	bridge.Store
	parts   bool // the content of files can't be read
	origins bool // events can't be found by their origin within an update
}

func (s lossy) View(ctx context.Context, f func(bridge.Reader) error) error {
	return s.Store.View(ctx, func(r bridge.Reader) error {
		if s.parts {
			r = partless{r}
		}
		return f(r)
	})
}

func (s lossy) Update(ctx context.Context, f func(bridge.Tx) error) error {
	return s.Store.Update(ctx, func(tx bridge.Tx) error {
		if s.origins {
			tx = originless{tx}
		}
		return f(tx)
	})
}

type partless struct{ bridge.Reader }

func (partless) FilePart(string, int64) ([]byte, error) { return nil, errLost }

type originless struct{ bridge.Tx }

func (originless) EventByOrigin(int64, string) (bridge.Event, error) {
	return bridge.Event{}, errLost
}

// with opens another bridge on the house's store, with losses.
func (h *house) with(s lossy) *bridge.Bridge {
	h.t.Helper()
	s.Store = h.store
	b, err := bridge.Open(h.t.Context(), s, bridge.Options{Domain: "support.example.org", SuperOperators: []bridge.OperatorJID{xavi},
		Clock: h.clock, Log: slog.New(slog.DiscardHandler), Limits: bridge.Limits{Message: 100, File: 1 << 20, Files: 5}})
	if err != nil {
		h.t.Fatal(err)
	}
	return b
}

// When the store can't be read, a correction is refused with a fault of ours, and not as wrong.
func TestVisitorCorrects_WhatCantBeReadIsAFault(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("c1")
	if _, _, err := h.VisitorWrites(t.Context(), c.Number, "m1", "helo"); err != nil {
		t.Fatal(err)
	}
	b := h.with(lossy{origins: true})
	if _, _, err := b.VisitorCorrects(t.Context(), c.Number, "m2", "hello", 1); phrase.CodeOf(err) != phrase.CodeInternal {
		t.Errorf("got %v", err)
	}
}
