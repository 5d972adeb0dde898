package component

import (
	"cmp"
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
	"porchlight/bridge/portraits"
	"porchlight/component/safe"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// Options are the settings of a Component.
type Options struct {
	Addr        string               // host:port of the server's component port
	Domain      string               // the component's JID
	Secret      string               // shared with the server
	Version     string               // the program's, for XEP-0092
	Rooms       string               // the server's MUC service, for the operators' room; "": no room
	RoomNotices bool                 // whether the room is told of new requests and of what becomes of them
	Gather      time.Duration        // how long changes of the desk's presence are gathered before they are shown; 0: 2 s
	Commands    int                  // how many commands an operator may give in a minute; 0: no limit
	Strangers   int                  // how many stanzas of one stranger are answered in a minute
	Portraits   *portraits.Portraits // keeps the operators' pictures; nil: nobody asks for them
	Limits      stream.Limits        // for one stanza
	Log         *slog.Logger
}

// Component is the operators' side of the bridge (bridge.Side). Its exported methods may
// be called from any goroutine.
type Component struct {
	opts      Options
	domain    domain
	self      string // what the ids of our pings begin with, over every link
	bridge    *bridge.Bridge
	desk      *desk.Desk
	log       *slog.Logger
	faces     *faces
	lanes     *lanes
	allowance *allowance
	strangers *strangers
	names     *names
	untold    untold
	stats     counters
	link      atomic.Pointer[link] // nil while there is none
}

// The bridge asserts these interfaces when the Component joins.
var _ interface {
	bridge.Side
	bridge.DeskListener
	bridge.Retrier
	bridge.StatusListener
	bridge.Alarmer
	bridge.Rereader
} = (*Component)(nil)

// New makes a Component and joins it to the bridge. It does nothing before Run.
func New(b *bridge.Bridge, d *desk.Desk, opts Options) *Component {
	opts.Gather = cmp.Or(opts.Gather, gatherStatus)
	c := &Component{opts: opts, domain: domain(opts.Domain), self: stanza.NewID()[:18], bridge: b, desk: d, log: opts.Log,
		allowance: newAllowance(opts.Commands, b.Now), strangers: newStrangers(opts.Strangers), names: newNames()}
	c.lanes = newLanes(c.written)
	avatars := new(gallery)
	c.faces = &faces{bridge: b, domain: c.domain, avatars: avatars, features: newFeatures(b, d, avatars, opts)}
	b.Join(c)
	return c
}

// written returns a moment before which nothing was written that comes now.
func (c *Component) written() time.Time {
	if l := c.link.Load(); l != nil {
		return l.barrier.written()
	}
	return c.bridge.Now()
}

// Run keeps the component connected until ctx ends; then it says goodbye and
// returns. One goroutine calls it.
func (c *Component) Run(ctx context.Context) error {
	work, stop := context.WithCancel(context.WithoutCancel(ctx)) // goes on during the goodbye, after ctx has ended
	var owned sync.WaitGroup
	owned.Go(func() { c.lanes.run(work) })
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
		conflict := errors.As(err, &se) && se.Err == "conflict"
		if conflict {
			wait = max(wait, conflictWait) // two instances must not kick each other in a loop
		} else {
			c.log.Warn("no XMPP link", "server", c.opts.Addr, "err", err, "retry_in", wait)
		}
		several := c.bridge.Nodes.Several()
		if conflict && !several {
			c.twin(phrase.Say("The server gave our place to another component"))
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
			if conflict && several { // this node still holds the link, so it was no other node of ours
				c.twin(phrase.Say("The server gave our place to another component"))
			}
		}
	}
	return nil
}

const (
	steadyAfter    = 10 * time.Second // a link that lasted this long resets the back-off
	reconnectLimit = 8 * time.Second  // the longest wait between two attempts, so that a server that is back is found within 10 s
	conflictWait   = 15 * time.Second
	goodbyeLimit   = 3 * time.Second
)

