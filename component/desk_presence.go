package component

import (
	"context"

	"porchlight/bridge"
	"porchlight/bridge/voice"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// greetTeam asks every operator for their presence, subscribes the desk to it
// (a server that has the subscription answers by itself, RFC 6121 §3.1.3) and
// shows the desk.
func (c *Component) greetTeam(ctx context.Context) {
	for _, o := range c.bridge.Operators() {
		// In this order: Prosody answers a probe from somebody whom the operator has not let see them as
		// if they had been refused, and forgets a request that came before.
		c.send(stanza.Presence(c.deskJID(), string(o.JID), "probe"),
			stanza.Presence(c.deskJID(), string(o.JID), "subscribe", stream.Text("", "status", voice.For(c.bridge, o).Say("porchlight asks to see when you are available for visitors"))))
	}
	if err := c.announce(ctx, true); err != nil && ctx.Err() == nil {
		c.log.Error("announce the desk", "err", err)
	}
}

// announce sends the desk's presence to every operator, and that of departments that
// have turned: those who have one as a contact see it, others' clients ignore it. Not
// to all, but only to those who don't mind the traffic and if there is news.
func (c *Component) announce(ctx context.Context, all bool) error {
	d, err := c.duty(ctx)
	if err != nil {
		return err
	}
	departments := c.turned(all)
	for _, o := range c.bridge.Operators() {
		held, _ := c.bridge.Reach.Holds(o.JID)
		if held {
			c.shown.Delete(o.JID) // so that they are shown it when they are back
		}
		if !all && (o.Satellite || held) {
			continue
		}
		if el, news := c.deskPresence(o, d); news || all {
			c.send(el)
		}
		for _, name := range departments {
			c.send(c.departmentPresence(name, o))
		}
	}
	return nil
}

// turned lists the departments that went online or offline since it was asked last; or
// all there are.
func (c *Component) turned(all bool) (list []string) {
	s, err := c.bridge.Status("")
	if err != nil {
		return nil // there are none
	}
	for _, d := range s.Departments {
		if was, shown := c.lamps.Swap(d.Name, d.Online); all || !shown || was != d.Online {
			list = append(list, d.Name)
		}
	}
	return list
}

// duty is who is on duty and how many wait.
type duty struct {
	names   []string
	waiting int
}

func (c *Component) duty(ctx context.Context) (d duty, err error) {
	for _, o := range c.bridge.Available() {
		d.names = append(d.names, o.Name)
	}
	d.waiting, err = c.bridge.WaitingCount(ctx)
	return d, err
}

// deskPresence tells an operator of it; news says that it is something else than
// what they were shown last.
func (c *Component) deskPresence(o bridge.Operator, d duty) (el *stream.Element, news bool) {
	status := voice.For(c.bridge, o).Presence(d.names, d.waiting)
	was, _ := c.shown.Swap(o.JID, status)
	return stanza.Presence(c.deskFull(), string(o.JID), "",
		stream.Text("", "status", status),
		stream.New(stanza.NSCaps, "c").With("hash", "sha-1", "node", capsNode, "ver", c.capsVersion(entityDesk)),
		stream.New(stanza.NSVCardPhoto, "x", stream.Text("", "photo", c.avatars.of(c.deskJID()).id))), was != status
}

// departmentPresence shows an operator whether a department is online.
func (c *Component) departmentPresence(name string, o bridge.Operator) *stream.Element {
	word, lit := voice.For(c.bridge, o).Lamp(name)
	el := stanza.Presence(name+"@"+c.opts.Domain, string(o.JID), "", stream.Text("", "status", word))
	if !lit {
		el.Children = append(el.Children, stream.Text("", "show", "away"))
	}
	return el
}
