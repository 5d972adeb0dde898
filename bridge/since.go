package bridge

import (
	"context"
	"time"
)

// OwnedSince tells since when conversations are their owners', by their numbers. A conversation without an owner is not
// among them. Any goroutine may call it.
func (t *Team) OwnedSince(ctx context.Context, list []Conversation) (since map[int64]time.Time, err error) {
	err = t.bridge.store.View(ctx, func(r Reader) error {
		since = make(map[int64]time.Time)
		for _, c := range list {
			parts, err := r.Participants(c.Number)
			if err != nil {
				return err
			}
			for _, p := range parts {
				if p.Operator != c.Owner || c.Owner == "" {
					continue
				}
				joined, err := r.Events(c.Number, p.Joined-1, 1)
				if err != nil {
					return err
				}
				if len(joined) > 0 {
					since[c.Number] = joined[0].At
				}
			}
		}
		return nil
	})
	return since, err
}
