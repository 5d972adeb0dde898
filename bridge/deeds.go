package bridge

import (
	"context"
	"slices"
	"time"

	"porchlight/bridge/phrase"
)

// Take makes the operator the owner of a waiting conversation. Of several operators who try,
// exactly one wins; the others get CodeConflict. The operator's greeting is said to the visitor.
func (b *Bridge) Take(ctx context.Context, jid OperatorJID, number int64) (Conversation, error) {
	return b.operatorActs(ctx, jid, func(r Reader) (c Conversation, a Action, err error) {
		a.Type = OperatorTakes
		if c, err = numbered(number)(r); err == nil {
			a.Greeting, err = visitorGreeting(b, r, c, jid)
		}
		return c, a, err
	})
}

// Decline declines an offer. The request is not offered to the operator again, unless the
// visitor goes on after the conversation's end.
func (b *Bridge) Decline(ctx context.Context, jid OperatorJID, number int64) (Conversation, error) {
	c, err := b.operatorActs(ctx, jid, func(r Reader) (c Conversation, a Action, err error) {
		a.Type = OperatorDenies
		if c, err = numbered(number)(r); err == nil {
			a.Asked, err = offered(r, number, jid)
		}
		return c, a, err
	})
	if err != nil || b.Team.online(c.Department, c.Kind) {
		return c, err
	}
	// Somebody of another department had the offer, and perhaps nobody is left who could take the request.
	return c, b.update(ctx, func(u *commit) error {
		now, err := u.tx.Conversation(number)
		if err != nil || now.State != Waiting {
			return err
		}
		return settling{bridge: b}.waiting(u, now)
	})
}

// Close ends a conversation, and gives it tags; reason is for operators only and may be empty.
func (b *Bridge) Close(ctx context.Context, jid OperatorJID, v VisitorJID, reason string, tags ...string) (Conversation, error) {
	a := Action{Type: OperatorCloses, Text: CleanText(reason)}
	if len(tags) == 0 {
		return b.operatorActs(ctx, jid, byVisitor(v).then(a))
	}
	t := Tagging{Add: tags}
	return b.operatorActs(ctx, jid, tagging(v, a, &t), keepTags(v, &t, b.clock.Now()))
}

// Note appends a text to the log that only operators see.
func (b *Bridge) Note(ctx context.Context, jid OperatorJID, v VisitorJID, stanzaID, text string) (Conversation, error) {
	if text = CleanText(text); text == "" {
		return Conversation{}, phrase.Fail(phrase.CodeInvalid, "An empty note was not kept.")
	}
	a := Action{Type: OperatorNotes, Text: text}
	if stanzaID != "" {
		a.Origin = sayingOrigin(jid, stanzaID, "", EventNote, text)
	}
	return b.operatorActs(ctx, jid, byVisitor(v).then(a))
}

// Invite lets a colleague of any department take part in a conversation.
func (b *Bridge) Invite(ctx context.Context, jid OperatorJID, v VisitorJID, guest Operator) (Conversation, error) {
	return b.operatorActs(ctx, jid, byVisitor(v).then(Action{Type: OperatorInvites, Guest: Guest{Operator: guest.JID, Name: guest.Name, There: b.Team.there(guest.JID)}}))
}

// Pass offers a conversation to a colleague alone, or to a department; note is for operators
// only and may be empty. If the colleague does not take it within Timing.Offer, it is offered
// to all.
func (b *Bridge) Pass(ctx context.Context, jid OperatorJID, v VisitorJID, to Operator, department Department, note string) (Conversation, error) {
	if err := b.Team.colleague(to); err != nil {
		return Conversation{}, err
	}
	a := Action{Type: OperatorPasses, Guest: Guest{Operator: to.JID, Name: to.Name, Slow: to.Satellite, Free: b.Team.offerable(to.JID)}, Department: department, Text: CleanText(note)}
	if department.Name != "" {
		a.Manned = slices.ContainsFunc(b.Team.available(department.Name, Chat), func(o Operator) bool { return o.JID != jid })
	}
	return b.operatorActs(ctx, jid, func(r Reader) (Conversation, Action, error) {
		if to.JID != "" {
			c, err := latest(r, v)
			if err == nil {
				a.Guest.Full, err = b.Team.fullIn(r, to, c.Department)
			}
			if err != nil {
				return c, a, err
			}
		}
		if department.Name != "" { // it may have been deleted since somebody looked it up
			list, err := r.Departments()
			if err == nil && !slices.ContainsFunc(list, func(d Department) bool { return d.Name == department.Name }) {
				err = phrase.Fail(phrase.CodeNotFound, "There is no such department.")
			}
			if err != nil {
				return Conversation{}, a, err
			}
		}
		return byVisitor(v).then(a)(r)
	})
}

