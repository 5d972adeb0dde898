package bridge

import (
	"sync"
	"time"

	"porchlight/bridge/phrase"
)

// Alarms are faults that people have to do something about. Each is raised once
// and not again before it was cleared, or an hour has gone.
const (
	AlarmStore    = "store"    // the database can't be written
	AlarmDamage   = "damage"   // a part of the database could not be used at the start
	AlarmPoison   = "poison"   // a conversation can't be processed
	AlarmConflict = "conflict" // another component has our domain
	AlarmHalved   = "halved"   // the server gives part of what is for us to a dead connection
	AlarmRoom     = "room"     // the operators' room can't be used
	AlarmStorm    = "storm"    // more requests come than people can read
)

const alarmAgain = time.Hour

type alarms struct {
	mu     sync.Mutex
	raised map[string]time.Time
	count  int64
}

// Alarm raises an alarm: in the log, in Stats, and to the super operators.
func (b *Bridge) Alarm(name string, text phrase.Phrase) {
	now := b.clock.Now()
	b.alarms.mu.Lock()
	at, on := b.alarms.raised[name]
	fresh := !on || now.Sub(at) > alarmAgain
	if fresh {
		b.alarms.raised[name] = now
		b.alarms.count++
	}
	b.alarms.mu.Unlock()
	if !fresh {
		return
	}
	b.log.Error("alarm", "alarm", name, "text", text.String())
	b.hub.publishAlarm(text)
}

// ClearAlarm says that a fault is over; text is told if it had been raised.
func (b *Bridge) ClearAlarm(name string, text phrase.Phrase) {
	b.alarms.mu.Lock()
	_, on := b.alarms.raised[name]
	delete(b.alarms.raised, name)
	b.alarms.mu.Unlock()
	if !on {
		return
	}
	b.log.Info("alarm over", "alarm", name)
	b.hub.publishAlarm(text)
}

// LogDamage is the text of AlarmDamage: so many bytes and commits at the end of the
// database's log could not be used, and a copy of it was kept there ("": nowhere).
func LogDamage(bytes int64, commits int, kept string) phrase.Phrase {
	if kept == "" {
		kept = "-"
	}
	return phrase.Say("The end of the database's log was damaged when porchlight started: %d bytes (%d commits) could not be used. What was acknowledged shortly before the last stop may be lost. A copy of the log: %s",
		bytes, commits, kept)
}

// watchStore raises and clears the alarm of the store by what an update gave.
func (b *Bridge) watchStore(err error) {
	switch phrase.CodeOf(err) {
	case phrase.CodeUnavailable:
		b.Alarm(AlarmStore, phrase.Say("The database can't be written (is the disk full?). Visitors are told to try again; nothing is acknowledged until it works again."))
	case "":
		if b.alarms.storeRaised() {
			b.ClearAlarm(AlarmStore, phrase.Say("The database can be written again."))
		}
	}
}

func (a *alarms) storeRaised() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	_, on := a.raised[AlarmStore]
	return on
}
