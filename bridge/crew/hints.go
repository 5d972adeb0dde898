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
	No    int64             `json:"i,omitempty"` // the number of the message: 1 more than that of the node's last one, if nothing got lost between; 0: it has none
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
	last  int64         // the last number that was given
	doubt int64         // the store's Doubts for which numbers were left out
	ready chan struct{} // has an element when the list has some
}

// mostHints is how many may wait; a store that can't be reached would have them collect. Those who miss one look for what it told.
const mostHints = 10000

func newOutbox() outbox { return outbox{ready: make(chan struct{}, 1)} }

// Tell has a hint sent to the other nodes. It never waits.
func (c *Crew) Tell(h bridge.Hint) {
	text, err := json.Marshal(h)
	fits := err == nil && len(text) < c.room()
	if !fits {
		c.log.Error("a hint can't be sent", "bytes", len(text), "err", err)
	}
	o := &c.hints
	o.mu.Lock()
	defer o.mu.Unlock()
	full := len(o.list) >= mostHints
	if fits && full {
		o.lost++
	}
	if !fits || full {
		o.last++ // the others miss the number
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
	return MostPayload - len(message{From: c.node.ID, No: math.MaxInt64, Free: true, Told: math.MaxInt64}.encode()) - len(`,"h":[]`)
}

func (m message) encode() string {
	text, _ := json.Marshal(m) // no part of it can fail
	return string(text)
}

// next takes out as many hints as one message has room for, and makes the message. There is none if there are no hints, unless an empty
// one is wanted. What may be stored without a hint takes a number.
func (c *Crew) next(empty bool) (m message, some bool) {
	o, room, doubts := &c.hints, c.room(), c.store.Doubts()
	o.mu.Lock()
	defer o.mu.Unlock()
	n := 0
	for n < len(o.list) && len(o.list[n])+1 <= room {
		room -= len(o.list[n]) + 1
		n++
	}
	if n == 0 && !empty {
		return m, false
	}
	o.last += 1 + doubts - o.doubt
	o.doubt = doubts
	m = message{From: c.node.ID, No: o.last, Hints: o.list[:n:n]}
	if n > 0 {
		m.Told = o.since
	}
	if o.list = o.list[n:]; len(o.list) > 0 {
		signal(o.ready)
	}
	return m, true
}

// tell sends what Tell has collected: one message at a time, with all that came meanwhile, and one at each beat, so that the others know
// that they hear all.
func (c *Crew) tell(ctx context.Context) {
	beats := time.NewTicker(beatTime)
	defer beats.Stop()
	for empty := true; ctx.Err() == nil; {
		c.send(ctx, empty)
		select {
		case <-c.hints.ready:
			empty = false
		case <-beats.C:
			empty = true
		case <-ctx.Done():
		}
	}
}

// send sends one message, and reports whether there was one to send. The others look for what those tell that get lost.
func (c *Crew) send(ctx context.Context, empty bool) bool {
	m, some := c.next(empty)
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
		c.hurry()
		c.say(ctx, "ask what hints have not told", b.Hear(ctx, bridge.Hint{Missed: true}))
		return
	}
	var m message
	if err := json.Unmarshal([]byte(payload), &m); err != nil {
		c.say(ctx, "read what a node tells", err)
		return // its number is missing now
	}
	c.voices.heard(m.From, m.No)
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
		if err != nil {
			c.voices.lose()
			c.say(ctx, "take in a hint", err)
		}
	}
}

// hurry has the bridge look at once for what hints have not told.
func (c *Crew) hurry() {
	c.voices.urge()
	signal(c.urgent)
}

// sweep has the bridge look for what hints have not told, if it has to.
func (c *Crew) sweep(ctx context.Context, b Bridge) {
	if !c.voices.due() {
		return
	}
	if err := b.Sweep(ctx); err != nil {
		c.voices.lose()
		c.say(ctx, "look for what hints have not told", err)
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
