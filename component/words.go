package component

import (
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/voice"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// This file finds the part of an operator's message that is for people. A message with
// such a part is delivered, carried out or sent back, and never dropped.

// content returns what a message says to people: its words, and the file that it brings to
// a visitor. A link outside the words is added to them.
func content(el *stream.Element, forVisitor bool) (text string, file bridge.File) {
	text = stanza.Untagged(words(el, forVisitor))
	if forVisitor && el.Child(stanza.NSReplace, "replace") == nil {
		file, text = shared(el, text)
	}
	if link := stanza.Link(el); link != "" && link != file.URL && !strings.Contains(text, link) {
		text = strings.TrimSpace(text + "\n" + link)
	}
	return text, file
}

// words returns the words of a message: its subject as the first line, and its body without
// what the sender's client put there for clients that don't know replies. The desk needs no
// subject beside a body.
func words(el *stream.Element, forVisitor bool) string {
	body, subject := stanza.Uncovered(el, bodyOf(el), stanza.NSReply), strings.TrimSpace(el.ChildText("", "subject"))
	switch {
	case bridge.Blank(subject), !bridge.Blank(body) && !forVisitor:
		return body
	case bridge.Blank(body):
		return subject
	}
	return subject + "\n" + body
}

// unlinked reports whether a message shares a file in a way that visitors can't be given,
// and has no link in its words.
func unlinked(el *stream.Element, text string, file bridge.File) bool {
	return stanza.Shares(el) && file.URL == "" && !strings.Contains(text, "://")
}

// bodyOf returns a message's body. A message may have one in each of several languages (RFC
// 6121 §5.2.3); the first that is not blank counts.
func bodyOf(el *stream.Element) string {
	for b := range el.All("", "body") {
		if !bridge.Blank(b.Text) {
			return b.Text
		}
	}
	return el.ChildText("", "body")
}

// wordless says why a message is sent back that has neither words nor a file for visitors.
// A message that carries only signals is not sent back: then why is "".
func wordless(v voice.Voice, el *stream.Element) (typ, why string) {
	for _, child := range el.Children {
		if !stanza.Signals(child) {
			return unshown(v, el, child)
		}
	}
	return "", ""
}

// unshown says why the content that a message has instead of words can't be shown.
func unshown(v voice.Voice, el, what *stream.Element) (typ, why string) {
	switch {
	case el.Child(stanza.NSReplace, "replace") != nil:
		return "modify", v.Say("An empty correction was not sent. To take a message back, delete it, if your client can.")
	case what.Space == "": // a body or a subject
		return "modify", v.Say("An empty message was not sent.")
	case what.Space == stanza.NSCalls:
		return "cancel", v.Say("Visitors can't be called.")
	}
	return "modify", v.Say("This message has nothing in it that can be shown, so nothing was sent. Please write it as plain text.")
}
