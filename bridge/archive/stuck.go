package archive

import (
	"context"
	"errors"
	"fmt"

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

// tellErased tells who asked for an erasure that it is done, which had no answer when it was broken off, or another one; in the place of who is no
// operator any more, the super operators. After a crash they may be told twice. How many files there were is not sure by then.
func (a *Archive) tellErased(ctx context.Context, e erasure) error {
	to, first := []bridge.OperatorJID{e.By}, phrase.Say("Your erasure that was broken off is done.")
	if _, enabled := a.bridge.Team.Operator(e.By); !enabled {
		to, first = a.bridge.Team.SuperOperators(), phrase.Say("The erasure that %s asked for, and that was broken off, is done.", e.Name)
	}
	lines := []phrase.Phrase{first, phrase.Say("Erased: conversations: %d, with their files and mails.", e.Done.Conversations)}
	if len(e.Done.Left) > 0 {
		lines = append(lines, phrase.Say("#%d was opened again meanwhile, and stays.", e.Done.Left[0]))
	}
	for _, o := range to {
		if err := a.bridge.Onsite.Tell(ctx, o, phrase.Lines(lines...)); err != nil {
			return fmt.Errorf("tell of an erasure: %w", err)
		}
	}
	return a.store.UpdateArchive(ctx, e.drop)
}
