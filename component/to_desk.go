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

// This file handles what operators say to the desk: commands, as lines and as reactions.

// isCommand reports whether a line in a conversation is meant for the desk.
func isCommand(line string) bool {
	line = desk.Visible(line)
	return strings.HasPrefix(line, "!") && !strings.HasPrefix(line, "!!")
}

// unquoted returns a text without the quotation before it: Conversations puts one in front
// of a reply.
func unquoted(text string) string {
	for {
		text = desk.Visible(text)
		if !strings.HasPrefix(text, ">") {
			return text
		}
		_, text, _ = strings.Cut(text, "\n")
	}
}

// command carries out a line for the desk, and sends the answer from the address that the
// line was sent to. A line that comes late or twice may be refused: see desk.Call.
func (c *Component) command(ctx context.Context, p packet, visitor bridge.VisitorJID, line string) {
	var answer, picture string
	id, _ := stanza.IDs(p.el)
	v := voice.For(c.bridge, p.operator)
	if p.el.Child(stanza.NSReplace, "replace") != nil {
		answer = v.Say("A correction is not carried out. Please send it as a new message.")
	} else {
		var err error
		call := desk.Call{Operator: p.operator, Visitor: visitor, StanzaID: id, Late: stanza.Stamped(p.el), Show: func(link string) { picture = link }}
		answer, err = c.desk.Line(ctx, call, line)
		if err != nil {
			report(c.log, err, p)
			answer = v.Error(err)
		}
	}
	if p.bare() == c.domain.desk() || p.to.Local == "" { // the desk answers for the domain, since Converse shows the domain's messages as the server's
		if l := c.link.Load(); l != nil {
			l.line.Send(l.desk.message(p.from.Bare(), stanza.NewID(), answer))
			if picture != "" {
				l.line.Send(l.desk.message(p.from.Bare(), stanza.NewID(), picture, stanza.Linked(picture)))
			}
		}
		return
	}
	c.send(inConversation(p, answer)) // without the picture, which would seem to be the visitor's
}

// inConversation makes a message of the desk in the conversation in which an operator
// wrote. It begins with [Desk], else the visitor would seem to have said it.
func inConversation(p packet, text string) *stream.Element {
	return stanza.Chat(p.bare(), p.from.Bare(), stanza.NewID(), "[Desk] "+text)
}

// takeByReaction takes a request when an operator reacts to its offer with 👍 or ✅, and
// reports whether it did. Other reactions to the desk's messages mean nothing.
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

// answered is the command that words to the desk mean: they themselves, or, if they reply to a colleague's question, the
// answer to it (XEP-0461 §3).
func (c *Component) answered(ctx context.Context, p packet, words string) string {
	re := p.el.Child(stanza.NSReply, "reply")
	if re == nil || isCommand(words) {
		return strings.TrimPrefix(words, "!")
	}
	number, err := c.bridge.Moves.AskedBy(ctx, p.operator.JID, re.Get("id"))
	if err != nil {
		report(c.log, err, p)
	}
	if number == 0 {
		return words
	}
	return fmt.Sprintf("answer %d %s", number, words)
}
