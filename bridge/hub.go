package bridge

import (
	"maps"
	"sync"

	"porchlight/bridge/phrase"
)

// Change is what watchers are told: events that were committed, or something
// that is not stored (a receipt, typing). It may come out of order or not at
// all when much happens at once; the log is the truth, so a watcher that sees a
// gap in the numbers reads the log.
type Change struct {
	Conversation Conversation // as after the change
	Events       []Event
	Receipt      *Receipt // to the visitor
	Typing       *Typing
	Seen         int64 // >0: the visitor's page showed the log up to here
	Looked       bool  // the page was hidden or shown
}

// Receipt says what is proved of the visitor's messages up to a seq.
type Receipt struct {
	Upto   int64
	Status ReceiptStatus
}

// ReceiptStatus is a step of delivery to an operator.
type ReceiptStatus string

// The steps that are proved after storing.
const (
	Confirmed ReceiptStatus = "confirmed" // the XMPP server has routed it
	Delivered ReceiptStatus = "delivered" // a client has received it (XEP-0184)
	Displayed ReceiptStatus = "seen"      // the operator has seen it (XEP-0333)
)

// Typing says that somebody began or stopped to write (XEP-0085).
type Typing struct {
	From     Role
	Operator OperatorJID
	Name     string
	Active   bool
}

// Watcher is told of one conversation's changes. Notify must not block; it is
// called by any goroutine.
type Watcher interface{ Notify(Change) }

// Console is the operators' side. Its methods must not block; they are called
// by any goroutine.
type Console interface {
	// Changed is told of every conversation's changes.
	Changed(Change)
	// DeskChanged says that an operator's desk log has grown.
	DeskChanged(OperatorJID)
	// Retry says that a conversation that could not be processed may be tried again.
	Retry(number int64)
	// StatusChanged says that Bridge.Status or Bridge.Operators may have changed.
	StatusChanged()
	// Alarm has something to be told to the super operators at once, by other
	// means than their desk logs: the store may be what is broken.
	Alarm(text phrase.Phrase)
}

// hub knows who watches what. Its lock is never held while a watcher is told.
type hub struct {
	mu       sync.Mutex
	watchers map[int64]Watcher // several are a several
	pages    map[int64]PageState
	roaming  map[int64]bool     // conversations whose page is not in the log yet
	typing   map[typist]writing // who is writing
	status   map[chan<- struct{}]bool
	console  Console
}

func newHub() *hub {
	return &hub{watchers: make(map[int64]Watcher), pages: make(map[int64]PageState), roaming: make(map[int64]bool),
		typing: make(map[typist]writing), status: make(map[chan<- struct{}]bool)}
}

// SetConsole names the operators' side. It is called once, before Run.
func (b *Bridge) SetConsole(c Console) {
	b.hub.mu.Lock()
	defer b.hub.mu.Unlock()
	b.hub.console = c
}

// operatorsSide is the console, nil before SetConsole.
func (h *hub) operatorsSide() Console {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.console
}

// WatchStatus sends on ch (without blocking, so give it room for one) whenever
// Status may have changed, until the returned function is called.
func (b *Bridge) WatchStatus(ch chan<- struct{}) (stop func()) {
	b.hub.mu.Lock()
	defer b.hub.mu.Unlock()
	b.hub.status[ch] = true
	return func() {
		b.hub.mu.Lock()
		defer b.hub.mu.Unlock()
		delete(b.hub.status, ch)
	}
}

// several are the watchers of a conversation with more than one page; most have
// one, which then needs no list.
type several []Watcher

// Notify tells each of them.
func (s several) Notify(c Change) {
	for _, w := range s {
		w.Notify(c)
	}
}

// list returns a conversation's watchers. The lock is held.
func (h *hub) list(number int64) several {
	switch w := h.watchers[number].(type) {
	case nil:
		return nil
	case several:
		return w
	default:
		return several{w}
	}
}

// set replaces them. A several is never changed in place, since publish uses it
// without the lock.
func (h *hub) set(number int64, all several) {
	switch len(all) {
	case 0:
		delete(h.watchers, number)
	case 1:
		h.watchers[number] = all[0]
	default:
		h.watchers[number] = all
	}
}

func (h *hub) add(number int64, w Watcher) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.set(number, append(several(nil), append(h.list(number), w)...))
}

func (h *hub) remove(number int64, w Watcher) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var rest several
	for _, x := range h.list(number) {
		if x != w {
			rest = append(rest, x)
		}
	}
	h.set(number, rest)
}

// count is how many pages are connected.
func (h *hub) count(number int64) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.list(number))
}

// publish tells the conversation's watchers and the console.
func (h *hub) publish(c Change) {
	h.mu.Lock()
	if c.Conversation.State == Closed {
		delete(h.pages, c.Conversation.Number)
		delete(h.roaming, c.Conversation.Number)
		maps.DeleteFunc(h.typing, func(t typist, _ writing) bool { return t.number == c.Conversation.Number })
	}
	watcher, console := h.watchers[c.Conversation.Number], h.console
	h.mu.Unlock()
	if watcher != nil {
		watcher.Notify(c)
	}
	if console != nil {
		console.Changed(c)
	}
}

func (h *hub) publishDesk(o OperatorJID) {
	if console := h.operatorsSide(); console != nil {
		console.DeskChanged(o)
	}
}

func (h *hub) publishStatus() {
	h.mu.Lock()
	for ch := range h.status {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
	console := h.console
	h.mu.Unlock()
	if console != nil {
		console.StatusChanged()
	}
}
