package report

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

const (
	mailHour    = 7   // o'clock on Mondays
	dueAtOnce   = 100 // subscriptions are looked for together
	failedMost  = 3   // after so many mails in a row that were not delivered a subscription ends
	daysOfAWeek = 7
)

// monday is the beginning of the week of a moment, in a zone.
func monday(t time.Time, zone *time.Location) time.Time {
	year, month, day := t.In(zone).Date()
	back := (int(t.In(zone).Weekday()) + 6) % daysOfAWeek
	return time.Date(year, month, day-back, 0, 0, 0, 0, zone)
}

// mailTime is when the mails of the week that begins with a Monday go.
func mailTime(monday time.Time) time.Time {
	year, month, day := monday.Date()
	return time.Date(year, month, day, mailHour, 0, 0, 0, monday.Location())
}

// nextMail is the first Monday at 7:00 after a moment.
func nextMail(now time.Time, zone *time.Location) time.Time {
	begin := monday(now, zone)
	if at := mailTime(begin); now.Before(at) {
		return at
	}
	return mailTime(begin.AddDate(0, 0, daysOfAWeek))
}

// weeks are the last week that was over at a moment, and the one before.
func weeks(now time.Time, zone *time.Location) (week, before bridge.Range) {
	until := monday(now, zone)
	week = bridge.Range{From: until.AddDate(0, 0, -daysOfAWeek), Until: until}
	return week, bridge.Range{From: week.From.AddDate(0, 0, -daysOfAWeek), Until: week.From}
}

// deliver makes the mails that are due. What one subscription fails with keeps no other waiting.
func (r *Report) deliver(ctx context.Context) error {
	m := r.opts.Mailing
	if m == nil || !m.Bridge.Mail.On() {
		return nil
	}
	var due []Subscription
	err := r.store.ViewReport(ctx, func(x Reader) (err error) {
		due, err = x.DueSubscriptions(r.opts.Clock.Now(), dueAtOnce)
		return err
	})
	for _, s := range due {
		if failed := r.deliverOne(ctx, s); failed != nil {
			err = errors.Join(err, fmt.Errorf("statistics by mail, subscription %s: %w", s.ID, failed))
		}
	}
	return err
}

// deliverOne makes the mail of a subscription, unless it has ended. The mail is stored together with the time of the
// next one, so that whatever ends the process a week has one mail. After a standstill of several weeks only the last
// one has its mail.
func (r *Report) deliverOne(ctx context.Context, s Subscription) error {
	now, team := r.opts.Clock.Now(), r.opts.Mailing.Bridge.Team
	by, enabled := team.Operator(s.Operator)
	if !slices.ContainsFunc(team.Everybody(), func(o bridge.Operator) bool { return o.JID == s.Operator }) { // they were deleted
		return r.change(ctx, s, func(tx Tx) error { return tx.DeleteSubscription(s.ID) })
	}
	next := s
	next.Due = nextMail(now, r.opts.Zone())
	if !enabled || !by.SeesNumbersOf(s.Of.Operator) { // it goes on when that changes
		return r.change(ctx, s, func(tx Tx) error { return tx.SaveSubscription(next) })
	}
	var err error
	if next.Failed, err = r.failures(ctx, s); err != nil {
		return err
	}
	if next.Failed >= failedMost {
		if err := r.change(ctx, s, func(tx Tx) error { return tx.DeleteSubscription(s.ID) }); err != nil {
			return err
		}
		r.tell(ctx, s, phrase.Say("The weekly statistics for %s have ended: the last %d mails were not delivered.", s.Address, failedMost))
		return nil
	}
	week, before := weeks(now, r.opts.Zone())
	draft, err := r.opts.Mailing.Weekly(ctx, s, week, before)
	if err != nil {
		return err
	}
	draft.Operator, draft.To, draft.Unsubscribe = by, s.Address, r.link(s.ID)
	mail, err := r.opts.Mailing.Bridge.Mail.Statistics(draft)
	if err != nil {
		return fmt.Errorf("write statistics: %w", err)
	}
	next.Post = mail.ID
	return r.change(ctx, s, func(tx Tx) error {
		if err := bridge.QueueMail(tx, mail); err != nil {
			return err
		}
		return tx.SaveSubscription(next)
	})
}

// change does f in a transaction, unless the subscription has ended or was delivered meanwhile.
func (r *Report) change(ctx context.Context, s Subscription, f func(Tx) error) error {
	return r.store.UpdateReport(ctx, func(tx Tx) error {
		stored, err := tx.Subscription(s.ID)
		if phrase.CodeOf(err) == phrase.CodeNotFound {
			return nil
		}
		if err != nil || !stored.Due.Equal(s.Due) {
			return err
		}
		return f(tx)
	})
}

// failures is how many mails of a subscription in a row were not delivered, the last one included.
func (r *Report) failures(ctx context.Context, s Subscription) (n int64, err error) {
	err = r.store.ViewReport(ctx, func(x Reader) error {
		n = 0
		m, err := x.OutMail(s.Post)
		if phrase.CodeOf(err) == phrase.CodeNotFound { // it was deleted since
			return nil
		}
		if m.State == bridge.MailFailed || m.State == bridge.MailBounced {
			n = s.Failed + 1
		}
		return err
	})
	return n, err
}
