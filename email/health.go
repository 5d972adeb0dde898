package email

import (
	"sync/atomic"
	"time"
)

// health is how the channel is doing.
type health struct {
	held    atomic.Int64 // until when the queue waits for the relay, in ms since 1970; 0: it does not
	came    atomic.Int64
	refused atomic.Int64
}

// Stats says how the channel is doing. The numbers count from the start.
type Stats struct {
	Up      bool            // every mailbox is read, and there is one
	Boxes   map[string]bool // by the mailbox's name: it is read
	Held    bool            // the relay is not there or does not let us in, so all mail waits
	Came    int64           // mails fetched
	Refused int64           // mails that could not be fetched or kept whole
}

// Stats returns how the channel is doing now. Any goroutine may call it; of a nil Channel it is zero.
func (c *Channel) Stats() Stats {
	if c == nil {
		return Stats{}
	}
	h := &c.health
	s := Stats{Up: len(c.inboxes) > 0, Boxes: make(map[string]bool), Held: h.held.Load() != 0, Came: h.came.Load(), Refused: h.refused.Load()}
	for name, in := range c.inboxes {
		s.Boxes[name] = in.up.Load()
		s.Up = s.Up && s.Boxes[name]
	}
	return s
}

// holdUntil keeps the queue from being sent until then; the zero time: it may be sent.
func (h *health) holdUntil(t time.Time) {
	if t.IsZero() {
		h.held.Store(0)
		return
	}
	h.held.Store(t.UnixMilli())
}

// heldUntil is the time of holdUntil; in the past if the queue may be sent.
func (h *health) heldUntil() time.Time { return time.UnixMilli(h.held.Load()) }
