package bridge

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"sync/atomic"
)

// Nodes is what a Bridge does as one of several on the same store. Each of them serves visitors; one holds the XMPP link, and it
// alone makes offers, fires timers and knows who is there, of which it keeps the others informed in the store. What a node commits it
// hints to the others. A Bridge alone holds the link from its start on, and tells nobody. The methods may be called by any
// goroutine.
type Nodes struct {
	bridge *Bridge
	id     string // Options.Node; "" alone
	tell   func(Hint)
	tenure atomic.Pointer[Tenure]
	held   atomic.Bool // another node holds the link
	logs   watchedLogs

	mu    sync.Mutex
	loads []func(context.Context) error // of what rooms keep in memory; see Mirror
	shown shownReach                    // what this node has stored as the holder
	rooms map[string]func(context.Context, json.RawMessage) error
}

// Several reports whether there may be other nodes.
func (n *Nodes) Several() bool { return n.id != "" }

// Holding reports whether this node holds the XMPP link, or is about to have it.
func (n *Nodes) Holding() bool { return !n.Several() || n.tenure.Load() != nil }

// Under returns the context for what only the node does that holds the link; ok is false if this node does not.
func (n *Nodes) Under(ctx context.Context) (under context.Context, ok bool) {
	if !n.Several() {
		return ctx, true
	}
	if _, given := TenureOf(ctx); given {
		return ctx, true
	}
	t := n.tenure.Load()
	if t == nil {
		return ctx, false
	}
	return t.Under(ctx), true
}

// update runs an update, under the tenure of this node if it has one; f is told whether it has. If the tenure is over, and the caller
// has not asked for one, the update runs as that of any node.
func (n *Nodes) update(ctx context.Context, f func(tx Tx, holds bool) error) error {
	under, holds := n.Under(ctx)
	err := n.bridge.store.Update(under, func(tx Tx) error { return f(tx, holds) })
	if _, given := TenureOf(ctx); given || !errors.Is(err, ErrTenureOver) {
		return err
	}
	return n.bridge.store.Update(ctx, func(tx Tx) error { return f(tx, false) })
}

// Mirror has load called whenever what rooms keep in memory of the store may have been changed by another node. It is called before
// anything runs.
func (n *Nodes) Mirror(load func(context.Context) error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.loads = append(n.loads, load)
}

// Changed tells the other nodes that something was changed that all keep in memory.
func (n *Nodes) Changed() { n.hint(Hint{Site: true}) }

func (n *Nodes) hint(h Hint) {
	if n.Several() {
		n.tell(h)
	}
}

// Take begins this node's tenure: it takes in all that the store knows, and goes on where the last holder has stopped. The link
// comes up after it.
func (n *Nodes) Take(ctx context.Context, t Tenure) error {
	ctx = t.Under(ctx)
	b := n.bridge
	stored, err := n.storedReach(ctx)
	if err != nil {
		return err
	}
	if _, err := n.renew(ctx); err != nil {
		return err
	}
	if err := b.store.View(ctx, b.Link.load); err != nil {
		return err
	}
	n.mu.Lock()
	n.shown = stored
	n.mu.Unlock()
	b.Reach.link(false)
	if err := beginHolding(ctx, b); err != nil {
		return err
	}
	n.tenure.Store(&t) // from now on Run does what the holder does
	return nil
}

// beginHolding does what the node that holds the link does first: the timers are moved by the time in which no node could act, and the grace
// time of visitors without a page and of all owners begins, since no operator is online yet.
func beginHolding(ctx context.Context, b *Bridge) error {
	if err := b.store.Update(ctx, b.pulse.begin); err != nil {
		return err
	}
	if err := b.forgetPages(ctx); err != nil {
		return err
	}
	return settling{bridge: b, anew: true}.run(ctx)
}

// Drop ends this node's tenure. Nothing that depends on it is stored from now on.
func (n *Nodes) Drop() {
	n.held.Store(false)
	n.tenure.Store(nil)
	n.bridge.Reach.link(false)
	n.bridge.hub.publishStatus()
}

// Follow takes in, on a node that does not hold the link, whether any node does.
func (n *Nodes) Follow(ctx context.Context, held bool) error {
	if n.held.Swap(held) == held {
		return nil
	}
	return n.readReach(ctx)
}

// Mourn takes in that a node has died: its pages are gone. The holder calls it.
func (n *Nodes) Mourn(ctx context.Context, id string) error {
	for {
		var list []int64
		err := n.bridge.store.View(ctx, func(r Reader) (err error) {
			list, err = r.PagesOf(id, dueBatch)
			return err
		})
		if err != nil || len(list) == 0 {
			return err
		}
		for _, number := range list {
			if err := n.bridge.syncPage(ctx, number, id); err != nil && !isNotFound(err) {
				return err
			}
		}
	}
}

// elsewhere reports whether another node has a page of a conversation.
func (n *Nodes) elsewhere(r Reader, number int64) (bool, error) {
	if !n.Several() {
		return false, nil
	}
	return r.PageElsewhere(number, n.id)
}

// watched reports whether a page of a conversation is connected to any node.
func (n *Nodes) watched(r Reader, number int64) (bool, error) {
	if n.bridge.hub.pages.count(number) > 0 {
		return true, nil
	}
	return n.elsewhere(r, number)
}
