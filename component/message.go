package component

import (
	"cmp"
	"context"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/bridge/voice"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// message finds out what an operator's message stanza is, and hands it on: signals,
// something to refuse, a reaction or retraction, or words for the desk or a visitor.
func (c *Component) message(ctx context.Context, p packet) {
	v := voice.For(c.bridge, p.operator)
	switch p.el.Get("type") {
	case "error":
		return // watch has heard it; an error is never answered (RFC 6120 §8.3.1)
	case "groupchat":
		c.bounce(p, "modify", "not-acceptable", v.Say("This is no room."))
		return
	}
	if p.bare() == c.domain.desk() && p.link.pictures.Heard(p.operator.JID, p.from, p.el) {
		return
	}
	if p.bare() != c.domain.desk() && p.to.Local != "" {
		c.signals(ctx, p)
	}
	switch {
	case stanza.Encrypted(p.el, bodyOf(p.el)):
		c.refuseEncrypted(p)
		return
	case stanza.Invites(p.el):
		// Only a person can follow an invitation, and a visitor must not learn the room's address.
		c.bounce(p, "cancel", "not-allowed", v.Say("Nobody here can enter rooms, so this invitation was not passed on. !invite brings a colleague into a visitor's conversation."))
		return
	}
	if re := p.el.Child(stanza.NSReaction, "reactions"); re != nil {
		stored := c.react(ctx, p, re)
		if bridge.Blank(stanza.Uncovered(p.el, bodyOf(p.el), stanza.NSReply, stanza.NSReaction)) { // if words follow, one receipt is for both
			if stored {
				c.receipt(p)
			}
			return
		}
	}
	if id, ok := stanza.Retracted(p.el); ok {
		c.retract(ctx, p, id)
		return
	}
	c.words(ctx, p, v)
}

// words handles a message's words, or the file it brings: it carries out a command, or
// stores the message for the visitor. A line that begins with a single ! never reaches a
// visitor.
func (c *Component) words(ctx context.Context, p packet, v voice.Voice) {
	visitor := c.faces.entity(p.bare()) == entityVisitor
	text, file := content(p.el, visitor)
	if visitor && unlinked(p.el, text, file) {
		c.bounce(p, "modify", "not-acceptable", v.Say("A visitor can be given a file by its https link alone, and this one has none. Nothing was sent."))
		return
	}
	if bridge.Blank(text) && file.URL == "" {
		if typ, why := wordless(v, p.el); why != "" {
			c.bounce(p, typ, "not-acceptable", why)
		}
		return
	}
	own := unquoted(text)
	switch {
	case !visitor:
		c.command(ctx, p, "", c.answered(ctx, p, own))
		c.receipt(p)
	case isCommand(own) && file.URL == "":
		c.command(ctx, p, bridge.VisitorJID(p.bare()), cmp.Or(desk.Visible(own[1:]), "help"))
		c.receipt(p)
	default:
		c.toVisitor(ctx, p, text, file)
	}
}

// receipt tells the sender, if they asked (XEP-0184), that the message is stored or the
// command carried out.
func (c *Component) receipt(p packet) {
	if stanza.WantsReceipt(p.el) {
		c.send(stanza.Signal(p.bare(), p.from.Bare(),
			stream.New(stanza.NSReceipts, "received").With("id", p.el.Get("id")), stream.New(stanza.NSHints, "store")))
	}
}
