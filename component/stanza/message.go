package stanza

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"

	"porchlight/component/stream"
)

// IDs returns the ids by which we recognise a repetition of a message, and by which its
// sender may refer to it: the stanza's own id, and the origin-id (XEP-0359 §2.2) if the
// message has one. Most clients make the two equal, but not all. IDs ignores a
// stanza-id, since a client can forge what only servers should set.
func IDs(el *stream.Element) (id, also string) {
	id, also = KeptID(el.Get("id")), KeptID(el.Child(NSSID, "origin-id").Get("id"))
	if id == "" {
		return also, ""
	}
	return id, also
}

// maxID is the longest id that is kept as it is, in bytes.
const maxID = 256

// KeptID returns the form in which we store an id: the id itself, or its hash if the id
// is longer than maxID or contains control characters.
func KeptID(id string) string {
	if len(id) <= maxID && !strings.ContainsFunc(id, unicode.IsControl) {
		return id
	}
	h := sha256.Sum256([]byte(id))
	return hex.EncodeToString(h[:])
}

// WantsReceipt reports whether a message wants a receipt: it asks for one, has an id,
// and is no receipt itself (XEP-0184 §5.4).
func WantsReceipt(el *stream.Element) bool {
	return el.Get("id") != "" && el.Child(NSReceipts, "request") != nil && el.Child(NSReceipts, "received") == nil
}

// Retracted returns the id of the message that a message takes back, in the form of
// XEP-0424 §3 or in that of its version 0.3.
func Retracted(el *stream.Element) (id string, ok bool) {
	if re := el.Child(NSRetract, "retract"); re != nil {
		return re.Get("id"), true
	}
	to := el.Child("urn:xmpp:fasten:0", "apply-to")
	return to.Get("id"), to.Child("urn:xmpp:message-retract:0", "retract") != nil
}

// Invites reports whether a message invites to a room: directly (XEP-0249), or through
// the room (XEP-0045 §7.8.2).
func Invites(el *stream.Element) bool {
	return el.Child(NSInvite, "x") != nil || el.Child(NSMUCUser, "x").Child(NSMUCUser, "invite") != nil
}

// Signals reports whether a child of a message carries nothing that people read. A
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
