package email

import (
	"context"
	"slices"
	"time"

	"porchlight/bridge"
)

const (
	mostUrgent = 16        // urgent mails are held in memory; the others wait in the bridge
	urgentFor  = time.Hour // afterwards an urgent mail is sent no more, as other notices: it would ring for what is over
)

// urgentAgain holds how long an urgent mail waits after each refusal; afterwards it is given up.
var urgentAgain = [...]time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute}

// urgentMail is a mail that can't be stored, so what becomes of it is known here alone.
type urgentMail struct {
	bridge.OutMail
	began time.Time // when it came here
	due   time.Time // when it is tried next
	tries int
}

// sendUrgent sends what can't be stored and is due. A mail that is refused waits by itself: it holds neither the
// queue nor other urgent mail.
func (s *sender) sendUrgent(ctx context.Context) {
	s.takeUrgent()
	s.urgent = slices.DeleteFunc(s.urgent, func(m urgentMail) bool {
		if s.bridge.Now().Sub(m.began) <= urgentFor {
			return false
		}
		s.givesUp(m)
		return true
	})
	for i := 0; i < len(s.urgent) && ctx.Err() == nil; {
		now := s.bridge.Now()
		if now.Before(s.health.heldUntil()) || !s.pace.may(now) {
			return
		}
		if s.urgent[i].due.After(now) {
			i++
			continue
		}
		s.pace.goes(now)
		if s.tryUrgent(ctx, &s.urgent[i]) {
			s.urgent = slices.Delete(s.urgent, i, i+1)
		} else {
			i++
		}
	}
}

// takeUrgent takes what the bridge can't store, as long as there is room.
func (s *sender) takeUrgent() {
	for len(s.urgent) < mostUrgent {
		select {
		case m := <-s.bridge.Mail.Urgent():
			now := s.bridge.Now()
			s.urgent = append(s.urgent, urgentMail{OutMail: m, began: now, due: now})
		default:
			return
		}
	}
}

// tryUrgent sends an urgent mail. It reports whether the mail is done with.
func (s *sender) tryUrgent(ctx context.Context, m *urgentMail) bool {
	v, _ := s.try(ctx, m.OutMail)
	switch v {
	case taken:
		return true
	case later, lost:
		if m.tries < len(urgentAgain) {
			m.due = s.bridge.Now().Add(urgentAgain[m.tries])
			m.tries++
			return false
		}
	case unknown, ours:
		return false
	}
	s.givesUp(*m)
	return true
}

// givesUp tells the log alone, since the store takes nothing now. What the mail says is not logged.
func (s *sender) givesUp(m urgentMail) {
	s.log.Error("an urgent mail is given up", "mail", m.ID, "tries", m.tries+1)
}
