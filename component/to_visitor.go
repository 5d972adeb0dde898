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

// This file handles what operators say to a visitor: words and files, corrections,
// retractions, reactions.

// toVisitor stores a message for the visitor. It sends back a message in which one line of
// several looks like a command.
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

// retract takes back what the operator said to the visitor (XEP-0424 §3).
func (c *Component) retract(ctx context.Context, p packet, id string) {
	if c.faces.entity(p.bare()) != entityVisitor {
		c.bounce(p, "cancel", "feature-not-implemented", voice.For(c.bridge, p.operator).Say("What the desk was told can't be taken back."))
		return
	}
	if c.store(ctx, p, bridge.Said{Type: bridge.EventRetraction, About: id}) {
		c.receipt(p)
	}
}

// react stores an operator's reaction (XEP-0444 §3) for the visitor, and reports whether
// it is stored. A reaction to one of the desk's offers takes the request.
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

// store stores what an operator says. If it can't, it tells the operator and returns
// false.
func (c *Component) store(ctx context.Context, p packet, s bridge.Said) bool {
	s.ID, s.Also = stanza.IDs(p.el)
	s.About, s.Written = stanza.KeptID(s.About), stanza.WrittenAt(p.el)
	_, err := c.bridge.OperatorWrites(ctx, p.operator.JID, bridge.VisitorJID(p.bare()), s)
	if err == nil {
		return true
	}
	if ctx.Err() != nil {
		return false // the program ends; the operator gets no receipt
	}
	why := c.fail(err, p)
	if phrase.CodeOf(err) == phrase.CodeConflict && s.Type == "" {
		v := voice.For(c.bridge, p.operator)
		c.send(stanza.Chat(p.bare(), p.from.Bare(), stanza.NewID(), "_"+why+" "+v.Say("Your message was not delivered.")+"_"))
	}
	return false
}

// literal returns a text as the visitor sees it: !! at the beginning of a line becomes !.
// If a line begins with a single !, wrong is the number of the first such line, from 1, and
// words is empty.
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

// refuseLine sends back a message in which one line looks like a command. It also says why
// in the conversation, since not all clients show the text of an error.
func (c *Component) refuseLine(p packet, line int) {
	why := voice.For(c.bridge, p.operator).Say("Nothing was sent, because line %d begins with a single !: send a command as a message of its own, and write !! there for a ! that the visitor is to see.", line)
	c.bounce(p, "modify", "not-acceptable", why)
	c.send(inConversation(p, why))
}
