package bridge

import (
	"fmt"
	"sync"
	"time"

	"porchlight/bridge/phrase"
)

// poisonPause is how long a conversation that can't be processed is left alone.
const poisonPause = 10 * time.Minute

// poison remembers which conversations are left alone, and until when.
type poison struct {
	mu    sync.Mutex
	until map[int64]time.Time
}

// Quarantine leaves a conversation alone for a while because it can't be
// processed, so that it holds up nobody else, and reports it.
func (b *Bridge) Quarantine(number int64, err error) {
	b.poison.mu.Lock()
	b.poison.until[number] = b.clock.Now().Add(poisonPause)
	b.poison.mu.Unlock()
	b.log.Error("conversation can't be processed", "conversation", number, "err", err, "again_in", poisonPause)
	b.Alarm(poisonAlarm(number), phrase.Say("#%d can't be processed; it is left alone for %d minutes. The log says why.", number, int(poisonPause.Minutes())))
}

// Poisoned reports that something in a conversation can't be processed and was
// passed over.
func (b *Bridge) Poisoned(number int64, err error) {
	b.log.Error("passed over what can't be processed", "conversation", number, "err", err)
	b.Alarm(poisonAlarm(number), phrase.Say("Something in #%d can't be processed. The log says why.", number))
}

// poisonAlarm is raised for each conversation by itself.
func poisonAlarm(number int64) string { return fmt.Sprint(AlarmPoison, " #", number) }

// Quarantined reports whether a conversation is left alone. When it no longer
// is, the sides are told to try again (Retrier).
func (b *Bridge) Quarantined(number int64) bool {
	b.poison.mu.Lock()
	defer b.poison.mu.Unlock()
	_, on := b.poison.until[number]
	return on
}

// release ends the quarantines that are over.
func (b *Bridge) release() {
	var over []int64
	b.poison.mu.Lock()
	for number, until := range b.poison.until {
		if !b.clock.Now().Before(until) {
			delete(b.poison.until, number)
			over = append(over, number)
		}
	}
	b.poison.mu.Unlock()
	for _, number := range over {
		b.hub.publishRetry(number)
	}
}
