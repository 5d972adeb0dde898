package bridge

import (
	"sync"
	"sync/atomic"

	"porchlight/bridge/phrase"
)

// hub knows the sides, and the part of a conversation that is not in its log and goes with its
// end: its pages and who is writing. The lock is not held while a side is told.
type hub struct {
	pages   *pages
	writers *writers
	missed  atomic.Int64  // news that a side missed because its seat was full
	beyond  func(Hint)    // tells the other nodes; nil alone, as is the next one
	heard   func(*Change) // notes that the sides of this node are told
	mu      sync.Mutex
	seats   []*seat
}

func newHub() *hub {
	return &hub{pages: newPages(), writers: &writers{now: make(map[typist]writing), held: make(map[typist]hold)}}
}

// publish tells the sides of a change, which the caller must not change any more; and the other nodes, unless the commit does.
func (h *hub) publish(c *Change) {
	if h.beyond != nil {
		if a, ok := c.aside(h.pages); ok {
			h.beyond(Hint{Said: []Aside{a}})
		}
	}
	h.hear(c)
}

// hear tells the sides of a change.
func (h *hub) hear(c *Change) {
	if h.heard != nil {
		h.heard(c)
	}
	if c.Conversation.State == Closed {
		h.pages.forget(c.Conversation.Number)
		h.writers.forget(c.Conversation.Number)
	}
	h.tell(news{change: c})
}

func (h *hub) publishDesk(o OperatorJID) { h.tell(news{desk: o}) }

func (h *hub) publishRetry(number int64) { h.tell(news{retry: number}) }

func (h *hub) publishStatus() { h.tell(news{status: true}) }

func (h *hub) publishAlarm(text phrase.Phrase) {
	if h.beyond != nil {
		h.beyond(Hint{Alarm: text.Encode()})
	}
	h.tell(news{alarm: &text})
}

// tell puts news into the seat of every side, and has the seats tell their sides.
func (h *hub) tell(n news) {
	h.mu.Lock()
	seats := h.seats
	h.mu.Unlock()
	for _, s := range seats {
		if !s.put(&n) {
			h.missed.Add(1)
		}
	}
	for _, s := range seats {
		s.drain()
	}
}
