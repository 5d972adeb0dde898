package bridge

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// EventType names a kind of event.
type EventType string

// The event types, each with the type of its Data. Visitors are shown those that Public
// reports; the others never leave by HTTP.
const (
	EventMessage  EventType = "message"  // Message: From says Text, or the system says the Phrase of Data
	EventFile     EventType = "file"     // SentFile: From sends a file
	EventState    EventType = "state"    // Turn: the conversation goes into another state; Text is Operator's reason for the end
	EventOperator EventType = "operator" // Part: Operator joins or leaves
	EventPosition EventType = "position" // Place: the place in the queue is another one

	EventCorrection EventType = "correction" // Amended: an event has the words Text from now on
	EventRetraction EventType = "retraction" // Amended: an event is taken back
	EventReaction   EventType = "reaction"   // Reaction: Text has all emoji that one person reacts with, separated by spaces

	EventNote     EventType = "note"     // Operator notes Text, for operators only
	EventOffer    EventType = "offer"    // Answered: Operator answers an offer
	EventPage     EventType = "page"     // PageVisit: the visitor's page connects, goes or changes
	EventOwner    EventType = "owner"    // Ownership: something happens to Operator as the owner
	EventWatch    EventType = "watch"    // Part: Operator reads along from now on, or does so no more
	EventQuestion EventType = "question" // Question: Operator asks a colleague Text, or answers
	EventEmail    EventType = "email"    // Contact: the visitor gives an email address, which the Request holds
	EventIdentity EventType = "identity" // Identified: the site vouches for who the visitor is, whom it calls Text

	EventDefer EventType = "defer" // Deferred: Operator puts the conversation off, or it comes back
	EventUrge  EventType = "urge"  // Urge: something is done since the visitor waits, for somebody who takes it or for Operator's answer

	EventTarget EventType = "target" // Missed: the time of a target is over; Operator is the owner then

	EventMerge       EventType = "merge"       // Merged: Operator joins two requests of a visitor
	EventConsent     EventType = "consent"     // the visitor agreed to Text, a text of the site's
	EventParticulars EventType = "particulars" // KeptData: Operator keeps Text about the visitor, "" is nothing

	EventTag EventType = "tag" // Tagged: Operator changes the tags

	EventMail EventType = "mail" // Posting: something happened to a mail; Text has the server's words

	EventFeedback EventType = "feedback" // Vote: the visitor votes about Operator, and Text is their comment; or Operator deletes the vote, and Text says why
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
	Operator     OperatorJID // the operator who did it, or whom it is about
	Name         string      // the name that the operator had then; visitors are named by their Request
	Text         string      // the words that somebody said
	Data         Data        // further particulars, of the Go type that belongs to Type; nil: none
	Origin       string      // the sender's id, and what else a repetition is known by (see sayingOrigin); may be empty
}

// Public reports whether visitors see events of this type.
func (t EventType) Public() bool {
	switch t {
	case EventMessage, EventFile, EventState, EventOperator, EventPosition, EventCorrection, EventRetraction, EventReaction:
		return true
	}
	return false
}

// Content reports whether events of this type are what one person says to another: a message or
// a file.
func (t EventType) Content() bool { return t == EventMessage || t == EventFile }

// Answers reports whether an operator says something to the visitor with this event. A greeting, which is said by itself,
// answers nothing.
func (e Event) Answers() bool {
	m, _ := e.Data.(Message)
	return e.From == FromOperator && e.Type.Content() && !m.Greeting
}

// Lost reports whether the event says that an operator is gone without having wanted to go.
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

// PassesOn reports whether Operator leaves because the conversation is passed on, so that it waits for whoever takes it next.
func (e Event) PassesOn() bool {
	p, _ := e.Data.(Part)
	return p.Action == Left && p.Reason == ReasonTransferred
}

// Opens reports whether Operator gets the log from this event on, with what was said before it: they join, or read along.
func (e Event) Opens() bool {
	p, _ := e.Data.(Part)
	return p.Action == Joined || p.Action == Watches
}

// Shuts reports whether Operator gets nothing of the log after this event: they leave, or read along no more.
func (e Event) Shuts() bool {
	p, _ := e.Data.(Part)
	return p.Action == Left || p.Action == Unwatches
}

// Moves reports whether the visitor went to another page.
func (e Event) Moves() bool {
	p, _ := e.Data.(PageVisit)
	return p.Action == Moved
}

// Closes reports whether the conversation ends with this event.
func (e Event) Closes() bool {
	t, _ := e.Data.(Turn)
	return t.State == string(Closed)
}

