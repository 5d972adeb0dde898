package component

import (
	"context"
	"fmt"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// message handles an operator's message stanza.
func (c *Component) message(ctx context.Context, p packet) {
	switch p.el.Get("type") {
	case "error":
		return // never answered (RFC 6121 §8.5); see watch
	case "groupchat":
		c.send(stanza.Error(p.el, "modify", "not-acceptable", voice.For(c.bridge, p.operator).Say("This is no room.")))
		return
	}
	if p.bare() != c.deskJID() && p.to.Local != "" {
		c.signals(ctx, p)
	}
	switch {
	case stanza.Encrypted(p.el, bodyOf(p.el)):
		c.refuseEncrypted(p)
		return
	case stanza.Invites(p.el):
		// Nobody but a person can follow it, and a visitor must not learn of the room's address.
		c.send(stanza.Error(p.el, "cancel", "not-allowed",
			voice.For(c.bridge, p.operator).Say("Nobody here can enter rooms, so this invitation was not passed on. !invite brings a colleague into a visitor's conversation.")))
		return
	}
	if re := p.el.Child(stanza.NSReaction, "reactions"); re != nil {
		stored := c.react(ctx, p, re)
		if bridge.Blank(stanza.Uncovered(p.el, bodyOf(p.el), stanza.NSReply, stanza.NSReaction)) { // else words follow, and the receipt is for both
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
	visitor := c.entity(p.bare()) == entityVisitor
	text := stanza.Untagged(words(p.el, visitor))
	var file bridge.File
	if visitor && p.el.Child(stanza.NSReplace, "replace") == nil {
		file, text = shared(p.el, text)
	}
	if link := stanza.Link(p.el); link != "" && link != file.URL && !strings.Contains(text, link) {
		text = strings.TrimSpace(text + "\n" + link) // words and a link apart from them
	}
	if visitor && unlinked(p.el, text, file) {
		c.send(stanza.Error(p.el, "modify", "not-acceptable", voice.For(c.bridge, p.operator).Say("A visitor can be given a file by its https link alone, and this one has none. Nothing was sent.")))
		return
	}
	if bridge.Blank(text) && file.URL == "" {
		if typ, why := wordless(voice.For(c.bridge, p.operator), p.el); why != "" {
			c.send(stanza.Error(p.el, typ, "not-acceptable", why))
		}
		return
	}
	c.said(ctx, p, text, file)
}

// retract takes back what the operator said to the visitor (XEP-0424 §4.1).
func (c *Component) retract(ctx context.Context, p packet, id string) {
	if c.entity(p.bare()) != entityVisitor {
		c.send(stanza.Error(p.el, "cancel", "feature-not-implemented", voice.For(c.bridge, p.operator).Say("What the desk was told can't be taken back.")))
		return
	}
	if c.says(ctx, p, bridge.Said{Type: bridge.EventRetraction, About: id}) {
		c.receipt(p)
	}
}

// says stores what an operator says; if that can't be, the writer is told, and
// false returned.
func (c *Component) says(ctx context.Context, p packet, s bridge.Said) bool {
	s.ID, s.Also = stanza.IDs(p.el)
	s.About, s.Written = stanza.KeptID(s.About), stanza.WrittenAt(p.el)
	_, err := c.bridge.OperatorWrites(ctx, p.operator.JID, bridge.VisitorJID(p.bare()), s)
	if err == nil {
		return true
	}
	if ctx.Err() != nil {
		return false // going down: no receipt was given
	}
	c.report(err, p)
	v := voice.For(c.bridge, p.operator)
	message := v.Error(err)
	typ, name := condition(err)
	c.send(stanza.Error(p.el, typ, name, message))
	if phrase.CodeOf(err) == phrase.CodeConflict && s.Type == "" {
		c.send(stanza.Chat(p.bare(), p.from.Bare(), stanza.NewID(), "_"+message+" "+v.Say("Your message was not delivered.")+"_"))
	}
	return false
}

// command carries out a line for the desk and sends the answer from where it
// was said. A copy that comes late is not carried out.
func (c *Component) command(ctx context.Context, p packet, visitor bridge.VisitorJID, line string) {
	var answer string
	id, _ := stanza.IDs(p.el)
	v := voice.For(c.bridge, p.operator)
	if p.el.Child(stanza.NSReplace, "replace") != nil {
		answer = v.Say("A correction is not carried out. Please send it as a new message.")
	} else {
		var err error
		answer, err = c.desk.Line(ctx, desk.Call{Operator: p.operator, Visitor: visitor, StanzaID: id, Late: stanza.Stamped(p.el)}, line)
		if err != nil {
			c.report(err, p)
			answer = v.Error(err)
		}
	}
	if p.bare() == c.deskJID() || p.to.Local == "" { // Converse takes what the domain says for the server's own words
		c.send(c.deskMessage(p.from.Bare(), stanza.NewID(), answer))
		return
	}
	c.send(stanza.Chat(p.bare(), p.from.Bare(), stanza.NewID(), "["+deskSpeaks+"] "+answer)) // else it would look as if the visitor said it
}

// deskSpeaks is who answers a command in a conversation.
const deskSpeaks = "Desk"

// react shows an operator's reaction (XEP-0444 §4.2) to the visitor, and reports whether
// it is stored.
func (c *Component) react(ctx context.Context, p packet, re *stream.Element) bool {
	switch c.entity(p.bare()) {
	case entityDesk:
		return c.takeByReaction(ctx, p, re)
	case entityVisitor:
		var all []string
		for _, r := range re.Children {
			if r.Local == "reaction" {
				all = append(all, strings.Join(strings.Fields(r.Text), ""))
			}
		}
		return c.says(ctx, p, bridge.Said{Type: bridge.EventReaction, Text: strings.Join(all, " "), About: re.Get("id")})
	}
	c.send(stanza.Error(p.el, "cancel", "feature-not-implemented", voice.For(c.bridge, p.operator).Say("There is nothing to react to here.")))
	return false
}

// takeByReaction takes a request by 👍 or ✅ on its offer. Other reactions to what the
// desk says mean nothing.
func (c *Component) takeByReaction(ctx context.Context, p packet, re *stream.Element) bool {
	for _, r := range re.Children {
		switch strings.TrimRight(r.Text, "\uFE0F\U0001F3FB\U0001F3FC\U0001F3FD\U0001F3FE\U0001F3FF") {
		case "👍", "✅":
		default:
			continue
		}
		number, err := c.bridge.OfferedBy(ctx, p.operator.JID, re.Get("id"))
		if err == nil && number > 0 {
			c.command(ctx, p, "", fmt.Sprintf("take %d", number))
			return true
		}
		if err == nil {
			err = phrase.Fail(phrase.CodeNotFound, "This is no offer, so nothing was taken. Send queue to see what waits.")
		}
		c.fail(err, p)
		return false
	}
	return false
}

// receipt says that the message is stored, or the command carried out, if its sender asked for that
// (XEP-0184).
func (c *Component) receipt(p packet) {
	if stanza.WantsReceipt(p.el) {
		c.send(stanza.Signal(p.bare(), p.from.Bare(),
			stream.New(stanza.NSReceipts, "received").With("id", p.el.Get("id")), stream.New(stanza.NSHints, "store")))
	}
}
