package component

import (
	"context"
	"errors"
	"sync"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/component/stream"
)

// deskLogs sends the operators their desk logs, over one link.
type deskLogs struct {
	conn    *stream.Conn
	bridge  *bridge.Bridge
	render  *deskRenderer
	barrier *barrier

	mu     sync.Mutex
	tracks map[bridge.OperatorJID]*deskTrack
	held   map[bridge.OperatorJID]bool // operators whose notices are gathered
}

// deskTrack is an operator's position in their desk log. Only the goroutine that feeds
// the operator uses it.
type deskTrack struct {
	turn int64 // what bridge.Reach.Holds returned when the track was made
	sent int64 // number of the last entry sent
}

func newDeskLogs(conn *stream.Conn, b *bridge.Bridge, r *deskRenderer, ba *barrier) *deskLogs {
	return &deskLogs{conn: conn, bridge: b, render: r, barrier: ba,
		tracks: make(map[bridge.OperatorJID]*deskTrack), held: make(map[bridge.OperatorJID]bool)}
}

// feed sends an operator's desk log from their position on. It sends nothing while the
// operator can't be reached.
func (l *deskLogs) feed(ctx context.Context, o bridge.OperatorJID) error {
	t, err := l.open(ctx, o)
	if err != nil || t == nil {
		return err
	}
	for {
		if held, turn := l.bridge.Reach.Holds(o); held || turn != t.turn {
			return nil // the log is woken once the operator can be reached again
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

// open returns the operator's track, nil if there is nothing to send.
func (l *deskLogs) open(ctx context.Context, o bridge.OperatorJID) (*deskTrack, error) {
	_, turn := l.bridge.Reach.Holds(o) // first, so that the turn is no newer than the cursor
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
