package bridge

import (
	"time"

	"porchlight/bridge/phrase"
)

// ActionType names something that a person or a timer wants of a conversation.
type ActionType string

// The actions. The name says who acts; the comment says on what, or when.
const (
	Ask               ActionType = "ask"                 // a visitor requests support
	VisitorWrites     ActionType = "visitor writes"      //
	VisitorCorrects   ActionType = "visitor corrects"    // the visitor corrects their last message
	VisitorMails      ActionType = "visitor mails"       // the visitor gives an email address
	VisitorSignsIn    ActionType = "visitor signs in"    // the site vouches for who the visitor is
	VisitorCloses     ActionType = "visitor closes"      // the visitor ends the conversation
	VisitorVotes      ActionType = "visitor votes"       // the visitor votes about the operator who answered, or changes the vote
	SitePosts         ActionType = "site posts"          // a server of the site says something to the visitor
	PageGone          ActionType = "page gone"           // the last open page went away
	PageBack          ActionType = "page back"           // a page is open
	PagePolls         ActionType = "page polls"          // a page without an event stream asks for news
	PageMissing       ActionType = "page missing"        // no page was open for pageReturns
	PageMoves         ActionType = "page moves"          // the visitor goes to another page
	OperatorWrites    ActionType = "operator writes"     // an operator writes to the visitor
	OperatorAmends    ActionType = "operator amends"     // an operator corrects, takes back or reacts to what was said
	OperatorOpens     ActionType = "operator opens"      // an operator writes by mail to somebody who did not write first
	OperatorTakes     ActionType = "operator takes"      //
	OperatorDenies    ActionType = "operator denies"     // an operator declines the offer
	OperatorCloses    ActionType = "operator closes"     //
	OperatorBlocks    ActionType = "operator blocks"     // an operator blocks the visitor, which ends the conversation
	OperatorNotes     ActionType = "operator notes"      // an operator writes a note for operators only
	OperatorInvites   ActionType = "operator invites"    // an operator invites a colleague to take part
	OperatorLeaves    ActionType = "operator leaves"     // the owner or a guest ends their part
	OperatorPasses    ActionType = "operator passes"     // the owner passes the conversation on, to Guest or Department
	OperatorWatches   ActionType = "operator watches"    // an operator reads along from now on
	OperatorUnwatches ActionType = "operator unwatches"  // an operator reads along no more
	OperatorTakesOver ActionType = "operator takes over" // an operator takes the conversation from its owner
	OperatorAssigns   ActionType = "operator assigns"    // an operator gives the conversation to Guest
	OperatorAsks      ActionType = "operator asks"       // an operator asks Guest something, who does not take part
	OperatorAnswers   ActionType = "operator answers"    // an operator who was asked answers
	OperatorDefers    ActionType = "operator defers"     // the owner puts the conversation off until Until, or takes that back
	OperatorJunks     ActionType = "operator junks"      // it is no request
	OperatorMerges    ActionType = "operator merges"     // the conversation takes in another one, Other
	OperatorFolds     ActionType = "operator folds"      // the conversation goes on in another one, Other
	OperatorParts     ActionType = "operator parts"      // another one that it took in, Other, goes on by itself again
	OperatorRestores  ActionType = "operator restores"   // it is no junk, or goes on by itself
	OperatorTags      ActionType = "operator tags"       // an operator gives the conversation tags or takes some away
	OperatorSets      ActionType = "operator sets"       // an operator keeps Text as Particular of the visitor
	OperatorUnvotes   ActionType = "operator unvotes"    // an operator deletes the visitor's vote
	OwnerGone         ActionType = "owner gone"          // the owner has no client online
	OwnerBack         ActionType = "owner back"          //
	OwnerUnreachable  ActionType = "owner unreachable"   // a message to the owner came back
	OperatorBarred    ActionType = "operator barred"     // an operator who takes part is disabled
	DepartmentGone    ActionType = "department gone"     // the department is deleted, and its conversations go to Department
	NobodyThere       ActionType = "nobody there"        // no operator who could take it gets offers
	WaitingDue        ActionType = "waiting due"         // Due.Waiting has come
	VisitorDue        ActionType = "visitor due"         // Due.Visitor has come
	OperatorDue       ActionType = "operator due"        // Due.Operator has come
	IdleWarnDue       ActionType = "idle warning due"    // Due.IdleWarn has come
	IdleCloseDue      ActionType = "idle closing due"    // Due.IdleClose has come
	ReceiptDue        ActionType = "receipt due"         // Due.Receipt has come
	MailHappens       ActionType = "mail happens"        // something happened to a mail of the conversation
	OfferDue          ActionType = "offer due"           // Due.Offer has come
	LaterDue          ActionType = "later due"           // Due.Later has come
	OfferNext         ActionType = "offer next"          // it is the turn of Guest, who is asked alone
	OverflowDue       ActionType = "overflow due"        // Due.Overflow has come
	EscalateDue       ActionType = "escalation due"      // Due.Escalate has come
	RemindDue         ActionType = "reminder due"        // Due.Remind has come
	AnswerDue         ActionType = "answer due"          // Due.Answer has come
	SolveDue          ActionType = "solution due"        // Due.Solve has come
)

