package webwidget

import (
	"context"
	"slices"
	"sync"

	"porchlight/bridge"
)

// listener is told what happens to one conversation. hear must not block; any
// goroutine may call it, one at a time.
type listener interface{ hear(*news) }

// audience is all whom the visitors' side tells of what happens: the listeners of
// each conversation, and the board. It is a bridge.Side. Its methods may be called
// by any goroutine.
type audience struct {
	bridge *bridge.Bridge
	board  *board
	leave  func() // ends that it is told

	mu        sync.Mutex
	listeners map[int64]listener // by conversation; several are a several
}

// newAudience makes an audience that is told from now on.
func newAudience(b *bridge.Bridge, status *board) *audience {
	a := &audience{bridge: b, board: status, listeners: make(map[int64]listener)}
	a.leave = b.Join(a)
	return a
}

// Changed tells the conversation's listeners (bridge.Side).
func (a *audience) Changed(c bridge.Change) {
	a.mu.Lock()
	l := a.listeners[c.Conversation.Number]
	a.mu.Unlock()
	if l == nil {
		return
	}
	if n := newsOf(a.bridge, c); n.shows() {
		l.hear(n)
	}
}

// StatusChanged has the board look at the status (bridge.StatusListener).
func (a *audience) StatusChanged() { a.board.look() }

// listen tells l of a conversation's changes until ignore.
func (a *audience) listen(number int64, l listener) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.set(number, append(slices.Clip(a.list(number)), l))
}

// ignore ends what listen began, and reports whether that was still to be ended.
func (a *audience) ignore(number int64, l listener) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	var rest several
	all := a.list(number)
	for _, x := range all {
		if x != l {
			rest = append(rest, x)
		}
	}
	a.set(number, rest)
	return len(rest) < len(all)
}

// attach connects an open page: l is told of the conversation's changes, and the
// visitor counts as present, until detach.
func (a *audience) attach(ctx context.Context, number int64, l listener) error {
	a.listen(number, l)
	err := a.bridge.Attach(ctx, number)
	if err != nil {
		a.ignore(number, l)
	}
	return err
}

// detach ends what attach began, if it did.
func (a *audience) detach(number int64, l listener) {
	if a.ignore(number, l) {
		a.bridge.Detach(number)
	}
}

// several are the listeners of a conversation with more than one page; most have
// one, which then needs no list.
type several []listener

func (s several) hear(n *news) {
	for _, l := range s {
		l.hear(n)
	}
}

// list returns a conversation's listeners. The lock is held.
func (a *audience) list(number int64) several {
	switch l := a.listeners[number].(type) {
	case nil:
		return nil
	case several:
		return l
	default:
		return several{l}
	}
}

// set replaces them. A several is never changed in place, since Changed uses it
// without the lock.
func (a *audience) set(number int64, all several) {
	switch len(all) {
	case 0:
		delete(a.listeners, number)
	case 1:
		a.listeners[number] = all[0]
	default:
		a.listeners[number] = all
	}
}
