package crew

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"porchlight/bridge"
)

// message is what goes from node to node: a JSON object.
type message struct {
	From  string            `json:"n"`           // the id of the node
	Free  bool              `json:"f,omitempty"` // the lease was given back
	Hints []json.RawMessage `json:"h,omitempty"` // each a bridge.Hint
}

// outbox keeps the hints that are not sent yet.
type outbox struct {
	mu    sync.Mutex
	list  []json.RawMessage
	lost  int           // how many had no room
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
	o.list = append(o.list, text)
	signal(o.ready)
}

// room is how many bytes the hints of one message may have, with a comma after each.
func (c *Crew) room() int { return MostPayload - len(c.encode(nil, true)) - len(`,"h":[]`) }

func (c *Crew) encode(hints []json.RawMessage, free bool) string {
	text, _ := json.Marshal(message{From: c.node.ID, Free: free, Hints: hints}) // no part of it can fail
	return string(text)
}

// take takes out as many hints as one message has room for.
func (o *outbox) take(room int) (list []json.RawMessage) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := 0
	for n < len(o.list) && len(o.list[n])+1 <= room {
		room -= len(o.list[n]) + 1
		n++
	}
	list, o.list = o.list[:n:n], o.list[n:]
	if len(o.list) > 0 {
		signal(o.ready)
	}
	return list
}

// tell sends what Tell has collected: one message at a time, with all that came meanwhile.
func (c *Crew) tell(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case <-c.hints.ready:
		case <-ctx.Done():
			return
		}
		list := c.hints.take(c.room())
		limited, cancel := context.WithTimeout(ctx, c.patience())
		err := c.store.Notify(limited, c.encode(list, false))
		cancel()
		c.say(ctx, "send hints", err) // the others look for what they told
	}
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
		return
	}
	var m message
	if err := json.Unmarshal([]byte(payload), &m); err != nil {
		c.say(ctx, "read what a node tells", err)
		return
	}
	if m.From == c.node.ID {
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
