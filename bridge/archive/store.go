package archive

import (
	"context"
	"time"

	"porchlight/bridge"
)

// Store is what the archive needs of a database. Its methods may be called by any goroutine, and are those of
// bridge.Store in all else.
type Store interface {
	// UpdateArchive runs f in a write transaction, perhaps more than once.
	UpdateArchive(ctx context.Context, f func(Tx) error) error
	// ViewArchive runs f on a consistent snapshot of what is committed.
	ViewArchive(ctx context.Context, f func(Reader) error) error
	// Scrub returns when nothing that was deleted before is in the store's files any more. It works in small steps, and
	// waits for a moment in which nobody reads; while another process reads for long it fails.
	Scrub(ctx context.Context) error
}

// Reader reads logs and the index.
type Reader interface {
	Conversation(number int64) (bridge.Conversation, error)
	Request(number int64) (bridge.Request, error)
	Events(number, after int64, limit int) ([]bridge.Event, error)
	Participants(number int64) ([]bridge.Participant, error)
	Tags(number int64) ([]string, error) // of a conversation, in lower case, by name
	Setting(key string) (string, error)
	// LastNumber is the greatest number of a conversation, 0 if there is none.
	LastNumber() (int64, error)
	// Begun finds the first conversation with a number of at least the given one, and when it began. Number
	// 0 says that there is none.
	Begun(number int64) (first int64, at time.Time, err error)
	// Unread lists the conversations with a number above after, up to a number, whose log goes on past
	// what was read of it: by number.
	Unread(after, upto int64) ([]int64, error)
	// ReadUpto is how far a conversation's log was read, 0 if it was not.
	ReadUpto(number int64) (int64, error)
	// Last lists the numbers of the conversations from one number until before another, the greatest first, at most limit.
	Last(from, below int64, limit int) ([]int64, error)
	// Look asks the index: the numbers of conversations, the greatest first, at most limit.
	Look(l Lookup, limit int) ([]int64, error)
	// Bridge reads all else, in the same transaction.
	Bridge() bridge.Reader
	// Ended lists conversations of a department that ended before a time, those that ended first first, without the first skip ones, at
	// most limit.
	Ended(department string, before time.Time, skip, limit int) ([]int64, error)
	// CountMails is how many mails came into a conversation or went out of it.
	CountMails(number int64) (int, error)
	// StrayMails lists mails that belong to no conversation, that are sorted or refused, and whose bytes are kept, with an id
	// above after, by id.
	StrayMails(after int64, limit int) ([]int64, error)
}

// Tx also writes.
type Tx interface {
	Reader
	SaveSetting(key, value string) error
	AppendAudit(a *bridge.Audit) error
	// Index stores the entry of a conversation in the place of the one that it may have, with how far the log
	// was read. was is how far it was read before; CodeConflict says that somebody else has read on meanwhile.
	Index(number, was, upto int64, words []string) error
	// Unindex takes the entry of a conversation away, if it has one.
	Unindex(number int64) error
	// Forget takes a part of all entries away, and reports whether there are more.
	Forget() (more bool, err error)
	// Erase deletes a closed conversation with all that belongs to it, its entry in the index included. Its vote and its
	// tags are counted without it from then on. Of mails that came in it only what keeps them from coming once more is left.
	Erase(number int64) error
	// DeleteMailParts deletes at most limit parts of the large mails of a conversation, and reports whether there may be more.
	DeleteMailParts(number int64, limit int) (more bool, err error)
	// DeleteVisitor deletes a visitor who has no conversation, and reports whether there was one.
	DeleteVisitor(v bridge.VisitorJID) (gone bool, err error)
	// DeleteDeskEntry deletes an entry of an operator's desk log; it may be gone already.
	DeleteDeskEntry(o bridge.OperatorJID, seq int64) error
	// DeleteSearchLinks deletes the links that open what was searched for on the team's page, and were not used yet.
	DeleteSearchLinks() error
	// EmptyMail deletes all of a mail that came but what keeps it from coming once more.
	EmptyMail(id int64) error
	// EmptyNotices deletes the bytes of at most limit mails with notices to operators that were made from one time until
	// another and don't wait to be sent, and reports whether there may be more.
	EmptyNotices(from, until time.Time, limit int) (more bool, err error)
	// BridgeTx writes all else, in the same transaction.
	BridgeTx() bridge.Tx
	// Tidy does a part of what the index puts off, such as to drop what was taken away, and reports whether
	// there is more to do.
	Tidy() (more bool, err error)
}

// Lookup is what the index is asked for. The words and labels are those of an entry; nothing in them has a
// meaning for the store.
type Lookup struct {
	Words  []string   // each of them is in the entry
	Begins []string   // with each of them some word of the entry begins
	Labels [][]string // of each list one at least is in the entry
	From   int64      // the least number
	Below  int64      // the first number that is too great
}
