package hook

import (
	"context"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// Hook is a webhook.
type Hook struct {
	ID      string // random; a webhook that is deleted and made again has another one
	Name    string // by which super operators call it
	URL     string
	Secret  string // whsec_…, with which posts are signed
	Types   []Type // what is told; empty: everything
	State   State
	Since   int64 // the last conversation there was when the webhook was made
	Made    time.Time
	By      bridge.OperatorJID // who has made it
	GivenUp int64              // posts that were not taken in time
	Tried   time.Time          // the last post
	Result  phrase.Phrase      // why the last post was not taken; zero if it was
	Failing time.Time          // since when no post was taken; zero if the last one was
}

// wants reports whether the webhook tells this.
func (h Hook) wants(t Type) bool {
	for _, w := range h.Types {
		if w == t {
			return true
		}
	}
	return len(h.Types) == 0
}

// State says whether a webhook is used.
type State string

// The states.
const (
	On   State = "on"
	Off  State = "off"  // the receiver answered 410, and wants no more posts
	Gone State = "gone" // it was deleted, and its cursors are being deleted
)

// Cursor is how far a log was told to a webhook.
type Cursor struct {
	Hook         string
	Conversation int64
	Seq          int64     // all events up to this one are dealt with
	Part         int64     // how many posts of the next event were taken
	Tries        int64     // how often the next post has failed
	Due          time.Time // when it is tried again; zero if it has not failed
}

// Post is one request to a receiver.
type Post struct {
	ID     string // the same whenever it is tried again
	URL    string
	Secret string
	Body   []byte // JSON
}

// Answer is what a receiver answered.
type Answer struct {
	Status int
	Wait   time.Duration // how long it asks to wait before the next try; 0: it says nothing
}

// Taken reports whether the receiver has taken the post.
func (a Answer) Taken() bool { return a.Status >= 200 && a.Status < 300 }

// Carrier makes requests. Its methods may be called by any goroutine.
type Carrier interface {
	// Post makes a request, signs it, and returns within 15 s. It follows no redirect. The error says that there
	// was no answer; a *phrase.Error says so in words that super operators may read.
	Post(ctx context.Context, p Post) (Answer, error)
}
