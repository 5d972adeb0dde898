package bridge

import (
	"context"
	"slices"
	"time"

	"porchlight/bridge/phrase"
)

// Take makes the operator the owner of a waiting conversation. Exactly one of
// those who try wins; the others get CodeConflict.
func (b *Bridge) Take(ctx context.Context, jid OperatorJID, number int64) (Conversation, error) {
	return b.operatorActs(ctx, jid, b.numbered(number), Action{Type: OperatorTakes})
}

// Decline refuses an offer; it does not come back for this request, but when the
// visitor goes on after the conversation's end.
func (b *Bridge) Decline(ctx context.Context, jid OperatorJID, number int64) (Conversation, error) {
	return b.operatorActs(ctx, jid, b.numbered(number), Action{Type: OperatorDenies})
}

// Close ends a conversation; reason is for operators only and may be empty.
func (b *Bridge) Close(ctx context.Context, jid OperatorJID, v VisitorJID, reason string) (Conversation, error) {
	return b.operatorActs(ctx, jid, byVisitor(v), Action{Type: OperatorCloses, Text: cleanText(reason)})
}

// Note keeps a text in the log that only operators see.
func (b *Bridge) Note(ctx context.Context, jid OperatorJID, v VisitorJID, stanzaID, text string) (Conversation, error) {
	if text = cleanText(text); text == "" {
		return Conversation{}, phrase.Fail(phrase.CodeInvalid, "An empty note was not kept.")
	}
	a := Action{Type: OperatorNotes, Text: text}
	if stanzaID != "" {
		a.Origin = sayingOrigin(jid, stanzaID, "", EventNote, text)
	}
	return b.operatorActs(ctx, jid, byVisitor(v), a)
}

// Invite lets a colleague take part in a conversation, of whatever department.
func (b *Bridge) Invite(ctx context.Context, jid OperatorJID, v VisitorJID, guest Operator) (Conversation, error) {
	return b.operatorActs(ctx, jid, byVisitor(v), Action{Type: OperatorInvites, Guest: Guest{Operator: guest.JID, Name: guest.Name}})
}

// Pass puts a conversation up for a colleague alone, or for a department; note is
// for operators only and may be empty. If the colleague does not take it within
// Timing.Offer, it is offered to all.
func (b *Bridge) Pass(ctx context.Context, jid OperatorJID, v VisitorJID, to Operator, department Department, note string) (Conversation, error) {
	return b.operatorActs(ctx, jid, byVisitor(v), Action{Type: OperatorPasses, Guest: Guest{Operator: to.JID, Name: to.Name, Slow: to.Satellite}, Department: department, Text: cleanText(note)})
}

// Leave ends the part of an operator; a colleague who was invited follows the owner.
func (b *Bridge) Leave(ctx context.Context, jid OperatorJID, v VisitorJID) (Conversation, error) {
	c, err := b.operatorActs(ctx, jid, byVisitor(v), Action{Type: OperatorLeaves})
	if err == nil && c.Owner != "" { // who follows may have gone offline meanwhile
		err = settling{bridge: b, whose: c.Owner}.run(ctx)
	}
	return c, err
}

// BlockVisitor blocks the visitor of a conversation for a time (0: for good), and
// ends all that is open of theirs. With the range, everybody whose address is near theirs is
// blocked as well, which CodeConflict refuses where addresses are not kept.
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
	one := Block{Target: string(v), Name: card.Request.Name, Reason: cleanText(reason), By: jid, At: now}
	if d > 0 {
		one.Ends = now.Add(d)
	}
	list := []Block{one}
	if wide {
		prefix, err := around(card.Request.Address)
		if err != nil {
			return nil, err
		}
		one.Target = prefix.String()
		list = append(list, one)
	}
	_, err = b.operatorDoes(ctx, jid, func(r Reader) (Conversation, error) {
		for _, x := range list {
			if err := r.(Tx).SaveBlock(x); err != nil { // within act r is always one
				return Conversation{}, err
			}
		}
		return r.LatestConversation(v)
	}, exactly(Action{Type: OperatorBlocks}))
	if err != nil {
		return nil, err
	}
	for _, earlier := range card.Earlier {
		if earlier.State == Closed {
			continue
		}
		if _, err := b.act(ctx, byNumber(earlier.Number), exactly(Action{Type: OperatorBlocks, Operator: jid})); err != nil {
			return nil, err
		}
	}
	return list, b.Blocks.Load(ctx)
}

