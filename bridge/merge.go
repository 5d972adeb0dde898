package bridge

import (
	"context"
	"slices"
	"strings"

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
func (b *Bridge) Merge(ctx context.Context, jid OperatorJID, v VisitorJID, number int64) (goesOn, ended Conversation, err error) {
	o, err := b.Team.enabled(jid)
	if err != nil {
		return goesOn, ended, err
	}
	err = b.update(ctx, func(u *commit) error {
		one, err := latest(u.tx, v)
		if err != nil {
			return err
		}
		other, err := numberedExactly(u.tx, number)
		if err != nil {
			return err
		}
		for _, c := range []Conversation{one, other} {
			if err == nil {
				err = serves(u.tx, c, o)
			}
		}
		if err == nil {
			err = mergeable(u.tx, one, other, jid, b.Team.name(other.Owner))
		}
		if err != nil {
			return err
		}
		goesOn, ended = one, other
		if other.Present && !one.Present {
			goesOn, ended = other, one
		}
		goesOn, ended, err = u.merge(goesOn, ended, o)
		return err
	})
	return goesOn, ended, err
}

// mergeable refuses to join what is not two open requests of one visitor, both the operator's or free; owner is the name
// of the other one's owner.
func mergeable(r Reader, one, other Conversation, jid OperatorJID, owner string) error {
	same, err := samePerson(r, one, other)
	switch {
	case err != nil:
		return err
	case one.Number == other.Number:
		return phrase.Fail(phrase.CodeInvalid, "#%d is this one.", other.Number)
	case one.State == Closed:
		return phrase.Fail(phrase.CodeConflict, "#%d is closed.", one.Number)
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

// samePerson reports whether two conversations are one visitor's: they have the same address here, a signed identity or
// an email address in common.
func samePerson(r Reader, a, b Conversation) (bool, error) {
	if a.Visitor == b.Visitor || a.Email != "" && strings.EqualFold(a.Email, b.Email) {
		return true, nil
	}
	v, err := r.Visitor(a.Visitor)
	if err != nil || v.Subject == "" {
		return false, err
	}
	w, err := r.Visitor(b.Visitor)
	return v.Subject == w.Subject, err
}

// merge ends one conversation, which goes on in another one.
func (u *commit) merge(goesOn, ended Conversation, o Operator) (Conversation, Conversation, error) {
	as := func(t ActionType) Action { return Action{Type: t, Operator: o.JID, Name: o.Name} }
	var err error
	if goesOn.State == Waiting {
		if goesOn, _, err = u.apply(goesOn, as(OperatorTakes)); err != nil {
			return goesOn, ended, err
		}
	}
	away := as(OperatorFolds)
	away.Other = goesOn.Number
	was := ended
	if ended, _, err = u.apply(ended, away); err != nil {
		return goesOn, ended, err
	}
	in := as(OperatorMerges)
	in.Other, in.Since, in.Email = was.Number, was.Unanswered, was.Email
	before := goesOn.Email
	if goesOn, _, err = u.apply(goesOn, in); err == nil && goesOn.Email != before {
		err = u.tx.SaveRequestEmail(goesOn.Number, goesOn.Email)
	}
	return goesOn, ended, err
}

// Unmerge opens a conversation again that goes on in the one to which a visitor's address leads.
func (b *Bridge) Unmerge(ctx context.Context, jid OperatorJID, v VisitorJID, number int64) (Conversation, error) {
	return b.operatorActs(ctx, jid, func(r Reader) (c Conversation, a Action, err error) {
		here, err := latest(r, v)
		if err != nil {
			return c, a, err
		}
		if c, err = numberedExactly(r, number); err == nil && c.Into != here.Number {
			err = phrase.Fail(phrase.CodeConflict, "#%d was not joined with #%d.", number, here.Number)
		}
		return c, Action{Type: OperatorRestores}, err
	})
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

// goingOnIn is the conversation in which c goes on: c itself, unless it was joined with another one.
func goingOnIn(r Reader, c Conversation) (Conversation, error) {
	for been := []int64{c.Number}; c.Into != 0; been = append(been, c.Number) {
		next, err := r.Conversation(c.Into)
		if err != nil || slices.Contains(been, next.Number) {
			return c, err
		}
		c = next
	}
	return c, nil
}
