package bridge

import (
	"maps"
	"sync"
	"sync/atomic"

	"porchlight/bridge/phrase"
)

// hub knows the sides, and what of the visitors' pages and of who is writing is
// not in the logs. Its lock is never held while a side is told.
type hub struct {
	missed atomic.Int64 // news for which a side's seat had no room

	mu        sync.Mutex
	seats     []*seat
	connected map[int64]int // pages, by conversation
	pages     map[int64]PageState
	roaming   map[int64]bool     // conversations whose page is not in the log yet
	typing    map[typist]writing // who is writing
}

func newHub() *hub {
	return &hub{connected: make(map[int64]int), pages: make(map[int64]PageState), roaming: make(map[int64]bool),
		typing: make(map[typist]writing)}
}

// connect counts a page more or, if by is -1, a page less, and returns how many
// are connected.
func (h *hub) connect(number int64, by int) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := h.connected[number] + by
	if n > 0 {
		h.connected[number] = n
	} else {
		delete(h.connected, number)
	}
	return n
}

// count is how many pages are connected.
func (h *hub) count(number int64) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.connected[number]
}

// publish tells the sides of a change.
func (h *hub) publish(c Change) {
	if c.Conversation.State == Closed {
		h.forget(c.Conversation.Number)
	}
	h.tell(news{change: c})
}

// forget drops what is known of a conversation that is over.
func (h *hub) forget(number int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.pages, number)
	delete(h.roaming, number)
	maps.DeleteFunc(h.typing, func(t typist, _ writing) bool { return t.number == number })
}

func (h *hub) publishDesk(o OperatorJID) { h.tell(news{desk: o}) }

func (h *hub) publishRetry(number int64) { h.tell(news{retry: number}) }

func (h *hub) publishStatus() { h.tell(news{status: true}) }

func (h *hub) publishAlarm(text phrase.Phrase) { h.tell(news{alarm: &text}) }

// tell tells every side (see seat).
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