// Action is something that a person or a timer wants of a conversation, with its particulars.
type Action struct {
	Type       ActionType
	Operator   OperatorJID // the operator who acts, "" if none does
	Name       string      // the name of the operator who acts; of VisitorVotes: of the operator whom the vote is about
	Part       bool        // the operator who acts takes part without being the owner
	Watches    bool        // the operator who acts reads along without taking part
	Mute       bool        // the operator who acts reads along, or did so last and has not ended it
	Right      bool        // of OperatorTakesOver and OperatorAssigns: the operator may take the conversation from its owner
	Lately     bool        // of OperatorTakesOver and OperatorAssigns: the owner has taken it over a moment ago
	Stays      bool        // of OperatorTakesOver and OperatorAssigns: the owner is online and has written, so they stay as a guest
	Reads      bool        // of OperatorAnswers: who asked gets the conversation's log
	Asked      bool        // of OperatorDenies, and of OperatorWrites if Passed: the operator who acts has an open offer
	Passed     bool        // of OperatorWrites: the operator who acts passed the conversation on, and nobody has owned it since
	Wrote      bool        // of OperatorWrites if Passed: the operator has written since
	Passer     OperatorJID // of what waits: who passed it on and is to be told what has become of it, or of it so far; "": nobody
	Guest      Guest       // the colleague of OperatorInvites, OperatorPasses, OperatorAssigns and OperatorAsks; of OperatorLeaves: the colleague who follows the owner
	Department Department  // of OperatorPasses: the department that is asked; of DepartmentGone: the one that follows
	Manned     bool        // of OperatorPasses: a colleague in Department gets offers now; of OverflowDue: somebody in Home.Overflow does
	Home       Home        // of what may let it wait: how the department asks in which it would wait
	Place      Place       // of what may let a conversation wait: its place in the queue; of OverflowDue: that in the other department's
	Taker      string      // the name of the present owner, for "taken by"
	Text       string      // the words of a message, a note or a reason
	Agreed     string      // of Ask: the text of the site's to which the visitor agreed
	Key        string      // of SitePosts: the name of the key by which the site says it
	Greeting   string      // of OperatorTakes, and OperatorTakesOver of what waits: what the operator says by itself; "": nothing
	Page       Page        // of PageMoves: the page that the visitor went to
	Email      string
	Blocked    bool       // of OperatorWrites after the end: the visitor is blocked
	Origin     string     // see Event.Origin
	Written    time.Time  // when the message was sent first, if its sender says so; else zero
	Ended      bool       // of OperatorWrites: the conversation has ended since Written
	Amend      EventType  // of OperatorAmends: EventCorrection, EventRetraction or EventReaction
	File       File       // of VisitorWrites: a file that is sent instead of Text; of OperatorWrites: a file that is sent beside it
	About      Event      // the event that is corrected, taken back, reacted or replied to, or the question that is answered; zero: none
	Mailed     bool       // of OperatorAmends: About went to the visitor by mail
	Gone       bool       // of OperatorAmends: About was taken back before
	With       int64      // the seq of the file that an operator sent with About's words; 0: none
	Online     bool       // an operator of the department is available
	Upto       int64      // of OwnerUnreachable: the events up to this seq have reached the owner; negative: all have
	Away       bool       // the operator who acts has no client online; if none acts: the owner has none
	Anew       bool       // of OwnerGone: the grace time begins again
	Wider      bool       // of EscalateDue: its step brings somebody new, and the visitor was not told in this wait that help is called
	Watched    bool       // a page of the visitor's is connected
	Missed     bool       // no page was open for pageReturns, until now
	Score      int64      // of VisitorVotes: the vote
	Feedback   Feedback   // of VisitorVotes and OperatorUnvotes: the vote that there is already (see feedbackOf)
	Mail       Heading    // of Ask and VisitorWrites: what stands above a mail
	Quiet      bool       // of Ask: it came by a mail that nothing may answer by itself
	Posting    Posting    // of MailHappens; Text has the server's words
	Post       bool       // answers go by mail where nobody is live
	ByMail     bool       // of OperatorWrites: it goes by mail though the page is open
	Tagged     Tagged     // of OperatorTags and OperatorCloses: which tags change
	Particular Particular // of OperatorSets
	Vouched    Vouched    // of VisitorSignsIn
	Was        string     // of OperatorSets: the value until now; of VisitorSignsIn: the name that the visitor gave
	Other      int64      // of OperatorMerges, OperatorFolds and OperatorParts: the other conversation
	Until      time.Time  // of OperatorDefers: when the conversation comes back; zero: now
	Known      bool       // of a conversation that is put off, of EscalateDue, RemindDue, AnswerDue and SolveDue: it is known who is away
	Since      time.Time  // of ReceiptDue: since when the owner's client owes a receipt; zero: it owes none; of OperatorMerges: since when words in Other have no answer; of OperatorRestores: since when the visitor's words had none at the end; of OperatorParts: since when words in this one have none
	Typing     bool       // of RemindDue: the owner is writing, and not for long
	Aimed
}

