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
