package component

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/bridge/phrase"
	"porchlight/component/stream"
)

// message handles an operator's message stanza.
func (c *Component) message(ctx context.Context, p packet) {
	switch p.el.Get("type") {
	case "error":
		return // never answered (RFC 6121 §8.5); see watch
	case "groupchat":
		c.send(errorReply(p.el, "modify", "not-acceptable", c.desk.VoiceFor(p.operator).Say("This is no room.")))
		return
	}
	if p.bare() != c.deskJID() && p.to.Local != "" {
		c.signals(ctx, p)
	}
	switch {
	case encrypted(p.el):
		c.refuseEncrypted(p)
		return
	case invites(p.el):
		// Nobody but a person can follow it, and a visitor must not learn of the room's address.
		c.send(errorReply(p.el, "cancel", "not-allowed",
			c.desk.VoiceFor(p.operator).Say("Nobody here can enter rooms, so this invitation was not passed on. !invite brings a colleague into a visitor's conversation.")))
		return
	}
	if re := p.el.Child(nsReaction, "reactions"); re != nil {
		stored := c.react(ctx, p, re)
		if bridge.Blank(uncovered(p.el, nsReply, nsReaction)) { // else words follow, and the receipt is for both
			if stored {
				c.receipt(p)
			}
			return
		}
	}
	if id, ok := retracted(p.el); ok {
		c.retract(ctx, p, id)
		return
	}
	visitor := c.kind(p.bare()) == entityVisitor
	text := untagged(words(p.el, visitor))
	var file bridge.File
	if visitor && p.el.Child(nsReplace, "replace") == nil {
		file, text = shared(p.el, text)
	}
	if link := strings.TrimSpace(p.el.Child(nsOOB, "x").ChildText(nsOOB, "url")); link != "" && link != file.Name && !strings.Contains(text, link) {
		text = strings.TrimSpace(text + "\n" + link) // words and a link apart from them
	}
	if visitor && unlinked(p.el, text, file) {
		c.send(errorReply(p.el, "modify", "not-acceptable", c.desk.VoiceFor(p.operator).Say("A visitor can be given a file by its https link alone, and this one has none. Nothing was sent.")))
		return
	}
	if bridge.Blank(text) && file.Name == "" {
		if kind, why := wordless(c.desk.VoiceFor(p.operator), p.el); why != "" {
			c.send(errorReply(p.el, kind, "not-acceptable", why))
		}
		return
	}
	c.said(ctx, p, text, file)
}

// retracted finds what a message takes back: as XEP-0424 §4.1 has it, or as its version
// 0.3 had it.
func retracted(el *stream.Element) (id string, ok bool) {
	if re := el.Child(nsRetract, "retract"); re != nil {
		return re.Get("id"), true
	}
	to := el.Child("urn:xmpp:fasten:0", "apply-to")
	return to.Get("id"), to.Child("urn:xmpp:message-retract:0", "retract") != nil
}

// retract takes back what the operator said to the visitor (XEP-0424 §4.1).
func (c *Component) retract(ctx context.Context, p packet, id string) {
	if c.kind(p.bare()) != entityVisitor {
		c.send(errorReply(p.el, "cancel", "feature-not-implemented", c.desk.VoiceFor(p.operator).Say("What the desk was told can't be taken back.")))
		return
	}
	if c.says(ctx, p, bridge.Said{Type: bridge.EventRetraction, About: id}) {
		c.receipt(p)
	}
}

// says stores what an operator says; if that can't be, the writer is told, and
// false returned.
func (c *Component) says(ctx context.Context, p packet, s bridge.Said) bool {
	s.ID, s.Also = stanzaIDs(p.el)
	s.About, s.Written = keptID(s.About), writtenAt(p.el)
	_, err := c.bridge.OperatorWrites(ctx, p.operator.JID, bridge.VisitorJID(p.bare()), s)
	if err == nil {
		return true
	}
	if ctx.Err() != nil {
		return false // going down: no receipt was given
	}
	c.report(err, p)
	v := c.desk.VoiceFor(p.operator)
	message := v.Error(err)
	kind, name := condition(err)
	c.send(errorReply(p.el, kind, name, message))
	if phrase.CodeOf(err) == phrase.CodeConflict && s.Type == "" {
		c.send(chat(p.bare(), p.from.Bare(), newStanzaID(), "_"+message+" "+v.Say("Your message was not delivered.")+"_"))
	}
	return false
}

