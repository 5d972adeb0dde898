package component

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/component/stanza"
)

// try does a task. One that can't be done is reported and holds up nobody else:
// a conversation is left alone for a while.
func (c *Component) try(ctx context.Context, t task) {
	err := guarded(func() error { return c.perform(ctx, t) })
	switch {
	case err == nil || ctx.Err() != nil:
	case phrase.CodeOf(err) == phrase.CodeUnavailable: // nothing is wrong with the task
		c.log.Error("deliver", "conversation", t.conversation, "desk", t.desk, "err", err, "retry_in", retryAfter)
		pause(ctx)
		c.pump.wake(t)
	case t.conversation != 0:
		c.forget(t.conversation)
		c.bridge.Quarantine.Put(t.conversation, err)
	default:
		c.log.Error("deliver", "desk", t.desk, "err", err)
	}
}

// retryAfter is until something is tried again that the store stood in the way of.
const retryAfter = time.Second

func pause(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(retryAfter):
	}
}

// forget drops what is known of a conversation, so that it is read again.
func (c *Component) forget(conversation int64) {
	c.pump.mu.Lock()
	defer c.pump.mu.Unlock()
	delete(c.pump.tracks, conversation)
}

// handle handles a stanza. If that goes wrong in a way that nobody thought of,
// its sender is told.
func (c *Component) handle(ctx context.Context, p packet, f func(context.Context, packet)) {
	err := guarded(func() error { f(ctx, p); return nil })
	if err == nil {
		return
	}
	c.log.Error("stanza can't be handled", "operator", p.operator.JID, "kind", p.el.Local, "err", err)
	c.bridge.Alarms.Raise(bridge.AlarmPoison, phrase.Say("A stanza of %s can't be handled. The log says why.", p.operator.JID))
	switch {
	case p.el.Local == "presence":
		c.pump.wake(task{probe: p.operator.JID}) // asked for again, since it may have been the last
	case !stanza.IsAnswer(p.el):
		c.send(stanza.Error(p.el, "wait", "internal-server-error", "Something went wrong here. Look whether it was done before you send it again."))
	}
}

// guarded turns a panic into an error, whose text holds no visitor's words: only
// what kind of fault it was, and where.
func guarded(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %T\n%s", p, debug.Stack())
		}
	}()
	return f()
}
