package component

import (
	"context"
	"errors"
	"sync"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/component/stream"
)

// deskLogs are the operators' desk logs on their way to them, over one link.
type deskLogs struct {
	conn    *stream.Conn
	bridge  *bridge.Bridge
	render  *deskRenderer
	barrier *barrier

	mu     sync.Mutex
	tracks map[bridge.OperatorJID]*deskTrack
	held   map[bridge.OperatorJID]bool // for whom notices are gathered
}

// deskTrack is where an operator is in their desk log. The goroutine that feeds them
// changes it.
type deskTrack struct {
	turn int64 // of bridge.Reach.Holds
	sent int64
}

func newDeskLogs(conn *stream.Conn, b *bridge.Bridge, r *deskRenderer, ba *barrier) *deskLogs {
	return &deskLogs{conn: conn, bridge: b, render: r, barrier: ba,
		tracks: make(map[bridge.OperatorJID]*deskTrack), held: make(map[bridge.OperatorJID]bool)}
}

// feed sends an operator's desk log from where they are; nothing while they
// can't be reached.
func (l *deskLogs) feed(ctx context.Context, o bridge.OperatorJID) error {
	t, err := l.open(ctx, o)
	if err != nil || t == nil {
		return err
	}
	for {
		if held, turn := l.bridge.Reach.Holds(o); held || turn != t.turn {
			return nil // who can be reached again has the log woken
		}
		entries, err := l.bridge.DeskEntries(ctx, o, t.sent, feedLimit)
		if err == nil && quiet(l.bridge, o) {
			entries = l.gather(o, entries)
		}
		if err != nil || len(entries) == 0 {
			return err
		}
		for _, e := range entries {
			stanzas, err := l.render.entry(ctx, e)
			if err != nil {
				return err
			}
			if len(stanzas) > 0 {
				err = l.conn.Send(stanzas...)
			}
			if errors.Is(err, stream.ErrTooLarge) { // as in logs.send
				err = l.conn.Send(l.render.instead(e, phrase.Say("A message is too large to be sent to you.")))
			}
			if err != nil {
				return nil // the link is gone; the next one begins at the cursor
			}
			t.sent = e.Seq
			l.barrier.note(task{desk: o, turn: t.turn}, e.Seq)
		}
	}
}

// open returns the operator's track; nil if there is nothing to send.
func (l *deskLogs) open(ctx context.Context, o bridge.OperatorJID) (*deskTrack, error) {
	_, turn := l.bridge.Reach.Holds(o) // before the cursor is read
	l.mu.Lock()
	t := l.tracks[o]
	l.mu.Unlock()
	if t != nil && t.turn == turn {
		return t, nil
	}
	seq, behind, err := l.bridge.Cursors.Desk(ctx, o)
	if err != nil || !behind {
		return nil, err
	}
	t = &deskTrack{turn: turn, sent: seq}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tracks[o] = t
	return t, nil
}
