package desk

import (
	"slices"
	"sync"
	"time"

	"porchlight/bridge"
)

// An operator may have so many tests of notices within that time, since each goes to services outside, which
// allow a site only so many and may take it for a nuisance.
const (
	trialsAtMost = 5
	trialsWithin = 10 * time.Minute
)

// trialLasts is how long a test is waited for. Whatever else its operator sends to the desk waits meanwhile.
const trialLasts = 5 * time.Second

// trials remembers when operators had notices tested. A restart forgets it. Its methods may be called by any goroutine.
type trials struct {
	clock func() time.Time
	mu    sync.Mutex
	at    map[bridge.OperatorJID][]time.Time // the latest tests, the oldest first
}

// begin notes that an operator has notices tested now, or refuses one test too many.
func (t *trials) begin(o bridge.OperatorJID) error {
	now := t.clock()
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.free(o, now); err != nil {
		return err
	}
	t.at[o] = append(t.at[o], now)
	return nil
}

// may refuses one test too many, and notes none.
func (t *trials) may(o bridge.OperatorJID) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.free(o, t.clock())
}

// free forgets what was long ago, and refuses an operator who had too many tests since. It is called with the lock held.
func (t *trials) free(o bridge.OperatorJID, now time.Time) error {
	if t.at == nil {
		t.at = make(map[bridge.OperatorJID][]time.Time)
	}
	t.at[o] = slices.DeleteFunc(t.at[o], func(at time.Time) bool { return now.Sub(at) >= trialsWithin })
	if len(t.at[o]) < trialsAtMost {
		return nil
	}
	return refuse("There were %d tests within %s: the next may be in %s. Nothing was sent.", trialsAtMost, bridge.Span(trialsWithin), bridge.Span(trialsWithin-now.Sub(t.at[o][0])))
}
