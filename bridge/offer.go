package bridge

import (
	"time"

	"porchlight/bridge/phrase"
)

// OfferState says what became of an offer.
type OfferState string

// The states of an offer.
const (
	OfferOpen     OfferState = "open"
	OfferAccepted OfferState = "accepted" // the operator has or had the conversation; they are asked again only if nobody else is
	OfferExpired  OfferState = "expired"  // the operator did not answer in time; they are asked again only if nobody else is
	OfferDeclined OfferState = "declined" // the operator declined; this request is not offered to them again
	OfferRevoked  OfferState = "revoked"  // somebody else took the conversation, or the offer was withdrawn
	OfferLost     OfferState = "lost"     // the operator had the conversation and went offline; they are told when they are back
)

// Offer is "there is a request, who takes it?", made to one operator. A conversation has at most
// one offer for each operator.
type Offer struct {
	Conversation int64
	Operator     OperatorJID
	State        OfferState
	DeskSeq      int64 // the entry of the operator's desk log that tells of the offer; 0: none yet
	Gathered     bool  // the entry tells of several offers, or will
	Alone        bool  // it was their turn, or it was passed on to them: nobody else was to be asked for a while
	At           time.Time
}

// DeskKind is the kind of an entry of a desk log.
type DeskKind string

// The kinds of desk entry.
const (
	DeskOffer   DeskKind = "offer"   // a request that the operator may take
	DeskOutcome DeskKind = "outcome" // the request of the offer Ref can't be taken any more; Phrase says why
	DeskNotice  DeskKind = "notice"  // the operator reads Phrase, in place of the notice Ref if there is one
)

// DeskEntry is something that the desk tells one operator: an entry of a log with a cursor, like
// a conversation's, so that no offer and no notice is lost.
type DeskEntry struct {
	Operator     OperatorJID
	Seq          int64
	Kind         DeskKind
	At           time.Time
	Conversation int64 // 0 if none
	Ref          int64 // of DeskOutcome: the seq of the offer's entry; of DeskNotice: the seq of an earlier notice, 0 for none
	Phrase       phrase.Phrase
}
