package component

import (
	"cmp"
	"context"
	"strings"
	"unicode/utf8"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/bridge/voice"
	"porchlight/component/stanza"
)

// said handles a message with a body or a file: a command, or something for the
// visitor, who sees no line that begins with a single !.
func (c *Component) said(ctx context.Context, p packet, text string, file bridge.File) {
	own := unquoted(text)
	if c.entity(p.bare()) != entityVisitor {
		c.command(ctx, p, "", strings.TrimPrefix(own, "!"))
		c.receipt(p)
		return
	}
	if isCommand(own) && file.URL == "" {
		c.command(ctx, p, bridge.VisitorJID(p.bare()), cmp.Or(desk.Visible(own[1:]), "help"))
		c.receipt(p)
		return
	}
	words, wrong := literal(text)
	if wrong > 0 {
		c.refuseLine(p, wrong)
		return
	}
	if c.forVisitor(ctx, p, words, file) {
		c.receipt(p)
	}
}

// isCommand reports whether a line in a conversation is meant for the desk.
func isCommand(line string) bool {
	line = desk.Visible(line)
	return strings.HasPrefix(line, "!") && !strings.HasPrefix(line, "!!")
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

// forVisitor stores a message for the visitor; if it can't be delivered, the
// writer is told, and false returned.
func (c *Component) forVisitor(ctx context.Context, p packet, text string, file bridge.File) bool {
	s := bridge.Said{Text: text, File: file, About: p.el.Child(stanza.NSReply, "reply").Get("id")}
	if re := p.el.Child(stanza.NSReplace, "replace"); re != nil {
		s.Type, s.About = bridge.EventCorrection, re.Get("id")
	}
	return c.says(ctx, p, s)
}

// refuseLine sends back a message with a line that looks like a command among others.
// It says so in the conversation, too, since not all clients show why.
func (c *Component) refuseLine(p packet, line int) {
	why := voice.For(c.bridge, p.operator).Say("Nothing was sent, because line %d begins with a single !: send a command as a message of its own, and write !! there for a ! that the visitor is to see.", line)
	c.send(stanza.Error(p.el, "modify", "not-acceptable", why),
		stanza.Chat(p.bare(), p.from.Bare(), stanza.NewID(), "["+deskSpeaks+"] "+why))
}
