package bridge

import (
	"sync/atomic"
	"time"
)

// Post makes mails of what operators say, and takes them away. Its methods must not block, since a
// transaction calls Compose.
type Post interface {
	// Compose returns the whole mail, as it is sent however often sending fails.
	Compose(Draft) ([]byte, error)
	// Subject is what the mail of a conversation is about if nobody has said that. It is asked once, when the
	// first mail goes.
	Subject(Conversation, Request) string
	// Notify returns a mail to an operator, in the same way.
	Notify(NoticeDraft) ([]byte, error)
	// Statistics returns a mail with figures, in the same way.
	Statistics(StatisticsDraft) ([]byte, error)
}

// Uploads gets the files that operators sent. Its methods must not block, since a transaction calls Want.
type Uploads interface {
	// Want asks for the files at URLs, and returns those that are there by URL. Until ready some of them are
	// on their way, which ends soon. What can't be had, or may not be asked for, is left out.
	Want(urls []string) (found map[string][]byte, ready bool)
	// Forget says that these files are not needed any more.
	Forget(urls []string)
}

// MailOptions say how mail goes. It is off while Post is nil.
type MailOptions struct {
	Post        Post
	Addresses   Addresses
	Language    string        // of mail to people of whom no language is known (BCP 47); "": English
	Acknowledge bool          // visitors are told by mail that their requests have come
	Uploads     Uploads       // nil: operators' files go as links
	KeepRaw     time.Duration // how long the bytes of mail are kept; 0: for ever
}

// Draft is what a mail shall say.
type Draft struct {
	Kind         MailKind
	Conversation Conversation
	Request      Request
	To           string
	ReplyTo      string // the address under which the answer is known
	MessageID    string // without angle brackets, as are the next two
	InReplyTo    string // the visitor's last mail; "": none
	References   []string
	Subject      string // what the mail is about, without "Re:"; "": what the number of the conversation says
	Loop         string // proves later that the mail is ours (see Mailroom.ours)
	Links        MailLinks
	At           time.Time
	Lines        []Entry           // what operators said, as it stands; of TranscriptMail: all that was said
	Back         time.Time         // of ClosedMail: when somebody works again, by the clocks of the hours' zone; zero: not known
	Earlier      []Entry           // what was said before, the last of it
	Files        map[string][]byte // of Lines, by URL: what goes with the mail if it is not too much
}

// Mailroom is what the mail channel shares with the conversations: it keeps mail that came until it is
// sorted, and mail that is to go until it is sent. Any goroutine may call its methods.
type Mailroom struct {
	bridge                *Bridge
	urgent                chan OutMail // see Urgent
	sent, failed, bounced atomic.Int64 // mails, since the start
	withheld              atomic.Int64 // automatic mails that the limits did not allow, since the start
	emptied               time.Time    // when old mail was deleted last; the turn's goroutine alone has it
}

// On reports whether answers go by mail.
func (m *Mailroom) On() bool { return m.bridge.opts.Mail.Post != nil }

// Address is where visitors of a department send mail, "" if mail is off.
func (m *Mailroom) Address(department string) string {
	if !m.On() {
		return ""
	}
	return m.bridge.opts.Mail.Addresses.Of(department)
}

// Own reports whether an address is one from which mail goes.
func (m *Mailroom) Own(address string) bool { return m.bridge.opts.Mail.Addresses.own(address) }

// MailCursor is how far a mailbox has been read (RFC 9051 §2.3.1.1).
type MailCursor struct {
	Validity uint32    // UIDVALIDITY; 0: the mailbox was never read
	Next     uint32    // the least UID that is not stored
	Last     time.Time // INTERNALDATE of the newest mail that is stored
}

// MailKind says what a mail that goes is for.
type MailKind string

// The kinds of mail.
const (
	AnswerMail          MailKind = "answer"          // what operators said
	TranscriptMail      MailKind = "transcript"      // the whole conversation, which its visitor wanted
	AcknowledgementMail MailKind = "acknowledgement" // the visitor is told that the request has come
	ClosedMail          MailKind = "closed"          // so, and that nobody works now
	NoticeMail          MailKind = "notice"          // something that an operator should know
	StatisticsMail      MailKind = "statistics"      // figures
)

// Automatic reports whether no person has written the mail, and it answers what a visitor has sent.
func (k MailKind) Automatic() bool { return k == AcknowledgementMail || k == ClosedMail }

// MailState says what has become of a mail.
type MailState string

// The states of mail that came.
const (
	MailNew     MailState = "new"     // nobody has looked at it
	MailSorted  MailState = "sorted"  // what it says is in a conversation, except perhaps for its files
	MailDone    MailState = "done"    // nothing is left to do
	MailRefused MailState = "refused" // it could not be read; the operators were told
)

// The states of mail that goes.
const (
	MailQueued  MailState = "queued"
	MailSent    MailState = "sent"    // the relay has taken it
	MailFailed  MailState = "failed"  // the relay has refused it, or could not be reached for too long
	MailBounced MailState = "bounced" // it came back
)

// InMail is a mail that came, whole or as far as it was fetched.
type InMail struct {
	ID           int64
	Mailbox      string
	Validity     uint32
	UID          uint32 // 0: forgotten
	Fingerprint  string // the same for the same mail under another UID
	MessageID    string // without angle brackets; "" if it has none, or was not looked at
	Received     time.Time
	Bytes        int64 // of the whole mail
	Raw          []byte
	State        MailState
	Fate         string    // what it was taken for: see the fates of Letter.Nature
	Conversation int64     // 0: none
	Failed       int       // how often sorting it has failed
	Due          time.Time // when sorting it is tried again; zero: at once
	Apart        string    // names the parts of its bytes, which Raw lacks then; "": Raw has them
	Kept         time.Time // when it was stored; zero: its bytes were deleted
}

