package bridge

import (
	"context"
	"time"
)

// Store keeps all that has to survive the process. Its methods may be called by any goroutine.
type Store interface {
	// Update runs f in a write transaction and returns after it is durable (fsync done). Updates
	// run one after the other; several may share one commit. f may run more than once, so it must
	// not keep state from an earlier run; it must not block, and must not call the store. When f
	// returns an error, nothing of the update is kept and that error is returned. A store that
	// can't be written returns a *phrase.Error with CodeUnavailable.
	Update(ctx context.Context, f func(Tx) error) error
	// View runs f on a consistent snapshot of what is committed.
	View(ctx context.Context, f func(Reader) error) error
}

// Reader is what can be asked of the store. A method that returns one thing gives a *phrase.Error with
// CodeNotFound if there is none; a list is empty then.
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
	FeedbackReader
	PassReader
	TagReader
	NoticeReader
	ReminderReader
	MailReader
	NodeReader
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
	FeedbackWriter
	PassWriter
	TagWriter
	NoticeWriter
	ReminderWriter
	MailWriter
	NodeWriter
}

// ConversationReader reads conversations, what was asked in them, who takes part, and to whom they are
// offered.
type ConversationReader interface {
	Conversation(number int64) (Conversation, error)
	// ConversationByID finds a conversation by its public id, with the hash of its token.
	ConversationByID(id ConversationID) (Conversation, []byte, error)
	// ConversationByKey finds a conversation by the idempotency key of its request.
	ConversationByKey(key string) (Conversation, error)
	// LatestConversation finds the newest conversation of a visitor that is open, or else the newest.
	LatestConversation(v VisitorJID) (Conversation, error)
	// VisitorConversations lists a visitor's conversations, newest first.
	VisitorConversations(v VisitorJID, limit int) ([]Conversation, error)
	// Identified lists the conversations whose Request.Verified is a subject, newest first.
	Identified(subject string, limit int) ([]Conversation, error)
	// MergedInto lists the conversations that were joined with another one, newest first.
	MergedInto(number int64) ([]Conversation, error)
	// OpenConversations lists open conversations of one state, or of both open states if it is
	// New, by number, with a number above after.
	OpenConversations(state State, after int64, limit int) ([]Conversation, error)
	// WaitingChats counts the waiting chats of a department that are before one that waits since a time: those that have waited
	// longer, or as long and have a lower number.
	WaitingChats(department string, since time.Time, number int64) (int, error)
	// WaitingBehind lists the waiting chats of a department that are behind such a one, in the order of the queue.
	WaitingBehind(department string, since time.Time, number int64, limit int) ([]Conversation, error)
	// Waiting counts the conversations of a kind that wait; "": all.
	Waiting(k Kind) (int, error)
	// OwnedBy lists an operator's active conversations, by number.
	OwnedBy(o OperatorJID) ([]Conversation, error)
	// CountOwned counts the active conversations of each operator who owns some.
	CountOwned() (map[OperatorJID]int, error)
	// TookPart counts the conversations in which an operator has ever taken part.
	TookPart(o OperatorJID) (int, error)
	// TakesPart lists the numbers of the open conversations in which an operator takes part, in no order.
	TakesPart(o OperatorJID) ([]int64, error)
	// DueConversations lists conversations with a timer at or before now, earliest first.
	DueConversations(now time.Time, limit int) ([]Conversation, error)
	Request(number int64) (Request, error)
	// Namesakes lists the Request.Namesake of open conversations of visitors of that name, in
	// whatever case, except those of visitor v, in no order.
	Namesakes(name string, v VisitorJID) ([]int, error)
	Participants(number int64) ([]Participant, error)
	// UnconfirmedParticipants lists participants who have not left and whose Confirmed is below the
	// log's end, by conversation, in those with a number above after.
	UnconfirmedParticipants(after int64, limit int) ([]Participant, error)
	Offers(number int64) ([]Offer, error)
	// OffersTo lists the offers to an operator that are in a state, by conversation.
	OffersTo(o OperatorJID, state OfferState) ([]Offer, error)
}

// ConversationWriter writes what ConversationReader reads.
type ConversationWriter interface {
	// CreateConversation assigns c.Number, and stores c with its request and the hash of its token.
	// key is unique: see ConversationByKey. A taken key gives a *phrase.Error with CodeConflict.
	CreateConversation(c *Conversation, r Request, key string, tokenHash []byte) error
	// SaveConversation stores c if its log still ends at seq was (compare and swap), and gives
	// a *phrase.Error with CodeConflict if not.
	SaveConversation(c Conversation, was int64) error
	SaveRequestName(number int64, name string) error
	SaveRequestEmail(number int64, email string) error
	// SaveRequestIdentity stores the Name, the Email and the Verified of r.
	SaveRequestIdentity(r Request) error
	SaveParticipant(p Participant) error
	SaveOffer(o Offer) error
}

