package bridge

import (
	"context"
	"slices"
	"time"

	"porchlight/bridge/phrase"
)

// This file says who is asked though no client of theirs is available. They make nobody ONLINE: for that a
// person must be there.

// AskedAway reports whether an operator who gets no offers now is asked all the same, by messages of the
// desk to their bare JID, which their server keeps for them or pushes to their phone. That follows from
// Operator.Notify, their hours and the time. Operators who stopped the offers, or whom nothing reaches, are not
// asked.
func (t *Team) AskedAway(o Operator) bool {
	if !o.Enabled || o.Paused || !t.bridge.Reach.away(o.JID) {
		return false
	}
	switch o.Notify.When {
	case NotifyAlways:
		return true
	case NotifyHours:
		table := t.bridge.Hours.Of(o)
		return !table.Empty() && table.In(t.bridge.clock.Now())
	}
	return false
}

// askedAway lists the operators of whom AskedAway is true, by JID.
func (t *Team) askedAway() (list []Operator) {
	all, _ := t.list()
	for _, o := range all {
		if t.AskedAway(o) {
			list = append(list, o)
		}
	}
	return list
}

// asksOtherwise reports whether somebody's hours, when they want to be asked, or how many chats they may have, or how a
// department asks, has changed since the lists of the operators and departments were read. Then others may be asked.
func (t *Team) asksOtherwise(operators []Operator, departments []Department) bool {
	now, deps := t.list()
	asked := func(a, b Operator) bool {
		return a.JID == b.JID && a.Hours == b.Hours && a.Notify == b.Notify && a.Limit == b.Limit
	}
	open := func(a, b Department) bool {
		return a.Name == b.Name && a.Hours == b.Hours && a.Routing == b.Routing && a.Limit == b.Limit && a.Offer == b.Offer && a.Overflow == b.Overflow && a.After == b.After
	}
	return !slices.EqualFunc(now, operators, asked) || !slices.EqualFunc(deps, departments, open)
}

// showWithin is how long after the link came up operators have to show themselves. Until then nobody
// is asked as somebody who is away.
const showWithin = 10 * time.Second

// away reports whether an operator has no client that is available, and nothing says that messages don't
// reach them.
func (r *Reach) away(o OperatorJID) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	is := r.known[o].standing()
	return r.linked && r.heard && !is.free && !is.fault
}

// knows reports whether it is known who is away: the link is up for long enough.
func (r *Reach) knows() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.linked && (r.heard || r.b.clock.Now().Sub(r.since) >= showWithin)
}

// arrive reports, once for each link, that showWithin is over. One goroutine calls it.
func (r *Reach) arrive() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	up := r.b.clock.Now().Sub(r.since)
	if !r.linked || r.heard || 0 <= up && up < showWithin { // less than 0: the clock was set back
		return false
	}
	r.heard = true
	return true
}

// askByTime asks the operators whose time has come: their hours begin, or they have not shown themselves over
// a new link. It also settles what is left after somebody has become full or has room again. One goroutine calls it.
func (b *Bridge) askByTime(ctx context.Context) error {
	hours, arrived := b.Hours.look(), b.Reach.arrive()
	if b.Settings.look() || hours {
		b.hub.publishStatus()
	}
	b.late = b.late || hours || arrived || b.more.Swap(false)
	if !b.late {
		return nil
	}
	err := b.askOthers(ctx)
	b.late = err != nil
	return err
}

// askedAtOnce is how many conversations are offered to others in one update.
const askedAtOnce = 20

// askOthers settles all that waits, since other operators are asked now than before. It may make many offers,
// so it takes several updates.
func (b *Bridge) askOthers(ctx context.Context) error {
	for after := int64(0); ; {
		var list []Conversation
		err := b.store.View(ctx, func(r Reader) (err error) {
			list, err = r.OpenConversations(Waiting, after, askedAtOnce)
			return err
		})
		if err == nil {
			err = b.settleThese(ctx, list)
		}
		if err != nil || len(list) < askedAtOnce {
			return err
		}
		after = list[len(list)-1].Number
	}
}

// settleThese settles some conversations that wait. If one of them can't be processed, it is put aside, and
// the others are settled all the same.
func (b *Bridge) settleThese(ctx context.Context, list []Conversation) error {
	err := b.update(ctx, func(u *commit) error {
		for _, c := range list {
			now, err := u.tx.Conversation(c.Number)
			if err == nil && u.holds && now.State == Waiting && !b.Quarantine.Holds(c.Number) {
				err = settling{bridge: b}.one(u, now)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil || phrase.CodeOf(err) == phrase.CodeUnavailable || ctx.Err() != nil {
		return err
	}
	if len(list) == 1 {
		b.Quarantine.Put(list[0].Number, err)
		return nil
	}
	for i := range list {
		if err := b.settleThese(ctx, list[i:i+1]); err != nil {
			return err
		}
	}
	return nil
}
