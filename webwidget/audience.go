package webwidget

import (
	"context"
	"sync"

	"porchlight/bridge"
)

// reader shows one conversation's log to a page. Notify must not block; any
// goroutine may call it, one at a time.
type reader interface{ Notify(bridge.Change) }

// audience is all whom the visitors' side tells of what happens: the readers of
// each conversation, and the board. It is a bridge.Side.
type audience struct {
	bridge *bridge.Bridge
	board  *board
	leave  func() // ends that it is told

	mu      sync.Mutex
	readers map[int64]reader // by conversation; several are a several
}

// newAudience makes an audience that is told from now on.
func newAudience(b *bridge.Bridge, status *board) *audience {
	a := &audience{bridge: b, board: status, readers: make(map[int64]reader)}
	a.leave = b.Join(a)
	return a
}

// Changed tells the conversation's readers (bridge.Side).
func (a *audience) Changed(c bridge.Change) {
	a.mu.Lock()
	r := a.readers[c.Conversation.Number]
	a.mu.Unlock()
	if r != nil {
		r.Notify(c)
	}
}

// StatusChanged has the board look at the status (bridge.StatusListener).
func (a *audience) StatusChanged() { a.board.look() }

// attach connects an open page: r is told of the conversation's changes until
// detach.
func (a *audience) attach(ctx context.Context, number int64, r reader) error {
	a.mu.Lock()
	a.set(number, append(several(nil), append(a.list(number), r)...))
	a.mu.Unlock()
	err := a.bridge.Attach(ctx, number)
	if err != nil {
		a.remove(number, r)
	}
	return err
}

// detach ends what attach began, if it did.
func (a *audience) detach(number int64, r reader) {
	if a.remove(number, r) {
		a.bridge.Detach(number)
	}
}

// remove takes a reader out, and reports whether it was there.
func (a *audience) remove(number int64, r reader) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	var rest several
	all := a.list(number)
	for _, x := range all {
		if x != r {
			rest = append(rest, x)
		}
	}
	a.set(number, rest)
	return len(rest) < len(all)
}

// several are the readers of a conversation with more than one page; most have
// one, which then needs no list.
type several []reader

// Notify tells each of them.
func (s several) Notify(c bridge.Change) {
	for _, r := range s {
		r.Notify(c)
	}
}

// list returns a conversation's readers. The lock is held.
func (a *audience) list(number int64) several {
	switch r := a.readers[number].(type) {
	case nil:
		return nil
	case several:
		return r
	default:
		return several{r}
	}
}

// set replaces them. A several is never changed in place, since Changed uses it
// without the lock.
func (a *audience) set(number int64, all several) {
	switch len(all) {
	case 0:
		delete(a.readers, number)
	case 1:
		a.readers[number] = all[0]
	default:
		a.readers[number] = all
	}
}
