package bridge

import (
	"context"

	"porchlight/bridge/phrase"
)

// Pass sends what is due now, once, and returns after that.
func (n *Notices) Pass(ctx context.Context) error {
	for _, ch := range n.bridge.opts.Channels {
		due, err := n.due(ctx, ch)
		if err != nil {
			return err
		}
		done := make(map[OperatorJID]bool)
		for _, d := range due {
			if done[d.Operator] {
				continue
			}
			done[d.Operator] = true
			if err := n.tell(ctx, ch, d.Operator); err != nil {
				return err
			}
		}
	}
	return nil
}

// Fresh reports whether operators still have to show themselves over the link.
func (l *Link) Fresh() bool {
	r := l.bridge.Reach
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.heard
}

// Stored reports whether a notice is stored.
func (n *Notices) Stored(ctx context.Context, number int64, o OperatorJID, w Way) (yes bool, err error) {
	err = n.bridge.store.View(ctx, func(r Reader) error {
		_, err := r.Notice(number, o, w)
		yes = err == nil
		if phrase.CodeOf(err) == phrase.CodeNotFound {
			return nil
		}
		return err
	})
	return yes, err
}

// Courier returns what brings the alarms that leave by a way, once each time it is called.
func (n *Notices) Courier(w Way) func(context.Context) {
	return newCourier(n.bridge, n.channel(w)).pass
}

// SendNotice sends a notice by mail.
func (m *Mailroom) SendNotice(ctx context.Context, n Notice) error { return mailWay{m}.Send(ctx, n) }
