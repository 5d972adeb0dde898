package archive

import (
	"context"
	"fmt"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// Transcript returns a conversation with its whole log to an operator who may read it. If that is so by right alone, the
// audit log has it then. CodeNotFound says that there is no such conversation, and CodeForbidden that the operator may not read it.
func (a *Archive) Transcript(ctx context.Context, o bridge.Operator, number int64) (card bridge.Card, log []bridge.Event, err error) {
	right := NoRight
	err = a.store.ViewArchive(ctx, func(r Reader) error {
		c, err := r.Conversation(number)
		if err != nil {
			return err
		}
		if right, err = rightTo(r, o, c); err != nil {
			return err
		}
		if right == NoRight {
			return phrase.Fail(phrase.CodeForbidden, "You may not use transcript for #%d: you took no part in it. A super operator can allow search, for your departments, or others, for all.", number)
		}
		log, err = logOf(r, number)
		return err
	})
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		return card, nil, phrase.Fail(phrase.CodeNotFound, "There is no conversation #%d.", number)
	}
	if err == nil && right != OfOwn {
		line := bridge.Audit{At: a.bridge.Now(), By: o.JID, ByName: o.Name, About: string(o.JID), Line: fmt.Sprintf("transcript %d", number)}
		err = a.store.UpdateArchive(ctx, func(tx Tx) error { return tx.AppendAudit(&line) })
	}
	if err != nil {
		return card, nil, err
	}
	card, err = a.bridge.Card(ctx, number)
	return card, log, err
}
