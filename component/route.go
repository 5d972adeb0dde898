package component

import (
	"context"

	"porchlight/bridge"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// packet is a stanza with its addresses, as the handlers get it.
type packet struct {
	el       *stream.Element
	from, to stream.JID
	operator bridge.Operator // who sent it
}

// bare returns whom the stanza is for, without the resource.
func (p packet) bare() string { return p.to.Bare() }

// route decides by address who handles a stanza. It runs in the reader, so it
// only decodes and hands over.
func (c *Component) route(conn *stream.Conn, el *stream.Element) {
	from, err := stream.ParseJID(el.Get("from"))
	to, err2 := stream.ParseJID(el.Get("to"))
	if err != nil || err2 != nil {
		if !stanza.IsAnswer(el) && el.Local != "presence" && c.strangers.answer(el.Get("from"), c.bridge.Now()) {
			conn.TrySend(stanza.Error(el, "modify", "jid-malformed", ""))
		}
		return
	}
	switch {
	case from.String() == c.opts.Domain && c.barrier.back(el), c.asked.answered(from, el), c.zones.answered(from, el), c.rosters.granted(from, el):
		return
	case c.room.is(from):
		c.room.heard(conn, from, el)
		return
	}
	o, known := c.bridge.Operator(c.names.of(from))
	if !known {
		c.refuseStranger(conn, el)
		return
	}
	if asksDesk(el, to.Local == "desk") && !c.allowance.take(o.JID) {
		c.stats.refused.Add(1)
		conn.TrySend(stanza.Error(el, "wait", "resource-constraint", "Too many commands in a minute. Please send it again in a minute."))
		return
	}
	p := packet{el: el, from: from, to: to}
	var handle func(context.Context, packet)
	switch el.Local {
	case "message":
		handle = c.message
	case "presence":
		handle = c.presence
	case "iq":
		handle = c.iq
	default:
		return
	}
	job := func(ctx context.Context) {
		now, known := c.bridge.Operator(o.JID) // as what came before has left them
		if !known {
			c.refuseStranger(conn, el)
			return
		}
		p.operator = now
		c.handle(ctx, p, c.watch.heard)
		c.handle(ctx, p, handle)
	}
	switch {
	case c.lanes.put(from.Bare()+" "+to.Bare(), job):
	case el.Local == "presence":
		c.pump.wake(task{probe: o.JID}) // asked for again, since it may have been the last
	case !stanza.IsAnswer(el):
		c.stats.refused.Add(1)
		conn.TrySend(stanza.Error(el, "wait", "resource-constraint", "Too much at once. Please send it again in a moment."))
	}
}

// refuse answers a stanza that can't be read: operators always, others a few times in
// a minute, above which it is not logged either.
func (c *Component) refuse(conn *stream.Conn, e *stream.StanzaError) {
	from, err := stream.ParseJID(e.From)
	known := false
	if err == nil {
		_, known = c.bridge.Operator(c.names.of(from))
	}
	if !known && !c.strangers.answer(e.From, c.bridge.Now()) {
		return
	}
	c.log.Warn("stanza refused", "err", e)
	if e.Name != "presence" && e.Type != "error" && e.Type != "result" && e.From != "" && e.To != "" {
		head := stream.New("", e.Name).With("from", e.From, "to", e.To, "id", e.ID)
		conn.TrySend(stanza.Error(head, "modify", "policy-violation", "The stanza is too large or malformed."))
	}
}

// refuseStranger answers whoever is no operator: the same to everything, a few times
// in a minute, and nothing is kept. Errors and results are never answered.
func (c *Component) refuseStranger(conn *stream.Conn, el *stream.Element) {
	switch {
	case stanza.IsAnswer(el) || el.Local == "presence" && el.Get("type") != "subscribe":
	case !c.strangers.answer(el.Get("from"), c.bridge.Now()):
	case el.Local == "presence":
		conn.TrySend(stanza.Presence(el.Get("to"), el.Get("from"), "unsubscribed"))
	default:
		conn.TrySend(stanza.Error(el, "cancel", "service-unavailable", ""))
	}
}
