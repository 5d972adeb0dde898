package bridge

import (
	"context"
	"time"

	"porchlight/bridge/phrase"
)

// Run fires the timers until ctx ends, and then returns nil. Only one goroutine may call it.
func (b *Bridge) Run(ctx context.Context) error {
	tick := time.NewTicker(dueInterval)
	defer tick.Stop()
	swept, began := time.Time{}, b.clock.Now()
	for {
		if now := b.clock.Now(); now.Sub(swept) >= uploadLimit {
			dropBroken(ctx, b, began)
			swept = now
		}
		b.Turn(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// dropBroken deletes uploads that nobody goes on with: those that are too old, and alone those from before the start.
func dropBroken(ctx context.Context, b *Bridge, began time.Time) {
	held, holds := b.Nodes.Under(ctx)
	if !holds {
		return
	}
	before := b.clock.Now().Add(-uploadLimit)
	if !b.Nodes.Several() {
		before = later(began, before)
	}
	if err := b.Files.dropBroken(held, before); err != nil && ctx.Err() == nil {
		b.log.Error("drop broken files", "err", err)
	}
}

// Turn does once what is due by time, as Run does again and again. Only one goroutine may call it, and
// none while Run runs.
func (b *Bridge) Turn(ctx context.Context) {
	b.Quarantine.release()
	b.Storm.calm()
	b.Link.watch()
	b.Settings.catchUp(ctx)
	if err := b.Expected.renew(ctx); err != nil && ctx.Err() == nil {
		b.log.Error("read how long visitors have waited", "err", err)
	}
	if held, holds := b.Nodes.Under(ctx); holds {
		turnHeld(held, b)
	} else if hours := b.Hours.look(); b.Settings.look() || hours {
		b.hub.publishStatus()
	}
}

// turnHeld is the part of Turn that only the node does that holds the link.
func turnHeld(ctx context.Context, b *Bridge) {
	var d due
	now, err := b.pulse.look(ctx)
	if err == nil {
		d, err = b.due(ctx, now)
	}
	if err == nil {
		err = b.fireDue(ctx, d.timers)
	}
	if err != nil && ctx.Err() == nil {
		b.log.Error("timers", "err", err)
	}
	if err := b.Nodes.show(ctx); err != nil && ctx.Err() == nil {
		b.log.Error("store who can be reached", "err", err)
	}
	if err := b.askByTime(ctx); err != nil && ctx.Err() == nil {
		b.log.Error("ask operators whose time has come", "err", err)
	}
	if err := b.followPages(ctx); err != nil && ctx.Err() == nil {
		b.log.Error("follow pages", "err", err)
	}
	if err := b.missPages(ctx); err != nil && ctx.Err() == nil {
		b.log.Error("miss pages", "err", err)
	}
	if err := b.pace.tell(ctx, b); err != nil && ctx.Err() == nil {
		b.log.Error("tell of gathered offers", "err", err)
	}
	if err := b.Mail.send(ctx, d.mailings); err != nil && ctx.Err() == nil {
		b.log.Error("make mails", "err", err)
	}
	if err := b.Mail.empty(ctx); err != nil && ctx.Err() == nil {
		b.log.Error("delete old mail", "err", err)
	}
	if err := tellReminders(ctx, b, d.reminded); err != nil && ctx.Err() == nil {
		b.log.Error("remind operators", "err", err)
	}
	if err := b.Team.tellNews(ctx, d.news); err != nil && ctx.Err() == nil {
		b.log.Error("tell operators what was changed", "err", err)
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// dueInterval is how often timers are checked, which bounds how late they fire.
const dueInterval = 250 * time.Millisecond

// dueBatch is how many timers are fired in one turn.
const dueBatch = 500

// due is what the store has that is due by time.
type due struct {
	timers   []Conversation
	news     []OperatorJID
	mailings []int64 // the conversations of which something goes by mail
	reminded []OperatorJID
}

// due looks for all that is due in one transaction, since every turn looks and mostly finds nothing.
func (b *Bridge) due(ctx context.Context, now time.Time) (d due, err error) {
	err = b.store.View(ctx, func(r Reader) (err error) {
		if d.timers, err = r.DueConversations(now, dueBatch); err == nil {
			d.news, err = r.DueNews(now, dueBatch)
		}
		if err == nil {
			d.reminded, err = r.DueReminders(now, dueBatch)
		}
		if err == nil && b.Mail.On() {
			d.mailings, err = r.DueMailings(now, dueBatch)
		}
		return err
	})
	return d, err
}

func (b *Bridge) fireDue(ctx context.Context, timers []Conversation) error {
	for _, c := range timers {
		if b.Quarantine.Holds(c.Number) {
			continue
		}
		if err := b.fire(ctx, c.Number); err != nil {
			if phrase.CodeOf(err) == phrase.CodeUnavailable || ctx.Err() != nil {
				return err
			}
			b.Quarantine.Put(c.Number, err)
		}
	}
	return nil
}

// firesAtOnce is how many timers of one conversation are fired in one turn: after a pause several are due.
const firesAtOnce = 8

// fire applies the timers of a conversation that are still due, the earliest first.
func (b *Bridge) fire(ctx context.Context, number int64) error {
	for range firesAtOnce {
		c, err := fireOne(ctx, b, number)
		if at, _ := c.Due.Next(); err != nil || at.IsZero() || at.After(b.clock.Now()) {
			return err
		}
	}
	return nil
}

// fireOne applies the earliest timer of a conversation, if it is still due, and returns the conversation as it is then.
func fireOne(ctx context.Context, b *Bridge, number int64) (Conversation, error) {
	out, err := b.act(ctx, func(r Reader) (c Conversation, a Action, err error) {
		if c, err = r.Conversation(number); err != nil {
			return c, a, err
		}
		now := b.clock.Now()
		at, action := c.Due.Next()
		if at.IsZero() || at.After(now) {
			return c, a, nil
		}
		a.Type = action
		switch action {
		case ReceiptDue:
			a.Since, err = b.Reach.unreceived(r, c, now)
		case RemindDue:
			a.Typing = b.hub.writers.answers(typist{c.Number, c.Owner}, c.Unanswered, at, now)
		}
		return c, a, err
	})
	return out.Conversation, err
}
