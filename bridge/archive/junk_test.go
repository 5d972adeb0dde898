package archive_test

import (
	"errors"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/archive"
	"porchlight/bridge/phrase"
)

// TestErase_VotesOfJunk: a vote in junk counts nowhere, and not when the junk is erased either.
func TestErase_VotesOfJunk(t *testing.T) {
	s := newShelf(t)
	for _, reason := range []string{bridge.ReasonJunk, bridge.ReasonOperator} {
		n := s.talk("support", "visitor: idiots", "xavi: pardon?")
		var c bridge.Conversation
		s.update(func(tx bridge.Tx) (err error) {
			c, err = tx.Conversation(n)
			c.Reason = reason
			return errors.Join(err, tx.SaveConversation(c, c.Seq), tx.CreateFeedback(&bridge.Feedback{Conversation: n, Operator: xavi, Score: 1, At: c.OpenedAt}))
		})
		who, _ := s.bridge.Team.Operator(xavi)
		_, err := s.archive.Erase(t.Context(), who, archive.Person{Visitors: []bridge.Visitor{{JID: c.Visitor}}, Conversations: []bridge.Conversation{c}})
		s.must(err)
		if _, err := s.bridge.Conversation(t.Context(), n); phrase.CodeOf(err) != phrase.CodeNotFound {
			t.Errorf("%s: #%d is not erased: %v", reason, n, err)
		}
		tally, _, _, err := s.bridge.Votes.List(t.Context(), xavi, bridge.Always(), 1)
		if want := map[string]int64{bridge.ReasonJunk: 0, bridge.ReasonOperator: 1}[reason]; err != nil || tally.Count() != want {
			t.Errorf("%s: votes %v, want %d: %v", reason, tally, want, err)
		}
	}
}
