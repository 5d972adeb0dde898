package bridge

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// Operator is a person who answers.
type Operator struct {
	JID           OperatorJID
	Name          string
	Enabled       bool
	Paused        bool     // "away" at the desk: no offers, whatever the presence says
	Departments   []string // names; super operators belong to all
	Super         bool     // named in the config; not stored
	Language      string   // chosen at the desk, such as de; "": Locale
	Locale        string   // what their client says (xml:lang)
	Satellite     bool     // wants little traffic: no typing, no presence of visitors
	Permissions   Permissions
	Greeted       bool   // the desk has explained itself once
	NoRoom        bool   // wants to stay out of the operators' room
	Zone          string // their client's offset from UTC, such as +02:00 (XEP-0202 §3); "": not known
	DeskSeq       int64  // of the last entry of the operator's desk log
	DeskConfirmed int64  // cursor: up to here the desk log was routed by the server
	CreatedAt     time.Time
}

// Serves reports whether requests of the department go to this operator.
func (o Operator) Serves(department string) bool {
	if o.Super {
		return true
	}
	for _, d := range o.Departments {
		if d == department {
			return true
		}
	}
	return false
}

// InRoom reports whether the operator belongs into the operators' room.
func (o Operator) InRoom() bool { return !o.NoRoom && !slices.Contains(o.Permissions, NotInRoom) }

// Tongue is the language in which the desk speaks to them, "" if unknown.
func (o Operator) Tongue() string { return cmp.Or(o.Language, o.Locale) }

// Permission is something that not every operator may do.
type Permission string

// The permissions; "" is what all may do. A super operator has all of them, and
// alone has MaySuper, which nobody can be given.
const (
	MayBlock Permission = "block" // visitors
	MaySuper Permission = "super"

	// NotInRoom is the contrary of one: it keeps an operator out of the operators'
	// room, whatever they want themselves.
	NotInRoom Permission = "not-in-room"
)

// Permissions are what an operator may do beside handling conversations.
type Permissions []Permission

// String is how they are stored: words with spaces between.
func (p Permissions) String() string {
	words := make([]string, len(p))
	for i, w := range p {
		words[i] = string(w)
	}
	return strings.Join(words, " ")
}

// PermissionsFrom is the inverse of String.
func PermissionsFrom(s string) Permissions {
	var p Permissions
	for _, w := range strings.Fields(s) {
		p = append(p, Permission(w))
	}
	return p
}

// May reports whether the operator has a permission.
func (o Operator) May(p Permission) bool {
	return p == "" || o.Super || p != MaySuper && slices.Contains(o.Permissions, p)
}

// Department is a named group of operators.
type Department struct {
	Name  string // lower-case, the local part of its JID
	Title string // for people
}

// Participant is an operator in a conversation, with the cursors into its log.
// Each cursor is the highest seq of which that much is proved.
type Participant struct {
	Conversation int64
	Operator     OperatorJID
	Joined       int64 // seq of the event by which they joined
	Left         bool
	Confirmed    int64 // routed by the XMPP server (ping barrier, XEP-0199)
	Delivered    int64 // received by a client (XEP-0184)
	Displayed    int64 // seen by the operator (XEP-0333)
	Settled      bool  // the conversation is closed and all of it confirmed
	Known        int64 // up to here they had the log before they joined anew; 0: nothing, -1: what was sent came back, or may have gone to a client that was gone
}

// OfferState is what became of an offer.
type OfferState string

// The states of an offer.
const (
	OfferOpen     OfferState = "open"
	OfferAccepted OfferState = "accepted" // they have or had it: asked again only when nobody else is
	OfferExpired  OfferState = "expired"  // not answered in time: the same
	OfferDeclined OfferState = "declined" // does not come back for this request
	OfferRevoked  OfferState = "revoked"  // taken by somebody else, or withdrawn
	OfferLost     OfferState = "lost"     // they had it and were offline; they are told when they are back
)

// Offer is "there is a request, who takes it?", made to one operator. There is
// at most one per conversation and operator.
type Offer struct {
	Conversation int64
	Operator     OperatorJID
	State        OfferState
	DeskSeq      int64 // the entry of the operator's desk log that carries it; 0: none yet
	Gathered     bool  // that entry tells of others, too
	At           time.Time
}

// DeskKind says what an entry of a desk log is.
type DeskKind string

// The kinds of desk entry.
const (
	DeskOffer   DeskKind = "offer"   // a request to take
	DeskOutcome DeskKind = "outcome" // Ref is no longer to be taken; Phrase says why
	DeskNotice  DeskKind = "notice"  // phrase.Phrase
)

// DeskEntry is one entry of what the desk has to tell one operator: a log with
// a cursor like a conversation's, so that no offer and no notice is lost.
type DeskEntry struct {
	Operator     OperatorJID
	Seq          int64
	Kind         DeskKind
	At           time.Time
	Conversation int64 // 0 if none
	Ref          int64 // DeskOutcome: seq of the offer
	Phrase       phrase.Phrase
}
