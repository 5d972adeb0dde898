package component

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

const (
	barrierGap  = 100 * time.Millisecond // the shortest time between two pings
	barrierIdle = 4 * time.Second        // after this time without messages a ping is sent all the same, to see that the link lives
	barrierDead = 9 * time.Second        // a ping that is not back after this time means that the link is dead
	barrierLost = 4 * time.Second        // a ping that is not back after this time is followed by another, to see which comes back
	barrierWell = 2 * time.Minute        // once no ping was lost for this time, the alarm about lost pings ends
)

// barrier proves what the server has routed. The component stream is ordered,
// so when a ping to ourselves (XEP-0199) comes back, everything sent before it
// has been routed, and both directions work.
type barrier struct {
	conn   *stream.Conn
	bridge *bridge.Bridge
	domain string
	self   string               // what the ids of our pings begin with, over every link
	twin   func(phrase.Phrase)  // called at signs of another component with our domain
	proved func(map[task]int64) // called with the cursors that were stored
	log    *slog.Logger

	mark func()           // see lanes.mark
	done func() time.Time // see lanes.done

	mu    sync.Mutex
	sent  map[task]int64 // cursors that the next ping will prove
	token string         // id of the ping under way, "" if none
	after string         // id of the ping that was sent after that one, "" if none
	began time.Time      // when the ping under way was sent
	since time.Time      // when the last ping that came back was sent, or the link began
	parts bool           // a ping was lost, and a later one came back: the bridge does not know yet
	lost  time.Time      // when a ping was last lost, or the link began; zero: long ago
	ping  map[task]int64 // cursors that the ping under way will prove
	dirty chan struct{}  // holds one when sent has become non-empty
	pong  chan struct{}  // holds one when the ping under way came back
}

func newBarrier(conn *stream.Conn, b *bridge.Bridge, self string, opts Options) *barrier {
	now := b.Now()
	return &barrier{conn: conn, bridge: b, domain: opts.Domain, self: self, log: opts.Log, lost: now, since: now,
		mark: func() {}, done: func() time.Time { return time.Time{} },
		sent: make(map[task]int64), dirty: make(chan struct{}, 1), pong: make(chan struct{}, 1)}
}

// note takes down that a log was sent up to seq. It never waits; any goroutine may call
// it.
func (b *barrier) note(t task, seq int64) {
	b.mu.Lock()
	b.sent[t] = seq
	b.mu.Unlock()
	select {
	case b.dirty <- struct{}{}:
	default:
	}
}

// back takes a stanza from our own domain, and reports whether it needs no other
// handling. It runs in the reader. Our ping proves what was sent before it when the ping
// itself comes back. An answer to our ping proves as much, since the server has routed
// the ping and the answer; but then another component with our domain has answered. A
// ping that we did not send is such a component's, too.
func (b *barrier) back(el *stream.Element) bool {
	if el.Local != "iq" {
		return false
	}
	b.mu.Lock()
	later := b.after != "" && el.Get("id") == b.after
	ours := b.token != "" && (el.Get("id") == b.token || later)
	if ours {
		if later {
			b.lost, b.parts = b.bridge.Now(), true
		}
		b.token, b.after, b.since = "", "", b.began
		b.pong <- struct{}{} // does not block: there is room for one, and one ping under way
	}
	b.mu.Unlock()
	get := el.Get("type") == "get"
	if get && !ours && el.Child(stanza.NSPing, "ping") != nil && !strings.HasPrefix(el.Get("id"), b.self) {
		b.twin(phrase.Say("We get pings that we did not send"))
	}
	if !get && ours {
		b.twin(phrase.Say("Somebody else answers our pings"))
	}
	if later && ours {
		b.halved()
	}
	return ours || !get && el.Get("type") != "set"
}

