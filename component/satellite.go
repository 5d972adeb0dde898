package component

import (
	"context"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// Operators on a line where each packet costs are told of less, and of notices
// together.

// gatherFor is how long a notice may wait for others.
const gatherFor = time.Minute

// gatherRoom is how long notices become before a new message is begun, in bytes.
const gatherRoom = 8 << 10

// gatherLook is how often it is looked whether notices have waited long enough.
const gatherLook = 5 * time.Second

// quiet reports whether an operator wants little traffic.
func quiet(b *bridge.Bridge, o bridge.OperatorJID) bool {
	operator, _ := b.Team.Operator(o)
	return operator.Satellite
}

// gather is what of an operator's desk log is sent now: all of it once the oldest
// has waited long enough or there is an offer in it, with notices that follow on
// each other made one; else nothing.
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
			e.Phrase = phrase.Lines(list[last].Phrase, e.Phrase)
			list = list[:last]
		}
		list = append(list, e)
	}
	return list
}

// wakeHeld has the desk logs fed of those for whom notices are gathered, until ctx
// ends.
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