// OutMail is a mail that goes to one recipient.
type OutMail struct {
	ID           string // random; the address to which it bounces holds it
	Kind         MailKind
	Conversation int64       // 0: none
	Operator     OperatorJID // who ordered a mail without a conversation, and is told if it fails; "": nobody
	Upto         int64       // the last event that it tells of
	MessageID    string      // without angle brackets
	From, To     string      // of the envelope
	Raw          []byte
	State        MailState
	Words        string // the last words of the relay, or those of a bounce
	Tries        int
	Made         time.Time
	Due          time.Time // when it is tried next; zero unless queued
	Apart        string    // as of InMail
	Kept         time.Time // when it was made; zero: its bytes were deleted
}

// AutomaticMail says which mail is counted: that in a conversation, or that to an address, or all of it.
type AutomaticMail struct {
	Conversation int64     // if it is set, nothing else counts
	To           string    // in whatever case; "": to anybody
	Since        time.Time // when it was made at the earliest
}

// Thread is how the mail of one recipient in a conversation hangs together.
type Thread struct {
	Conversation int64
	Address      string // of the recipient, lower case
	Token        string // in the address to which they answer
	Subject      string // what its mail is about, without "Re:"; "" until somebody has said that
	LastMail     string // the Message-ID of the recipient's last mail; "": none came
}

// Mailing is how far a conversation's visitor has been told, by the page or by mail.
type Mailing struct {
	Conversation int64
	Upto         int64
	Due          time.Time // when the rest goes by mail; zero: not yet
	Forced       bool      // it goes though the page is open
}

// MailReader reads the mail that came and that goes.
type MailReader interface {
	// MailCursor is zero for a mailbox that was never read.
	MailCursor(mailbox string) (MailCursor, error)
	InMail(id int64) (InMail, error)
	// UnsortedMail lists the ids of mail in states MailNew and MailSorted whose Due is not after now, oldest
	// first.
	UnsortedMail(now time.Time, limit int) ([]int64, error)
	// MailByFingerprint finds the id of mail that came before.
	MailByFingerprint(fingerprint string) (int64, error)
	// ConversationOfMail finds the conversation of mail that came or went under a Message-ID; if there is
	// none, of one whose id differs in case only.
	ConversationOfMail(messageID string) (int64, error)
	// MailElsewhere finds the conversation of mail with a Message-ID that came to another mailbox.
	MailElsewhere(messageID, mailbox string) (int64, error)
	// Mailing is zero, except for its number, if nobody has been told anything.
	Mailing(number int64) (Mailing, error)
	DueMailings(now time.Time, limit int) ([]int64, error) // numbers, earliest first
	ThreadByToken(token string) (Thread, error)
	Thread(number int64, address string) (Thread, error)
	OutMail(id string) (OutMail, error)
	OutMailByMessageID(id string) (OutMail, error) // in any case, as ConversationOfMail
	// OutMailsTo lists the Message-IDs of the last mails of a conversation to an address, oldest first.
	OutMailsTo(number int64, address string, limit int) ([]string, error)
	// DueOutMail lists the ids of queued mail that is due at or before now: answers and transcripts before what is
	// sent by itself, statistics last, and of each what was made earliest first.
	DueOutMail(now time.Time, limit int) ([]string, error)
	// OverdueOutMail lists the ids of queued mail that is due at or before now, was made so long ago, and was due
	// earlier than so long after it was made.
	OverdueOutMail(now time.Time, by time.Duration, limit int) ([]string, error)
	// CountOutMail counts the queued mail, and says when the oldest of it was made; zero if there is none.
	CountOutMail() (int, time.Time, error)
	// MailParts is what the parts of a mail make together. CodeNotFound says that one is missing.
	MailParts(apart string) ([]byte, error)
	CountMailParts(apart string) (int, error)
	// OldMail lists the ids of mail whose bytes were stored before a time and are not needed any more.
	OldMail(before time.Time, limit int) (in []int64, out []string, err error)
	// LeftMailParts lists parts that no mail names and that were stored before a time, without their bytes.
	LeftMailParts(before time.Time, limit int) ([]MailPart, error)
	// CountAutomaticMail counts the mail of automatic kinds that q is about.
	CountAutomaticMail(q AutomaticMail) (int, error)
	// Undelivered lists the Words of mails to an address, in whatever case, that were made since a time and have
	// failed or came back: newest first, at most limit.
	Undelivered(address string, since time.Time, limit int) ([]string, error)
}

// MailWriter writes what MailReader reads.
type MailWriter interface {
	SaveMailCursor(mailbox string, c MailCursor) error
	// CreateInMail stores a mail and assigns m.ID.
	CreateInMail(m *InMail) error
	// SaveInMail changes what has become of a mail: its MessageID, State, Fate, Conversation, Failed, Due.
	SaveInMail(m InMail) error
	// ForgetUIDs takes the UIDs from one on away from a mailbox's mail, since the server gives them to other mail.
	ForgetUIDs(mailbox string, validity, from uint32) error
	SaveMailing(m Mailing) error
	// SaveThread creates or changes the thread of a conversation and an address.
	SaveThread(t Thread) error
	QueueWriter // call QueueMail
	// SaveOutMail changes what has become of a mail: its State, Words, Tries, Due.
	SaveOutMail(m OutMail) error
	// DeleteMailPart deletes a part, unless a mail names it.
	DeleteMailPart(p MailPart) error
	// EmptyInMail and EmptyOutMail delete a mail's bytes. Its parts stay, and are left over then.
	EmptyInMail(id int64) error
	EmptyOutMail(id string) error
}
