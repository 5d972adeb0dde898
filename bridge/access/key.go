package access

import (
	"context"
	"slices"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// Scope is something that a key allows. A key without a scope allows nothing.
type Scope string

// The scopes.
const (
	Read       Scope = "read"       // list conversations, and read them with their logs
	Tickets    Scope = "tickets"    // open tickets
	Post       Scope = "post"       // say something in conversations as the system
	Attributes Scope = "attributes" // set the attributes of conversations
)

// Scopes lists all scopes.
func Scopes() []Scope { return []Scope{Read, Tickets, Post, Attributes} }

// ParseScopes reads scopes with commas or spaces between, in any order.
func ParseScopes(s string) (list []Scope, err error) {
	for word := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool { return r == ',' || r == ' ' }) {
		scope := Scope(word)
		if !slices.Contains(Scopes(), scope) {
			return nil, phrase.Fail(phrase.CodeInvalid, "%q is nothing that a key allows. It may allow: %s.", bridge.Clip(word, 40), Words(Scopes()))
		}
		if !slices.Contains(list, scope) {
			list = append(list, scope)
		}
	}
	if len(list) == 0 {
		return nil, phrase.Fail(phrase.CodeInvalid, "Say what the key allows: %s.", Words(Scopes()))
	}
	return list, nil
}

// Words writes scopes as super operators do: "read, tickets".
func Words(list []Scope) string {
	var words []string
	for _, s := range list {
		words = append(words, string(s))
	}
	return strings.Join(words, ", ")
}

// Key lets a server of the site use the API. The key itself is stored nowhere.
type Key struct {
	Hash   []byte // SHA-256 of the key
	Name   string // by which super operators call it
	Scopes []Scope
	Made   time.Time
	By     bridge.OperatorJID
	Used   time.Time // when it was used last, within usedEvery; zero: never
}

// May reports whether the key allows something.
func (k Key) May(s Scope) bool { return slices.Contains(k.Scopes, s) }

// Store is what keys, and the API that they open, need of a database. Its methods may be called by any goroutine, and
// are those of bridge.Store in all else.
type Store interface {
	// UpdateAccess runs f in a write transaction, perhaps more than once.
	UpdateAccess(ctx context.Context, f func(Tx) error) error
	// ViewAccess runs f on a consistent snapshot of what is committed.
	ViewAccess(ctx context.Context, f func(Reader) error) error
}

// Reader reads keys and conversations.
type Reader interface {
	Keys() ([]Key, error) // by name
	// Key finds a key by its hash. CodeNotFound says that there is none.
	Key(hash []byte) (Key, error)
	Conversation(number int64) (bridge.Conversation, error)
	Request(number int64) (bridge.Request, error)
	Events(number, after int64, limit int) ([]bridge.Event, error)
	// Numbers lists conversations with a number above after, by number.
	Numbers(after int64, limit int) ([]int64, error)
}

// Tx also writes.
type Tx interface {
	Reader
	// SaveKey stores a new key. CodeConflict says that there is one of that name.
	SaveKey(k Key) error
	// UseKey stores when a key was used last.
	UseKey(hash []byte, at time.Time) error
	// DeleteKey gives CodeNotFound if there is none of that name.
	DeleteKey(name string) error
	// SaveAttributes stores the attributes of a conversation's request: a JSON object, or "".
	SaveAttributes(number int64, attributes string) error
	AppendAudit(a *bridge.Audit) error
}
