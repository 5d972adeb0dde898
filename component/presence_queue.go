package component

import (
	"context"
	"slices"

	"porchlight/bridge"
)

// errand is something to be done about a visitor's presence that is not in the log of
// those who take part. The conversation's task does it, so that nothing older comes
// after what feed sends: both look at the store when it is their turn.
type errand struct {
	hide bridge.OperatorJID // whom the presence is taken back from; "": it is shown
	all  bool               // also to those who take part
}

// send puts an errand in line, unless it is already.
func (p *pump) send(conversation int64, e errand) {
	p.mu.Lock()
	if !slices.Contains(p.out[conversation], e) {
		p.out[conversation] = append(p.out[conversation], e)
	}
	p.mu.Unlock()
	p.wake(task{conversation: conversation})
}

// runErrands does what is in line for a conversation.
func (c *Component) runErrands(ctx context.Context, conversation int64) {
	c.pump.mu.Lock()
	list := c.pump.out[conversation]
	delete(c.pump.out, conversation)
	c.pump.mu.Unlock()
	for _, e := range list {
		if e.hide != "" {
			c.hideVisitor(ctx, conversation, e.hide)
		} else {
			c.showVisitor(ctx, conversation, e.all)
		}
	}
}
