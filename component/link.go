package component

import (
	"context"
	"errors"
	"sync"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/component/picture"
	"porchlight/component/room"
	"porchlight/component/roster"
	"porchlight/component/safe"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// link is one connection to the server, and all that is known over that connection alone:
// how far each log was sent and proved, and what was shown, asked and granted. The
// session makes the link and drops it at its end, so the next link knows only what the
// store has.
type link struct {
	c *Component

	line      *line
	pump      *pump
	barrier   *barrier
	logs      *logs
	desk      *deskVoice
	deskLogs  *deskLogs
	visitors  *visitors
	signboard *signboard
	status    *gatherer // gathers changes that the signboard may have to show
	programs  *programs
	zones     *zones
	watch     *watch
	room      *room.Room
	rosters   *roster.Rosters
	pictures  *picture.Pictures
}

// newLink makes the link of a connection that has just begun.
func newLink(c *Component, conn *stream.Conn) *link {
	l := &link{c: c, line: newLine(conn), desk: newDeskVoice(c.domain), status: newGatherer(c.opts.Gather), programs: newPrograms()}
	l.pump = newPump(l.try)
	l.barrier = newBarrier(conn, c.bridge, c.self, c.opts)
	l.barrier.twin, l.barrier.proved, l.barrier.mark, l.barrier.done = c.twin, l.proved, c.lanes.mark, c.lanes.done
	l.visitors = newVisitors(l.line, c.bridge, c.faces, c.log)
	l.signboard = newSignboard(l.line, c.bridge, c.faces, c.log)
	l.zones = &zones{line: l.line, bridge: c.bridge, domain: c.domain, told: l.zoneTold, log: c.log, asked: make(map[string]string)}
	l.watch = &watch{line: l.line, bridge: c.bridge, faces: c.faces, self: c.self, bounced: &c.stats.bounced, log: c.log}
	l.room = room.New(l.line, c.bridge, room.Options{Service: c.opts.Rooms, Domain: c.opts.Domain, Desk: c.domain.desk(), Notices: c.opts.RoomNotices, Log: c.log})
	l.rosters = roster.New(l.line, c.bridge, c.opts.Domain, c.log)
	l.pictures = picture.New(l.line, c.opts.Portraits, c.domain.desk(), c.log)
	r := &renderer{bridge: c.bridge, domain: c.domain, faces: c.faces, since: c.bridge.Now()}
	l.logs = &logs{conn: conn, bridge: c.bridge, render: r, barrier: l.barrier, rosters: l.rosters, tracks: newTracks(), stats: &c.stats, log: c.log}
	l.deskLogs = newDeskLogs(conn, c.bridge, &deskRenderer{r, l.desk, l.visitors}, l.barrier)
	return l
}

// run runs the link's goroutines until ctx ends, and waits for them.
func (l *link) run(ctx context.Context) {
	var owned sync.WaitGroup
	owned.Go(func() { l.pump.run(ctx) })
	owned.Go(func() { l.barrier.run(ctx) })
	owned.Go(func() { l.deskLogs.wakeHeld(ctx, l.pump.wake) })
	owned.Go(func() { l.status.run(ctx, func() { l.pump.wake(task{status: true}) }) })
	owned.Go(func() { l.hello(ctx) })
	owned.Go(func() { l.room.Run(ctx) })
	owned.Go(func() { l.rosters.Run(ctx) })
	owned.Go(func() { l.pictures.Run(ctx) })
	owned.Go(func() { l.watch.run(ctx) })
	owned.Wait()
}

// hello starts a link: it asks for everybody's presence, tells the alarms that waited,
// and has everything sent again that is unconfirmed.
func (l *link) hello(ctx context.Context) {
	l.resume(ctx)
	l.c.names.learn(ctx, l.c.bridge, &Trial{line: l.line, from: l.c.domain.desk()}, l.c.log)
	l.signboard.greet(ctx)
	l.c.tellUntold()
	for {
		err := l.restart(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		l.c.log.Error("resume deliveries", "err", err, "retry_in", retryAfter)
		pause(ctx)
	}
}

// resume has the bridge do what a new link needs, as often as the store prevents it: what is not told of the time without a link would
// be told only after the next one.
func (l *link) resume(ctx context.Context) {
	for {
		err := l.c.bridge.Link.Resume(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		l.c.log.Error("resume", "err", err)
		if phrase.CodeOf(err) != phrase.CodeUnavailable {
			return
		}
		pause(ctx)
	}
}

// restart wakes the task of every log that has something past its stored cursor.
func (l *link) restart(ctx context.Context) error {
	desks, err := l.c.bridge.Cursors.Desks(ctx)
	if err != nil {
		return err
	}
	for o := range desks {
		l.pump.wake(task{desk: o})
	}
	for after := int64(0); ; {
		parts, err := l.c.bridge.Cursors.Unconfirmed(ctx, after, 500)
		if err != nil || len(parts) == 0 {
			return err
		}
		for _, part := range parts {
			l.pump.wake(task{conversation: part.Conversation})
			after = part.Conversation
		}
	}
}

// reread wakes every task, and has the tracks read the store. News were left out, so the
// tracks may lack events, and contacts may be out of date.
func (l *link) reread(ctx context.Context) error {
	for _, number := range l.logs.tracks.spoil() {
		l.pump.wake(task{conversation: number})
	}
	for _, o := range l.c.bridge.Team.Operators() {
		l.rosters.Look(o.JID, "")
	}
	l.status.tell()
	l.room.Changed()
	l.pictures.Changed()
	return l.restart(ctx)
}

// goodbye ends the link in order. It takes back all presence first: the server sends no
// unavailable presence for a component, so visitors and the desk would stay online.
func (l *link) goodbye() {
	ctx, cancel := context.WithTimeout(context.Background(), goodbyeLimit)
	defer cancel()
	l.room.Leave()
	if err := l.farewell(ctx); err != nil {
		l.c.log.Error("say goodbye", "err", err)
	}
	l.barrier.flush(ctx)
	l.line.conn.Close(ctx)
}

// farewell takes back the presence of the visitors, the desk and the departments. That of the latter
// two it takes back also while the store can't be read.
func (l *link) farewell(ctx context.Context) error {
	var errs []error
	for _, o := range l.c.bridge.Team.Operators() {
		errs = append(errs, l.visitors.farewell(ctx, o.JID))
		l.signboard.take(o.JID)
	}
	return errors.Join(errs...)
}

// try does a task. A task that fails is reported and holds up no others. Its conversation
// goes into quarantine, unless only the store was unavailable: then the task is tried
// again after retryAfter.
func (l *link) try(ctx context.Context, t task) {
	err := safe.Do(func() error { return l.perform(ctx, t) })
	switch {
	case err == nil || ctx.Err() != nil:
	case phrase.CodeOf(err) == phrase.CodeUnavailable: // nothing is wrong with the task
		l.c.log.Error("deliver", "conversation", t.conversation, "desk", t.desk, "err", err, "retry_in", retryAfter)
		pause(ctx)
		l.pump.wake(t)
	case t.conversation != 0:
		l.logs.tracks.forget(t.conversation)
		l.c.bridge.Quarantine.Put(t.conversation, err)
	default:
		l.c.log.Error("deliver", "desk", t.desk, "err", err)
	}
}

// perform does a task once.
func (l *link) perform(ctx context.Context, t task) error {
	switch {
	case t.status:
		return l.signboard.announce(ctx, false)
	case t.all:
		return l.reread(ctx)
	case t.probe != "":
		l.line.Send(stanza.Presence(l.c.domain.desk(), string(t.probe), "probe"))
		return nil
	case t.desk != "":
		return l.deskLogs.feed(ctx, t.desk)
	case l.c.bridge.Quarantine.Holds(t.conversation):
		return nil
	}
	l.visitors.run(ctx, t.conversation)
	return l.logs.feed(ctx, t.conversation)
}

// changed takes in a change. It keeps the events for the feed, which then need not read
// them from the store, and queues everything else. It never waits.
func (l *link) changed(ch bridge.Change) {
	n := ch.Conversation.Number
	if ch.Erased {
		l.logs.tracks.forget(n)
	}
	if len(ch.Events) > 0 {
		if t := l.logs.tracks.get(n); t != nil {
			t.keep(ch.Events)
		}
		l.pump.wake(task{conversation: n})
	}
	for _, e := range ch.Events {
		switch {
		case e.Shuts() || e.Data == bridge.Answered{Action: bridge.Declined}:
			l.errand(n, errand{hide: e.Operator})
		case e.Type == bridge.EventPage && !e.Moves() && ch.Conversation.State == bridge.Waiting: // in no other state is the conversation offered to anybody
			l.errand(n, errand{})
		}
	}
	if ch.Typing != nil && ch.Typing.From == bridge.FromVisitor {
		l.logs.typing(ch.Conversation, ch.Typing.Active)
	}
	if ch.Looked {
		l.errand(n, errand{all: true})
	}
	l.room.Notice(ch)
	l.rosters.Changed(ch)
}

// errand queues something to be done about a visitor's presence.
func (l *link) errand(conversation int64, e errand) {
	l.visitors.put(conversation, e)
	l.pump.wake(task{conversation: conversation})
}

// proved takes in the cursors that the barrier has proved.
func (l *link) proved(cursors map[task]int64) {
	l.c.tellUntold()
	l.c.stats.confirmed.Add(int64(len(cursors)))
	l.logs.proved(cursors)
}

// zoneTold queues that the time zone an operator's client has told is stored. It never
// waits.
func (l *link) zoneTold(from stream.JID, zone string) {
	o := l.c.names.of(from)
	l.c.lanes.put(from.Bare()+" "+stanza.NSTime, func(ctx context.Context) { l.zones.keep(ctx, o, zone) })
}

// retryAfter is how long a link waits before it tries again what the store prevented.
const retryAfter = time.Second

// pause waits for retryAfter, or until ctx ends.
func pause(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(retryAfter):
	}
}
