package bridge

import (
	"context"
	"slices"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// Junk ends a conversation that is no request: it counts in no statistics, nobody missed it, and its visitor
// gets no mail and is not asked for a vote.
func (b *Bridge) Junk(ctx context.Context, jid OperatorJID, v VisitorJID) (Conversation, error) {
	return b.operatorActs(ctx, jid, byVisitor(v).then(Action{Type: OperatorJunks}))
}

// NoJunk takes back that the visitor's newest conversation is junk. The operator owns it then, unless nobody can be
// reached: see Conversation.State.
func (b *Bridge) NoJunk(ctx context.Context, jid OperatorJID, v VisitorJID) (Conversation, error) {
	return b.operatorActs(ctx, jid, func(r Reader) (c Conversation, a Action, err error) {
		c, err = latest(r, v)
		if err == nil && c.State != Closed {
			err = phrase.Fail(phrase.CodeConflict, "#%d is no junk.", c.Number)
		}
		return c, Action{Type: OperatorRestores}, err
	})
}

// Merge joins two open requests of one visitor: what a visitor's address leads to, and the one with a number. One of
// them goes on, and the other one is closed with ReasonMerged; what was said stays where it is. The first one goes on,
// unless only the other one's page is open. The operator owns both, or takes the one that waits.
//
// Operators may join what has no more in common than an email address that somebody has typed; whoever asks for it here must
// have made sure (see Moves.Merging). Mail still tells the two apart then (see SamePerson); a block holds for both.
func (b *Bridge) Merge(ctx context.Context, jid OperatorJID, v VisitorJID, number int64) (made Union, err error) {
	o, err := b.Team.enabled(jid)
	if err != nil {
		return made, err
	}
	err = b.update(ctx, func(u *commit) error {
		if made, err = b.Moves.merging(u.tx, o, v, number); err != nil {
			return err
		}
		return u.merge(&made, o)
	})
	return made, err
}

// Merging is what Bridge.Merge would do, with its errors; nothing is changed.
func (m *Moves) Merging(ctx context.Context, jid OperatorJID, v VisitorJID, number int64) (made Union, err error) {
	o, err := m.bridge.Team.enabled(jid)
	if err != nil {
		return made, err
	}
	err = m.bridge.store.View(ctx, func(r Reader) (err error) {
		made, err = m.merging(r, o, v, number)
		return err
	})
	return made, err
}

// merging finds the two requests that Merge joins, as they are before it, and says which of them goes on.
func (m *Moves) merging(r Reader, o Operator, v VisitorJID, number int64) (made Union, err error) {
	one, err := latest(r, v)
	if err != nil {
		return made, err
	}
	other, err := numberedExactly(r, number)
	if err != nil {
		return made, err
	}
	for _, c := range []Conversation{one, other} {
		if err == nil {
			err = serves(r, c, o)
		}
	}
	if err == nil {
		made.Same, err = SamePerson(r, one, other)
	}
	if err == nil {
		err = mergeable(one, other, made.Same, o.JID, m.bridge.Team.name(other.Owner))
	}
	if err != nil {
		return Union{}, err
	}
	made.GoesOn, made.Ended = one, other
	if other.Present && !one.Present {
		made.GoesOn, made.Ended = other, one
	}
	return made, nil
}

// Union is two requests that are joined.
type Union struct {
	GoesOn, Ended Conversation
	Same          bool // it is known that both are one person's: mail to one goes on in the other one
}

// mergeable refuses to join what is not two open requests of one visitor, both the operator's or free; owner is the name
// of the other one's owner. An email address in common is enough, whoever has typed it.
func mergeable(one, other Conversation, same bool, jid OperatorJID, owner string) error {
	same = same || one.Email != "" && strings.EqualFold(one.Email, other.Email)
	switch {
	case one.Number == other.Number:
		return phrase.Fail(phrase.CodeInvalid, "#%d is this one.", other.Number)
	case one.State == Closed:
		return phrase.Fail(phrase.CodeConflict, "#%d is closed.", one.Number)
	case one.State == Active && one.Owner != jid:
		return phrase.Fail(phrase.CodeConflict, "#%d is a colleague's. Only who has both joins them.", one.Number)
	case one.Owner != jid:
		return takeFirst(&step{Conversation: one})
	case other.State == Closed:
		return phrase.Fail(phrase.CodeConflict, "#%d is closed already, and stays what it is.", other.Number)
	case !same:
		return phrase.Fail(phrase.CodeConflict, "#%d and #%d are not of the same visitor: they have another address here, and no proved identity and no email address in common.", one.Number, other.Number)
	case other.State == Active && other.Owner != jid:
		return phrase.Fail(phrase.CodeConflict, "#%d is %s's. Only who has both joins them.", other.Number, owner)
	}
	return nil
}

// merge ends one conversation, which goes on in another one.
func (u *commit) merge(made *Union, o Operator) (err error) {
	as := func(t ActionType) Action { return Action{Type: t, Operator: o.JID, Name: o.Name} }
	if made.GoesOn.State == Waiting {
		if made.GoesOn, _, err = u.apply(made.GoesOn, as(OperatorTakes)); err != nil {
			return err
		}
	}
	was, before := made.Ended, made.GoesOn.Email
	away := as(OperatorFolds)
	away.Other = made.GoesOn.Number
	if made.Ended, _, err = u.apply(was, away); err != nil {
		return err
	}
	in := as(OperatorMerges)
	in.Other, in.Since, in.Email, in.Promise = was.Number, was.Unanswered, was.Email, was.Promise
	if made.GoesOn, _, err = u.apply(made.GoesOn, in); err == nil && made.GoesOn.Email != before {
		err = u.tx.SaveRequestEmail(made.GoesOn.Number, made.GoesOn.Email)
	}
	return err
}

// Unmerge opens a conversation again that goes on in the one to which a visitor's address leads. Only who has the one that goes on, or
// had the other one, parts them, unless nobody has it.
func (b *Bridge) Unmerge(ctx context.Context, jid OperatorJID, v VisitorJID, number int64) (c Conversation, err error) {
	o, err := b.Team.enabled(jid)
	if err != nil {
		return c, err
	}
	err = b.update(ctx, func(u *commit) error {
		here, err := latest(u.tx, v)
		if err != nil {
			return err
		}
		if c, err = numberedExactly(u.tx, number); err == nil {
			err = serves(u.tx, c, o)
		}
		switch {
		case err != nil:
			return err
		case c.Into != here.Number:
			return phrase.Fail(phrase.CodeConflict, "#%d was not joined with #%d.", number, here.Number)
		case here.State == Active && here.Owner != jid && c.Owner != jid:
			return phrase.Fail(phrase.CodeConflict, "#%d was taken by %s.", here.Number, b.Team.name(here.Owner))
		}
		return u.part(&c, here, o)
	})
	return c, err
}

// part opens a conversation again that goes on in another one, which gives back what it owes because of it.
func (u *commit) part(c *Conversation, here Conversation, o Operator) (err error) {
	away := Action{Type: OperatorParts, Operator: o.JID, Name: o.Name, Other: c.Number}
	if away.Promise, err = promisedBefore(u.tx, here, c.Number); err == nil {
		away.Since, err = unansweredIn(u.tx, here, c.Number)
	}
	if err != nil {
		return err
	}
	if _, _, err = u.apply(here, away); err == nil {
		*c, _, err = u.apply(*c, Action{Type: OperatorRestores, Operator: o.JID, Name: o.Name})
	}
	return err
}

// promisedBefore is since when the targets of a conversation ran before it took in another one; zero is what runs as it did then, or has
// changed since.
func promisedBefore(r Reader, c Conversation, of int64) (was Promise, err error) {
	const some = 100
	same := func(at time.Time, stored int64) bool { return !at.IsZero() && at.UnixMilli() == stored }
	for after := c.Seq; after > 0; {
		after = max(0, after-some)
		list, err := r.Events(c.Number, after, some)
		if err != nil {
			return was, err
		}
		for _, e := range slices.Backward(list) {
			m, _ := e.Data.(Merged)
			if m.Of != of {
				continue
			}
			if m.FirstWas > 0 && same(c.Promise.First, m.First) {
				was.First = time.UnixMilli(m.FirstWas)
			}
			if m.SolveWas > 0 && same(c.Promise.Solve, m.Solve) {
				was.Solve, was.Used = time.UnixMilli(m.SolveWas), time.Duration(m.SolveUsed)*time.Millisecond
			}
			return was, nil
		}
	}
	return was, nil
}

// latest finds the newest conversation of a visitor that is open, or else the newest; if that was joined with another
// one, the one in which it goes on.
func latest(r Reader, v VisitorJID) (Conversation, error) {
	c, err := r.LatestConversation(v)
	if err != nil || c.Into == 0 {
		return c, err
	}
	return goingOnIn(r, c)
}