// EventReader reads the conversations' logs.
type EventReader interface {
	// Events lists the events of a log past seq after, in order, at most limit.
	Events(number, after int64, limit int) ([]Event, error)
	// EventByOrigin finds the event that has an origin.
	EventByOrigin(number int64, origin string) (Event, error)
	// EventsUnder lists the events whose origin is the given one, or begins with it and a line
	// break: newest first, at most limit.
	EventsUnder(number int64, origin string, limit int) ([]Event, error)
	// LastMessage is the highest seq ≤ upto of a message, file or correction from a role, 0 if none.
	LastMessage(number int64, from Role, upto int64) (int64, error)
}

// EventWriter appends to the conversations' logs.
type EventWriter interface {
	// Append appends events; each has its Conversation and its Seq.
	Append(events ...Event) error
}

// VisitorReader reads the visitors.
type VisitorReader interface {
	Visitor(v VisitorJID) (Visitor, error)
	VisitorBySubject(subject string) (Visitor, error)
	// LatestConversations lists the numbers of conversations that are the newest of their visitor, newest
	// first: at most limit after the first skip.
	LatestConversations(skip, limit int) ([]int64, error)
	// FindVisitors lists the numbers of the newest conversations of visitors who have given names or
	// email addresses with words (see Visitor.FoundBy) that begin with each of the given ones, in no
	// order, a visitor perhaps more than once. It looks at so many of those whom the first word finds;
	// more says that there are more of these.
	FindVisitors(words []string, look int) (numbers []int64, more bool, err error)
	CountConversations(v VisitorJID) (int, error)
	// LastNote is the text of the last note in a conversation's log, "" if there is none.
	LastNote(number int64) (string, error)
}

// VisitorWriter writes the visitors.
type VisitorWriter interface {
	// CreateVisitor gives a *phrase.Error with CodeConflict if the JID is taken.
	CreateVisitor(v Visitor) error
	SaveVisitor(v Visitor) error
}

// TeamReader reads the operators and departments.
type TeamReader interface {
	Operator(jid OperatorJID) (Operator, error)
	Operators() ([]Operator, error)     // by JID
	Departments() ([]Department, error) // by name
	// Loads returns what operators have to do now, and when they were last asked alone. It leaves out
	// those of whom all of this is zero.
	Loads() (map[OperatorJID]Load, error)
	// FormerOperators returns the names of the operators who were deleted.
	FormerOperators() (map[OperatorJID]string, error)
	// FormerDepartments returns the titles of the departments that were deleted, by name.
	FormerDepartments() (map[string]string, error)
	// LastSession finds the session of an operator that began last.
	LastSession(o OperatorJID) (Session, error)
	OpenSessions() ([]Session, error) // by operator
	// SessionsSince lists the sessions that ended at a time or later, by that time and by operator.
	SessionsSince(at time.Time) ([]Session, error)
	Logins() (int, error) // how many sessions there are
	// Audits lists what was changed about an operator or a department, or about all if about is
	// empty, from a time on and before another: newest first, at most limit.
	Audits(about string, from, to time.Time, limit int) ([]Audit, error)
	// DueNews lists the operators who have news that is due at now or before, earliest first, perhaps
	// more than once; it looks at limit news at most.
	DueNews(now time.Time, limit int) ([]OperatorJID, error)
}

// TeamWriter writes what TeamReader reads. What was deleted is found no more, but conversations still
// name it; who is saved again under the same JID or name is new.
type TeamWriter interface {
	// SaveOperator creates or changes an operator, except for the cursors of the desk log. A
	// department in the operator's circles that there is not gives a *phrase.Error with CodeNotFound.
	SaveOperator(o Operator) error
	// SaveAsked stores when an operator was last asked alone; see Load.
	SaveAsked(o OperatorJID, at time.Time) error
	// DeleteOperator deletes an operator with the desk log and the answers of their own; the operator's
	// parts in conversations are kept.
	DeleteOperator(jid OperatorJID) error
	// SaveDepartment creates or changes a department.
	SaveDepartment(d Department) error
	// DeleteDepartment deletes a department, and takes it out of all circles.
	DeleteDepartment(name string) error
	// MoveInvitations lets the rules of invitations that are for a department be for another; to is "": for any.
	MoveInvitations(from, to string) error
	// SaveSession creates a session, or changes the end of one.
	SaveSession(s Session) error
	// AppendAudit stores an audit, and assigns a.ID.
	AppendAudit(a *Audit) error
	// AppendNews stores news for an operator and assigns n.ID. If other news of theirs is due earlier, it
	// is due as early.
	AppendNews(n *News) error
	// TakeNews returns all news for an operator in order, and deletes it.
	TakeNews(o OperatorJID) ([]News, error)
}

// DeskReader reads the operators' desk logs, and which commands were carried out.
type DeskReader interface {
	// DeskEntries lists an operator's desk log past seq after, at most limit.
	DeskEntries(o OperatorJID, after int64, limit int) ([]DeskEntry, error)
	// UnconfirmedDesks returns the cursor of each operator whose desk log goes on past it.
	UnconfirmedDesks() (map[OperatorJID]int64, error)
	// CarriedOut is when an operator's command that came under an origin was carried out, zero if it
	// was not.
	CarriedOut(o OperatorJID, origin string) (time.Time, error)
}

