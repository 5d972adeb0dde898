package imap

import (
	"context"
	"errors"
	"time"
)

// Raw is a mail as the server has it.
type Raw struct {
	Validity uint32    // the mailbox's UIDVALIDITY (RFC 9051 §2.3.1.1)
	UID      uint32    // the mail's number; with Validity it names the mail
	Received time.Time // when the mailbox got the mail (INTERNALDATE), in UTC; zero if nothing could be fetched
	Size     int64     // in bytes, as the server says, which may be an estimate (RFC822.SIZE)
	Body     []byte    // header and text
	Whole    bool      // Body is the whole mail. If not, it is the header and the first 64 KB of the text, or less
}

// Cursor is how far a mailbox was read.
type Cursor struct {
	Validity uint32    // the UIDVALIDITY for which Next counts; 0 if the mailbox was never read
	Next     uint32    // mails with a lower UID are done
	Last     time.Time // the latest Received of all mails taken, or what Start said if that is later
}

// Store keeps what a mailbox has brought. Whatever moves the cursor does so in the transaction that keeps the
// mail, so a mail is neither lost nor taken twice when the program ends in between. The Mailbox's goroutine
// alone calls a Store.
type Store interface {
	// Cursor returns how far the mailbox was read.
	Cursor(context.Context) (Cursor, error)
	// Start says where reading begins: at the first start ever, and when the server has given all mails new
	// UIDs, or gives UIDs anew (the same Validity, and a lower Next than before). It replaces the cursor.
	Start(context.Context, Cursor) error
	// Take keeps a mail, and moves the cursor to its UID + 1 and to its time of arrival. After Start the same
	// mail may come again under another UID, so Take knows mails by what is in them. An error, or a panic, is
	// tried again twice; then the mail goes to Quarantine. After an error that wraps ErrStore the mail
	// is fetched again later, as often as need be. It must end within a minute.
	Take(context.Context, Raw) error
	// Quarantine keeps a mail that could not be taken or fetched, says so to operators, and moves the cursor
	// as Take does. Body holds what could be fetched, maybe nothing. If Quarantine fails, the mail
	// is fetched again later.
	Quarantine(context.Context, Raw, error) error
	// Pass moves the cursor to uid + 1: up to there, no further mail is to be read, because somebody
	// deleted it or because it is older than what is wanted.
	Pass(ctx context.Context, validity, uid uint32) error
}

// Report is told when the mailbox's health changes. The Mailbox's goroutine calls it, which must not be kept
// waiting. A connection that is lost and comes back at once is no change.
type Report interface {
	// Down says that the mailbox can't be read; err is a *Failure, with the server's words.
	Down(err error)
	// Well says that the mailbox is read: for the first time, or again after Down.
	Well()
}

// ErrStore says that the store can keep nothing now, whatever mail it is given.
var ErrStore = errors.New("the store can't be written")

// Clock tells the time of day. Waiting is done by the machine's timers.
type Clock interface{ Now() time.Time }
