package bridge

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// EventType names a kind of log entry.
type EventType string

// The event types, each with the type of its Data. Those that Public reports are shown
// to the visitor; the others never leave by HTTP.
const (
	EventMessage  EventType = "message"  // Message: From says Text, the system its Phrase
	EventFile     EventType = "file"     // SentFile, by From
	EventState    EventType = "state"    // Turn: the conversation is in another state; Text is what Operator says to its end
	EventOperator EventType = "operator" // Part: Operator joins or leaves
	EventPosition EventType = "position" // Place

	EventCorrection EventType = "correction" // Amended: Text is what stands there now
	EventRetraction EventType = "retraction" // Amended: it is taken back
	EventReaction   EventType = "reaction"   // Reaction: Text is all of one person's emoji, with spaces between

	EventNote  EventType = "note"  // Text, for operators only
	EventOffer EventType = "offer" // Answered by Operator
	EventPage  EventType = "page"  // PageVisit
	EventOwner EventType = "owner" // Ownership, of Operator
	EventEmail EventType = "email" // the visitor gave an address (kept in the Request)
)

// Role says whose event it is.
type Role string

// The roles.
const (
	FromVisitor  Role = "visitor"
	FromOperator Role = "operator"
	FromSystem   Role = "system"
)

// Event is one entry of a conversation's log. Events are never changed once stored.
type Event struct {
	Conversation int64
	Seq          int64
	Type         EventType
	At           time.Time
	From         Role
	Operator     OperatorJID // whose event it is or whom it is about
	Name         string      // how the operator was called then; visitors are named by their Request
	Text         string      // words that somebody said
	Data         Data        // what else there is, as Type has it; nil: nothing
	Origin       string      // its sender's id, and what else a repetition is known by; empty if none
}

// Public reports whether visitors see events of this type.
func (t EventType) Public() bool {
	switch t {
	case EventMessage, EventFile, EventState, EventOperator, EventPosition, EventCorrection, EventRetraction, EventReaction:
		return true
	}
	return false
}

// Content reports whether it is what somebody says to the other: a message or a
// file.
func (t EventType) Content() bool { return t == EventMessage || t == EventFile }

// Lost reports whether it says that the owner is gone without having wanted to.
func (e Event) Lost() bool {
	p, _ := e.Data.(Part)
	return p.Action == Left && (p.Reason == ReasonUnreachable || p.Reason == ReasonOwnerLeft)
}

// Joins reports whether Operator takes part from this event on.
func (e Event) Joins() bool {
	p, _ := e.Data.(Part)
	return p.Action == Joined
}

// Leaves reports whether Operator takes no part from this event on.
func (e Event) Leaves() bool {
	p, _ := e.Data.(Part)
	return p.Action == Left
}

// Moves reports whether the visitor went to another page.
func (e Event) Moves() bool {
	p, _ := e.Data.(PageVisit)
	return p.Action == Moved
}

// Closes reports whether the conversation ends with it.
func (e Event) Closes() bool {
	t, _ := e.Data.(Turn)
	return t.State == string(Closed)
}

// Amends is the seq of what a correction or a retraction is about, 0 of other events.
func (e Event) Amends() int64 {
	a, _ := e.Data.(Amended)
	return a.Of
}

// Words are the words of a message or its correction as others read them: an operator's
// "/me waves" (XEP-0245) says "Xavi waves", and the system speaks the reader's language.
func (e Event) Words(l *phrase.Language) string {
	if m, _ := e.Data.(Message); m.Phrase != "" {
		return l.Say(phrase.Decode(m.Phrase))
	}
	if deed, ok := strings.CutPrefix(e.Text, "/me "); ok && e.From == FromOperator {
		return e.Name + " " + deed
	}
	return e.Text
}

// Speaker is the name that stands beside the event; visitor is how the visitor is
// called, and the system has no name.
func (e Event) Speaker(visitor string) string {
	switch e.From {
	case FromVisitor:
		return visitor
	case FromOperator:
		return e.Name
	}
	return ""
}

// VisitorOrigin is the Origin of what a visitor's browser sent as clientID.
func VisitorOrigin(clientID string) string { return "v:" + clientID }

// OperatorOrigin is how the Origin of what came in a stanza begins: bare sender and
// stanza id (an id alone is only unique per sender, RFC 6120 §8.1.3).
func OperatorOrigin(operator OperatorJID, stanzaID string) string {
	return "o:" + string(operator) + " " + stanzaID
}

// ClientID is the inverse of VisitorOrigin; empty for other origins.
func (e Event) ClientID() string {
	if len(e.Origin) > 2 && e.Origin[:2] == "v:" {
		return e.Origin[2:]
	}
	return ""
}

// StanzaID is the id of the operator's stanza that the event came from; empty
// if it did not come by XMPP.
func (e Event) StanzaID() string {
	id, _ := e.stanzaIDs()
	return id
}

// stanzaIDs are both ids of that stanza; also is empty if there is only one.
func (e Event) stanzaIDs() (id, also string) {
	prefix := OperatorOrigin(e.Operator, "")
	if e.Operator == "" || !strings.HasPrefix(e.Origin, prefix) {
		return "", ""
	}
	switch parts := strings.Split(e.Origin[len(prefix):], idsApart); len(parts) {
	case 1: // as it was kept before the content stood in it
		return parts[0], ""
	case 2:
		return parts[0], parts[1]
	default:
		return parts[0], parts[2]
	}
}

// idsApart stands between the parts of an origin (see sayingOrigin): a stanza's id, what
// its content comes to, its other id, and a number if the same was said before. No part
// has it, nor any character before it.
const idsApart = "\n"

// StanzaID is the id under which event seq of log goes out by XMPP. The same
// event always has the same id, so a repetition after a reconnect is known by
// it (XEP-0359 §3.1), and it looks like a UUIDv4, by which Dino recognises
// repetitions. log is the conversation's ID, or an operator's JID for the desk.
func StanzaID(log string, seq int64) string {
	h := sha256.Sum256([]byte(log + "/" + strconv.FormatInt(seq, 10)))
	h[6] = h[6]&0x0f | 0x40
	h[8] = h[8]&0x3f | 0x80
	s := hex.EncodeToString(h[:16])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}

// PartID is StanzaID for a part, from 0, of an event that goes out as several messages.
func PartID(id ConversationID, seq int64, part int) string {
	log := string(id)
	if part > 0 {
		log += "." + strconv.Itoa(part)
	}
	return StanzaID(log, seq)
}
