package component

import (
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/component/stream"
)

// What of an operator's message is for people. A message with something in it that people
// are meant to see is delivered, or carried out, or sent back: none is dropped.

// words are a message's words: its subject, which is a first line, and its body without
// what the client put there for those that don't know replies. The desk needs no subject.
func words(el *stream.Element, forVisitor bool) string {
	body, subject := uncovered(el, nsReply), strings.TrimSpace(el.ChildText("", "subject"))
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
	brings := el.Child(nsSharing, "file-sharing") != nil
	for reference := range el.All(nsRefers, "reference") {
		brings = brings || reference.Child(nsMedia, "media-sharing") != nil
	}
	return brings && file.Name == "" && !strings.Contains(text, "://")
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
func wordless(v desk.Voice, el *stream.Element) (kind, why string) {
	for _, child := range el.Children {
		if !signalling(child) {
			return unshown(v, el, child)
		}
	}
	return "", ""
}

// unshown says why what a message has instead of words can't be shown.
func unshown(v desk.Voice, el, what *stream.Element) (kind, why string) {
	switch {
	case el.Child(nsReplace, "replace") != nil:
		return "modify", v.Say("An empty correction was not sent. To take a message back, delete it, if your client can.")
	case what.Space == "": // a body or a subject
		return "modify", v.Say("An empty message was not sent.")
	case what.Space == nsCalls:
		return "cancel", v.Say("Visitors can't be called.")
	}
	return "modify", v.Say("This message has nothing in it that can be shown, so nothing was sent. Please write it as plain text.")
}

// Namespaces of what comes in messages without words.
const (
	nsCalls    = "urn:xmpp:jingle-message:0" // XEP-0353
	nsCarbons  = "urn:xmpp:carbons:2"
	nsOldState = "jabber:x:event"
)

// signalling reports whether a child of a message is not meant for people's eyes, so that a
// message of such children alone needs no answer.
func signalling(child *stream.Element) bool {
	switch child.Space {
	case "":
		return child.Local == "thread" || child.Text == "" && len(child.Children) == 0
	case nsStates, nsReceipts, nsMarkers, nsHints, nsSID, nsDelay, nsOldDelay, nsNick, nsCaps, nsVCardUpdate, nsFallback, nsReaction, nsReply,
		nsOldState, nsPubsub + "#event":
		return true
	case nsCarbons:
		return child.Local == "private"
	case nsCalls:
		return child.Local != "propose"
	}
	return false
}

// invites reports whether a message invites to a room: directly (XEP-0249), or through it
// (XEP-0045 §7.8.2).
func invites(el *stream.Element) bool {
	return el.Child(nsInvite, "x") != nil || el.Child(nsMUCUser, "x").Child(nsMUCUser, "invite") != nil
}
