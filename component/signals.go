package component

import (
	"context"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/component/stanza"
)

// signals handles the typing (XEP-0085), receipts (XEP-0184) and markers (XEP-0333) in a
// message to a visitor.
func (c *Component) signals(ctx context.Context, p packet) {
	for _, child := range p.el.Children {
		var err error
		switch child.Space {
		case stanza.NSStates:
			err = c.bridge.OperatorTypes(ctx, p.operator.JID, p.from.Resource, bridge.VisitorJID(p.bare()), child.Local == "composing")
		case stanza.NSReceipts:
			if child.Local == "received" {
				err = c.proved(ctx, p, child.Get("id"), bridge.Delivered)
			}
		case stanza.NSMarkers:
			switch child.Local {
			case "received":
				err = c.proved(ctx, p, child.Get("id"), bridge.Delivered)
			case "displayed", "acknowledged":
				err = c.proved(ctx, p, child.Get("id"), bridge.Displayed)
			}
		}
		if err != nil && phrase.CodeOf(err) != phrase.CodeNotFound && ctx.Err() == nil {
			c.log.Error("signal", "operator", p.operator.JID, "to", p.to.Local, "err", err)
		}
	}
}

// proved moves the operator's cursor to the event that was sent under the id.
func (c *Component) proved(ctx context.Context, p packet, id string, status bridge.ReceiptStatus) error {
	number, seq, err := c.bridge.SentTo(ctx, p.operator.JID, bridge.VisitorJID(p.bare()), id)
	if err != nil || seq == 0 {
		return err
	}
	c.stats.proved(status)
	return c.bridge.Cursors.Prove(ctx, []bridge.Cursor{{Conversation: number, Operator: p.operator.JID, Upto: seq, Status: status}})
}