// offered reports whether an operator has an open offer.
func offered(r Reader, number int64, o OperatorJID) (bool, error) {
	list, err := r.Offers(number)
	return slices.ContainsFunc(list, func(f Offer) bool { return f.Operator == o && f.State == OfferOpen }), err
}

// numbered finds by number, with an error that an operator understands.
func (b *Bridge) numbered(number int64) finder {
	return func(r Reader) (Conversation, error) {
		c, err := r.Conversation(number)
		if phrase.CodeOf(err) == phrase.CodeNotFound {
			err = phrase.Fail(phrase.CodeNotFound, "There is no #%d. Send queue to see what waits.", number)
		}
		return c, err
	}
}

// operatorActs applies an operator's action if they may serve the conversation.
func (b *Bridge) operatorActs(ctx context.Context, jid OperatorJID, find finder, a Action) (Conversation, error) {
	return b.operatorDoes(ctx, jid, find, exactly(a))
}

// operatorDoes is operatorActs for an action that depends on what find found.
func (b *Bridge) operatorDoes(ctx context.Context, jid OperatorJID, find finder, f fill) (Conversation, error) {
	o, err := b.Team.enabled(jid)
	if err != nil {
		return Conversation{}, err
	}
	checked := func(r Reader) (Conversation, error) {
		c, err := find(r)
		if err == nil {
			err = serves(r, c, o)
		}
		return c, err
	}
	return b.actAs(ctx, o, checked, f)
}

// actAs is act by an operator.
func (b *Bridge) actAs(ctx context.Context, o Operator, find finder, f fill) (Conversation, error) {
	out, err := b.act(ctx, find, func(c Conversation, a *Action) bool {
		wanted := f(c, a)
		a.Operator, a.Name = o.JID, o.Name
		return wanted
	})
	return out.Conversation, err
}

// serves refuses an operator who has nothing to do with a conversation: it is of a
// department that is not theirs, and they neither take part, nor are asked to, nor have
// just passed it on.
func serves(r Reader, c Conversation, o Operator) error {
	if o.Serves(c.Department) || c.Owner == o.JID {
		return nil
	}
	invited, err := takesPart(r, c.Number, o.JID)
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

// OperatorTypes tells the visitor's page that an operator types, or has stopped; nothing
// is stored. Typing ends when the client that said it is gone. It is ignored from anybody
// who takes no part, as is an end without a beginning, which clients send with every
// message and command.
func (b *Bridge) OperatorTypes(ctx context.Context, jid OperatorJID, resource string, v VisitorJID, active bool) error {
	var c Conversation
	var part bool
	err := b.store.View(ctx, func(r Reader) (err error) {
		c, err = r.LatestConversation(v)
		if part = c.Owner == jid; err == nil && !part && c.State == Active {
			part, err = takesPart(r, c.Number, jid)
		}
		return err
	})
	w := writing{resource, c, Typing{From: FromOperator, Operator: jid, Name: b.Team.name(jid), Active: active}}
	if err == nil && c.State == Active && part && b.hub.writers.types(typist{c.Number, jid}, w) {
		b.hub.publish(Change{Conversation: c, Typing: &w.typing})
	}
	return err
}

// deskBack is how far back in a desk log an offer may be taken by its message.
const deskBack = 500

// OfferedBy returns the number of the conversation that an operator was offered
// by the desk's message with that id; 0 if there is no such offer.
func (b *Bridge) OfferedBy(ctx context.Context, jid OperatorJID, stanzaID string) (int64, error) {
	var number int64
	err := b.store.View(ctx, func(r Reader) error {
		o, err := r.Operator(jid)
		if err != nil {
			return err
		}
		entries, err := r.DeskEntries(jid, max(0, o.DeskSeq-deskBack), deskBack)
		for _, e := range entries {
			if e.Kind == DeskOffer && StanzaID(string(jid), e.Seq) == stanzaID {
				number = e.Conversation
			}
		}
		return err
	})
	if phrase.CodeOf(err) == phrase.CodeNotFound { // nobody is offered anything who is no operator
		err = nil
	}
	return number, err
}
