package webwidget

import (
	"context"
	"maps"
	"slices"
	"sync"

	"porchlight/bridge"
)

// listener is told what happens to one conversation. hear must not block. Any goroutine
// may call hear, but only one at a time does.
type listener interface{ hear(*news) }

// audience holds everybody whom the visitors' side tells what happens: the listeners of
// each conversation, the board, and the open boards of the team. It is a bridge.Side. Any goroutine may call its
// methods.
type audience struct {
	view  view // of no conversation yet
	board *board
	team  *teamNews
	leave func() // takes the audience off the bridge's sides

	mu        sync.Mutex
	listeners map[int64]listener // by conversation; a conversation with more than one page has a several
}

// newAudience makes an audience that is one of the bridge's sides from now on.
func newAudience(v view, status *board, team *teamNews) *audience {
	a := &audience{view: v, board: status, team: team, listeners: make(map[int64]listener)}
	a.leave = v.bridge.Join(a)
	return a
}

// Changed tells the conversation's listeners, and the team's boards if something was stored (bridge.Side).
func (a *audience) Changed(c bridge.Change) {
	if len(c.Events) > 0 {
		a.team.look()
	}
	a.mu.Lock()
	l := a.listeners[c.Conversation.Number]
	a.mu.Unlock()
	if l == nil {
		return
	}
	if n := newsOf(a.view, c); n.shows() {
		l.hear(n)
	}
}

// StatusChanged makes the board look at the status, and the team's boards load anew (bridge.StatusListener).
func (a *audience) StatusChanged() {
	a.board.look()
	a.team.look()
}

// Reread makes every listener read its log, and all boards look at what there is now (bridge.Rereader).
func (a *audience) Reread() {
	a.mu.Lock()
	all := slices.Collect(maps.Values(a.listeners))
	a.mu.Unlock()
	for _, l := range all {
		l.hear(&news{gap: true})
	}
	a.StatusChanged()
}

// listen tells l of a conversation's changes until ignore.
func (a *audience) listen(number int64, l listener) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.set(number, append(slices.Clip(a.list(number)), l))
}

// ignore ends what listen began, and reports whether l was still listening.
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
	err := a.view.bridge.Attach(ctx, number)
	if err != nil {
		a.ignore(number, l)
	}
	return err
}

// detach ends what attach began, if l is attached.
func (a *audience) detach(number int64, l listener) {
	if a.ignore(number, l) {
		a.view.bridge.Detach(number)
	}
}

// several are the listeners of a conversation with more than one page. Most
// conversations have one page, whose listener needs no list.
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

// set replaces a conversation's listeners. A several is never changed in place, since
// Changed uses it without the lock. The lock is held.
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
