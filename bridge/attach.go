package bridge

import (
	"context"
	"time"
)

// Attach says that a page is connected, until Detach. The visitor is present as long as one is.
func (b *Bridge) Attach(ctx context.Context, number int64) error {
	b.hub.pages.connect(number, 1)
	err := b.syncPage(ctx, number, b.Nodes.id)
	if err != nil {
		b.hub.pages.connect(number, -1)
	}
	return err
}

// Detach ends what Attach began.
func (b *Bridge) Detach(number int64) {
	if b.hub.pages.connect(number, -1) == 0 {
		b.hub.visitorStops(number)
		b.Nodes.logs.unwatch(number)
	}
	err := b.syncPage(context.Background(), number, b.Nodes.id)
	if isNotFound(err) { // it was erased
		b.hub.pages.forget(number)
		return
	}
	if err != nil {
		b.log.Error("detach page", "conversation", number, "err", err)
		return
	}
	b.hub.pages.unwatched(number)
}

// VisitorLeaves says that a page is going away, before its connection ends. While other pages are
// connected it does nothing.
func (b *Bridge) VisitorLeaves(ctx context.Context, number int64) error {
	if b.hub.pages.count(number) > 1 {
		return nil
	}
	b.hub.visitorStops(number)
	done, err := b.act(ctx, func(r Reader) (Conversation, Action, error) {
		c, err := r.Conversation(number)
		elsewhere := false
		if err == nil {
			elsewhere, err = b.Nodes.elsewhere(r, number)
		}
		if elsewhere {
			return c, Action{}, err
		}
		return c, Action{Type: PageGone}, err
	})
	b.hub.pages.note(done.Conversation, b.clock.Now())
	return err
}

// VisitorPolls says that a page without an event stream is there: the grace time begins again.
func (b *Bridge) VisitorPolls(ctx context.Context, c Conversation) error {
	if b.Nodes.Several() {
		b.Nodes.logs.watch(c, b.clock.Now().Add(pollWatched))
	}
	grace := b.opts.Timing.VisitorGrace
	if c.State == Closed || c.Present && (c.Due.Visitor.IsZero() || c.Due.Visitor.Sub(b.clock.Now()) > grace*3/4) {
		return nil
	}
	done, err := b.act(ctx, byNumber(c.Number).then(Action{Type: PagePolls}))
	b.hub.pages.note(done.Conversation, b.clock.Now())
	return err
}

// syncPage brings the conversation in line with whether a page is connected, to this node or another. It asks for that within
// the transaction, so the last of several calls stores what is true. node is the one of which the store may have something else.
func (b *Bridge) syncPage(ctx context.Context, number int64, node string) error {
	var done outcome
	err := b.update(ctx, func(u *commit) error {
		c, err := u.tx.Conversation(number)
		if err == nil {
			err = u.notePage(number, node)
		}
		if err != nil {
			return err
		}
		there, err := b.Nodes.watched(u.tx, number)
		a := Action{Type: PageGone}
		if there {
			a.Type = PageBack
		}
		if err == nil {
			done.Conversation, done.Events, err = u.apply(c, a)
		}
		return err
	})
	b.hub.pages.note(done.Conversation, b.clock.Now())
	if err == nil && b.Nodes.Several() && b.hub.pages.count(number) > 0 {
		b.Nodes.logs.watch(done.Conversation, time.Time{})
	}
	return err
}

// notePage stores whether a node has a page of a conversation, if there are several nodes.
func (u *commit) notePage(number int64, node string) error {
	n := u.b.Nodes
	switch {
	case !n.Several():
		return nil
	case node == n.id && u.b.hub.pages.count(number) > 0:
		return u.tx.SavePage(number, node)
	}
	return u.tx.DeletePage(number, node)
}

// forgetPages marks every page as gone.
func (b *Bridge) forgetPages(ctx context.Context) error {
	for after := int64(0); ; {
		var list []Conversation
		err := b.store.View(ctx, func(r Reader) (err error) {
			list, err = r.OpenConversations(New, after, dueBatch)
			return err
		})
		if err != nil || len(list) == 0 {
			return err
		}
		for _, c := range list {
			after = c.Number
			if c.Present {
				if err := b.syncPage(ctx, c.Number, b.Nodes.id); err != nil {
					return err
				}
			}
		}
	}
}
