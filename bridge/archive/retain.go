package archive

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/setting"
)

// retainedSetting holds the day on which what had been kept long enough was deleted last, so that a restart neither skips a
// day nor works twice. A day begins at quietHour in the site's zone.
const retainedSetting, quietHour = "archive-retained", 3 * time.Hour

// tendEvery is how often the archive looks whether there is something to delete. endedAtOnce is how many conversations
// it looks up at once.
const tendEvery, endedAtOnce = time.Minute, 100

// wakeUp makes tendAlways look at once.
func (a *Archive) wakeUp() {
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// tendAlways calls tend at once, and then once a minute and after each erasure, until ctx ends.
func (a *Archive) tendAlways(ctx context.Context) {
	tick := time.NewTicker(tendEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := a.tend(ctx); err != nil && ctx.Err() == nil {
			a.log.Error("delete what is not to be kept", "err", err)
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		case <-a.wake:
		}
	}
}

// tend goes on with an erasure that a crash broke off, deletes once a day what has been kept long enough, and has the traces
// of all that overwritten.
func (a *Archive) tend(ctx context.Context) error {
	return errors.Join(a.resume(ctx), a.retain(ctx), a.scrub(ctx)) // one that fails keeps no other from being done
}

// ErasedTotal is how many conversations were deleted since the start, by erasures and because they had been kept long
// enough. Any goroutine may call it.
func (a *Archive) ErasedTotal() int64 { return a.erased.Load() }

// keeps is how long conversations of a department are kept; 0: for ever.
func (a *Archive) keeps(d bridge.Department) time.Duration {
	switch {
	case d.Retention < 0:
		return 0
	case d.Retention > 0:
		return d.Retention
	}
	return a.bridge.Settings.Duration(setting.Retention)
}

// retain deletes once a day what has been kept long enough. What can't be deleted is tried again the next day, and the super operators
// are told.
func (a *Archive) retain(ctx context.Context) error {
	day := a.bridge.Hours.Today().Add(-quietHour).Format(time.DateOnly)
	last := ""
	err := a.store.ViewArchive(ctx, func(r Reader) (err error) {
		last, err = r.Setting(retainedSetting)
		return err
	})
	if err != nil || last == day {
		return err
	}
	err = a.retainAll(ctx)
	if ctx.Err() != nil {
		return err
	}
	a.alarmRetain(err)
	return errors.Join(err, a.store.UpdateArchive(ctx, func(tx Tx) error { return tx.SaveSetting(retainedSetting, day) }))
}

// retainAll deletes the conversations that ended longer ago than their departments, or the site, keep them, and the notices to operators
// that are as old. What fails keeps nothing else from being deleted.
func (a *Archive) retainAll(ctx context.Context) error {
	departments := a.bridge.Team.Departments()
	for name := range a.bridge.Team.FormerDepartments() { // in these the site's time counts
		departments = append(departments, bridge.Department{Name: name})
	}
	var done Erased
	var failed stuck
	for _, d := range departments {
		if keep := a.keeps(d); keep > 0 {
			failed = append(failed, a.retainIn(ctx, d.Name, a.bridge.Now().Add(-keep), &done)...)
		}
	}
	if done.Conversations > 0 { // some of the visitors may have been blocked
		failed = append(failed, a.bridge.Blocks.Changed(ctx))
	}
	failed = append(failed, a.retainGone(ctx))
	if keep := a.bridge.Settings.Duration(setting.Retention); keep > 0 {
		failed = append(failed, a.retainNotices(ctx, a.bridge.Now().Add(-keep)))
	}
	if done.Conversations > 0 {
		a.log.Info("conversations were kept long enough", "deleted", done.Conversations, "files", done.Files)
	}
	return failed.err()
}

// retainIn deletes the conversations of a department that ended before a time, and the visitors who have no other. It returns why some
// could not be deleted, which stay the first ones of those that ended.
func (a *Archive) retainIn(ctx context.Context, department string, before time.Time, done *Erased) (failed stuck) {
	for len(failed) < mostStuck && ctx.Err() == nil {
		var numbers []int64
		err := a.store.ViewArchive(ctx, func(r Reader) (err error) {
			numbers, err = r.Ended(department, before, len(failed), endedAtOnce)
			return err
		})
		if err != nil {
			return append(failed, err)
		}
		if len(numbers) == 0 {
			break
		}
		failed = append(failed, a.eraseConversations(ctx, numbers, done, func(tx Tx, gone []bridge.Conversation, _ Erased) error {
			for _, c := range gone {
				if err := eraseVisitor(tx, c.Visitor); err != nil {
					return err
				}
			}
			return nil
		})...)
	}
	return failed
}

// retainGone deletes the operators' notices that belong to no conversation and name one that is not there any more.
func (a *Archive) retainGone(ctx context.Context) error {
	var old []bridge.DeskEntry
	err := a.store.ViewArchive(ctx, func(r Reader) error {
		old = nil
		last, err := r.LastNumber()
		if err != nil {
			return err
		}
		there := make(map[int64]bool)
		var broken error
		gone := func(n int64) bool {
			if _, known := there[n]; !known && n <= last {
				_, err := r.Conversation(n)
				there[n] = phrase.CodeOf(err) != phrase.CodeNotFound
				if err != nil && there[n] {
					broken = err
				}
			}
			return n <= last && !there[n]
		}
		err = notices(r, func(e bridge.DeskEntry) bool {
			if slices.ContainsFunc(numbersIn(e.Phrase.String()), gone) {
				old = append(old, e)
			}
			return broken == nil
		})
		return errors.Join(err, broken)
	})
	if err != nil {
		return fmt.Errorf("find notices about what is gone: %w", err)
	}
	return a.eraseNotices(ctx, old)
}

// retainNotices deletes the operators' notices that were made before a time, that belong to no conversation, and that
// they have got.
func (a *Archive) retainNotices(ctx context.Context, before time.Time) error {
	var old []bridge.DeskEntry
	err := a.store.ViewArchive(ctx, func(r Reader) error {
		old = nil
		pending, err := r.Bridge().UnconfirmedDesks()
		if err != nil {
			return err
		}
		return notices(r, func(e bridge.DeskEntry) bool {
			confirmed, behind := pending[e.Operator]
			if !e.At.Before(before) || behind && e.Seq > confirmed {
				return false
			}
			old = append(old, e)
			return true
		})
	})
	if err != nil {
		return fmt.Errorf("find old notices: %w", err)
	}
	return a.eraseNotices(ctx, old)
}
