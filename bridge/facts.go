package bridge

import (
	"cmp"
	"slices"
	"time"

	"porchlight/bridge/phrase"
)

// surround completes any action by what the rules must know of the operators: who is online, and
// which of those in the action take part. What they must know for one action alone is in its plan.
// The owner, who acts most often, needs no look at the participants.
func (b *Bridge) surround(r Reader, c Conversation, a *Action) (err error) {
	a.Online = b.Team.online(c.Department, c.Kind)
	a.Away = !b.Team.there(cmp.Or(a.Operator, c.Owner))
	a.Post = b.Mail.On()
	if a.Watched, err = b.Nodes.watched(r, c.Number); err != nil {
		return err
	}
	a.Missed = b.hub.pages.missedNow(c.Number)
	if !c.Due.Later.IsZero() || slices.Contains([]ActionType{EscalateDue, RemindDue, AnswerDue, SolveDue}, a.Type) {
		a.Known = b.Reach.knows()
	}
	if c.Owner != "" {
		a.Taker = b.Team.name(c.Owner)
	}
	if a.Type.waits(c.State) || c.deferred() {
		a.Home = b.Team.home(cmp.Or(a.Department.Name, c.Department))
		if err := b.beforeWaiting(r, c, a); err != nil {
			return err
		}
	}
	b.Hours.moments(c, a)
	if a.Type == OverflowDue {
		if err := b.beforeOverflow(r, c, a); err != nil {
			return err
		}
	}
	if a.Operator != "" && a.Operator != c.Owner {
		var p Participant
		p, err = partOf(r, c.Number, a.Operator)
		a.Part, a.Watches, a.Mute = p.takesPart(), p.readsAlong(), p.mute()
	}
	if a.Type == OperatorRestores && err == nil {
		a.Since, err = unansweredAtEnd(r, c)
	}
	if c.State == Waiting && err == nil {
		a.Passer, err = passerToTell(r, c, a.Type)
	}
	if a.Guest.Operator != "" && err == nil {
		a.Guest.Part, err = takesPart(r, c.Number, a.Guest.Operator)
	}
	return err
}

// takesPart reports whether an operator takes part in a conversation. Who only reads along takes no part.
func takesPart(r Reader, number int64, o OperatorJID) (bool, error) {
	p, err := partOf(r, number, o)
	return p.takesPart(), err
}

// partOf is an operator's part in a conversation, also one that has ended; zero if there never was one.
func partOf(r Reader, number int64, o OperatorJID) (Participant, error) {
	list, err := r.Participants(number)
	i := slices.IndexFunc(list, func(p Participant) bool { return p.Operator == o })
	if i < 0 {
		return Participant{}, err
	}
	return list[i], err
}

// follower is the operator who becomes the owner when the owner leaves: of the participants
// who are online, the one who joined first. It is empty if operator owner is not the owner.
func (b *Bridge) follower(r Reader, c Conversation, owner OperatorJID) (Guest, error) {
	if owner != c.Owner {
		return Guest{}, nil
	}
	list, err := r.Participants(c.Number)
	slices.SortFunc(list, func(p, q Participant) int { return cmp.Compare(p.Joined, q.Joined) })
	for _, p := range list {
		if p.Operator != owner && p.takesPart() && b.Team.there(p.Operator) {
			return Guest{Operator: p.Operator, Name: b.Team.name(p.Operator), There: true}, err
		}
	}
	return Guest{}, err
}

// offered reports whether an operator has an open offer.
func offered(r Reader, number int64, o OperatorJID) (bool, error) {
	list, err := r.Offers(number)
	return slices.ContainsFunc(list, func(f Offer) bool { return f.Operator == o && f.State == OfferOpen }), err
}

// serves refuses an operator who has nothing to do with a conversation: its department is not
// theirs, and they neither take part, nor read along, nor have an open offer, nor have just passed it on.
func serves(r Reader, c Conversation, o Operator) error {
	if o.has(c) {
		return nil
	}
	p, err := partOf(r, c.Number, o.JID)
	invited := p.takesPart() || p.readsAlong()
	if err == nil && !invited {
		invited, err = offered(r, c.Number, o.JID)
	}
	if err == nil && !invited {
		invited, _, err = passedOn(r, c, o.JID)
	}
	if err == nil && !invited {
		err = phrase.Fail(phrase.CodeForbidden, "#%d belongs to the department %s, which is not yours.", c.Number, c.Department)
	}
	return err
}

// passedOn reports whether an operator passed the conversation on and nobody has owned it since,
// and whether the operator has written to the visitor after that.
func passedOn(r Reader, c Conversation, o OperatorJID) (passed, wrote bool, err error) {
	if c.State != Waiting {
		return false, false, nil
	}
	list, err := r.Events(c.Number, max(0, c.Seq-sentBack), sentBack)
	for _, e := range slices.Backward(list) {
		switch {
		case e.Type.Content() && e.Operator == o:
			wrote = true
		case e.PassesOn():
			return e.Operator == o, wrote, err
		case e.Joins(), e.Closes():
			return false, false, err
		}
	}
	return false, false, err
}

// beforeWriting completes OperatorWrites by what the rules must know for it alone: whether the
// operator passed the conversation on, whether the visitor is blocked after its end, and whether
// the message comes too late. Messages that act finds stored already are not refused by this.
func (b *Bridge) beforeWriting(r Reader, c Conversation, o OperatorJID, a *Action) (err error) {
	a.Passed, a.Wrote, err = passedOn(r, c, o)
	if err == nil && a.Passed {
		a.Asked, err = offered(r, c.Number, o)
	}
	if err == nil && c.State == Closed {
		if err = b.Blocks.refuseIn(r, c); phrase.CodeOf(err) == phrase.CodeForbidden {
			a.Blocked, err = true, nil
		}
	}
	if err == nil {
		a.Ended, err = endedSince(r, c, a.Written)
	}
	return err
}

// endedSince reports whether the conversation has ended after a time, which is zero if it does
// not matter. The end is looked for in the log, since the conversation may have gone on after it.
func endedSince(r Reader, c Conversation, written time.Time) (bool, error) {
	if written.IsZero() {
		return false, nil
	}
	list, err := r.Events(c.Number, max(0, c.Seq-sentBack), sentBack)
	for _, e := range slices.Backward(list) {
		if e.At.Before(written) {
			break
		}
		if e.Closes() {
			return true, err
		}
	}
	return false, err
}
