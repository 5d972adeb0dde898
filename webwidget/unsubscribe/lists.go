package unsubscribe

import (
	"context"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/report"
)

// Statistics are the weekly statistics. Report may be nil: then no link is known.
type Statistics struct{ Report *report.Report }

// Title implements List.
func (Statistics) Title() phrase.Phrase { return phrase.Say("Weekly statistics") }

// Goes implements List.
func (l Statistics) Goes(ctx context.Context, token string) (phrase.Phrase, bool, error) {
	if l.Report == nil {
		return phrase.Phrase{}, false, Unknown()
	}
	s, going, err := l.Report.Subscribed(ctx, token)
	return phrase.Say("Statistics go to %s each Monday.", s.Address), going, err
}

// End implements List.
func (l Statistics) End(ctx context.Context, token string) error {
	return l.Report.Unsubscribe(ctx, token)
}

// Notices are the notices that operators get by mail.
type Notices struct{ Bridge *bridge.Bridge }

// Title implements List.
func (Notices) Title() phrase.Phrase { return phrase.Say("Notices by mail") }

// Goes implements List.
func (l Notices) Goes(_ context.Context, token string) (phrase.Phrase, bool, error) {
	_, to, going, err := l.Bridge.Mail.Notified(token)
	return phrase.Say("Notices for operators go to %s.", to), going, err
}

// End implements List.
func (l Notices) End(ctx context.Context, token string) error {
	return l.Bridge.Mail.EndNotices(ctx, token)
}
