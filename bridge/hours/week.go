package hours

import (
	"time"

	"porchlight/bridge/phrase"
)

// On returns the slots that begin on the day that a clock in at's zone shows, exceptions included, in
// order; none: closed.
func (t Table) On(at time.Time) []Slot {
	if t.Empty() {
		return nil
	}
	return t.slots(dateOf(at))
}

// SaysDay says the slots of On to people: "9:00–12:30, 13:30–17:00".
func (t Table) SaysDay(at time.Time) phrase.Phrase {
	return saysSlots(t.On(at), named(dateOf(at)+1).brief)
}
