package crew

import (
	"context"
	"encoding/json"
	"math"
	"sync"
	"time"

	"porchlight/bridge"
)

// message is what goes from node to node: a JSON object.
type message struct {
	From  string            `json:"n"`           // the id of the node
	Free  bool              `json:"f,omitempty"` // the lease was given back
	Told  int64             `json:"t,omitempty"` // when the first hint was told, in milliseconds, by the clock of the node that sends it, which hears it, too
	Hints []json.RawMessage `json:"h,omitempty"` // each a bridge.Hint
}

// outbox keeps the hints that are not sent yet.
type outbox struct {
	mu    sync.Mutex
	list  []json.RawMessage
	since int64         // when the first of them was told
	lost  int64         // how many had no room
	ready chan struct{} // has an element when the list has some
}

// mostHints is how many may wait; a store that can't be reached would have them collect. Those who miss one look for what it told.
const mostHints = 10000

func newOutbox() outbox { return outbox{ready: make(chan struct{}, 1)} }

// Tell has a hint sent to the other nodes. It never waits.
func (c *Crew) Tell(h bridge.Hint) {
	text, err := json.Marshal(h)
	if err != nil || len(text) >= c.room() {
		c.log.Error("a hint can't be sent", "bytes", len(text), "err", err)
		return
	}
	o := &c.hints
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.list) >= mostHints {
		o.lost++
		return
	}
	if len(o.list) == 0 {
		o.since = c.clock.Now().UnixMilli()
	}
	o.list = append(o.list, text)
	signal(o.ready)
}

// room is how many bytes the hints of one message may have, with a comma after each.
func (c *Crew) room() int {
	return MostPayload - len(message{From: c.node.ID, Free: true, Told: math.MaxInt64}.encode()) - len(`,"h":[]`)
}

func (m message) encode() string {
	text, _ := json.Marshal(m) // no part of it can fail
	return string(text)
}

// next takes out as many hints as one message has room for, and makes the message; there may be none.
func (c *Crew) next() (m message, some bool) {
	o, room := &c.hints, c.room()
	o.mu.Lock()
	defer o.mu.Unlock()
	n := 0
	for n < len(o.list) && len(o.list[n])+1 <= room {
		room -= len(o.list[n]) + 1
		n++
	}
	m = message{From: c.node.ID, Told: o.since, Hints: o.list[:n:n]}
	if o.list = o.list[n:]; len(o.list) > 0 {
		signal(o.ready)
	}
	return m, n > 0
}

// tell sends what Tell has collected: one message at a time, with all that came meanwhile.
func (c *Crew) tell(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case <-c.hints.ready:
		case <-ctx.Done():
			return
		}
		c.send(ctx)
	}
}

// send sends one message, and reports whether there was something to send. The others look for what those tell that get lost.
func (c *Crew) send(ctx context.Context) bool {
	m, some := c.next()
	if !some {
		return false
	}
	limited, cancel := context.WithTimeout(ctx, c.patience())
	defer cancel()
	c.say(ctx, "send hints", c.store.Notify(limited, m.encode()))
	c.sent.Add(int64(len(m.Hints)))
	return true
}

// listen has the bridge hear what other nodes tell, and connects again when the connection breaks.
func (c *Crew) listen(ctx context.Context, b Bridge) {
	for ctx.Err() == nil {
		err := c.store.Listen(ctx, func(payload string) { c.hear(ctx, b, payload) })
		c.say(ctx, "listen to other nodes", err)
		select {
		case <-time.After(tryTime):
		case <-ctx.Done():
		}
	}
}

// hear takes in one payload.
func (c *Crew) hear(ctx context.Context, b Bridge, payload string) {
	if payload == "" { // it listens from now on
		signal(c.missed)
		c.say(ctx, "ask what hints have not told", b.Hear(ctx, bridge.Hint{Missed: true}))
		return
	}
	var m message
	if err := json.Unmarshal([]byte(payload), &m); err != nil {
		c.say(ctx, "read what a node tells", err)
		return
	}
	if m.From == c.node.ID {
		if m.Told > 0 {
			c.age.Store(c.clock.Now().UnixMilli() - m.Told)
		}
		return
	}
	if m.Free {
		signal(c.free)
	}
	for _, text := range m.Hints {
		var h bridge.Hint
		err := json.Unmarshal(text, &h)
		if err == nil {
			err = b.Hear(ctx, h)
		}
		c.say(ctx, "take in a hint", err)
	}
}

// Stats are numbers about a crew.
type Stats struct {
	Hints int64         // told to the other nodes
	Lost  int64         // of all, those for which there was no room
	Age   time.Duration // of the last hint of this node when it came back: about what it takes to come to another one
}

// Stats returns the present numbers; those of no crew are zero.
func (c *Crew) Stats() Stats {
	if c == nil {
		return Stats{}
	}
	c.hints.mu.Lock()
	defer c.hints.mu.Unlock()
	return Stats{Hints: c.sent.Load(), Lost: c.hints.lost, Age: time.Duration(c.age.Load()) * time.Millisecond}
}
