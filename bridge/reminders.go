package bridge

import (
	"context"
	"errors"
	"fmt"
	"time"

	"porchlight/bridge/phrase"
	"porchlight/bridge/setting"
)

// Reminder says when an operator was reminded last of visitors who wait for an answer, and when they are reminded
// next. It stands in the store, so that nobody is reminded too often after a restart either. What they are
// reminded of is found out when the time has come.
type Reminder struct {
	Operator OperatorJID
	Told     time.Time // zero: never
	Due      time.Time // zero: nothing is to be told
	Targets  string    // of which targets the operator is warned then: 12:first, with blanks between; see endangered
}

// ReminderReader reads who is reminded when.
type ReminderReader interface {
	// Reminder is an operator's; one without times if there is none.
	Reminder(o OperatorJID) (Reminder, error)
	// DueReminders lists the operators whose reminders are due at or before now, earliest first.
	DueReminders(now time.Time, limit int) ([]OperatorJID, error)
}

// ReminderWriter writes what ReminderReader reads.
type ReminderWriter interface {
	SaveReminder(m Reminder) error
}

const (
	remindEvery = time.Minute // an operator is reminded at most so often
	remindShown = 10          // visitors in one reminder
)

// remind has an operator reminded, at once or a minute after they were reminded last.
func (u *commit) remind(o OperatorJID) error {
	m, err := u.tx.Reminder(o)
	if err != nil || !m.Due.IsZero() {
		return err
	}
	m.Due = later(u.b.clock.Now(), m.Told.Add(remindEvery))
	return u.tx.SaveReminder(m)
}

// remindOthers has those reminded who could take a conversation over from its owner.
func (u *commit) remindOthers(c Conversation) error {
	for _, o := range u.b.Team.available(c.Department, c.Kind) {
		if o.JID == c.Owner {
			continue
		}
		if err := u.remind(o.JID); err != nil {
			return err
		}
	}
	return nil
}

// tellReminders reminds the operators whose reminders are due, each in an update of their own: one who can't be reminded keeps
// nobody else from it. One goroutine calls it, the one that fires the timers: so nothing becomes late meanwhile.
func tellReminders(ctx context.Context, b *Bridge, due []OperatorJID) error {
	if len(due) == 0 {
		return nil
	}
	var late []Conversation
	err := b.store.View(ctx, func(r Reader) error {
		active, err := r.OpenConversations(Active, 0, settleMost)
		late = nil
		for _, c := range active {
			if c.late() {
				late = append(late, c)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	var failed []error
	for _, o := range due {
		if err := b.update(ctx, func(u *commit) error { return u.tellReminder(o, late) }); err != nil {
			failed = append(failed, fmt.Errorf("remind %s: %w", o, err))
		}
	}
	return errors.Join(failed...)
}

// late reports whether the owner of a conversation was reminded that somebody waits for an answer who still does, or whose page is
// closed for the moment.
func (c Conversation) late() bool {
	return c.State == Active && c.Reminded > 0 && !c.Unanswered.IsZero() && c.live() && !c.deferred()
}

// tellReminder reminds an operator of all who wait for them now, in one notice. late are the conversations that may be late.
func (u *commit) tellReminder(o OperatorJID, late []Conversation) error {
	m, err := u.tx.Reminder(o)
	now := u.b.clock.Now()
	if err != nil || m.Due.IsZero() || m.Due.After(now) {
		return err
	}
	m.Due = time.Time{}
	lines, gone, err := u.owed(o, late)
	if err == nil {
		var more []phrase.Phrase
		more, err = u.endangered(o, m.Targets)
		lines, m.Targets = append(lines, more...), ""
	}
	if err == nil && len(lines) > 0 {
		m.Told = now
		_, err = u.tell(DeskEntry{Operator: o, Kind: DeskNotice, Phrase: phrase.Lines(lines...)})
	}
	if err != nil {
		return err
	}
	if gone {
		m.Due = later(now.Add(remindLater), m.Told.Add(remindEvery))
	}
	return u.tx.SaveReminder(m)
}

// owed says who of some conversations waits for an operator's answer, and who for a colleague's that does not come. gone reports
// that there is somebody besides whose page is closed: it may be open again soon.
func (u *commit) owed(jid OperatorJID, late []Conversation) (lines []phrase.Phrase, gone bool, err error) {
	o, enabled := u.b.Team.Operator(jid)
	if !enabled {
		return nil, false, nil
	}
	var mine []phrase.Phrase
	schedules, others := u.b.Settings.Schedules(), 0
	for _, c := range late {
		told := schedules.Reminders.Taken(setting.StepColleagues, c.Reminded) || schedules.Overdue(c)
		if c.Owner != jid && (!told || !o.Serves(c.Department, c.Kind) || others == remindShown) {
			continue
		}
		if c, err = u.tx.Conversation(c.Number); err != nil { // it may have been answered, or have another owner now
			return nil, gone, err
		}
		if !c.late() {
			continue
		}
		if !c.Present {
			gone = true
			continue
		}
		one, err := u.waitsForAnswer(c)
		if err != nil {
			return nil, gone, err
		}
		switch {
		case c.Owner == jid:
			mine = append(mine, one)
		case schedules.Overdue(c):
			others++
			lines = append(lines, phrase.Say("%s does not answer %s. take %d ! takes it over.", u.b.Team.name(c.Owner), one, c.Number))
		default:
			others++
			lines = append(lines, phrase.Say("%s does not answer %s.", u.b.Team.name(c.Owner), one))
		}
	}
	switch n := len(mine); {
	case n == 1:
		lines = append([]phrase.Phrase{phrase.Say("1 visitor waits for your answer: %s", mine[0])}, lines...)
	case n > remindShown:
		lines = append([]phrase.Phrase{phrase.Say("%d visitors wait for your answer: %s, and %d more: mine", n, listed(mine[:remindShown]), n-remindShown)}, lines...)
	case n > 1:
		lines = append([]phrase.Phrase{phrase.Say("%d visitors wait for your answer: %s", n, listed(mine))}, lines...)
	}
	return lines, gone, nil
}

// waitsForAnswer tells in a few words who waits for an answer: "#12 Anna 3 min".
func (u *commit) waitsForAnswer(c Conversation) (phrase.Phrase, error) {
	q, err := u.tx.Request(c.Number)
	return phrase.Phrase{Format: "%s %s %s", Args: []any{fmt.Sprint("#", c.Number), q.Called(), Span(u.b.clock.Now().Sub(c.Unanswered))}}, err
}