// Amends is the seq of the event that a correction or a retraction is about, 0 for other events.
func (e Event) Amends() int64 {
	a, _ := e.Data.(Amended)
	return a.Of
}

// Words are the words of a message or of a correction, as others read them: an operator's "/me
// waves" (XEP-0245) reads "Xavi waves", and the system speaks the reader's language.
func (e Event) Words(l *phrase.Language) string {
	if m, _ := e.Data.(Message); m.Phrase != "" {
		return l.Say(phrase.Decode(m.Phrase))
	}
	if deed, ok := strings.CutPrefix(e.Text, "/me "); ok && e.From == FromOperator {
		return e.Name + " " + deed
	}
	return e.Text
}

// Speaker is the name that stands beside the event. visitor is the visitor's name, which counts for what
// they said themselves; the system has none.
func (e Event) Speaker(visitor string) string {
	switch e.From {
	case FromVisitor:
		if m, _ := e.Data.(Message); m.Mail.Address != "" {
			return m.Mail.Address
		}
		return visitor
	case FromOperator:
		return e.Name
	}
	return ""
}

// VisitorOrigin is the Origin of an event that a visitor's browser sent under clientID.
func VisitorOrigin(clientID string) string { return "v:" + clientID }

// OperatorOrigin is how the Origin of an event begins that came in a stanza: with the bare JID
// of the sender and the stanza's id (an id is unique for its sender only, RFC 6120 §8.1.3).
func OperatorOrigin(operator OperatorJID, stanzaID string) string {
	return "o:" + string(operator) + " " + keptID(stanzaID)
}

// longestID is how many bytes of a stanza's id are kept, since databases find only short texts by an index. The ids of clients are about 40 bytes
// long.
const longestID = 255

// keptID is a stanza's id, or a hash of one that is longer than any client's.
func keptID(id string) string {
	if len(id) <= longestID {
		return id
	}
	h := sha256.Sum256([]byte(id))
	return hex.EncodeToString(h[:])
}

// SiteOrigin is the Origin of an event that a server of the site sent under clientID.
func SiteOrigin(clientID string) string { return "s:" + clientID }

// Posted is the name of the key by which a server of the site said the event; "" if none did.
func (e Event) Posted() string {
	m, _ := e.Data.(Message)
	return m.Key
}

// ClientID is the inverse of VisitorOrigin; "" for other origins.
func (e Event) ClientID() string {
	if len(e.Origin) > 2 && e.Origin[:2] == "v:" {
		return e.Origin[2:]
	}
	return ""
}

// StanzaID is the id of the operator's stanza that the event came in; "" if it did not come by
// XMPP.
func (e Event) StanzaID() string {
	id, _ := e.stanzaIDs()
	return id
}

// stanzaIDs are both ids of the operator's stanza that the event came in; also is "" if the
// stanza has one id only.
func (e Event) stanzaIDs() (id, also string) {
	prefix := OperatorOrigin(e.Operator, "")
	if e.Operator == "" || !strings.HasPrefix(e.Origin, prefix) {
		return "", ""
	}
	switch parts := strings.Split(e.Origin[len(prefix):], idsApart); len(parts) {
	case 1: // an origin of an earlier porchlight, without content
		return parts[0], ""
	case 2:
		return parts[0], parts[1]
	default:
		return parts[0], parts[2]
	}
}

// idsApart stands between the parts of an origin (see sayingOrigin): the stanza's id, a hash of
// the content, the stanza's other id, and a number if the same was said before. No part
// contains it, nor any character that sorts before it.
const idsApart = "\n"

// StanzaID is the id under which event seq of log goes out by XMPP. An event always has the same
// id, so a repetition after a reconnect is recognised by it (XEP-0359 §3.1). It looks like
// a UUIDv4, because Dino recognises repetitions only by those. log is the conversation's ID, or
// an operator's JID for a desk log.
func StanzaID(log string, seq int64) string {
	h := sha256.Sum256([]byte(log + "/" + strconv.FormatInt(seq, 10)))
	h[6] = h[6]&0x0f | 0x40
	h[8] = h[8]&0x3f | 0x80
	s := hex.EncodeToString(h[:16])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}

// PartID is the StanzaID of a part, counted from 0, of an event that goes out as several
// messages.
func PartID(id ConversationID, seq int64, part int) string {
	log := string(id)
	if part > 0 {
		log += "." + strconv.Itoa(part)
	}
	return StanzaID(log, seq)
}
