package component

import (
	"context"
	"sync"

	"porchlight/bridge"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// task names something to be brought up to date at the operators' side: a
// conversation's log (for all who take part, or in the barrier for one of
// them), an operator's desk log, the desk's presence, or what is known of an
// operator's.
type task struct {
	conversation int64
	operator     bridge.OperatorJID
	desk         bridge.OperatorJID
	turn         int64 // in the barrier: of bridge.Reach.Holds, when desk's log was sent
	status       bool
	probe        bridge.OperatorJID
}

const pumpWorkers = 16

// feedLimit is how many events are read from a log at a time.
const feedLimit = 200

// pump sends what lies past the cursors. A task is worked on by one goroutine
// at a time, so the order within a log is kept; waking it again meanwhile makes
// it run once more.
type pump struct {
	c      *Component
	mu     sync.Mutex
	work   sync.Cond
	state  map[task]int // tasks that are queued or running
	queue  []task
	tracks map[int64]*track
	desks  map[bridge.OperatorJID]*deskTrack
	held   map[bridge.OperatorJID]bool // operators for whom notices are gathered
	out    map[int64][]errand          // what a conversation's task has to do beside feeding
	closed bool
	news   chan struct{} // has room for one: the desk's presence may be another
}

// The states of a task; one that is absent has nothing to do.
const (
	taskQueued = iota + 1
	taskRunning
	taskAgain // running, and woken meanwhile
)

// track is where a conversation's operators are, over one link. It is a cache:
// without it the cursors are read from the store.
// All but where readers are is guarded by the pump's lock or never changed.
type track struct {
	conn    *stream.Conn
	card    bridge.Card
	readers []*reader
	looked  int64          // up to here the log was handed to the readers
	recent  []bridge.Event // what follows on it, as far as known without the store
	stale   bool           // recent, or who takes part, must be read from the store
}

// reader is one operator's position.
type reader struct {
	operator bridge.OperatorJID
	known    int64 // of the log before they joined, up to here they have had it
	sent     int64
	proved   int64
	marked   int64 // of their own messages, up to here they know that it was shown
}

func newPump(c *Component) *pump {
	p := &pump{c: c, state: make(map[task]int), held: make(map[bridge.OperatorJID]bool), news: make(chan struct{}, 1)}
	p.work.L = &p.mu
	p.forget()
	return p
}

// forget drops what was known over an earlier link.
func (p *pump) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tracks = make(map[int64]*track)
	p.desks = make(map[bridge.OperatorJID]*deskTrack)
	p.out = make(map[int64][]errand)
}

// run works until ctx ends.
func (p *pump) run(ctx context.Context) {
	stop := context.AfterFunc(ctx, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.closed = true
		p.work.Broadcast()
	})
	defer stop()
	var owned sync.WaitGroup
	owned.Go(func() { p.tellHeld(ctx) })
	owned.Go(func() { p.tellStatus(ctx) })
	for range pumpWorkers {
		owned.Go(func() {
			for {
				t, ok := p.next()
				if !ok {
					return
				}
				p.c.try(ctx, t)
				p.done(t)
			}
		})
	}
	owned.Wait()
}

// wake queues a task. It never waits.
func (p *pump) wake(t task) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch p.state[t] {
	case 0:
		p.state[t] = taskQueued
		p.queue = append(p.queue, t)
		p.work.Signal()
	case taskRunning:
		p.state[t] = taskAgain
	}
}

func (p *pump) next() (task, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.queue) == 0 && !p.closed {
		p.work.Wait()
	}
	if p.closed {
		return task{}, false
	}
	t := p.queue[0]
	p.queue = p.queue[1:]
	p.state[t] = taskRunning
	return t, true
}

func (p *pump) done(t task) {
	p.mu.Lock()
	defer p.mu.Unlock()
	again := p.state[t] == taskAgain
	delete(p.state, t)
	if again {
		p.state[t] = taskQueued
		p.queue = append(p.queue, t)
		p.work.Signal()
	}
}

