package bridge

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"porchlight/bridge/phrase"
)

// The alarms.
const (
	AlarmStore    = "store"    // the database can't be written
	AlarmDamage   = "damage"   // a part of the database could not be used at the start
	AlarmPoison   = "poison"   // a conversation can't be processed
	AlarmConflict = "conflict" // another component has our domain
	AlarmHalved   = "halved"   // the server gives some of our stanzas to a dead connection
	AlarmRoom     = "room"     // the operators' room can't be used
	AlarmStorm    = "storm"    // more requests come than people can read
	AlarmLink     = "link"     // the XMPP link is down, so the desk reaches nobody
	AlarmQuota    = "quota"    // a service takes no more notices; the name goes on with the way
	AlarmErase    = "erase"    // somebody's erasure fails
	AlarmRetain   = "retain"   // what has been kept long enough can't be deleted
	AlarmWebhook  = "webhook " // a webhook's receiver takes nothing; the name goes on with the webhook's id
)

// alarmAgain is how long after it was raised an alarm that was not cleared is raised again.
const alarmAgain = time.Hour

// These are alarmAgain of some alarms.
const (
	quotaAgain = 31 * 24 * time.Hour // a limit may be one of the month
	linkAgain  = 24 * time.Hour      // the desk can tell it only when it is over
	dailyAgain = 24 * time.Hour
)

// Alarms knows the faults that people have to do something about. An alarm that is raised is
// not raised again before it was cleared or alarmAgain has passed. The methods may be called
// by any goroutine.
type Alarms struct {
	clock  Clock
	log    *slog.Logger
	hub    *hub
	mu     sync.Mutex
	raised map[string]time.Time
	count  int64                 // alarms raised since the start
	leave  map[string]alarmState // the alarms that leave by the ways of notices, too
}

// Raise raises an alarm: in the log, in Stats, and to the super operators.
func (a *Alarms) Raise(name string, text phrase.Phrase) { a.raise(name, text, alarmAgain) }

// RaiseDaily is Raise, but an alarm that was not cleared is raised again only after a day: for what people can't do
// much about, or can wait for.
func (a *Alarms) RaiseDaily(name string, text phrase.Phrase) { a.raise(name, text, dailyAgain) }

// raise is Raise with another time in place of alarmAgain. It reports whether the alarm was raised now.
func (a *Alarms) raise(name string, text phrase.Phrase, again time.Duration) bool {
	now := a.clock.Now()
	a.mu.Lock()
	at, on := a.raised[name]
	fresh := !on || now.Sub(at) > again
	if fresh {
		a.raised[name] = now
		a.count++
	}
	a.turn(name, text, true, now)
	a.mu.Unlock()
	if !fresh {
		return false
	}
	a.log.Error("alarm", "alarm", name, "text", text.String())
	a.hub.publishAlarm(text)
	return true
}

// Clear says that a fault is over; text is told if the alarm had been raised.
func (a *Alarms) Clear(name string, text phrase.Phrase) {
	a.mu.Lock()
	_, on := a.raised[name]
	delete(a.raised, name)
	a.turn(name, text, false, a.clock.Now())
	a.mu.Unlock()
	if !on {
		return
	}
	a.log.Info("alarm over", "alarm", name)
	a.hub.publishAlarm(text)
}

// LogDamage is the text of AlarmDamage. So many bytes and commits at the end of the database's
// log could not be used; kept is where a copy of the log is ("": there is none).
func LogDamage(bytes int64, commits int, kept string) phrase.Phrase {
	if kept == "" {
		kept = "-"
	}
	return phrase.Say("The end of the database's log was damaged when porchlight started: %d bytes (%d commits) could not be used. What was acknowledged shortly before the last stop may be lost. A copy of the log: %s",
		bytes, commits, kept)
}

// IndexDamage is the text of AlarmDamage if the index of what was said was damaged, which is made anew.
func IndexDamage() phrase.Phrase {
	return phrase.Say("The index of what was said was damaged when porchlight started. It is being made anew; until that is done, search says how far it is. Nothing else was damaged, but the disk may be failing.")
}

// total is how many alarms were raised since the start.
func (a *Alarms) total() int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.count
}

// watchedStore raises AlarmStore when the store can't be written, and clears it when the store
// can be written again.
type watchedStore struct {
	Store
	alarms *Alarms
}

// View implements Store. What is part of Together reads what that has written.
func (w watchedStore) View(ctx context.Context, f func(Reader) error) error {
	if t := inOne(ctx); t != nil {
		return f(t.tx)
	}
	return w.Store.View(ctx, f)
}

// Update implements Store.
func (w watchedStore) Update(ctx context.Context, f func(Tx) error) error {
	if t := inOne(ctx); t != nil {
		return f(t.tx)
	}
	err := w.Store.Update(ctx, f)
	if errors.Is(err, ErrTenureOver) { // the store is as it should be
		return err
	}
	switch phrase.CodeOf(err) {
	case phrase.CodeUnavailable:
		w.alarms.Raise(AlarmStore, phrase.Say("The database can't be written (is the disk full?). Visitors are told to try again; nothing is acknowledged until it works again."))
	case "":
		w.alarms.Clear(AlarmStore, phrase.Say("The database can be written again."))
	}
	return err
}
