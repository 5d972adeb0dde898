package bridge

import (
	"context"
	"time"
)

// Stats says how the bridge is doing.
type Stats struct {
	Linked    bool
	Stored    int64         // events stored since the start
	Alarms    int64         // alarms raised since the start
	Missed    int64         // news that a side was not told because it did not keep up
	Waiting   int           // conversations that wait, tickets included
	Available int           // operators who get offers now
	Outbox    int64         // events on their way to operators, not confirmed yet
	OutboxAge time.Duration // the age of the oldest of these events
}

// statsLimit is how many participants with unconfirmed events are looked at, and how many events each.
const statsLimit = 1000

// Stats returns how the bridge is doing now.
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
