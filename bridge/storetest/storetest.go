// Package storetest says what every bridge.Store must do, as tests. An engine's own tests call
// Run and Child, and cover what only that engine does, such as how it shares commits.
//
// The rules are those that package bridge relies on. What is stored comes back whole, in
// a defined order, in pages that lose nothing. A conversation changes only by
// compare-and-swap. An update is kept whole or not at all, and what was acknowledged survives
// the process.
package storetest

import (
	"context"
	"path/filepath"
	"testing"

	"porchlight/bridge"
)

// Store is a bridge.Store that can be closed.
type Store interface {
	bridge.Store
	Close() error
}

// Open opens the store at a place, and makes one if there is none. A place is the path of
// a file in a folder that exists; an engine that keeps its data elsewhere may use the path as
// a name. Stores at two places know nothing of each other. A place is opened again only after
// its store was closed, or its process has ended.
type Open func(ctx context.Context, place string) (Store, error)

// rule is a sentence about stores, and the check that finds out whether it is true of one.
type rule struct {
	name  string
	check func(*trial)
}

// Run checks an engine against every rule. Each rule gets an empty store.
func Run(t *testing.T, open Open) {
	for _, room := range []struct {
		name  string
		rules []rule
	}{
		{"Conversation", conversationRules}, {"Event", eventRules}, {"Visitor", visitorRules}, {"Team", teamRules},
		{"Desk", deskRules}, {"File", fileRules}, {"Feedback", feedbackRules}, {"Pass", passRules}, {"Notice", noticeRules}, {"Reminder", reminderRules}, {"Mail", mailRules}, {"Hook", hookRules}, {"Node", nodeRules}, {"Update", updateRules}, {"Text", textRules}, {"View", viewRules}, {"AtOnce", atOnceRules}, {"End", endRules},
	} {
		t.Run(room.name, func(t *testing.T) {
			for _, r := range room.rules {
				t.Run(r.name, func(t *testing.T) {
					r.check(begin(t, open, filepath.Join(t.TempDir(), "store")))
				})
			}
		})
	}
}
