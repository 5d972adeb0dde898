package bridge

import (
	"context"
	"slices"

	"porchlight/bridge/hours"
)

// rehoured reports whether the site's or a department's hours have changed since they were read.
func (t *Team) rehoured(site hours.Table, departments []Department) bool {
	_, now := t.list()
	same := func(a, b Department) bool { return a.Name == b.Name && a.Hours == b.Hours }
	return site.String() != t.bridge.Hours.Site().String() || !slices.EqualFunc(now, departments, same)
}

// retime brings the timers of targets in line with hours that have changed: a moment that is earlier by them than the timer is
// looked at now. So is one that has passed while nobody was there who could be told, when somebody comes. A timer that is too early by them sets itself anew when it fires.
func retime(ctx context.Context, b *Bridge) error {
	var list []Conversation
	err := b.store.View(ctx, func(r Reader) (err error) {
		list, err = r.OpenConversations(New, 0, settleMost)
		return err
	})
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(c Conversation) bool {
		return b.Quarantine.Holds(c.Number) || !b.Hours.soonerAny(c)
	})
	for some := range slices.Chunk(list, askedAtOnce) {
		err := b.update(ctx, func(u *commit) error {
			for _, c := range some {
				if err := u.retime(c.Number); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// retime looks at the targets of a conversation whose moments are earlier than their timers.
func (u *commit) retime(number int64) error {
	c, err := u.tx.Conversation(number)
	for _, t := range []ActionType{AnswerDue, SolveDue} {
		if err == nil && u.b.Hours.sooner(c, t) {
			c, _, err = u.apply(c, Action{Type: t})
		}
	}
	return err
}

// soonerAny reports whether the moment of one of the targets comes before its timer.
func (h *Hours) soonerAny(c Conversation) bool {
	return h.sooner(c, AnswerDue) || h.sooner(c, SolveDue)
}

// sooner reports whether the moment of a target comes before its timer.
func (h *Hours) sooner(c Conversation, t ActionType) bool {
	k, due := c.due(t), c.Due.Answer
	if t == SolveDue {
		due = c.Due.Solve
	}
	if c.State == Closed || !k.runs() || c.deferred() || due.IsZero() {
		return false
	}
	next := k.ends(k.next(), h.Department(c.Department))
	return !next.IsZero() && next.Before(due)
}
