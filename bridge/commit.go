package bridge

import (
	"cmp"
	"context"
	"slices"
)

// commit is an update under way: its transaction, and what the sides are told once it is durable.
type commit struct {
	b        *Bridge
	tx       Tx
	changes  []Change             // the changes of conversations, in the order in which they were made
	desk     map[OperatorJID]bool // the operators whose desk log has grown
	offers   tally
	withheld int64                // automatic mails that the limits did not allow
	tickets  []int64              // conversations whose visitors are told by mail that their requests have come
	aways    *[]Operator          // who is asked though they are away; nil: nobody has looked yet. See away
	loads    map[OperatorJID]Load // what operators have to do; nil: nobody has looked, or it has changed since. See load
	saved    int                  // how often a conversation was stored
	holds    bool                 // this node holds the XMPP link, so the update may make offers
	ends     []LogEnd             // what other nodes are told of the conversations that were stored; nothing alone
	more     bool                 // more of what waits is to be settled than one update should; see offerAnew
}

// update runs f in one transaction, perhaps more than once, and after the commit tells the sides what
// the last run did; if it is part of Together, that tells them.
func (b *Bridge) update(ctx context.Context, f func(*commit) error) error {
	var u commit
	err := b.Nodes.update(ctx, func(tx Tx, holds bool) error {
		u = commit{b: b, tx: tx, holds: holds}
		if err := f(&u); err != nil {
			return err
		}
		for _, number := range u.tickets {
			if err := u.acknowledge(number); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if t := inOne(ctx); t != nil {
		t.after = append(t.after, u.publish)
		return nil
	}
	u.publish()
	return nil
}

// apply applies an action to a conversation, stores what follows, and returns the
// conversation as it is then, with the new events.
func (u *commit) apply(c Conversation, a Action) (Conversation, []Event, error) {
	now := c
	if c.State == Closed { // if it begins again, then in a department that there is
		var err error
		if now.Department, err = following(u.tx, c.Department); err != nil {
			return c, nil, err
		}
	}
	if err := u.b.surround(u.tx, now, &a); err != nil {
		return c, nil, err
	}
	if err := u.beforeEscalation(now, &a); err != nil {
		return c, nil, err
	}
	if err := u.beforeTarget(now, &a); err != nil {
		return c, nil, err
	}
	next, effects, err := u.b.Settings.rulesNow(u.b.rules).Apply(now, a, u.b.clock.Now())
	if next.State == Closed {
		next.Department = c.Department
	}
	if err != nil || next == c && len(effects) == 0 {
		return c, nil, err
	}
	if c.State == Closed && next.State != Closed {
		if err := refuseDoomed(u.tx, c.Number); err != nil {
			return c, nil, err
		}
	}
	if err := u.save(next, c.Seq); err != nil {
		return c, nil, err
	}
	if c.State == Closed && next.Seq > c.Seq {
		if err := unsettle(u.tx, c.Number); err != nil {
			return c, nil, err
		}
	}
	events, err := u.carryOut(&next, effects)
	if err == nil {
		err = u.roomChanged(c, next)
	}
	return next, events, err
}

// save stores a conversation whose log ended at seq was.
func (u *commit) save(c Conversation, was int64) error {
	u.saved++
	u.ended(c)
	return u.tx.SaveConversation(c, was)
}

// carryOut appends the events among the effects and returns them, and then stores the other effects, which may
// change when c is due.
func (u *commit) carryOut(c *Conversation, effects []Effect) (events []Event, err error) {
	for _, e := range effects {
		if e.Type == Log {
			events = append(events, e.Event)
		}
	}
	if len(events) > 0 {
		u.changes = append(u.changes, Change{Conversation: *c, Events: events})
		u.ended(*c, events...)
	}
	err = u.tx.Append(events...)
	for _, e := range effects {
		if err == nil && (u.holds || !e.Type.offers()) {
			err = u.effect(c, e)
		}
	}
	return events, err
}

// offers reports whether an effect makes offers, which is left to the node that knows who is there: it finds what waits.
func (t EffectType) offers() bool {
	return t == OfferAll || t == OfferOthers || t == OfferTo || t == Widen
}

// effect stores an effect other than an event.
func (u *commit) effect(c *Conversation, e Effect) error {
	switch e.Type {
	case OfferAll:
		return u.offerAll(c, e.Wide)
	case OfferOthers:
		return u.offerOthers(c, e.Phrase)
	case OfferTo:
		return u.offerTo(*c, e.Operator, !c.Due.Offer.IsZero())
	case RevokeOffers:
		return u.revoke(*c, e)
	case ForgetOffers:
		return u.forgetOffers(*c)
	case CloseOffer:
		return u.tx.SaveOffer(Offer{Conversation: c.Number, Operator: e.Operator, State: e.Offer, At: u.b.clock.Now()})
	case Join:
		return u.join(*c, e)
	case Leave:
		return u.leave(*c, e)
	case Unmute:
		return u.unmute(*c, e.Operator)
	case QueueMoved:
		return u.moveQueue(cmp.Or(e.Queue, c.Department), e.Since, c.Number)
	case MailLater, MailNow, MailHeld, MailNever:
		return u.mailing(*c, e)
	case Acknowledge:
		u.tickets = append(u.tickets, c.Number)
	case Widen:
		return u.widen(*c, e.Step)
	case Remind:
		return u.remind(e.Operator)
	case RemindOthers:
		return u.remindOthers(*c)
	case Warn:
		return u.warn(*c, e.Target)
	case KeepVote:
		return u.keepVote(*c, e.Feedback)
	case AskColleague:
		return u.askColleague(*c, e)
	case Tell:
		_, err := u.tell(DeskEntry{Operator: e.Operator, Kind: DeskNotice, Conversation: c.Number, Phrase: e.Phrase})
		return err
	}
	return nil
}

// tell appends an entry to an operator's desk log and returns its seq.
func (u *commit) tell(e DeskEntry) (int64, error) {
	e.At = u.b.clock.Now()
	if err := u.tx.AppendDesk(&e); err != nil {
		return 0, err
	}
	if u.desk == nil {
		u.desk = make(map[OperatorJID]bool)
	}
	u.desk[e.Operator] = true
	return e.Seq, nil
}

// publish tells the sides what was committed.
func (u *commit) publish() {
	b := u.b
	for _, c := range u.changes {
		b.stored.Add(int64(len(c.Events)))
		b.Storm.watch(c.Events)
		b.pace.watch(c.Events)
	}
	b.Mail.withheld.Add(u.withheld)
	b.pace.made(u.offers, b.opts.Limits, b.clock.Now())
	if u.more {
		b.more.Store(true)
	}
	turned := false
	for i := range u.changes {
		c := &u.changes[i]
		b.hub.publish(c)
		turned = turned || slices.ContainsFunc(c.Events, func(e Event) bool { return e.Type == EventState })
	}
	for o := range u.desk {
		b.hub.publishDesk(o)
	}
	if turned {
		b.hub.publishStatus()
	}
	b.Nodes.told(u)
}
