package component

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	xmppstream "mellium.im/xmpp/stream"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// Options is what a Component needs to know.
type Options struct {
	Addr        string // of the server's component port
	Domain      string // the component's JID
	Secret      string
	Version     string        // of the program, for XEP-0092
	Rooms       string        // the server's MUC service, for the operators' room; "": none
	RoomNotices bool          // new requests, and what becomes of them, are told in the room
	Gather      time.Duration // how long changes of the desk's presence are gathered before they are shown; 0: 2 s
	Commands    int           // each operator may give in a minute; 0: no limit
	Strangers   int           // stanzas of one stranger are answered in a minute
	Limits      stream.Limits
	Log         *slog.Logger
}

// Component is the operators' side. It is a bridge.Side that hears all there is to hear.
type Component struct {
	opts      Options
	bridge    *bridge.Bridge
	desk      *desk.Desk
	log       *slog.Logger
	features  []feature
	lanes     *lanes
	allowance *allowance
	pump      *pump
	barrier   *barrier
	room      *room
	rosters   *rosters
	watch     *watch
	strangers *strangers
	asked     asked
	names     names
	zones     *zones
	avatars   gallery
	untold    untold
	began     time.Time
	stats     counters

	conn     atomic.Pointer[stream.Conn] // nil while there is none
	linked   atomic.Int64                // when it began, Unix ms
	shown    sync.Map                    // bridge.OperatorJID → the desk's status as they see it
	lamps    sync.Map                    // department → whether operators were shown that it is online
	nodes    sync.Map                    // full JID of an operator's client → its capabilities' node
	lastDesk sync.Map                    // bridge.OperatorJID → id of the desk's last message to them
}

// What the bridge looks for when the Component joins.
var _ interface {
	bridge.Side
	bridge.DeskListener
	bridge.Retrier
	bridge.StatusListener
	bridge.Alarmer
} = (*Component)(nil)

// New makes a Component and joins it to the bridge. It does nothing before Run.
func New(b *bridge.Bridge, d *desk.Desk, opts Options) *Component {
	c := &Component{opts: opts, bridge: b, desk: d, log: opts.Log, features: features(), began: b.Now()}
	c.lanes, c.allowance = newLanes(), newAllowance(opts.Commands, b.Now)
	c.pump = newPump(c)
	c.barrier = newBarrier(c)
	c.room = newRoom(c, opts.Rooms)
	c.rosters = newRosters(c)
	c.zones = newZones(c)
	c.strangers = newStrangers(opts.Strangers)
	c.watch = &watch{c: c, self: stanza.NewID()[:18]}
	b.Join(c)
	return c
}

