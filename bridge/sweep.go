package bridge

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"
)

// This file finds what hints have not told: some get lost.

// watchedLogs are the logs that somebody reads at this node, with the seq up to which the sides were told of them.
type watchedLogs struct {
	mu sync.Mutex
	at map[int64]watchedLog
}

type watchedLog struct {
	seq   int64
	until int64 // when it ends, in milliseconds since 1970; 0: when the last page is gone. One that waits costs little memory
}

// pollWatched is how long a page that polls is told of what hints have missed.
const pollWatched = time.Minute

// watch begins for a conversation whose log a page reads, from its end on: until a moment, or if that is zero until unwatch.
func (w *watchedLogs) watch(c Conversation, until time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.at == nil {
		w.at = make(map[int64]watchedLog)
	}
	log, on := w.at[c.Number]
	if !on {
		log.seq = c.Seq
	}
	switch {
	case until.IsZero():
		log.until = 0
	case !on || log.until != 0:
		log.until = until.UnixMilli()
	}
	w.at[c.Number] = log
}

// unwatch ends it.
func (w *watchedLogs) unwatch(number int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.at, number)
}

// told takes in that the sides were told of events.
func (w *watchedLogs) told(c *Change) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if was, on := w.at[c.Conversation.Number]; on && len(c.Events) > 0 {
		was.seq = max(was.seq, c.Events[len(c.Events)-1].Seq)
		w.at[c.Conversation.Number] = was
	}
}

// list returns up to where the sides were told of each log, and drops those that nobody reads any more.
func (w *watchedLogs) list(now time.Time) map[int64]int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	maps.DeleteFunc(w.at, func(_ int64, log watchedLog) bool { return log.until != 0 && now.UnixMilli() > log.until })
	list := make(map[int64]int64, len(w.at))
	for number, log := range w.at {
		list[number] = log.seq
	}
	return list
}

// Sweep looks for what this node should have been told, and tells its sides. It is called when hints may have been missed, and once in a
// while: it looks at each log and each page that is here.
func (n *Nodes) Sweep(ctx context.Context) error {
	turned, err := n.renew(ctx)
	if turned {
		n.bridge.hub.publishStatus()
	}
	errs := []error{err, n.sweepLogs(ctx), n.sweepPages(ctx)}
	if held, holds := n.Under(ctx); holds {
		errs = append(errs, n.sweepHeld(held))
	} else {
		errs = append(errs, n.readReach(ctx))
	}
	return errors.Join(errs...)
}

// sweepLogs finds the watched logs that have grown.
func (n *Nodes) sweepLogs(ctx context.Context) error {
	told := n.logs.list(n.bridge.clock.Now())
	for numbers := range slices.Chunk(slices.Sorted(maps.Keys(told)), dueBatch) {
		var seqs map[int64]int64
		err := n.bridge.store.View(ctx, func(r Reader) (err error) {
			seqs, err = r.Seqs(numbers)
			return err
		})
		var ends []LogEnd
		for number, seq := range seqs {
			if seq > told[number] {
				ends = append(ends, LogEnd{Number: number, First: told[number] + 1, Last: seq})
			}
		}
		if err == nil && len(ends) > 0 {
			err = n.hearLogs(ctx, ends)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sweepPages stores anew that pages are connected to this node, if the others took it for dead, such as while it was frozen.
func (n *Nodes) sweepPages(ctx context.Context) error {
	here := n.bridge.hub.pages.watched()
	var known []int64
	err := n.bridge.store.View(ctx, func(r Reader) (err error) {
		known, err = r.PagesOf(n.id, settleMost)
		return err
	})
	for _, number := range known {
		delete(here, number)
	}
	for number := range here {
		if err == nil {
			err = n.bridge.syncPage(ctx, number, n.id)
		}
		if isNotFound(err) {
			err = nil
		}
	}
	return err
}

// sweepHeld has the node that holds the link offer whatever waits, and deliver whatever lies past a cursor.
func (n *Nodes) sweepHeld(ctx context.Context) error {
	b := n.bridge
	errs := []error{b.askOthers(ctx)}
	desks, err := b.Cursors.Desks(ctx)
	errs = append(errs, err)
	for o := range desks {
		b.hub.publishDesk(o)
	}
	parts, err := b.Cursors.Unconfirmed(ctx, 0, dueBatch)
	errs = append(errs, err)
	for _, p := range parts {
		if !b.Quarantine.Holds(p.Conversation) {
			b.hub.publishRetry(p.Conversation)
		}
	}
	return errors.Join(errs...)
}