// Guest is the colleague in an action of an operator.
type Guest struct {
	Operator OperatorJID
	Name     string
	Part     bool // the colleague takes part already
	Free     bool // the colleague gets offers now
	Full     bool // the colleague has as many chats as they may
	There    bool // the colleague is online
	Serves   bool // of OperatorAssigns: the conversation's department is theirs
	Slow     bool // the colleague wants little traffic, so they hear of offers later
}

// EffectType names what has to be done about an accepted action.
type EffectType string

// The effects, all carried out in the transaction that stores the conversation.
const (
	Log          EffectType = "log"             // Event is appended to the log
	OfferAll     EffectType = "offer"           // the request is offered to every available operator of the department, or to the next as its routing says
	OfferTo      EffectType = "offer to one"    // the request is offered to Operator alone
	RevokeOffers EffectType = "revoke offers"   // open offers are revoked, except that of Operator, who has accepted; Phrase says why
	OfferOthers  EffectType = "offer to others" // the request is offered to the next, or to all others as well; Phrase tells so to those who have an offer
	CloseOffer   EffectType = "close offer"     // Operator's offer gets the state Offer
	ForgetOffers EffectType = "forget offers"   // what was offered is forgotten, so that everybody may be asked again
	Join         EffectType = "join"            // Operator becomes a participant by the event Joined
	Leave        EffectType = "leave"           // Operator stops being a participant; if empty, all participants do
	Unmute       EffectType = "unmute"          // Operator, who read along until the end, may write again
	QueueMoved   EffectType = "queue moved"     // the conversations behind it in the queue move up
	AskColleague EffectType = "ask colleague"   // Operator is asked at the desk what Event says, with what they must know of the conversation
	Tell         EffectType = "tell"            // Operator is told Phrase at the desk
	MailLater    EffectType = "mail later"      // what the visitor has not seen by then goes by mail after the grace time
	MailNow      EffectType = "mail now"        // it goes by mail at once
	MailNever    EffectType = "mail never"      // what waits to go by mail does not go
	MailHeld     EffectType = "mail held"       // the page is open, so what waits has the whole grace time again to be seen there
	Acknowledge  EffectType = "acknowledge"     // the visitor is told by mail that the request has come
	Widen        EffectType = "widen"           // Step of Schedules.Escalation is taken
	Remind       EffectType = "remind"          // the owner is reminded of all who wait for their answer, once a minute at most
	RemindOthers EffectType = "remind others"   // the colleagues are told of all who wait for an owner who does not answer, so, too
	Warn         EffectType = "warn"            // operators whom Target concerns are warned, once a minute at most
	KeepVote     EffectType = "keep vote"       // Feedback is stored, and the operator whom it is about is told
)

// Effect is something that has to be done about an accepted action, with its particulars.
type Effect struct {
	Type     EffectType
	Event    Event
	Operator OperatorJID
	Phrase   phrase.Phrase
	Queue    string     // of QueueMoved: the department whose queue moves; "": that of the conversation
	Since    time.Time  // of QueueMoved: since when the conversation waits or has waited; zero: it was in no queue
	Wide     bool       // of OfferAll: to all, whatever the department's routing is
	Offer    OfferState // of CloseOffer: the offer's new state
	Target   Target     // of Warn
	Step     string     // of Widen: a word of setting.Escalation
	Joined   int64      // of Join: the seq of the event
	Watches  bool       // of Join: the operator reads along only
	Reason   string     // of Leave: why the operator was taken out of the conversation; "": they left of their own will
	Reached  int64      // of Leave with ReasonUnreachable: the events up to this seq have reached the operator; negative: all have
	Feedback Feedback   // of KeepVote
	Forced   bool       // of MailNow: it goes though the page is open
	Later    bool       // of Leave: the operator is told when they are back, of all conversations at once
}