// command carries out a line for the desk and sends the answer from where it
// was said. A copy that comes late is not carried out.
func (c *Component) command(ctx context.Context, p packet, v bridge.VisitorJID, line string) {
	var answer string
	id, _ := stanzaIDs(p.el)
	voice := c.desk.VoiceFor(p.operator)
	if p.el.Child(nsReplace, "replace") != nil {
		answer = voice.Say("A correction is not carried out. Please send it as a new message.")
	} else {
		var err error
		answer, err = c.desk.Line(ctx, desk.Call{Operator: p.operator, Visitor: v, StanzaID: id, Late: stamped(p.el)}, line)
		if err != nil {
			c.report(err, p)
			answer = voice.Error(err)
		}
	}
	if p.bare() == c.deskJID() || p.to.Local == "" { // Converse takes what the domain says for the server's own words
		c.send(c.deskMessage(p.from.Bare(), newStanzaID(), answer))
		return
	}
	c.send(chat(p.bare(), p.from.Bare(), newStanzaID(), "["+deskSpeaks+"] "+answer)) // else it would look as if the visitor said it
}

// deskSpeaks is who answers a command in a conversation.
const deskSpeaks = "Desk"

// react shows an operator's reaction (XEP-0444 §4.2) to the visitor, and reports whether
// it is stored.
func (c *Component) react(ctx context.Context, p packet, re *stream.Element) bool {
	switch c.kind(p.bare()) {
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
	c.send(errorReply(p.el, "cancel", "feature-not-implemented", c.desk.VoiceFor(p.operator).Say("There is nothing to react to here.")))
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
		kind, name := condition(err)
		c.report(err, p)
		c.send(errorReply(p.el, kind, name, c.desk.VoiceFor(p.operator).Error(err)))
		return false
	}
	return false
}

// receipt says that the message is stored, or the command carried out
// (XEP-0184 §5.3: only where it was asked for and the message has an id).
func (c *Component) receipt(p packet) {
	id := p.el.Get("id")
	if id == "" || p.el.Child(nsReceipts, "request") == nil || p.el.Child(nsReceipts, "received") != nil {
		return
	}
	c.send(signal(p.bare(), p.from.Bare(),
		stream.New(nsReceipts, "received").With("id", id), stream.New(nsHints, "store")))
}

// report logs what is a fault of ours.
func (c *Component) report(err error, p packet) {
	switch phrase.CodeOf(err) {
	case phrase.CodeInternal, phrase.CodeUnavailable:
		c.log.Error("operator's message", "operator", p.operator.JID, "to", p.to.Local, "err", err)
	}
}

// stanzaIDs are the ids by which a repetition of a message is known, and by which its
// sender may speak of it: the stanza's own, and the other one if there is one (XEP-0359
// §3.2 asks clients to make them equal; not all do). A server-made stanza-id is worth
// nothing here, since anybody can forge it.
func stanzaIDs(el *stream.Element) (id, also string) {
	id, also = keptID(el.Get("id")), keptID(el.Child(nsSID, "origin-id").Get("id"))
	if id == "" {
		return also, ""
	}
	return id, also
}

// keptID is an id as it is kept: one that is too long, or has line breaks and their like
// in it, by its hash.
func keptID(id string) string {
	if len(id) <= maxStanzaID && !strings.ContainsFunc(id, unicode.IsControl) {
		return id
	}
	h := sha256.Sum256([]byte(id))
	return hex.EncodeToString(h[:])
}

// maxStanzaID is the longest id that is kept as it is, in bytes.
const maxStanzaID = 256
