package bridge

import (
	"context"
	"time"
)

// Figures is how the bridge is doing.
type Figures struct {
	Linked    bool
	Stored    int64 // events since the start
	Alarms    int64 // raised since the start
	Waiting   int   // conversations, tickets included
	Available int   // operators
	Outbox    int64 // events that operators have to get, not confirmed yet
	OutboxAge time.Duration
}

// figuresLimit is how many conversations with unconfirmed events are looked at.
const figuresLimit = 1000

// Figures returns them.
func (b *Bridge) Figures(ctx context.Context) (Figures, error) {
	f := Figures{Linked: b.Linked(), Stored: b.stored.Load(), Available: len(b.Available())}
	b.alarms.mu.Lock()
	f.Alarms = b.alarms.count
	b.alarms.mu.Unlock()
	err := b.store.View(ctx, func(r Reader) error {
		var err error
		if f.Waiting, err = r.Waiting(); err != nil {
			return err
		}
		behind, err := r.UnconfirmedParticipants(0, figuresLimit)
		if err != nil {
			return err
		}
		for _, p := range behind {
			events, err := r.Events(p.Conversation, p.Confirmed, figuresLimit)
			if err != nil {
				return err
			}
			f.Outbox += int64(len(events))
			if len(events) > 0 {
				f.OutboxAge = max(f.OutboxAge, b.clock.Now().Sub(events[0].At))
			}
		}
		return nil
	})
	return f, err
}
