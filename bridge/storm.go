package bridge

import (
	"slices"
	"sync"
	"time"

	"porchlight/bridge/phrase"
)

// storm knows whether more requests come than people can read one by one: more than
// Limits.OffersAtOnce within Limits.OffersWithin that nobody has taken meanwhile. It is
// of this process alone, since it decides nothing that has to outlive it.
type storm struct {
	mu    sync.Mutex
	came  []arrival // the newest that wait, oldest first, no more than tell a storm
	until time.Time // the storm lasts at least so long
}

// arrival is a request that came, or that an operator was told of.
type arrival struct {
	number int64
	at     time.Time
}

// without is list without a conversation.
func without(list []arrival, number int64) []arrival {
	return slices.DeleteFunc(list, func(a arrival) bool { return a.number == number })
}

// stormCalm is for how many times Limits.OffersWithin no further burst may come before a
// storm is over.
const stormCalm = 6

// request counts one that came now, and reports whether there is a storm.
func (s *storm) request(number int64, l Limits, now time.Time) bool {
	if l.OffersAtOnce <= 0 {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.came = append(s.came, arrival{number, now})
	if n := len(s.came) - l.OffersAtOnce - 1; n > 0 {
		s.came = append(s.came[:0], s.came[n:]...)
	}
	if len(s.came) > l.OffersAtOnce && now.Sub(s.came[0].at) <= l.OffersWithin {
		s.until = now.Add(stormCalm * l.OffersWithin)
	}
	return now.Before(s.until)
}

// settled takes in that a request waits no more.
func (s *storm) settled(number int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.came = without(s.came, number)
}

// on reports whether there is a storm.
func (s *storm) on(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return now.Before(s.until)
}

// Storm reports whether more requests come than people can read one by one, or did a
// moment ago. Any goroutine may ask.
func (b *Bridge) Storm() bool { return b.storm.on(b.clock.Now()) }

// watchStorm counts the requests among events that were committed, and raises the
// alarm when they are a storm.
func (b *Bridge) watchStorm(events []Event) {
	for _, e := range events {
		turn, ok := e.Data.(Turn)
		if !ok {
			continue
		}
		if turn.State == string(Active) || turn.State == string(Closed) {
			b.storm.settled(e.Conversation)
			b.pace.settled(e.Conversation)
			continue
		}
		if turn.Reason != "" && turn.Reason != ReasonReopened {
			continue
		}
		if b.storm.request(e.Conversation, b.opts.Limits, b.clock.Now()) {
			b.Alarm(AlarmStorm, phrase.Say("Many requests come at once, more than %d in %d s. Operators are told of them together; queue lists them.",
				b.opts.Limits.OffersAtOnce, int(b.opts.Limits.OffersWithin.Seconds())))
		}
	}
}

// calm clears the alarm once the storm is over.
func (b *Bridge) calm() {
	if !b.Storm() {
		b.ClearAlarm(AlarmStorm, phrase.Say("Requests come at their usual rate again."))
	}
}
