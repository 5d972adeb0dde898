package archive

import (
	"errors"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// This file has what happens when something can't be deleted: the rest is, and people are told.

// Unfinished says that an erasure was begun, and that not all could be deleted yet. It goes on by itself.
type Unfinished struct{ reason error }

// Error implements error.
func (u *Unfinished) Error() string { return "erasure is not finished: " + u.reason.Error() }

// Unwrap is the reason.
func (u *Unfinished) Unwrap() error { return u.reason }

// mostStuck is how many conversations may fail before a run ends: then it is the store that fails, and no single one.
const mostStuck = 100

// stuck is why conversations could not be deleted.
type stuck []error

func (s stuck) err() error { return errors.Join(s...) }

// reasonLong is how many bytes of a reason are told.
const reasonLong = 300

// alarmErase tells the super operators that erasures fail, once a day for as long as they do, or that they don't any more. Of a store that
// can't be written they hear elsewhere.
func (a *Archive) alarmErase(err error) {
	switch {
	case err == nil:
		a.bridge.Alarms.Clear(bridge.AlarmErase, phrase.Say("Whoever was to be erased is erased."))
	case phrase.CodeOf(err) != phrase.CodeUnavailable:
		a.bridge.Alarms.RaiseDaily(bridge.AlarmErase, phrase.Say("An erasure can't be finished: %s. The rest of it and everybody else's go on, and it is tried again each minute. Look at the disk (full? damaged?) and at the log, and restart porchlight.", bridge.Clip(err.Error(), reasonLong)))
	}
}

// alarmRetain is alarmErase for what was kept long enough.
func (a *Archive) alarmRetain(err error) {
	switch {
	case err == nil:
		a.bridge.Alarms.Clear(bridge.AlarmRetain, phrase.Say("What has been kept long enough is deleted again."))
	case phrase.CodeOf(err) != phrase.CodeUnavailable:
		a.bridge.Alarms.RaiseDaily(bridge.AlarmRetain, phrase.Say("Not all that has been kept long enough can be deleted: %s. The rest is deleted, and it is tried again tomorrow. Look at the disk (full? damaged?) and at the log, and restart porchlight.", bridge.Clip(err.Error(), reasonLong)))
	}
}
