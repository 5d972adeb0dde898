package stanza

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"

	"porchlight/component/stream"
)

// IDs are the ids by which a repetition of a message is known, and by which its
// sender may speak of it: the stanza's own, and the other one if there is one (XEP-0359
// §3.2 asks clients to make them equal; not all do). A server-made stanza-id is worth
// nothing here, since anybody can forge it.
func IDs(el *stream.Element) (id, also string) {
	id, also = KeptID(el.Get("id")), KeptID(el.Child(NSSID, "origin-id").Get("id"))
	if id == "" {
		return also, ""
	}
	return id, also
}

// maxID is the longest id that is kept as it is, in bytes.
const maxID = 256

// KeptID is an id as it is kept: one that is too long, or has line breaks and their like
// in it, by its hash.
func KeptID(id string) string {
	if len(id) <= maxID && !strings.ContainsFunc(id, unicode.IsControl) {
		return id
	}
	h := sha256.Sum256([]byte(id))
	return hex.EncodeToString(h[:])
}

// WantsReceipt reports whether a message is to be acknowledged: it asks for that and has
// an id, and is no receipt itself (XEP-0184 §5.3).
func WantsReceipt(el *stream.Element) bool {
	return el.Get("id") != "" && el.Child(NSReceipts, "request") != nil && el.Child(NSReceipts, "received") == nil
}

// Retracted finds what a message takes back: as XEP-0424 §4.1 has it, or as its version
// 0.3 had it.
func Retracted(el *stream.Element) (id string, ok bool) {
	if re := el.Child(NSRetract, "retract"); re != nil {
		return re.Get("id"), true
	}
	to := el.Child("urn:xmpp:fasten:0", "apply-to")
	return to.Get("id"), to.Child("urn:xmpp:message-retract:0", "retract") != nil
}

// Invites reports whether a message invites to a room: directly (XEP-0249), or through it
// (XEP-0045 §7.8.2).
func Invites(el *stream.Element) bool {
	return el.Child(NSInvite, "x") != nil || el.Child(NSMUCUser, "x").Child(NSMUCUser, "invite") != nil
}

// Signals reports whether a child of a message is not meant for people's eyes, so that a
// message of such children alone needs no answer.
func Signals(child *stream.Element) bool {
	switch child.Space {
	case "":
		return child.Local == "thread" || child.Text == "" && len(child.Children) == 0
	case NSStates, NSReceipts, NSMarkers, NSHints, NSSID, NSDelay, nsOldDelay, NSNick, NSCaps, NSVCardPhoto, NSFallback, NSReaction, NSReply,
		nsOldState, NSEvent:
		return true
	case nsCarbons:
		return child.Local == "private"
	case NSCalls:
		return child.Local != "propose"
	}
	return false
}
