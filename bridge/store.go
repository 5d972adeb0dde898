package bridge

import (
	"context"
	"time"
)

// Store keeps everything. Its methods may be called by any goroutine.
type Store interface {
	// Update runs f in a write transaction and returns after it is durable
	// (fsync done). Updates run one after the other; several may share one
	// commit. f may run more than once, so it must not keep state from an
	// earlier run, must not block, and must not call the store. When f returns
	// an error nothing of it is kept and that error is returned. A store that
	// can't be written returns an *Error with CodeUnavailable.
	Update(ctx context.Context, f func(Tx) error) error
	// View runs f on a consistent snapshot of what is committed.
	View(ctx context.Context, f func(Reader) error) error
}

// Reader is what can be asked of the store. Methods that return one thing give
// an *Error with CodeNotFound when there is none; lists are then empty.
type Reader interface {
	ConversationReader
	EventReader
	VisitorReader
	TeamReader
	DeskReader
	FileReader
	BlockReader
	AnswerReader
	SettingReader
}

// Tx is a write transaction.
type Tx interface {
	Reader
	ConversationWriter
	EventWriter
	VisitorWriter
	TeamWriter
	DeskWriter
	FileWriter
	BlockWriter
	AnswerWriter
	SettingWriter
}

// ConversationReader reads conversations, what was asked in them, who takes part, and
// to whom they are offered.
type ConversationReader interface {
	Conversation(number int64) (Conversation, error)
	// ConversationByID finds by public id, with the hash of its token.
	ConversationByID(id ConversationID) (Conversation, []byte, error)
	// ConversationByKey finds by the idempotency key of its request.
	ConversationByKey(key string) (Conversation, error)
	// LatestConversation is the newest of a visitor's conversations.
	LatestConversation(v VisitorJID) (Conversation, error)
	// VisitorConversations lists a visitor's conversations, newest first.
	VisitorConversations(v VisitorJID, limit int) ([]Conversation, error)
	// OpenConversations lists those that are not closed, of one state (or
	// Waiting and Active if New), by number, after the given number.
	OpenConversations(state State, after int64, limit int) ([]Conversation, error)
	// WaitingChats counts the waiting chats of a department whose number is
	// below the given one.
	WaitingChats(department string, below int64) (int, error)
	// Waiting counts all that wait, tickets included.
	Waiting() (int, error)
	// OwnedBy lists an operator's active conversations, by number.
	OwnedBy(o OperatorJID) ([]Conversation, error)
	// TakesPart lists the numbers of the open conversations in which an operator takes part, in no order.
	TakesPart(o OperatorJID) ([]int64, error)
	// DueConversations lists those with a timer at or before now, earliest first.
	DueConversations(now time.Time, limit int) ([]Conversation, error)
	Request(number int64) (Request, error)
	// Namesakes lists Request.Namesake of the open conversations of visitors of that name,
	// whatever the case, but those of visitor v, in no order.
	Namesakes(name string, v VisitorJID) ([]int, error)
	Participants(number int64) ([]Participant, error)
	// UnconfirmedParticipants lists those not left whose Confirmed is below the
	// log's end, by conversation, after the given one.
	UnconfirmedParticipants(after int64, limit int) ([]Participant, error)
	Offers(number int64) ([]Offer, error)
	// OffersTo lists the offers made to an operator that are in a state, by conversation.
	OffersTo(o OperatorJID, state OfferState) ([]Offer, error)
}

// ConversationWriter changes what ConversationReader reads.
type ConversationWriter interface {
	// CreateConversation assigns c.Number and stores it with its request and
	// the hash of its token. key is unique; see ConversationByKey.
	CreateConversation(c *Conversation, r Request, key string, tokenHash []byte) error
	// SaveConversation stores c if its log still ends at seq was (compare and
	// swap), and gives an *Error with CodeConflict if not.
	SaveConversation(c Conversation, was int64) error
	SaveRequestEmail(number int64, email string) error
	SaveParticipant(p Participant) error
	SaveOffer(o Offer) error
}