// DeskWriter writes what DeskReader reads.
type DeskWriter interface {
	// AppendDesk appends an entry to an operator's desk log, and assigns e.Seq.
	AppendDesk(e *DeskEntry) error
	// ConfirmDesk moves an operator's desk cursor forward, never back.
	ConfirmDesk(o OperatorJID, seq int64) error
	// ReturnDesk moves an operator's desk cursor back, never forward.
	ReturnDesk(o OperatorJID, seq int64) error
	// SaveCarriedOut stores that an operator's command was carried out, and forgets the commands of
	// that operator that were carried out before since.
	SaveCarriedOut(o OperatorJID, origin string, at, since time.Time) error
}

// FileReader reads the visitors' files.
type FileReader interface {
	File(id string) (File, error)
	// Files lists a conversation's files, broken ones included, at most limit.
	Files(number int64, limit int) ([]File, error)
	// BrokenFiles lists files that are not whole, at most limit.
	BrokenFiles(limit int) ([]File, error)
	FileBytes() (int64, error) // the bytes of all stored files
	// FilePart reads a part of a file, from 0.
	FilePart(id string, part int64) ([]byte, error)
}

// FileWriter writes the visitors' files.
type FileWriter interface {
	// CreateFile begins a file. AppendFile adds its parts in order, counted from 0, and CompleteFile
	// says that it is whole. DeleteFile deletes the file with its parts.
	CreateFile(f File) error
	AppendFile(id string, part int64, data []byte) error
	CompleteFile(id string) error
	DeleteFile(id string) error
	// DeleteFileParts deletes at most limit parts of a file, and returns how many bytes they had.
	DeleteFileParts(id string, limit int) (int64, error)
}

// BlockReader reads who is not served.
type BlockReader interface {
	Blocks() ([]Block, error) // oldest first, ended ones included
}

// BlockWriter writes who is not served.
type BlockWriter interface {
	// SaveBlock creates a block, or changes the block of the same target.
	SaveBlock(b Block) error
	DeleteBlock(target string) error
}

// AnswerReader reads the texts that operators have stored to send.
type AnswerReader interface {
	Answers() ([]Answer, error) // by name, then by owner, department and language, in the order of their bytes
}

// AnswerWriter writes these texts.
type AnswerWriter interface {
	// SaveAnswer creates an answer, or changes what the one with its key says and does; how often that was used stays.
	SaveAnswer(a Answer) error
	// CountAnswer counts that an answer was used.
	CountAnswer(k AnswerKey) error
	DeleteAnswer(k AnswerKey) error
}

// SettingReader reads values that are stored under a name.
type SettingReader interface {
	// Setting returns a stored value, "" if there is none.
	Setting(key string) (string, error)
	// SiteSettings returns what was set for the site, by the keys of package setting.
	SiteSettings() (map[string]string, error)
}

// SettingWriter writes these values.
type SettingWriter interface {
	SaveSetting(key, value string) error
	// SaveSiteSetting stores one of the values that SiteSettings returns.
	SaveSiteSetting(key, value string) error
	// DeleteSiteSetting deletes one; it may be gone already.
	DeleteSiteSetting(key string) error
}

// FeedbackReader reads the visitors' votes.
type FeedbackReader interface {
	Feedback(id int64) (Feedback, error)
	// FeedbackIn finds the vote of a conversation, a deleted one included.
	FeedbackIn(number int64) (Feedback, error)
	// FeedbackAbout lists the votes about an operator, or about all if o is "", that were given from one time until before
	// another: newest first, without deleted ones, at most limit after the first skip.
	FeedbackAbout(o OperatorJID, from, until time.Time, skip, limit int) ([]Feedback, error)
	// TallyAbout counts the votes that FeedbackAbout lists without a limit, and those of erased conversations.
	TallyAbout(o OperatorJID, from, until time.Time) (Tally, error)
	// Tallies counts for each operator whom votes are about what TallyAbout counts, and leaves out the others.
	Tallies(from, until time.Time) (map[OperatorJID]Tally, error)
}

// FeedbackWriter writes the visitors' votes.
type FeedbackWriter interface {
	// CreateFeedback stores a vote and assigns f.ID, which is never given twice. A conversation has
	// one vote at most.
	CreateFeedback(f *Feedback) error
	// SaveFeedback changes a vote, except for its conversation, its operator and when it was given.
	SaveFeedback(f Feedback) error
}

// PassReader reads who may look at the team's page.
type PassReader interface {
	// Pass finds a pass by the hash of its token, also one that has ended.
	Pass(hash []byte) (Pass, error)
	// PassesOf lists an operator's passes of a kind, oldest first, ended ones included.
	PassesOf(o OperatorJID, kind PassKind) ([]Pass, error)
	Walls() ([]Pass, error) // the passes of kind PassWall, by name
}

// PassWriter writes who may look at the team's page.
type PassWriter interface {
	// SavePass stores a new pass. No two walls have the same name.
	SavePass(p Pass) error
	DeletePass(hash []byte) error
	DeletePassesOf(o OperatorJID) error
	// DeleteEndedPasses deletes the passes that end at a time or before.
	DeleteEndedPasses(now time.Time) error
}
