package bridge

import (
	"time"

	"porchlight/bridge/phrase"
)

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
