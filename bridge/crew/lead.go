package crew

import (
	"context"
	"sync"
	"time"

	"porchlight/bridge"
)

// lead tries to take the lease, and does what the holder does while this node has it.
func (c *Crew) lead(ctx context.Context, b Bridge, held func(context.Context)) {
	for ctx.Err() == nil {
		pause := min(tryTime, c.ttl/10)
		tenure, end := context.WithCancel(ctx)
		l, over, err := c.ask(tenure, end)
		switch {
		case err != nil:
			c.say(ctx, "take the lease", err)
		case c.ours(l):
			if c.hold(tenure, end, over, l.Tenure(), b, held) == nil && ctx.Err() == nil {
				pause = 2 * tryTime // another node may be able to do what this one can't
			}
		default:
			if err := b.Follow(ctx, l.Left > 0); err != nil {
				c.voices.lose()
				c.say(ctx, "take in who has the link", err)
			}
		}
		end()
		if over != nil {
			over.Stop()
		}
		select {
		case <-time.After(pause):
		case <-c.free:
		case <-ctx.Done():
		}
	}
}

func (c *Crew) ours(l Lease) bool { return l.Holder == c.node.ID && l.Left > 0 }

// ask takes or renews the lease. over calls end when this node can no longer rely on the answer: after 80 % of the lease's time, counted
// from before the store was asked.
func (c *Crew) ask(ctx context.Context, end func()) (l Lease, over *time.Timer, err error) {
	limited, cancel := context.WithTimeout(ctx, c.patience())
	defer cancel()
	over = time.AfterFunc(c.ttl*4/5, end)
	if l, err = c.store.Take(limited, c.node.ID, c.ttl); err != nil {
		over.Stop()
		return l, nil, err
	}
	c.learn(l)
	return l, over, nil
}

// hold does what the holder does until the tenure ends, and then gives the lease back.
func (c *Crew) hold(ctx context.Context, end func(), over *time.Timer, t bridge.Tenure, b Bridge, held func(context.Context)) error {
	c.log.Info("this node has the lease of the XMPP link", "epoch", t.Epoch)
	var renewing sync.WaitGroup
	renewing.Go(func() { c.renew(ctx, end, over, t) })
	err := b.Take(ctx, t)
	if err == nil {
		c.tenure.Store(&t)
		c.hurry() // what was told meanwhile was heard by a node without the link
		held(t.Under(ctx))
		c.tenure.Store(nil)
		err = ctx.Err() // nil: held did not want it any longer
	} else {
		c.say(ctx, "begin with the link", err)
	}
	end()
	renewing.Wait()
	b.Drop()
	c.log.Info("this node has given up the lease of the XMPP link", "epoch", t.Epoch)
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.patience())
	defer cancel()
	if failed := c.store.Release(last, t); failed != nil {
		c.say(last, "give the lease back", failed)
		return err
	}
	c.lease.Store(nil)
	c.say(last, "tell that the lease is free", c.store.Notify(last, message{From: c.node.ID, Free: true}.encode()))
	return err
}

// renew renews the lease until ctx ends. It ends the tenure by itself when another node has it, and over does so when the store has not
// answered in time.
func (c *Crew) renew(ctx context.Context, end func(), over *time.Timer, t bridge.Tenure) {
	pause := time.Duration(0) // the taking may have waited
	for {
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			over.Stop()
			return
		}
		l, next, err := c.ask(ctx, end)
		switch {
		case err != nil:
			c.say(ctx, "renew the lease", err)
			pause = c.ttl / 50
		case !c.ours(l) || l.Epoch != t.Epoch:
			c.log.Warn("the lease of the XMPP link was lost", "holder", l.Holder, "epoch", l.Epoch)
			next.Stop()
			end()
		default:
			over.Stop()
			over, pause = next, min(renewTime, c.ttl/5)
		}
	}
}
