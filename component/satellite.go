package component

import (
	"context"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// Operators on a line where each packet costs money get less presence, no typing, and
// several notices in one message.

// gatherFor is how long a notice may wait for others.
const gatherFor = time.Minute

// gatherRoom is the size in bytes from which a message takes no further notice.
const gatherRoom = 8 << 10

// gatherLook is how often wakeHeld looks for notices that have waited long enough.
const gatherLook = 5 * time.Second

// quiet reports whether an operator wants little traffic.
func quiet(b *bridge.Bridge, o bridge.OperatorJID) bool {
	operator, _ := b.Team.Operator(o)
	return operator.Satellite
}

// gather returns the entries of an operator's desk log that are sent now: none until the
// oldest has waited for gatherFor or one is an offer, and then all of them, with
// consecutive notices joined.
func (l *deskLogs) gather(o bridge.OperatorJID, entries []bridge.DeskEntry) []bridge.DeskEntry {
	ripe := false
	for _, e := range entries {
		ripe = ripe || e.Kind == bridge.DeskOffer || l.bridge.Now().Sub(e.At) >= gatherFor
	}
	if !ripe && len(entries) > 0 {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.held[o] = true
		return nil
	}
	var list []bridge.DeskEntry
	for _, e := range entries {
		if last := len(list) - 1; last >= 0 && e.Kind == bridge.DeskNotice && list[last].Kind == bridge.DeskNotice && len(list[last].Phrase.Encode()) < gatherRoom {
			e.Phrase, e.Ref = phrase.Lines(list[last].Phrase, e.Phrase), 0 // what is more than an earlier notice takes the place of none
			list = list[:last]
		}
		list = append(list, e)
	}
	return list
}

// wakeHeld wakes the desk logs of operators whose notices are gathered, again and again
// until ctx ends.
func (l *deskLogs) wakeHeld(ctx context.Context, wake func(task)) {
	tick := time.NewTicker(gatherLook)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		l.mu.Lock()
		held := l.held
		l.held = make(map[bridge.OperatorJID]bool)
		l.mu.Unlock()
		for o := range held {
			wake(task{desk: o})
		}
	}
}
