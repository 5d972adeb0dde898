package component

import (
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/voice"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// What of an operator's message is for people. A message with something in it that people
// are meant to see is delivered, or carried out, or sent back: none is dropped.

// content is what a message says to people: its words, and the file that it brings to
// a visitor. A link apart from the words is added to them.
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

// words are a message's words: its subject, which is a first line, and its body without
// what the client put there for those that don't know replies. The desk needs no subject.
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

// unlinked reports whether a message for a visitor brings a file that they can't be given,
// and no link in its words.
func unlinked(el *stream.Element, text string, file bridge.File) bool {
	return stanza.Shares(el) && file.URL == "" && !strings.Contains(text, "://")
}

// bodyOf is a message's body: of those in several languages (RFC 6121 §5.2.3) the first
// that says something.
func bodyOf(el *stream.Element) string {
	for b := range el.All("", "body") {
		if !bridge.Blank(b.Text) {
			return b.Text
		}
	}
	return el.ChildText("", "body")
}

// wordless says why a message without words or a file that visitors can be shown is sent
// back. One that brings nothing but signals says nothing, and is not: why is "" then.
func wordless(v voice.Voice, el *stream.Element) (typ, why string) {
	for _, child := range el.Children {
		if !stanza.Signals(child) {
			return unshown(v, el, child)
		}
	}
	return "", ""
}

// unshown says why what a message has instead of words can't be shown.
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