// run sends pings and moves the cursors until ctx ends. When the link is dead it closes
// the connection and returns.
func (b *barrier) run(ctx context.Context) {
	for first := true; ; first = false {
		if !first && !b.wait(ctx) {
			return
		}
		b.send()
		switch b.returns(ctx) {
		case pingBack:
			b.prove(ctx)
		case pingEnded:
			return
		case pingLost:
			b.log.Error("the XMPP link is dead: our ping did not come back", "after", barrierDead)
			closing, cancel := context.WithTimeout(ctx, 0)
			b.conn.Close(closing)
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

// What becomes of a ping.
const (
	pingBack = iota
	pingLost
	pingEnded // the link ended first
)

// returns waits for the ping under way to come back. When that takes long it sends a
// second ping. The stream is ordered, so if the second ping comes back and the first does
// not, the server gives part of our stanzas to another connection.
func (b *barrier) returns(ctx context.Context) int {
	for _, limit := range []time.Duration{barrierLost, barrierDead - barrierLost} {
		select {
		case <-ctx.Done():
			return pingEnded
		case <-b.pong:
			return pingBack
		case <-time.After(limit):
			b.follow()
		}
	}
	return pingLost
}

// follow sends a second ping after the one under way, unless it has done so already.
func (b *barrier) follow() {
	b.mu.Lock()
	id := b.self + stanza.NewID()
	send := b.token != "" && b.after == ""
	if send {
		b.after = id
	}
	b.mu.Unlock()
	if send {
		b.conn.Send(b.stanza(id))
	}
}

// halved raises the alarm that some of our pings are lost.
func (b *barrier) halved() {
	b.bridge.Alarms.Raise(bridge.AlarmHalved, phrase.Say("The XMPP server loses part of what is for %s: some of our pings to ourselves come back and some don't. "+
		"It still holds another connection of ours that is dead, of a machine that went away without a word, and gives that one its share (ejabberd does). "+
		"Close it on the server (ss -K dst OLD-ADDRESS sport = :COMPONENT-PORT, or restart it), and set net.ipv4.tcp_retries2 = 5 there, so that the next one ends by itself.", b.domain))
}

// lossy has the bridge tell owners of what got lost in part; more says that something did since it was last called.
func (b *barrier) lossy(ctx context.Context, more bool) error {
	if more {
		if err := b.bridge.Link.Halved(ctx); err != nil {
			return err
		}
	}
	return b.bridge.Link.Heal(ctx)
}

// well ends that alarm once no ping has been lost for barrierWell.
func (b *barrier) well() {
	b.mu.Lock()
	over := !b.lost.IsZero() && b.bridge.Now().Sub(b.lost) > barrierWell
	if over {
		b.lost = time.Time{}
	}
	b.mu.Unlock()
	if over {
		b.bridge.Alarms.Clear(bridge.AlarmHalved, phrase.Say("Nothing that is for %s gets lost at the XMPP server any more.", b.domain))
	}
}

// wait returns true when there is something to prove or the link was idle for
// barrierIdle, false when ctx ends.
func (b *barrier) wait(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-b.dirty:
	case <-time.After(barrierIdle):
	}
	return true
}

// send sends a ping that will prove all that was noted so far, and the answers to all that was handled.
func (b *barrier) send() {
	b.mark()
	b.mu.Lock()
	b.began = b.bridge.Now()
	b.ping, b.sent = b.sent, make(map[task]int64)
	b.token, b.after = b.self+stanza.NewID(), ""
	ping := b.stanza(b.token)
	b.mu.Unlock()
	b.conn.Send(ping) // an error also ends the reader, and with it the link and run
}

// written returns a moment before which nothing was written that comes now: what was written before a ping was sent comes before the ping
// is back, and however long the process stood still meanwhile.
func (b *barrier) written() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.since
}

// handled returns until when all that was written was handled, and its answers are proved, once a ping is back.
func (b *barrier) handled() time.Time {
	until := b.written()
	if waits := b.done(); !waits.IsZero() && waits.Before(until) {
		return waits
	}
	return until
}

// stanza makes a ping to ourselves (XEP-0199).
func (b *barrier) stanza(id string) *stream.Element {
	return stanza.Ping(b.domain, b.domain, id)
}

// prove stores the cursors that the ping has proved. If they can't be stored, the next
// ping proves them.
func (b *barrier) prove(ctx context.Context) {
	b.mu.Lock()
	proved, parts := b.ping, b.parts
	b.ping, b.parts = nil, false
	b.mu.Unlock()
	b.well()
	if err := b.lossy(ctx, parts); err != nil {
		b.mu.Lock()
		b.parts = b.parts || parts
		b.mu.Unlock()
		if ctx.Err() == nil {
			b.log.Error("tell of a link that loses a part", "err", err)
		}
	}
	if err := b.bridge.Link.Alive(ctx, b.handled()); err != nil && ctx.Err() == nil {
		b.log.Error("store time of the link", "err", err)
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
			b.log.Error("store cursors", "err", err)
		}
		b.again(proved)
		return
	}
	b.proved(proved)
}

func (b *barrier) store(ctx context.Context, desks map[bridge.OperatorJID]bridge.DeskCursor, cursors []bridge.Cursor) error {
	if len(desks) > 0 {
		if err := b.bridge.Cursors.ProveDesk(ctx, desks); err != nil {
			return err
		}
	}
	if len(cursors) == 0 {
		return nil
	}
	return b.bridge.Cursors.Prove(ctx, cursors)
}

// again puts cursors that could not be stored back, for the next ping.
func (b *barrier) again(proved map[task]int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for t, seq := range proved {
		b.sent[t] = max(b.sent[t], seq)
	}
}

// flush waits until everything that was sent before it is proved, or ctx ends. What is sent meanwhile the next link sends again.
func (b *barrier) flush(ctx context.Context) {
	began := b.bridge.Now()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if b.clean(began) {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// clean reports whether everything that was sent before a moment is proved.
func (b *barrier) clean(began time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.ping) == 0 && (len(b.sent) == 0 || b.since.After(began))
}
