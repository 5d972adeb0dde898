package hook

import (
	"context"
	"time"

	"porchlight/bridge"
)

// Store is what webhooks need of a database. Its methods may be called by any goroutine, and are those of
// bridge.Store in all else.
type Store interface {
	// UpdateHooks runs f in a write transaction, perhaps more than once.
	UpdateHooks(ctx context.Context, f func(Tx) error) error
	// ViewHooks runs f on a consistent snapshot of what is committed.
	ViewHooks(ctx context.Context, f func(Reader) error) error
}

// Reader reads logs, and how far they were told.
type Reader interface {
	Conversation(number int64) (bridge.Conversation, error)
	Request(number int64) (bridge.Request, error)
	Events(number, after int64, limit int) ([]bridge.Event, error)
	// LastNumber is the greatest number of a conversation, 0 if there is none.
	LastNumber() (int64, error)
	// Hooks lists the webhooks, those that are gone included, by name.
	Hooks() ([]Hook, error)
	// Hook finds a webhook by its id. CodeNotFound says that there is none.
	Hook(id string) (Hook, error)
	// HookCursor finds how far a log was told to a webhook. CodeNotFound says that nothing of it was.
	HookCursor(id string, number int64) (Cursor, error)
	// Before is the seq of the last event of a log that was stored before a time, 0 if none was.
	Before(number int64, at time.Time) (int64, error)
	// Untold lists the conversations with a number above after, up to a number, whose log goes on past what was
	// told to a webhook and in which no post waits to be tried again: by number. A conversation without a cursor
	// counts from its beginning if it is newer than the webhook, and else if its last event is.
	Untold(h Hook, after, upto int64) ([]int64, error)
	// DueCursors lists the conversations whose next post has failed and is due at or before now, earliest first.
	DueCursors(id string, now time.Time, limit int) ([]int64, error)
	// NextDue is when the next of these is due, zero if no post has failed.
	NextDue(id string) (time.Time, error)
	// Failed counts the conversations in which a post to a webhook waits to be tried again.
	Failed(id string) (int64, error)
}

// Tx also writes.
type Tx interface {
	Reader
	// SaveHook stores a webhook, or changes all but its Since, Made and By.
	SaveHook(h Hook) error
	DeleteHook(id string) error
	// SaveHookCursor stores how far a log was told. was is what was stored before, the zero Cursor if nothing
	// was; CodeConflict says that it is something else by now.
	SaveHookCursor(c, was Cursor) error
	// HastenCursors makes all posts of a webhook that have failed due now.
	HastenCursors(id string, now time.Time) error
	// ForgetCursors deletes a part of a webhook's cursors, and reports whether there are more.
	ForgetCursors(id string) (more bool, err error)
	AppendAudit(a *bridge.Audit) error
}
