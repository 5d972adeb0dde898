package bridge

import (
	"slices"
	"sync"
	"time"

	"porchlight/bridge/phrase"
)

// Storm knows whether more requests come than people can read one by one: more than
// Limits.OffersAtOnce within Limits.OffersWithin that nobody has taken meanwhile. It knows only the
// requests that came to this process, since nothing lasting depends on it. Its methods may be called
// by any goroutine.
type Storm struct {
	clock  Clock
	limits Limits
	alarms *Alarms
	mu     sync.Mutex
	came   []arrival // the newest requests that wait, oldest first, no more than tell a storm
	until  time.Time // the storm lasts at least so long
}

// arrival is a request that came, or that an operator was told of, and when that was.
type arrival struct {
	number int64
	at     time.Time
}

// without returns list without the arrivals of one conversation.
func without(list []arrival, number int64) []arrival {
	return slices.DeleteFunc(list, func(a arrival) bool { return a.number == number })
}

// stormCalm is how many times Limits.OffersWithin have to pass without a further burst before a storm
// is over.
const stormCalm = 6

// request counts a request that came now, and reports whether there is a storm.
func (s *Storm) request(number int64) bool {
	l, now := s.limits, s.clock.Now()
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
func (s *Storm) settled(number int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.came = without(s.came, number)
}

// On reports whether more requests come than people can read one by one, or did lately.
func (s *Storm) On() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock.Now().Before(s.until)
}

// watch counts the requests among events that were committed, and raises the alarm when they are
// a storm.
func (s *Storm) watch(events []Event) {
	for _, e := range events {
		turn, ok := e.Data.(Turn)
		switch {
		case !ok:
		case turn.taken():
			s.settled(e.Conversation)
		case turn.Reason != "" && turn.Reason != ReasonReopened:
		case s.request(e.Conversation):
			s.alarms.Raise(AlarmStorm, phrase.Say("Many requests come at once, more than %d in %d s. Operators are told of them together; queue lists them.",
				s.limits.OffersAtOnce, int(s.limits.OffersWithin.Seconds())))
		}
	}
}

// taken reports whether the state says that a request waits no more.
func (t Turn) taken() bool { return t.State == string(Active) || t.State == string(Closed) }

// calm clears the alarm when the storm is over.
func (s *Storm) calm() {
	if !s.On() {
		s.alarms.Clear(AlarmStorm, phrase.Say("Requests come at their usual rate again."))
	}
}
