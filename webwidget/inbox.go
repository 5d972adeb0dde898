package webwidget

import (
	"sync"

	"porchlight/bridge"
)

// inboxRoom is how many events wait for a slow stream; of more than these only
// the fact is kept, and the stream reads the log.
const inboxRoom = 64

// inbox holds what a stream has not sent yet. Its size is bounded and nothing
// in it can be lost: events lie in the log, receipts only grow, and of typing
// only the last word counts. It is a reader.
type inbox struct {
	wake chan struct{} // has room for one

	mu      sync.Mutex
	waiting news
}

// news is what came since the stream looked last.
type news struct {
	events   []bridge.Event
	gap      bool // events were left out
	receipts map[bridge.ReceiptStatus]int64
	typing   *bridge.Typing
}

func newInbox() *inbox { return &inbox{wake: make(chan struct{}, 1)} }

// Notify takes a change in; it never waits for the stream.
func (b *inbox) Notify(c bridge.Change) {
	b.mu.Lock()
	b.waiting.add(c)
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

func (n *news) add(c bridge.Change) {
	if n.gap = n.gap || len(n.events)+len(c.Events) > inboxRoom; n.gap {
		n.events = nil
	} else {
		n.events = append(n.events, c.Events...)
	}
	if c.Receipt != nil {
		if n.receipts == nil {
			n.receipts = make(map[bridge.ReceiptStatus]int64, 1)
		}
		n.receipts[c.Receipt.Status] = max(n.receipts[c.Receipt.Status], c.Receipt.Upto)
	}
	if c.Typing != nil && c.Typing.From == bridge.FromOperator {
		n.typing = c.Typing
	}
}

// take empties the inbox.
func (b *inbox) take() news {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := b.waiting
	b.waiting = news{}
	return n
}
