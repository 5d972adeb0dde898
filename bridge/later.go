package bridge

import (
	"context"
	"time"

	"porchlight/bridge/phrase"
)

// Defer puts a conversation off until a time, which is in the future and at most a year away. It stays the
// owner's, and comes back then or when the visitor writes. A zero time takes that back.
func (b *Bridge) Defer(ctx context.Context, jid OperatorJID, v VisitorJID, until time.Time) (Conversation, error) {
	now := b.clock.Now()
	switch {
	case until.IsZero():
	case !until.After(now):
		return Conversation{}, phrase.Fail(phrase.CodeInvalid, "That moment is over.")
	case until.After(now.AddDate(1, 0, 0)):
		return Conversation{}, phrase.Fail(phrase.CodeInvalid, "That is more than a year away.")
	}
	return b.operatorActs(ctx, jid, byVisitor(v).then(Action{Type: OperatorDefers, Until: until}))
}
