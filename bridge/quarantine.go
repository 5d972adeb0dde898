package bridge

import (
	"fmt"
	"log/slog"
	"sync"
	"time"

	"porchlight/bridge/phrase"
)

// poisonPause is how long a conversation that can't be processed is left alone.
const poisonPause = 10 * time.Minute

// Quarantine remembers which conversations are left alone because they can't be processed, and
// until when, so that they hold up no others. Its methods may be called by any goroutine.
type Quarantine struct {
	clock  Clock
	log    *slog.Logger
	alarms *Alarms
	hub    *hub
	mu     sync.Mutex
	until  map[int64]time.Time
}

// Put leaves a conversation alone for a while, and raises an alarm that says so.
func (q *Quarantine) Put(number int64, err error) {
	q.mu.Lock()
	q.until[number] = q.clock.Now().Add(poisonPause)
	q.mu.Unlock()
	q.log.Error("conversation can't be processed", "conversation", number, "err", err, "again_in", poisonPause)
	q.alarms.Raise(poisonAlarm(number), phrase.Say("#%d can't be processed; it is left alone for %d minutes. The log says why.", number, int(poisonPause.Minutes())))
}

// PassedOver reports that something in a conversation can't be processed and was
// passed over.
func (q *Quarantine) PassedOver(number int64, err error) {
	q.log.Error("passed over what can't be processed", "conversation", number, "err", err)
	q.alarms.Raise(poisonAlarm(number), phrase.Say("Something in #%d can't be processed. The log says why.", number))
}

// poisonAlarm is the name of the alarm for one conversation.
func poisonAlarm(number int64) string { return fmt.Sprint(AlarmPoison, " #", number) }

// Holds reports whether a conversation is left alone. When that ends, the sides are told to try
// again (Retrier).
func (q *Quarantine) Holds(number int64) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	_, on := q.until[number]
	return on
}

// release ends the quarantines whose time is over.
func (q *Quarantine) release() {
	var over []int64
	q.mu.Lock()
	for number, until := range q.until {
		if !q.clock.Now().Before(until) {
			delete(q.until, number)
			over = append(over, number)
		}
	}
	q.mu.Unlock()
	for _, number := range over {
		q.hub.publishRetry(number)
	}
}