// EventReader reads the conversations' logs.
type EventReader interface {
	// Events lists a log past seq after, in order, at most limit.
	Events(number, after int64, limit int) ([]Event, error)
	// EventByOrigin finds what was stored under a sender's id.
	EventByOrigin(number int64, origin string) (Event, error)
	// EventsUnder lists what was stored under an origin, or one that begins with it and a
	// line break: newest first, at most limit.
	EventsUnder(number int64, origin string, limit int) ([]Event, error)
	// LastMessage is the highest seq ≤ upto of a message, file or correction from that role; 0 if none.
	LastMessage(number int64, from Role, upto int64) (int64, error)
}

// EventWriter adds to the logs.
type EventWriter interface {
	// Append adds events; each carries its Conversation and Seq.
	Append(events ...Event) error
}

// VisitorReader reads the visitors.
type VisitorReader interface {
	Visitor(v VisitorJID) (Visitor, error)
	VisitorBySubject(subject string) (Visitor, error)
}

// VisitorWriter changes them.
type VisitorWriter interface {
	// CreateVisitor gives an *Error with CodeConflict when the JID is taken.
	CreateVisitor(v Visitor) error
	SaveVisitor(v Visitor) error
}

// TeamReader reads the operators and departments.
type TeamReader interface {
	Operator(jid OperatorJID) (Operator, error)
	Operators() ([]Operator, error)     // by JID
	Departments() ([]Department, error) // by name
}

// TeamWriter changes them.
type TeamWriter interface {
	// SaveOperator creates or changes an operator, the desk cursors excepted.
	SaveOperator(o Operator) error
}

// DeskReader reads what the desk has told the operators, and what they told it.
type DeskReader interface {
	// DeskEntries lists an operator's desk log past seq after, at most limit.
	DeskEntries(o OperatorJID, after int64, limit int) ([]DeskEntry, error)
	// UnconfirmedDesks maps the operators whose desk log goes on past their cursor to it.
	UnconfirmedDesks() (map[OperatorJID]int64, error)
	// CarriedOut is when an operator's command was carried out that came under an origin;
	// zero if it was not.
	CarriedOut(o OperatorJID, origin string) (time.Time, error)
}

// DeskWriter adds to it.
type DeskWriter interface {
	// AppendDesk adds to an operator's desk log, and assigns e.Seq.
	AppendDesk(e *DeskEntry) error
	// ConfirmDesk moves an operator's desk cursor forward, never back.
	ConfirmDesk(o OperatorJID, seq int64) error
	// ReturnDesk moves it back, never forward.
	ReturnDesk(o OperatorJID, seq int64) error
	// SaveCarriedOut remembers that an operator's command was carried out, and forgets
	// those of that operator that were before since.
	SaveCarriedOut(o OperatorJID, origin string, at, since time.Time) error
}

// FileReader reads the visitors' files.
type FileReader interface {
	File(id string) (File, error)
	// Files lists a conversation's files, broken ones included, at most limit.
	Files(number int64, limit int) ([]File, error)
	// BrokenFiles lists files that are not whole, at most limit.
	BrokenFiles(limit int) ([]File, error)
	FileBytes() (int64, error) // of all files together
	// FilePart reads a part of a file, from 0.
	FilePart(id string, part int64) ([]byte, error)
}

// FileWriter changes them.
type FileWriter interface {
	// CreateFile begins a file; AppendFile adds its parts in order, from 0, and
	// CompleteFile says that it is whole. DeleteFile takes its parts with it.
	CreateFile(f File) error
	AppendFile(id string, part int64, data []byte) error
	CompleteFile(id string) error
	DeleteFile(id string) error
	// DeleteFileParts deletes some of a file's parts and returns their bytes.
	DeleteFileParts(id string, limit int) (int64, error)
}

// BlockReader reads who is not served.
type BlockReader interface {
	Blocks() ([]Block, error) // oldest first, ended ones included
}

// BlockWriter changes it.
type BlockWriter interface {
	// SaveBlock creates a block or changes the one of the same target.
	SaveBlock(b Block) error
	DeleteBlock(target string) error
}

// AnswerReader reads the texts that operators have ready.
type AnswerReader interface {
	Answers() ([]Answer, error) // by name
}

// AnswerWriter changes them.
type AnswerWriter interface {
	SaveAnswer(a Answer) error
	DeleteAnswer(name string) error
}

// SettingReader reads what is kept under a name.
type SettingReader interface {
	// Setting returns a stored value, "" if unset.
	Setting(key string) (string, error)
}

// SettingWriter changes it.
type SettingWriter interface {
	SaveSetting(key, value string) error
}