// Leave ends an operator's part. When the owner leaves, a guest becomes the owner.
func (b *Bridge) Leave(ctx context.Context, jid OperatorJID, v VisitorJID) (Conversation, error) {
	c, err := b.operatorActs(ctx, jid, func(r Reader) (c Conversation, a Action, err error) {
		a.Type = OperatorLeaves
		if c, err = latest(r, v); err == nil {
			a.Guest, err = b.follower(r, c, jid)
		}
		return c, a, err
	})
	if err == nil && c.Owner != "" { // the operator who follows may have gone offline meanwhile
		err = settling{bridge: b, whose: c.Owner}.run(ctx)
	}
	return c, err
}

// BlockVisitor blocks the visitor of a conversation for a time (0: for good), under all addresses that they have here, and ends
// all their open conversations. If wide is true, everybody in the range around the visitor's address is
// blocked as well; CodeConflict says that addresses are not kept.
func (b *Bridge) BlockVisitor(ctx context.Context, jid OperatorJID, v VisitorJID, wide bool, d time.Duration, reason string) ([]Block, error) {
	o, err := b.Team.enabled(jid)
	if err != nil {
		return nil, err
	}
	card, err := b.cardFor(ctx, o, v)
	if err != nil {
		return nil, err
	}
	now := b.clock.Now()
	one := Block{Target: string(v), Name: card.Request.Name, Reason: CleanText(reason), By: jid, At: now}
	if d > 0 {
		one.Ends = now.Add(d)
	}
	var all []VisitorJID
	err = b.store.View(ctx, func(r Reader) (err error) {
		all, err = identities(r, v)
		return err
	})
	if err != nil {
		return nil, err
	}
	var list []Block
	for _, x := range all {
		same := one
		same.Target = string(x)
		list = append(list, same)
	}
	if wide {
		prefix, err := around(card.Request.Address)
		if err != nil {
			return nil, err
		}
		one.Target = prefix.String()
		list = append(list, one)
	}
	_, err = b.operatorActs(ctx, jid, byVisitor(v).then(Action{Type: OperatorBlocks}), func(tx Tx) error {
		for _, x := range list {
			if err := tx.SaveBlock(x); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = b.Blocks.Changed(ctx) // first, so that the blocks hold even if a conversation can't be ended
	}
	if err != nil {
		return nil, err
	}
	return list, b.closeBlocked(ctx, jid, all)
}

// closeBlocked ends all open conversations of visitors who were blocked.
func (b *Bridge) closeBlocked(ctx context.Context, jid OperatorJID, visitors []VisitorJID) error {
	var open []int64
	err := b.store.View(ctx, func(r Reader) error {
		for _, v := range visitors {
			all, err := r.VisitorConversations(v, 20)
			if err != nil {
				return err
			}
			for _, c := range all {
				if c.State != Closed {
					open = append(open, c.Number)
				}
			}
		}
		return nil
	})
	for _, number := range open {
		if _, failed := b.act(ctx, byNumber(number).then(Action{Type: OperatorBlocks, Operator: jid})); failed != nil {
			return failed
		}
	}
	return err
}

// numbered finds a conversation by number, or the one in which it goes on, with an error that an operator understands.
func numbered(number int64) finder {
	return func(r Reader) (Conversation, error) {
		c, err := numberedExactly(r, number)
		if err != nil {
			return c, err
		}
		return goingOnIn(r, c)
	}
}

// numberedExactly is numbered for one conversation itself, also if it was joined with another one.
func numberedExactly(r Reader, number int64) (Conversation, error) {
	c, err := r.Conversation(number)
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		err = phrase.Fail(phrase.CodeNotFound, "There is no #%d. Send queue to see what waits.", number)
	}
	return c, err
}

// operatorActs is act for an operator who may serve the conversation.
func (b *Bridge) operatorActs(ctx context.Context, jid OperatorJID, p plan, with ...func(Tx) error) (Conversation, error) {
	o, err := b.Team.enabled(jid)
	if err != nil {
		return Conversation{}, err
	}
	out, err := b.act(ctx, func(r Reader) (Conversation, Action, error) {
		c, a, err := p(r)
		if err == nil {
			err = serves(r, c, o)
		}
		a.Operator, a.Name = o.JID, o.Name
		return c, a, err
	}, with...)
	return out.Conversation, err
}
