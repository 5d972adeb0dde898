package component

import (
	"context"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/component/safe"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// packet is a stanza with its addresses, in the form that handlers get.
type packet struct {
	el       *stream.Element
	from, to stream.JID
	link     *link           // the link over which the stanza came
	operator bridge.Operator // the sender
}

// bare returns the address that the stanza is for, without the resource.
func (p packet) bare() string { return p.to.Bare() }

// route decides by address who handles a stanza, and puts it into its lane. It runs in
// the reader, so it never waits.
func (c *Component) route(l *link, el *stream.Element) {
	from, err := stream.ParseJID(el.Get("from"))
	to, err2 := stream.ParseJID(el.Get("to"))
	if err != nil || err2 != nil {
		if !stanza.IsAnswer(el) && el.Local != "presence" && c.strangers.answer(el.Get("from"), c.bridge.Now()) {
			l.line.TrySend(stanza.Error(el, "modify", "jid-malformed", ""))
		}
		return
	}
	switch {
	case from.String() == c.opts.Domain && l.barrier.back(el), l.line.answered(from, el), l.zones.answered(from, el), l.rosters.Granted(from, el):
		return
	case l.room.Is(from):
		l.room.Heard(from, el)
		return
	}
	o, known := c.bridge.Team.Operator(c.names.of(from))
	if !known {
		c.refuseStranger(l, el)
		return
	}
	if asksDesk(el, to.Local == "desk") && !c.allowance.take(o.JID) {
		c.stats.refused.Add(1)
		l.line.TrySend(stanza.Error(el, "wait", "resource-constraint", spoken(o, phrase.Say("Too many commands in a minute. Please send it again in a minute."))))
		return
	}
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
	jid := o.JID
	job := func(ctx context.Context) {
		now, known := c.bridge.Team.Operator(jid) // read again, since earlier stanzas of the lane may have changed the operator
		if !known {
			c.refuseStranger(l, el)
			return
		}
		p := packet{el: el, from: from, to: to, link: l, operator: now}
		c.handle(ctx, p, l.watch.heard)
		c.handle(ctx, p, handle)
	}
	switch {
	case c.lanes.put(from.Bare()+" "+to.Bare(), job):
	case el.Local == "presence":
		l.pump.wake(task{probe: o.JID}) // asks for the presence again, since no other may follow
	case !stanza.IsAnswer(el):
		c.stats.refused.Add(1)
		l.line.TrySend(stanza.Error(el, "wait", "resource-constraint", spoken(o, phrase.Say("Too much at once. Please send it again in a moment."))))
	}
}

// spoken returns a phrase in an operator's language. The reader uses it instead of a
// Voice, which may have to read a time zone from the disk.
func spoken(o bridge.Operator, p phrase.Phrase) string { return o.Reads().Say(p) }

// handle calls f with a stanza. If f panics, handle logs it, raises an alarm and tells
// the sender.
func (c *Component) handle(ctx context.Context, p packet, f func(context.Context, packet)) {
	err := safe.Do(func() error { f(ctx, p); return nil })
	if err == nil {
		return
	}
	c.log.Error("stanza can't be handled", "operator", p.operator.JID, "stanza", p.el.Local, "err", err)
	c.bridge.Alarms.Raise(bridge.AlarmPoison, phrase.Say("A stanza of %s can't be handled. The log says why.", p.operator.JID))
	switch {
	case p.el.Local == "presence":
		p.link.pump.wake(task{probe: p.operator.JID}) // as in route
	case !stanza.IsAnswer(p.el):
		c.bounce(p, "wait", "internal-server-error", spoken(p.operator, phrase.Say("Something went wrong here. Look whether it was done before you send it again.")))
	}
}

// refuse logs and answers a stanza that can't be read. It always answers an operator; a
// stranger gets a few answers in a minute, and then nothing is logged either.
func (c *Component) refuse(l *link, e *stream.StanzaError) {
	from, err := stream.ParseJID(e.From)
	var o bridge.Operator
	known := false
	if err == nil {
		o, known = c.bridge.Team.Operator(c.names.of(from))
	}
	if !known && !c.strangers.answer(e.From, c.bridge.Now()) {
		return
	}
	c.log.Warn("stanza refused", "err", e)
	if e.Name != "presence" && e.Type != "error" && e.Type != "result" && e.From != "" && e.To != "" {
		head := stream.New("", e.Name).With("from", e.From, "to", e.To, "id", e.ID)
		l.line.TrySend(stanza.Error(head, "modify", "policy-violation", spoken(o, phrase.Say("The stanza is too large or malformed."))))
	}
}

// refuseStranger refuses a stanza of somebody who is no operator, a few times in a
// minute. It never answers errors and results (RFC 6120 §8.3.1), nor presence other than
// a subscription request.
func (c *Component) refuseStranger(l *link, el *stream.Element) {
	switch {
	case stanza.IsAnswer(el) || el.Local == "presence" && el.Get("type") != "subscribe":
	case !c.strangers.answer(el.Get("from"), c.bridge.Now()):
	case el.Local == "presence":
		l.line.TrySend(stanza.Presence(el.Get("to"), el.Get("from"), "unsubscribed"))
	default:
		l.line.TrySend(stanza.Error(el, "cancel", "service-unavailable", ""))
	}
}
