package bridge

import (
	"time"

	"porchlight/bridge/phrase"
)

// ActionType names something that somebody or a timer wants of a conversation.
type ActionType string

// The actions.
const (
	Ask              ActionType = "ask"               // a visitor requests support
	VisitorWrites    ActionType = "visitor writes"    //
	VisitorCorrects  ActionType = "visitor corrects"  // their last message
	VisitorMails     ActionType = "visitor mails"     // gives an email address
	VisitorCloses    ActionType = "visitor closes"    // ends the conversation
	PageGone         ActionType = "page gone"         // the last open page went away
	PageBack         ActionType = "page back"         // a page is open
	PagePolls        ActionType = "page polls"        // a page without lasting connection asks
	PageMoves        ActionType = "page moves"        // the visitor goes to another page
	OperatorWrites   ActionType = "operator writes"   // to the visitor
	OperatorAmends   ActionType = "operator amends"   // corrects, takes back or reacts to what was said
	OperatorTakes    ActionType = "operator takes"    //
	OperatorDenies   ActionType = "operator denies"   // declines the offer
	OperatorCloses   ActionType = "operator closes"   //
	OperatorBlocks   ActionType = "operator blocks"   // the visitor, which ends the conversation
	OperatorNotes    ActionType = "operator notes"    // for operators only
	OperatorInvites  ActionType = "operator invites"  // a colleague to take part
	OperatorLeaves   ActionType = "operator leaves"   // who was invited goes
	OperatorPasses   ActionType = "operator passes"   // the conversation on, to Guest or Department
	OwnerGone        ActionType = "owner gone"        // the owner has no resource online
	OwnerBack        ActionType = "owner back"        //
	OwnerUnreachable ActionType = "owner unreachable" // a message to the owner came back
	OperatorBarred   ActionType = "operator barred"   // who takes part is disabled
	NobodyThere      ActionType = "nobody there"      // nobody gets offers who could take it
	WaitingDue       ActionType = "waiting due"       // Due.Waiting has come
	VisitorDue       ActionType = "visitor due"       // Due.Visitor has come
	OperatorDue      ActionType = "operator due"      // Due.Operator has come
	IdleWarnDue      ActionType = "idle warning due"  // Due.IdleWarn has come
	IdleCloseDue     ActionType = "idle closing due"  // Due.IdleClose has come
	ReceiptDue       ActionType = "receipt due"       // Due.Receipt has come
	OfferDue         ActionType = "offer due"         // Due.Offer has come
)

// Action is one of them with its particulars.
type Action struct {
	Type       ActionType
	Operator   OperatorJID // who acts, if an operator does
	Name       string      // of the operator who acts
	Part       bool        // who acts takes part without being the owner
	Asked      bool        // of OperatorDenies, and of OperatorWrites after Passed: who acts has an open offer
	Passed     bool        // of OperatorWrites: who acts has passed it on, and nobody has had it since
	Wrote      bool        // of OperatorWrites: they have written after that
	Guest      Guest       // of OperatorInvites and OperatorPasses; of OperatorLeaves: who follows the owner
	Department Department  // of OperatorPasses
	Taker      string      // name of the present owner, for "taken by"
	Text       string      // words
	Page       Page        // of PageMoves: where to
	Email      string
	Blocked    bool      // of OperatorWrites after the end: the visitor is not served now
	Origin     string    // see Event.Origin
	Written    time.Time // when it was sent first, if its sender says so; else zero
	Amend      EventType // of OperatorAmends: EventCorrection, EventRetraction or EventReaction
	File       File      // of VisitorWrites and OperatorWrites: it is sent instead of Text; of an operator, with it
	About      Event     // what is corrected, taken back, reacted or replied to; zero: nothing
	With       int64     // seq of the file that an operator sent with About's words; 0: none
	Online     bool      // somebody of the department is available
	Upto       int64     // of OwnerUnreachable: what came before has reached them; negative: all has
	Away       bool      // who acts has no client online; where nobody acts: the owner
	Anew       bool      // of OwnerGone: the grace time begins anew
	Watched    bool      // a page is connected
	Since      time.Time // of ReceiptDue: since when the owner's client owes a receipt, zero if it does not
}

// Guest is the other operator of an action.
type Guest struct {
	Operator OperatorJID
	Name     string
	Part     bool // they take part already
	Free     bool // they get offers now
	There    bool // they are online
	Slow     bool // they want little traffic, so they hear of offers later
}

// EffectType names what has to be done about an accepted action.
type EffectType string

// The effects, all carried out in the transaction that stores the conversation.
const (
	Log          EffectType = "log"             // append Event
	OfferAll     EffectType = "offer"           // to everybody available in the department
	OfferTo      EffectType = "offer to one"    // to Operator
	RevokeOffers EffectType = "revoke offers"   // the open ones of all but Operator, who has accepted; Phrase says why
	OfferOthers  EffectType = "offer to others" // too; to those who have it Phrase says so
	CloseOffer   EffectType = "close offer"     // that of Operator is in the state Offer now
	ForgetOffers EffectType = "forget offers"   // everybody may be asked again
	Join         EffectType = "join"            // Operator becomes a participant with the event Joined
	Leave        EffectType = "leave"           // Operator stops being one; all of them if empty
	QueueMoved   EffectType = "queue moved"     // those behind it move up
	Tell         EffectType = "tell"            // Operator reads Phrase at the desk
)

// Effect is one of them with its particulars.
type Effect struct {
	Type     EffectType
	Event    Event
	Operator OperatorJID
	Phrase   phrase.Phrase
	Offer    OfferState // of CloseOffer
	Joined   int64      // of Join: the event's seq
	Reason   string     // of Leave: why they were taken out of it; "": they went of their own will
	Reached  int64      // of Leave after ReasonUnreachable: up to where the log has reached them; negative: all has
	Later    bool       // of Leave: they are told when they are back, of all at once
}
