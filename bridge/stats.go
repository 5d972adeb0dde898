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

	Mails                                int           // mails that wait to be sent
	MailsAge                             time.Duration // the age of the oldest of them
	MailsSent, MailsFailed, MailsBounced int64         // since the start
	MailsWithheld                        int64         // automatic mails that the limits did not allow, since the start
}

// statsLimit is how many participants with unconfirmed events are looked at, and how many events each.
const statsLimit = 1000

// Stats returns how the bridge is doing now.
func (b *Bridge) Stats(ctx context.Context) (Stats, error) {
	s := Stats{Linked: b.Link.IsUp(), Stored: b.stored.Load(), Missed: b.hub.missed.Load(), Alarms: b.Alarms.total(), Available: len(b.Team.Available())}
	err := b.store.View(ctx, func(r Reader) error {
		var err error
		if s.Waiting, err = r.Waiting(""); err != nil {
			return err
		}
		if err := s.countMail(b, r); err != nil {
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

// countMail reads how mail that goes is doing.
func (s *Stats) countMail(b *Bridge, r Reader) error {
	s.MailsSent, s.MailsFailed, s.MailsBounced = b.Mail.sent.Load(), b.Mail.failed.Load(), b.Mail.bounced.Load()
	s.MailsWithheld = b.Mail.withheld.Load()
	n, oldest, err := r.CountOutMail()
	if err != nil || n == 0 {
		return err
	}
	s.Mails, s.MailsAge = n, b.clock.Now().Sub(oldest)
	return nil
}
