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

// What operators say to the desk: commands, as lines and by reactions.

// isCommand reports whether a line in a conversation is meant for the desk.
func isCommand(line string) bool {
	line = desk.Visible(line)
	return strings.HasPrefix(line, "!") && !strings.HasPrefix(line, "!!")
}

// unquoted is a text without the lines in front that quote another (Conversations
// replies so).
func unquoted(text string) string {
	for {
		text = desk.Visible(text)
		if !strings.HasPrefix(text, ">") {
			return text
		}
		_, text, _ = strings.Cut(text, "\n")
	}
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
			report(c.log, err, p)
			answer = v.Error(err)
		}
	}
	if p.bare() == c.domain.desk() || p.to.Local == "" { // Converse takes what the domain says for the server's own words
		if l := c.link.Load(); l != nil {
			l.line.Send(l.desk.message(p.from.Bare(), stanza.NewID(), answer))
		}
		return
	}
	c.send(inConversation(p, answer))
}

// inConversation makes a message of the desk's in the conversation in which an operator
// said something: with a name, else it would look as if the visitor said it.
func inConversation(p packet, text string) *stream.Element {
	return stanza.Chat(p.bare(), p.from.Bare(), stanza.NewID(), "[Desk] "+text)
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
