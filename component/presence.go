package component

import (
	"context"
	"strconv"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// presence handles an operator's presence stanza (RFC 6121 §3, §4).
func (c *Component) presence(ctx context.Context, p packet) {
	switch typ := p.el.Get("type"); typ {
	case "", "unavailable":
		c.availability(ctx, p, typ)
	case "subscribe":
		c.subscribed(ctx, p)
	case "unsubscribe":
		c.send(stanza.Presence(p.bare(), p.from.Bare(), "unsubscribed"))
	case "probe":
		c.showTo(ctx, p, p.bare())
	}
}

// availability takes in that one of the operator's clients came, changed or went. Only
// presence to the desk counts. Operators let the desk see their presence, so the desk
// hears of every change.
func (c *Component) availability(ctx context.Context, p packet, typ string) {
	if p.bare() != c.domain.desk() {
		return
	}
	p.link.programs.note(p, typ == "unavailable")
	p.link.zones.look(p, typ == "unavailable")
	p.link.pictures.Seen(p.operator.JID, p.from, p.el)
	show := bridge.Show(p.el.ChildText("", "show"))
	if n, err := strconv.Atoi(p.el.ChildText("", "priority")); err == nil && n < 0 {
		show = bridge.ShowXA // a client of negative priority gets no messages to the bare JID (RFC 6121 §8.5.2)
	}
	if typ == "unavailable" {
		show = bridge.ShowOffline
	} else if !show.Valid() || show == bridge.ShowOffline {
		show = bridge.ShowAvailable
	}
	if err := c.bridge.Reach.Presence(ctx, p.operator.JID, p.from.Resource, show); err != nil && ctx.Err() == nil {
		c.log.Error("presence", "operator", p.operator.JID, "err", err)
	}
	if show != bridge.ShowOffline {
		if err := c.bridge.Team.Greet(ctx, p.operator.JID, p.from.Resource, p.el.Lang()); err != nil && ctx.Err() == nil {
			c.log.Error("greet operator", "operator", p.operator.JID, "err", err)
		}
		if err := p.link.visitors.introduce(ctx, p.operator.JID); err != nil && ctx.Err() == nil {
			c.log.Error("introduce visitors", "operator", p.operator.JID, "err", err)
		}
	}
}

// subscribed accepts an operator's subscription to any of our addresses that exists. The
// desk and visitors ask for a subscription in return, since a one-sided contact looks
// unfinished in most clients.
func (c *Component) subscribed(ctx context.Context, p packet) {
	from, to := p.bare(), p.from.Bare()
	if c.faces.entity(from) == entityVisitor {
		_, err := c.bridge.ByVisitor(ctx, bridge.VisitorJID(from))
		switch phrase.CodeOf(err) {
		case "":
		case phrase.CodeNotFound:
			c.send(stanza.Presence(from, to, "unsubscribed"))
			return
		default: // silence is better than a wrong answer: the operator's server asks again at their next login
			if ctx.Err() == nil {
				c.log.Error("answer subscription", "operator", p.operator.JID, "err", err)
			}
			return
		}
	}
	c.send(stanza.Presence(from, to, "subscribed"))
	if p.to.Local != "" {
		c.send(stanza.Presence(from, to, "subscribe"))
	}
	c.showTo(ctx, p, from)
}

// showTo sends an operator the present presence of one of our addresses. It sends nothing
// while the store can't tell: the operator's server asks again at their next login.
func (c *Component) showTo(ctx context.Context, p packet, address string) {
	el, err := c.presenceOf(ctx, p, address)
	if err != nil {
		if ctx.Err() == nil {
			c.log.Error("show presence", "operator", p.operator.JID, "address", address, "err", err)
		}
		return
	}
	c.send(el)
}

func (c *Component) presenceOf(ctx context.Context, p packet, address string) (*stream.Element, error) {
	to := string(p.operator.JID)
	e, card, err := c.faces.lookUp(ctx, address)
	if err != nil {
		return nil, err
	}
	switch e {
	case entityDesk:
		return p.link.signboard.show(ctx, p.operator)
	case entityVisitor:
		return c.faces.visitor(card, to), nil
	case entityDepartment:
		local, _, _ := strings.Cut(address, "@")
		return c.faces.department(local, p.operator), nil
	case entityService:
		return stanza.Presence(address, to, ""), nil
	}
	return stanza.Presence(address, to, "unavailable"), nil
}
