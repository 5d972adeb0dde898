package bridge

import "time"

// ConversationID names a conversation to its visitor: 128 random bits, opaque.
// Operators use the number instead.
type ConversationID string

// VisitorJID is a visitor's whole bare JID, such as anna-7k2f@support.example.org. A visitor
// has the same one in all their conversations.
type VisitorJID string

// OperatorJID is an operator's normalised bare JID.
type OperatorJID string

// Kind says how the visitor is reached.
type Kind string

// The kinds of conversation.
const (
	Chat   Kind = "chat"   // live, on the page
	Ticket Kind = "ticket" // by mail
)

// State is where a conversation stands.
type State string

// The states. New is the state of a conversation that does not exist yet.
const (
	New     State = ""
	Waiting State = "waiting" // nobody has taken it
	Active  State = "active"  // it has an owner
	Closed  State = "closed"  // ended; Conversation.Reason says why
)

// The reasons why a conversation was closed, and the reasons of other events.
const (
	ReasonVisitor     = "visitor-closed"       // the visitor ended it
	ReasonVisitorLeft = "visitor-left"         // the page has been gone for Timing.VisitorGrace
	ReasonOperator    = "operator-closed"      // the owner ended it
	ReasonSolved      = "solved"               // the owner ended a ticket
	ReasonIdle        = "idle"                 // nobody wrote for Timing.IdleClose
	ReasonOwnerLeft   = "operator-left"        // waiting again: the owner went offline
	ReasonUnreachable = "operator-unreachable" // waiting again: a message to the owner came back
	ReasonGuestLost   = "guest-unreachable"    // of a colleague who leaves: a message to them came back
	ReasonMayNot      = "may-not"              // of an operator who watches no more: they are not allowed to any more
	ReasonTransferred = "transferred"          // waiting again: the owner passed it on
	ReasonTakenOver   = "taken-over"           // of an owner who leaves: somebody took over, or gave the conversation to somebody else
	ReasonReopened    = "reopened"             // waiting again: the visitor wrote after the end
	ReasonBlocked     = "blocked"              // an operator blocked the visitor
	ReasonJunk        = "junk"                 // the owner says that it is no request
	ReasonMerged      = "merged"               // it goes on in another conversation of the visitor
	ReasonEmailWanted = "email-wanted"         // still waiting: the visitor is asked for an email address
	ReasonSilent      = "silent"               // of a message to the visitor: the owner's client has stopped confirming
	ReasonNobodyFree  = "nobody-free"          // nobody was free in time, so it is a ticket now
	ReasonOverflow    = "overflow"             // still waiting, in another department now
)

// Conversation is one request and all that follows, as far as the rules need it. It is
// a value: Rules.Apply returns a changed copy.
type Conversation struct {
	Number     int64 // by which operators call it: #12
	ID         ConversationID
	Visitor    VisitorJID
	Department string
	Kind       Kind
	State      State
	Reason     string      // why the conversation is in its state
	Owner      OperatorJID // the operator who answers, or who answered last before the end; empty while New or Waiting
	Email      string      // the visitor's address, empty if unknown
	Seq        int64       // the number of the last event in its log
	Present    bool        // the visitor's page is open
	OpenedAt   time.Time
	ClosedAt   time.Time
	WaitsSince time.Time     // since when it waits to be taken; zero unless Waiting
	Unanswered time.Time     // since when the visitor's words have no answer of an operator; zero: they have one, or it is Closed
	Into       int64         // of a Closed one: the conversation in which it goes on, 0 if in none
	Escalated  time.Duration // how far Schedules.Escalation has gone; 0 unless Waiting
	Reminded   time.Duration // how far Schedules.Reminders has gone; 0 unless Active and Unanswered
	Promise    Promise       // what the department's targets are, and how they run
	Due        Due
}

// past reports whether the conversation ended longer ago than it may be gone on with; 0 stands for ever.
func (c Conversation) past(reopens time.Duration, now time.Time) bool {
	return c.State == Closed && reopens > 0 && now.After(c.ClosedAt.Add(reopens))
}

// Due holds when the timers of the conversation fire; a zero time means never. The times are
// stored with the conversation, so they survive the process.
type Due struct {
	Waiting   time.Time // nobody has taken the conversation
	Visitor   time.Time // the visitor's page is gone
	Operator  time.Time // the owner is offline
	IdleWarn  time.Time // nobody writes
	IdleClose time.Time // nobody writes for a long time
	Receipt   time.Time // the owner's client may owe a receipt
	Offer     time.Time // the operator to whom it is offered alone has not taken it
	Later     time.Time // the conversation was put off until then
	Overflow  time.Time // nobody of the department has taken it, and another department is asked
	Escalate  time.Time // nobody has taken it, and more is done about that
	Remind    time.Time // the owner has not answered, and more is done about that
	Answer    time.Time // the target of the answer that is owed may be in danger or missed
	Solve     time.Time // the target of the solution may be in danger or missed
}

// Next returns the earliest of the times and the action that it stands for; a zero time if
// none is set.
func (d Due) Next() (time.Time, ActionType) {
	var at time.Time
	var action ActionType
	for _, t := range []struct {
		at     time.Time
		action ActionType
	}{
		{d.Waiting, WaitingDue}, {d.Visitor, VisitorDue}, {d.Operator, OperatorDue},
		{d.IdleWarn, IdleWarnDue}, {d.IdleClose, IdleCloseDue}, {d.Receipt, ReceiptDue}, {d.Offer, OfferDue},
		{d.Later, LaterDue},
		{d.Overflow, OverflowDue},
		{d.Escalate, EscalateDue}, {d.Remind, RemindDue},
		{d.Answer, AnswerDue}, {d.Solve, SolveDue},
	} {
		if !t.at.IsZero() && (at.IsZero() || t.at.Before(at)) {
			at, action = t.at, t.action
		}
	}
	return at, action
}

// Request is what the visitor gave when they asked for support, and what their page told. It is
// kept beside the conversation, and only a later email address changes it.
type Request struct {
	Conversation int64
	Name         string
	Email        string
	Reason       string
	Verified     string // the subject of the signed identity, empty if there was none
	Page         Page
	Language     string  // BCP 47
	Browser      string  // User-Agent
	Attributes   string  // a JSON object that the embedding site gave, or empty
	Fields       string  // a JSON object with what the visitor filled in beside name, address and reason, by the fields' labels; or empty
	Invited      Invited // the invitation that the visitor answers with the request; zero: there was none
	TimeZone     string  // the time zone of the visitor's browser, such as Europe/Berlin, or empty
	Namesake     int     // 2 for the second visitor of this name with an open conversation, and so on; 0 for the first
	Address      string  // the visitor's network address; only the range around it is kept, and only if Options.KeepAddresses
	Digest       string  // tells apart what is asked under one client id; "": it came without one, or before this was kept
}

// Page is where the visitor was on the website.
type Page struct{ URL, Title, Referrer string }

// Visitor is a person on the website across all their conversations.
type Visitor struct {
	JID       VisitorJID
	Name      string
	Email     string
	Called    string // the name that operators keep, which counts in later requests, too; "": none
	Phone     string // as +34600000000; "": not known
	Remark    string // what operators keep for each other
	Subject   string // the subject of a signed identity; unique if not empty
	CreatedAt time.Time
}
