package component

import (
	"context"
	"strings"
	"unicode/utf8"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// What operators say to a visitor: words and files, corrections, retractions, reactions.

// toVisitor stores a message for the visitor. One with a line that looks like a command
// among others is sent back.
func (c *Component) toVisitor(ctx context.Context, p packet, text string, file bridge.File) {
	words, wrong := literal(text)
	if wrong > 0 {
		c.refuseLine(p, wrong)
		return
	}
	s := bridge.Said{Text: words, File: file, About: p.el.Child(stanza.NSReply, "reply").Get("id")}
	if re := p.el.Child(stanza.NSReplace, "replace"); re != nil {
		s.Type, s.About = bridge.EventCorrection, re.Get("id")
	}
	if c.store(ctx, p, s) {
		c.receipt(p)
	}
}

// retract takes back what the operator said to the visitor (XEP-0424 §4.1).
func (c *Component) retract(ctx context.Context, p packet, id string) {
	if c.faces.entity(p.bare()) != entityVisitor {
		c.bounce(p, "cancel", "feature-not-implemented", voice.For(c.bridge, p.operator).Say("What the desk was told can't be taken back."))
		return
	}
	if c.store(ctx, p, bridge.Said{Type: bridge.EventRetraction, About: id}) {
		c.receipt(p)
	}
}

// react shows an operator's reaction (XEP-0444 §4.2) to the visitor, and reports whether
// it is stored; one to an offer of the desk takes it.
func (c *Component) react(ctx context.Context, p packet, re *stream.Element) bool {
	switch c.faces.entity(p.bare()) {
	case entityDesk:
		return c.takeByReaction(ctx, p, re)
	case entityVisitor:
		var all []string
		for _, r := range re.Children {
			if r.Local == "reaction" {
				all = append(all, strings.Join(strings.Fields(r.Text), ""))
			}
		}
		return c.store(ctx, p, bridge.Said{Type: bridge.EventReaction, Text: strings.Join(all, " "), About: re.Get("id")})
	}
	c.bounce(p, "cancel", "feature-not-implemented", voice.For(c.bridge, p.operator).Say("There is nothing to react to here."))
	return false
}

// store stores what an operator says; if that can't be, the writer is told, and
// false returned.
func (c *Component) store(ctx context.Context, p packet, s bridge.Said) bool {
	s.ID, s.Also = stanza.IDs(p.el)
	s.About, s.Written = stanza.KeptID(s.About), stanza.WrittenAt(p.el)
	_, err := c.bridge.OperatorWrites(ctx, p.operator.JID, bridge.VisitorJID(p.bare()), s)
	if err == nil {
		return true
	}
	if ctx.Err() != nil {
		return false // going down: no receipt was given
	}
	why := c.fail(err, p)
	if phrase.CodeOf(err) == phrase.CodeConflict && s.Type == "" {
		v := voice.For(c.bridge, p.operator)
		c.send(stanza.Chat(p.bare(), p.from.Bare(), stanza.NewID(), "_"+why+" "+v.Say("Your message was not delivered.")+"_"))
	}
	return false
}

// literal is a text for the visitor, where !! at the beginning of a line stands for !;
// wrong is the first line that begins with a single one, from 1, or 0.
func literal(text string) (words string, wrong int) {
	var b strings.Builder
	for n := 1; text != ""; n++ {
		line := text
		if end := strings.IndexFunc(text, breaks); end >= 0 {
			_, size := utf8.DecodeRuneInString(text[end:])
			line = text[:end+size]
		}
		text = text[len(line):]
		if isCommand(line) {
			return "", n
		}
		if strings.HasPrefix(desk.Visible(line), "!!") {
			line = strings.Replace(line, "!!", "!", 1)
		}
		b.WriteString(line)
	}
	return b.String(), 0
}

// breaks reports whether a new line begins after r (UAX #14, class BK and its like).
func breaks(r rune) bool {
	return strings.ContainsRune("\n\v\f\r\u0085\u2028\u2029", r)
}

// refuseLine sends back a message with a line that looks like a command among others.
// It says so in the conversation, too, since not all clients show why.
func (c *Component) refuseLine(p packet, line int) {
	why := voice.For(c.bridge, p.operator).Say("Nothing was sent, because line %d begins with a single !: send a command as a message of its own, and write !! there for a ! that the visitor is to see.", line)
	c.bounce(p, "modify", "not-acceptable", why)
	c.send(inConversation(p, why))
}
