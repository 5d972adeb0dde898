package bridge

import "context"

// Attach says that a page is connected, until Detach. The visitor is present as long as one is.
func (b *Bridge) Attach(ctx context.Context, number int64) error {
	b.hub.pages.connect(number, 1)
	err := b.syncPage(ctx, number)
	if err != nil {
		b.hub.pages.connect(number, -1)
	}
	return err
}

// Detach ends what Attach began.
func (b *Bridge) Detach(number int64) {
	if b.hub.pages.connect(number, -1) == 0 {
		b.hub.visitorStops(number)
	}
	err := b.syncPage(context.Background(), number)
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
	done, err := b.act(ctx, byNumber(number).then(Action{Type: PageGone}))
	b.hub.pages.note(done.Conversation, b.clock.Now())
	return err
}

// VisitorPolls says that a page without an event stream is there: the grace time begins again.
func (b *Bridge) VisitorPolls(ctx context.Context, c Conversation) error {
	grace := b.opts.Timing.VisitorGrace
	if c.State == Closed || c.Present && (c.Due.Visitor.IsZero() || c.Due.Visitor.Sub(b.clock.Now()) > grace*3/4) {
		return nil
	}
	done, err := b.act(ctx, byNumber(c.Number).then(Action{Type: PagePolls}))
	b.hub.pages.note(done.Conversation, b.clock.Now())
	return err
}

// syncPage brings the conversation in line with whether a page is connected. It asks for that within
// the transaction, so the last of several calls stores what is true.
func (b *Bridge) syncPage(ctx context.Context, number int64) error {
	done, err := b.act(ctx, func(r Reader) (Conversation, Action, error) {
		a := Action{Type: PageGone}
		if b.hub.pages.count(number) > 0 {
			a.Type = PageBack
		}
		c, err := r.Conversation(number)
		return c, a, err
	})
	b.hub.pages.note(done.Conversation, b.clock.Now())
	return err
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
				if err := b.syncPage(ctx, c.Number); err != nil {
					return err
				}
			}
		}
	}
}