// session runs one connection, from the handshake to its end, and returns why it ended.
// ctx bounds it; work is the context of what still has to be finished after ctx.
func (c *Component) session(ctx, work context.Context) error {
	conn, err := stream.Dial(ctx, stream.Config{Addr: c.opts.Addr, Domain: c.opts.Domain, Secret: c.opts.Secret, Limits: c.opts.Limits, Log: c.log})
	if err != nil {
		return err
	}
	c.log.Info("XMPP link up", "server", c.opts.Addr, "domain", c.opts.Domain)
	c.bridge.Link.Up()
	c.stats.links.Add(1)
	l := newLink(c, conn)
	c.link.Store(l)
	live, end := context.WithCancel(work)
	var owned sync.WaitGroup
	owned.Go(func() { l.run(live) })
	quit := context.AfterFunc(ctx, l.goodbye)
	err = c.read(l)
	quit()
	c.link.Store(nil)
	c.bridge.Link.Down()
	end()
	owned.Wait()
	closing, cancel := context.WithTimeout(work, goodbyeLimit)
	defer cancel()
	conn.Close(closing)
	return err
}

// read routes every stanza until the stream ends.
func (c *Component) read(l *link) error {
	for {
		el, err := l.line.conn.Next()
		var refused *stream.StanzaError
		switch {
		case errors.As(err, &refused):
			c.refuse(l, refused)
		case err != nil:
			return err
		default:
			c.route(l, el)
		}
	}
}

// send sends stanzas over the present link, and reports whether there was one. It may
// wait for room, so the reader calls line.TrySend instead.
//
// Stanzas are lost while there is no link, and so are those that a link has not sent when
// it ends. That does no harm: what has to arrive is in a log, which the next link sends
// from the cursor on, and presence is shown anew. Only alarms wait for a link.
func (c *Component) send(el ...*stream.Element) bool {
	l := c.link.Load()
	return l != nil && l.line.Send(el...)
}

// Changed takes in a change of a conversation (bridge.Side). It never waits.
func (c *Component) Changed(ch bridge.Change) {
	l := c.link.Load()
	if l == nil {
		return
	}
	l.changed(ch)
	if ch.Seen > 0 {
		c.seen(l, ch.Conversation, ch.Seen)
	}
}

// seen queues that the operators are told what the visitor's page has shown. It never waits.
func (c *Component) seen(l *link, conv bridge.Conversation, upto int64) {
	c.lanes.put(string(conv.Visitor), func(ctx context.Context) {
		if err := safe.Do(func() error { l.logs.seen(ctx, conv, upto); return nil }); err != nil {
			c.bridge.Quarantine.PassedOver(conv.Number, err)
		}
	})
}

// wake queues a task on the present link. Without a link nothing is lost: the next link
// begins with every task.
func (c *Component) wake(t task) {
	if l := c.link.Load(); l != nil {
		l.pump.wake(t)
	}
}

// DeskChanged sends what is new in an operator's desk log (bridge.DeskListener).
func (c *Component) DeskChanged(o bridge.OperatorJID) { c.wake(task{desk: o}) }

// Retry tries a conversation again whose quarantine is over (bridge.Retrier).
func (c *Component) Retry(number int64) { c.wake(task{conversation: number}) }

// StatusChanged shows anew who is available, and looks at the room's members: an operator
// may have come or gone, or the team may have changed (bridge.StatusListener).
func (c *Component) StatusChanged() {
	if l := c.link.Load(); l != nil {
		l.status.tell()
		l.room.Changed()
		l.pictures.Changed()
	}
}

// Reread brings everything up to date that the present link shows (bridge.Rereader).
func (c *Component) Reread() { c.wake(task{all: true}) }

// twin raises the alarm that another component has our domain.
func (c *Component) twin(how phrase.Phrase) {
	c.stats.conflicts.Add(1)
	c.bridge.Alarms.Raise(bridge.AlarmConflict, phrase.Say("%s: is a second porchlight running for %s? Messages may go to it instead of here.", how, c.opts.Domain))
}
