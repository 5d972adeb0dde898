package component

import (
	"context"
	"strings"
	"sync"
	"time"

	"porchlight/bridge"
	"porchlight/component/stream"
)

const (
	barrierGap  = 100 * time.Millisecond // at least so long between two pings while messages flow
	barrierIdle = 4 * time.Second        // a ping though nothing was sent, to see that the link lives
	barrierDead = 9 * time.Second        // a ping unanswered for so long means the link is dead
)

// barrier proves what the server has routed. The component stream is ordered,
// so when a ping to ourselves (XEP-0199) comes back, everything sent before it
// has been routed, and both directions work.
type barrier struct {
	c     *Component
	mu    sync.Mutex
	conn  *stream.Conn   // the present link
	sent  map[task]int64 // cursors that the next ping will prove
	self  string         // what the ids of our pings begin with
	token string         // id of the ping under way, "" if none
	ping  map[task]int64 // cursors that it will prove
	dirty chan struct{}  // sent has become non-empty
	pong  chan struct{}  // the ping came back
}

func newBarrier(c *Component) *barrier {
	return &barrier{c: c, self: newStanzaID()[:18], sent: make(map[task]int64), dirty: make(chan struct{}, 1), pong: make(chan struct{}, 1)}
}

// note says that a log was sent up to seq over conn. What went over an earlier
// link is proved by nothing.
func (b *barrier) note(conn *stream.Conn, t task, seq int64) {
	b.mu.Lock()
	if conn == b.conn {
		b.sent[t] = seq
	}
	b.mu.Unlock()
	select {
	case b.dirty <- struct{}{}:
	default:
	}
}

// back takes a stanza from our own domain and reports whether it needs no other
// handling. It runs in the reader. The ping itself coming back is the proof. An
// answer to it proves as much, since the server has routed both, but somebody
// else must have given it; and a ping that is not ours is somebody else's.
func (b *barrier) back(el *stream.Element) bool {
	if el.Local != "iq" {
		return false
	}
	b.mu.Lock()
	ours := b.token != "" && el.Get("id") == b.token
	if ours {
		b.token = ""
		b.pong <- struct{}{} // room for the one ping under way
	}
	b.mu.Unlock()
	get := el.Get("type") == "get"
	if get && !ours && el.Child(nsPing, "ping") != nil && !strings.HasPrefix(el.Get("id"), b.self) {
		b.c.twin(bridge.Say("We get pings that we did not send"))
	}
	if !get && ours {
		b.c.twin(bridge.Say("Somebody else answers our pings"))
	}
	return ours || !get && el.Get("type") != "set"
}

// run sends pings over conn and moves the cursors until ctx ends; it closes
// conn when the link is dead.
func (b *barrier) run(ctx context.Context, conn *stream.Conn) {
	for first := true; ; first = false {
		if !first && !b.wait(ctx) {
			return
		}
		b.send(conn)
		select {
		case <-ctx.Done():
			return
		case <-b.pong:
			b.prove(ctx)
		case <-time.After(barrierDead):
			b.c.log.Error("the XMPP link is dead: our ping did not come back", "after", barrierDead)
			closing, cancel := context.WithTimeout(ctx, 0)
			conn.Close(closing)
			cancel()
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(barrierGap):
		}
	}
}

// reset forgets what an earlier link did not prove. It is called before conn is
// used.
func (b *barrier) reset(conn *stream.Conn) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.conn, b.sent, b.ping, b.token = conn, make(map[task]int64), nil, ""
	select {
	case <-b.pong:
	default:
	}
}

// wait returns when there is something to prove or the link was silent for
// long, false when ctx ends.
func (b *barrier) wait(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-b.dirty:
	case <-time.After(barrierIdle):
	}
	return true
}

// send sends a ping that proves all that was noted so far.
func (b *barrier) send(conn *stream.Conn) {
	b.mu.Lock()
	b.ping, b.sent = b.sent, make(map[task]int64)
	b.token = b.self + newStanzaID()
	ping := stream.New("", "iq", stream.New(nsPing, "ping")).With("type", "get", "from", b.c.opts.Domain, "to", b.c.opts.Domain, "id", b.token)
	b.mu.Unlock()
	conn.Send(ping) // an error ends the reader, and with it this
}

// prove stores the cursors that the ping has proved.
func (b *barrier) prove(ctx context.Context) {
	b.mu.Lock()
	proved := b.ping
	b.ping = nil
	b.mu.Unlock()
	if err := b.c.bridge.LinkAlive(ctx); err != nil && ctx.Err() == nil {
		b.c.log.Error("store time of the link", "err", err)
	}
	if len(proved) == 0 {
		return
	}
	var cursors []bridge.Cursor
	desks := make(map[bridge.OperatorJID]bridge.DeskCursor)
	for t, seq := range proved {
		if t.desk != "" {
			if was, ok := desks[t.desk]; !ok || was.Turn < t.turn {
				desks[t.desk] = bridge.DeskCursor{Seq: seq, Turn: t.turn}
			}
		} else {
			cursors = append(cursors, bridge.Cursor{Conversation: t.conversation, Operator: t.operator, Upto: seq, Status: bridge.Confirmed})
		}
	}
	if err := b.store(ctx, desks, cursors); err != nil {
		if ctx.Err() == nil {
			b.c.log.Error("store cursors", "err", err)
		}
		b.again(proved)
		return
	}
	b.c.tellUntold()
	b.c.stats.confirmed.Add(int64(len(proved)))
	b.c.pump.proved(proved)
}

func (b *barrier) store(ctx context.Context, desks map[bridge.OperatorJID]bridge.DeskCursor, cursors []bridge.Cursor) error {
	if len(desks) > 0 {
		if err := b.c.bridge.ProveDesk(ctx, desks); err != nil {
			return err
		}
	}
	if len(cursors) == 0 {
		return nil
	}
	return b.c.bridge.Prove(ctx, cursors)
}

// again leaves it to the next ping to prove what could not be stored.
func (b *barrier) again(proved map[task]int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for t, seq := range proved {
		b.sent[t] = max(b.sent[t], seq)
	}
}

// flush waits until all that was sent is proved, or ctx ends.
func (b *barrier) flush(ctx context.Context) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		b.mu.Lock()
		clean := len(b.sent) == 0 && len(b.ping) == 0
		b.mu.Unlock()
		if clean {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
