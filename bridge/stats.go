package bridge

import (
	"context"
	"time"
)

// Stats is how the bridge is doing.
type Stats struct {
	Linked    bool
	Stored    int64 // events since the start
	Alarms    int64 // raised since the start
	Missed    int64 // changes that a side was not told of: it did not keep up
	Waiting   int   // conversations, tickets included
	Available int   // operators
	Outbox    int64 // events that operators have to get, not confirmed yet
	OutboxAge time.Duration
}

// statsLimit is how many conversations with unconfirmed events are looked at.
const statsLimit = 1000

// Stats returns how it is doing now.
func (b *Bridge) Stats(ctx context.Context) (Stats, error) {
	s := Stats{Linked: b.Link.IsUp(), Stored: b.stored.Load(), Missed: b.hub.missed.Load(), Alarms: b.Alarms.total(), Available: len(b.Team.Available())}
	err := b.store.View(ctx, func(r Reader) error {
		var err error
		if s.Waiting, err = r.Waiting(); err != nil {
			return err
		}
		behind, err := r.UnconfirmedParticipants(0, statsLimit)
		if err != nil {
			return err
		}
		for _, p := range behind {
			events, err := r.Events(p.Conversation, p.Confirmed, statsLimit)
			if err != nil {
				return err
			}
			s.Outbox += int64(len(events))
			if len(events) > 0 {
				s.OutboxAge = max(s.OutboxAge, b.clock.Now().Sub(events[0].At))
			}
		}
		return nil
	})
	return s, err
}
