package component

import (
	"context"
	"slices"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// signals handles what a message to a visitor says beside its body: typing
// (XEP-0085), receipts (XEP-0184) and markers (XEP-0333).
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

// proved moves a cursor to the event that went out under the id.
func (c *Component) proved(ctx context.Context, p packet, id string, status bridge.ReceiptStatus) error {
	number, seq, err := c.bridge.SentTo(ctx, p.operator.JID, bridge.VisitorJID(p.bare()), id)
	if err != nil || seq == 0 {
		return err
	}
	c.stats.proved(status)
	return c.bridge.Cursors.Prove(ctx, []bridge.Cursor{{Conversation: number, Operator: p.operator.JID, Upto: seq, Status: status}})
}

// typing tells those who take part that the visitor writes or has stopped: as far as
// they are known without the store, since it is over in a moment.
func (c *Component) typing(conv bridge.Conversation, active bool) {
	conn := c.conn.Load()
	if conn == nil {
		return
	}
	state := "paused"
	if active {
		state = "composing"
	}
	for _, o := range c.pump.parts(conv) {
		if !c.quiet(o) {
			conn.TrySend(stanza.Signal(string(conv.Visitor), string(o), stream.New(stanza.NSStates, state), stream.New(stanza.NSHints, "no-store")))
		}
	}
}

// parts lists who takes part in a conversation as far as is known: at least its owner.
func (p *pump) parts(conv bridge.Conversation) []bridge.OperatorJID {
	var list []bridge.OperatorJID
	p.mu.Lock()
	defer p.mu.Unlock()
	if t := p.tracks[conv.Number]; t != nil {
		for _, r := range t.readers {
			list = append(list, r.operator)
		}
	}
	if conv.Owner != "" && !slices.Contains(list, conv.Owner) {
		list = append(list, conv.Owner)
	}
	return list
}

// seen tells each operator up to which of their messages the visitor's page has shown,
// once over a link.
func (c *Component) seen(ctx context.Context, conv bridge.Conversation, upto int64) {
	list, err := c.bridge.LastOfEach(ctx, conv.Number, upto)
	if err != nil {
		if ctx.Err() == nil {
			c.log.Error("tell what was seen", "conversation", conv.Number, "upto", upto, "err", err)
		}
		return
	}
	for _, e := range list {
		if c.pump.marks(e) {
			c.send(stanza.Signal(string(conv.Visitor), string(e.Operator),
				stream.New(stanza.NSMarkers, "displayed").With("id", e.StanzaID()), stream.New(stanza.NSHints, "store")))
		}
	}
}

// marks remembers that an operator is told that their message was shown, and reports
// whether that is news, as far as is known.
func (p *pump) marks(e bridge.Event) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.tracks[e.Conversation]
	if t == nil {
		return true
	}
	for _, r := range t.readers {
		if r.operator == e.Operator {
			news := r.marked < e.Seq
			r.marked = max(r.marked, e.Seq)
			return news
		}
	}
	return false // they take no part any more
}