// Run keeps the component connected until ctx ends; then it says goodbye and
// returns. One goroutine calls it.
func (c *Component) Run(ctx context.Context) error {
	work, stop := context.WithCancel(context.WithoutCancel(ctx)) // outlives ctx by the goodbye
	var owned sync.WaitGroup
	owned.Go(func() { c.lanes.run(work) })
	owned.Go(func() { c.pump.run(work) })
	defer owned.Wait()
	defer stop()
	backoff := stream.Backoff{Max: reconnectLimit}
	for ctx.Err() == nil {
		began := time.Now()
		err := c.session(ctx, work)
		if ctx.Err() != nil {
			return nil
		}
		if time.Since(began) > steadyAfter {
			backoff.Reset()
		}
		wait := backoff.Next()
		var se xmppstream.Error
		if errors.As(err, &se) && se.Err == "conflict" {
			wait = max(wait, conflictWait) // two instances must not kick each other in a loop
			c.twin(phrase.Say("The server gave our place to another component"))
		} else {
			c.log.Warn("no XMPP link", "server", c.opts.Addr, "err", err, "retry_in", wait)
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
	return nil
}

const (
	steadyAfter    = 10 * time.Second // a link that lasted so long starts the back-off anew
	reconnectLimit = 8 * time.Second  // between two attempts, so that a server that is back is found within 10 s
	conflictWait   = 15 * time.Second
	goodbyeLimit   = 3 * time.Second
)

// session is one connection, from the handshake to its end.
func (c *Component) session(ctx, work context.Context) error {
	conn, err := stream.Dial(ctx, stream.Config{Addr: c.opts.Addr, Domain: c.opts.Domain, Secret: c.opts.Secret, Limits: c.opts.Limits, Log: c.log})
	if err != nil {
		return err
	}
	c.log.Info("XMPP link up", "server", c.opts.Addr, "domain", c.opts.Domain)
	c.bridge.Link.Up()
	c.linked.Store(c.bridge.Now().UnixMilli())
	c.stats.links.Add(1)
	// Before the link can be used: else what is sent meanwhile would be sent again, or its proof be lost.
	c.pump.forget()
	c.barrier.reset(conn)
	c.rosters.forget()
	c.zones.forget()
	c.conn.Store(conn)
	live, end := context.WithCancel(work)
	var owned sync.WaitGroup
	owned.Go(func() { c.barrier.run(live, conn) })
	owned.Go(func() { c.hello(live) })
	owned.Go(func() { c.room.run(live) })
	owned.Go(func() { c.rosters.run(live) })
	owned.Go(func() { c.watch.run(live) })
	quit := context.AfterFunc(ctx, func() { c.goodbye(conn) })
	err = c.read(conn)
	quit()
	c.conn.Store(nil)
	c.bridge.Link.Down()
	end()
	owned.Wait()
	closing, cancel := context.WithTimeout(work, goodbyeLimit)
	defer cancel()
	conn.Close(closing)
	return err
}

// read hands on every stanza until the stream ends.
func (c *Component) read(conn *stream.Conn) error {
	for {
		el, err := conn.Next()
		var refused *stream.StanzaError
		switch {
		case errors.As(err, &refused):
			c.refuse(conn, refused)
		case err != nil:
			return err
		default:
			c.route(conn, el)
		}
	}
}

// hello is what is said at the start of a link: presence is asked for, and all
// that is unconfirmed is sent again.
func (c *Component) hello(ctx context.Context) {
	if err := c.bridge.Link.Resume(ctx); err != nil && ctx.Err() == nil {
		c.log.Error("resume", "err", err)
	}
	c.names.learn(ctx, c)
	c.greetTeam(ctx)
	c.tellUntold()
	for {
		err := c.pump.restart(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		c.log.Error("resume deliveries", "err", err, "retry_in", retryAfter)
		pause(ctx)
	}
}

// goodbye is said before an orderly end: nobody is left as a ghost, since the
// server sends no unavailable presence for us.
func (c *Component) goodbye(conn *stream.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), goodbyeLimit)
	defer cancel()
	c.room.leave()
	c.farewell(ctx)
	c.barrier.flush(ctx)
	conn.Close(ctx)
}

// send sends stanzas over the present link, and reports whether there was one.
// It may wait for room; the reader uses TrySend of its own.
func (c *Component) send(el ...*stream.Element) bool {
	conn := c.conn.Load()
	return conn != nil && conn.Send(el...) == nil
}

// Changed is told of every conversation's changes (bridge.Side).
func (c *Component) Changed(ch bridge.Change) {
	c.pump.changed(ch)
	c.room.notice(ch)
	c.rosters.changed(ch)
}

// DeskChanged is told that an operator's desk log has grown (bridge.DeskListener).
func (c *Component) DeskChanged(o bridge.OperatorJID) { c.pump.wake(task{desk: o}) }

// Retry is told that a conversation's quarantine is over (bridge.Retrier).
func (c *Component) Retry(number int64) { c.pump.wake(task{conversation: number}) }

// StatusChanged is told that somebody may have come or gone, or that the team
// may have changed (bridge.StatusListener).
func (c *Component) StatusChanged() {
	c.pump.tell()
	c.room.changed()
}

// twin raises the alarm that another component has our domain.
func (c *Component) twin(how phrase.Phrase) {
	c.stats.conflicts.Add(1)
	c.bridge.Alarms.Raise(bridge.AlarmConflict, phrase.Say("%s: is a second porchlight running for %s? Messages may go to it instead of here.", how, c.opts.Domain))
}

// quiet reports whether an operator wants little traffic.
func (c *Component) quiet(o bridge.OperatorJID) bool {
	operator, _ := c.bridge.Operator(o)
	return operator.Satellite
}

// voice speaks an operator's language.
func (c *Component) voice(o bridge.OperatorJID) voice.Voice {
	operator, _ := c.bridge.Operator(o)
	return voice.For(c.bridge, operator)
}