// changed takes in a change: events are kept for the task so that it need not
// read them again, the rest is sent on its way.
func (p *pump) changed(ch bridge.Change) {
	n := ch.Conversation.Number
	if len(ch.Events) > 0 {
		p.mu.Lock()
		if t := p.tracks[n]; t != nil {
			t.keep(ch.Events)
		}
		p.mu.Unlock()
		p.wake(task{conversation: n})
	}
	for _, e := range ch.Events {
		switch {
		case e.Leaves() || e.Data == bridge.Answered{Action: bridge.Declined}:
			p.send(n, errand{hide: e.Operator})
		case e.Type == bridge.EventPage && !e.Moves() && ch.Conversation.State == bridge.Waiting: // else there are no offers
			p.send(n, errand{})
		}
	}
	if ch.Typing != nil && ch.Typing.From == bridge.FromVisitor {
		p.c.typing(ch.Conversation, ch.Typing.Active)
	}
	if ch.Looked {
		p.send(n, errand{all: true})
	}
	if ch.Seen > 0 {
		p.c.lanes.put(string(ch.Conversation.Visitor), func(ctx context.Context) {
			if err := guarded(func() error { p.c.seen(ctx, ch.Conversation, ch.Seen); return nil }); err != nil {
				p.c.bridge.Quarantine.PassedOver(n, err)
			}
		})
	}
}

// keepLimit bounds the events kept for one conversation.
const keepLimit = 64

// keep appends events if they follow on those known, else leaves it to the store.
func (t *track) keep(events []bridge.Event) {
	next := t.looked + int64(len(t.recent)) + 1
	if t.stale || events[0].Seq != next || len(t.recent)+len(events) > keepLimit || turns(events) {
		t.recent, t.stale = nil, true
		return
	}
	t.recent = append(t.recent, events...)
}

// turns reports whether the events change who takes part, or what the track's
// card says.
func turns(events []bridge.Event) bool {
	for _, e := range events {
		switch e.Type {
		case bridge.EventState, bridge.EventOperator, bridge.EventEmail:
			return true
		case bridge.EventPage:
			if !e.Moves() { // of which the presence comes apart from the log
				return true
			}
		}
	}
	return false
}

// maxTracks is how many tracks are kept although nothing of theirs is unproved.
const maxTracks = 2000

// proved takes in what the barrier has proved, and forgets tracks that have
// nothing unproved, once there are many or the conversation is over.
func (p *pump) proved(cursors map[task]int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for cur, seq := range cursors {
		t := p.tracks[cur.conversation]
		if t == nil || cur.desk != "" {
			continue
		}
		clean := len(t.recent) == 0 && !t.stale
		for _, r := range t.readers {
			if r.operator == cur.operator {
				r.proved = max(r.proved, seq)
			}
			clean = clean && r.proved >= r.sent
		}
		over := t.card.State == bridge.Closed || len(p.tracks) > maxTracks
		if clean && over && p.state[task{conversation: cur.conversation}] == 0 {
			delete(p.tracks, cur.conversation)
		}
	}
}

// restart begins anew from the stored cursors, over a new link, before which
// forget was called.
func (p *pump) restart(ctx context.Context) error {
	desks, err := p.c.bridge.Cursors.Desks(ctx)
	if err != nil {
		return err
	}
	for o := range desks {
		p.wake(task{desk: o})
	}
	for after := int64(0); ; {
		parts, err := p.c.bridge.Cursors.Unconfirmed(ctx, after, 500)
		if err != nil || len(parts) == 0 {
			return err
		}
		for _, part := range parts {
			p.wake(task{conversation: part.Conversation})
			after = part.Conversation
		}
	}
}

// perform does a task once.
func (c *Component) perform(ctx context.Context, t task) error {
	conn := c.conn.Load()
	switch {
	case conn == nil:
		return nil // the next link begins with a restart
	case t.status:
		return c.announce(ctx, false)
	case t.probe != "":
		c.send(stanza.Presence(c.deskJID(), string(t.probe), "probe"))
		return nil
	case t.desk != "":
		return c.feedDesk(ctx, conn, t.desk)
	case c.bridge.Quarantine.Holds(t.conversation):
		return nil
	}
	c.runErrands(ctx, t.conversation)
	return c.feed(ctx, conn, t.conversation)
}
