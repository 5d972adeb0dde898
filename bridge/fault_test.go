package bridge_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

var errLost = errors.New("disk I/O error")

// lossy is a store that fails to read or to change something.
type lossy struct {
	bridge.Store
	parts   bool               // the content of files can't be read
	origins bool               // events can't be found by their origin within an update
	stuck   int64              // the number of a conversation that can't be changed
	spoilt  int64              // the number of a conversation whose offers can't be changed
	unread  int64              // the number of a conversation whose request can't be read
	deaf    bridge.OperatorJID // nothing can be added to this operator's desk log
	told    *bool              // set when a desk log grows; nothing can be read then; nil: everything can
}

func (s lossy) View(ctx context.Context, f func(bridge.Reader) error) error {
	if s.told != nil && *s.told {
		return errLost
	}
	return s.Store.View(ctx, func(r bridge.Reader) error {
		if s.parts {
			r = partless{r}
		}
		if s.unread > 0 {
			r = unreadable{r, s.unread}
		}
		return f(r)
	})
}

func (s lossy) Update(ctx context.Context, f func(bridge.Tx) error) error {
	return s.Store.Update(ctx, func(tx bridge.Tx) error {
		if s.origins {
			tx = originless{tx}
		}
		if s.told != nil {
			tx = telling{tx, s.told}
		}
		if s.deaf != "" {
			tx = deaf{tx, s.deaf}
		}
		return f(unchanging{tx, s.stuck, s.spoilt})
	})
}

type partless struct{ bridge.Reader }

func (partless) FilePart(string, int64) ([]byte, error) { return nil, errLost }

type unreadable struct {
	bridge.Reader
	number int64
}

func (u unreadable) Request(number int64) (bridge.Request, error) {
	if number == u.number {
		return bridge.Request{}, errLost
	}
	return u.Reader.Request(number)
}

type originless struct{ bridge.Tx }

func (originless) EventByOrigin(int64, string) (bridge.Event, error) {
	return bridge.Event{}, errLost
}

type telling struct {
	bridge.Tx
	told *bool
}

func (t telling) AppendDesk(e *bridge.DeskEntry) error {
	*t.told = true
	return t.Tx.AppendDesk(e)
}

type deaf struct {
	bridge.Tx
	operator bridge.OperatorJID
}

func (d deaf) AppendDesk(e *bridge.DeskEntry) error {
	if e.Operator == d.operator {
		return errLost
	}
	return d.Tx.AppendDesk(e)
}

type unchanging struct {
	bridge.Tx
	number, spoilt int64
}

func (u unchanging) SaveOffer(o bridge.Offer) error {
	if o.Conversation == u.spoilt {
		return errLost
	}
	return u.Tx.SaveOffer(o)
}

func (u unchanging) SaveConversation(c bridge.Conversation, was int64) error {
	if c.Number == u.number {
		return errLost
	}
	return u.Tx.SaveConversation(c, was)
}

// with opens another bridge on the house's store, with losses.
func (h *house) with(s lossy) *bridge.Bridge {
	h.t.Helper()
	s.Store = h.store
	return h.withStore(s)
}

// withStore opens another bridge on a store.
func (h *house) withStore(s bridge.Store) *bridge.Bridge {
	h.t.Helper()
	b, err := bridge.Open(h.t.Context(), s, bridge.Options{Domain: "support.example.org", SuperOperators: []bridge.OperatorJID{xavi},
		Clock: h.clock, Log: slog.New(slog.DiscardHandler), Channels: h.channels, Limits: bridge.Limits{Message: 100, File: 1 << 20, Files: 5}})
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

// A block holds from its commit on, even if an earlier conversation of the visitor can't be ended.
func TestBlockVisitor_HoldsWhateverFailsAfterIt(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	first := h.mustAsk("c1")
	if _, err := h.Ask(t.Context(), bridge.Inquiry{ClientID: "c2", Request: bridge.Request{Name: "Anna", Reason: "How?"}, Returning: first.Visitor}); err != nil {
		t.Fatal(err)
	}
	b := h.with(lossy{stuck: first.Number})
	if _, err := b.BlockVisitor(t.Context(), xavi, first.Visitor, false, 0, "spam"); !errors.Is(err, errLost) {
		t.Errorf("the error is %v", err)
	}
	if _, _, err := b.VisitorWrites(t.Context(), first.Number, "m1", "me again"); phrase.CodeOf(err) != phrase.CodeForbidden {
		t.Errorf("the visitor's next words get %v", err)
	}
}

// The greeting is told once, also if the team can't be read after it was stored.
func TestGreet_IsToldOnce(t *testing.T) {
	h := newHouse(t)
	for o, b := range map[bridge.OperatorJID]*bridge.Bridge{olga: h.Bridge, xavi: h.with(lossy{told: new(bool)})} {
		heard := &side{}
		defer b.Join(heard)()
		if err := b.Team.Greet(t.Context(), o, "phone", "de"); err != nil && !errors.Is(err, errLost) {
			t.Error(err)
		}
		told := slices.DeleteFunc(heard.all(), func(what string) bool { return what != "desk of "+string(o) })
		if len(told) != 1 {
			t.Errorf("the sides heard of the desk of %s %d times", o, len(told))
		}
	}
}
