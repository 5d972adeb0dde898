package bridge

import (
	"context"
	"slices"
)

// This file holds what operators can look at.

// PartFor returns the card of a visitor's newest conversation to an operator who takes part in
// it or reads it along, and while it waits to every operator who may take it. Others get CodeForbidden.
func (b *Bridge) PartFor(ctx context.Context, o Operator, v VisitorJID) (Card, error) {
	return b.cardIf(ctx, v, func(r Reader, c Conversation) error {
		if err := serves(r, c, o); err != nil || c.State == Waiting || c.Owner == o.JID {
			return err
		}
		p, err := partOf(r, c.Number, o.JID)
		if err == nil && !p.takesPart() && !p.readsAlong() {
			err = noPart(c.Number)
		}
		return err
	})
}

// cardFor is the card of a visitor's newest conversation for an operator who has something to
// do with it (see serves).
func (b *Bridge) cardFor(ctx context.Context, o Operator, v VisitorJID) (Card, error) {
	return b.cardIf(ctx, v, func(r Reader, c Conversation) error { return serves(r, c, o) })
}

// cardIf is the card of a visitor's newest conversation, unless may refuses it.
func (b *Bridge) cardIf(ctx context.Context, v VisitorJID, may func(Reader, Conversation) error) (Card, error) {
	var card Card
	err := b.store.View(ctx, func(r Reader) error {
		c, err := latest(r, v)
		if err == nil {
			err = may(r, c)
		}
		if err == nil {
			card, err = b.card(r, c.Number)
		}
		return err
	})
	return card, err
}

// ByVisitor returns the newest conversation of a visitor's address.
func (b *Bridge) ByVisitor(ctx context.Context, v VisitorJID) (Conversation, error) {
	var c Conversation
	err := b.store.View(ctx, func(r Reader) (err error) {
		c, err = latest(r, v)
		return err
	})
	return c, err
}

// Card is all about a conversation that operators may know at a glance.
type Card struct {
	Conversation
	Request   Request
	OwnerName string
	Position  int
	Earlier   []Conversation // other conversations of the visitor, newest first
	Now       PageState      // the visitor's page now; zero if the page has told nothing
	Subject   string         // of the mail that began it; "" if none did
	Dead      bool           // the page is closed, and mail to Email was refused or came back lately since there is no such mailbox
	Letter    Heading        // of a ticket that waits: what an operator has to know about the visitor's last mail
	Filled    []FilledIn     // what the visitor filled in beside name, address and reason
	Kept      Visitor        // what operators keep about the visitor
	Last      Word           // who said something last; zero unless it was asked for
	Awaited   bool           // no page has connected yet, which will happen in a moment
}

// Card returns the card of a conversation.
func (b *Bridge) Card(ctx context.Context, number int64) (Card, error) {
	var card Card
	err := b.store.View(ctx, func(r Reader) (err error) {
		card, err = b.card(r, number)
		return err
	})
	return card, err
}

func (b *Bridge) card(r Reader, number int64) (Card, error) {
	c, err := r.Conversation(number)
	if err != nil {
		return Card{}, err
	}
	card := Card{Conversation: c, Now: b.hub.pages.at(number)}
	// The timer is as Ask left it: a page that connects, goes or writes moves it.
	card.Awaited = c.State != Closed && !c.Present && c.Due.Visitor.Equal(c.OpenedAt.Add(b.opts.Timing.VisitorGrace))
	if card.Request, err = r.Request(number); err != nil {
		return card, err
	}
	card.Filled = b.Settings.filledIn(card.Request)
	if card.Kept, err = r.Visitor(c.Visitor); err != nil {
		return card, err
	}
	if card.Position, err = position(r, c); err != nil {
		return card, err
	}
	if c.Owner != "" {
		card.OwnerName = b.Team.name(c.Owner)
	}
	if c.Kind == Ticket && b.Mail.On() {
		if card.Subject, err = subjectOf(r, c); err != nil {
			return card, err
		}
		if card.Subject == b.opts.Mail.Post.Subject(c, card.Request) {
			card.Subject = "" // it is ours
		}
		if card.Letter, err = lastHeading(r, c); err != nil {
			return card, err
		}
	}
	if c.Email != "" && !c.Present && b.Mail.On() {
		if card.Dead, err = b.Mail.dead(r, c.Email); err != nil {
			return card, err
		}
	}
	all, err := r.VisitorConversations(c.Visitor, 20)
	for _, e := range all {
		if e.Number != number {
			card.Earlier = append(card.Earlier, e)
		}
	}
	return card, err
}

// Concerns lists the visitors whom an operator has something to do with, by their cards: of the
// open conversations that the operator takes part in, and of the operator's open offers.
func (b *Bridge) Concerns(ctx context.Context, jid OperatorJID) ([]Card, error) {
	var cards []Card
	err := b.store.View(ctx, func(r Reader) error {
		cards = cards[:0]
		numbers, err := r.TakesPart(jid)
		if err != nil {
			return err
		}
		offers, err := r.OffersTo(jid, OfferOpen)
		if err != nil {
			return err
		}
		for _, o := range offers {
			numbers = append(numbers, o.Conversation)
		}
		slices.Sort(numbers)
		for _, n := range slices.Compact(numbers) {
			card, err := b.card(r, n)
			if err != nil {
				return err
			}
			cards = append(cards, card)
		}
		return nil
	})
	return cards, err
}

// Concerned lists the operators who have something to do with a conversation: parts are those
// who take part or read along, asked are the others, to whom it is offered.
func (b *Bridge) Concerned(ctx context.Context, number int64) (parts, asked []OperatorJID, err error) {
	err = b.store.View(ctx, func(r Reader) error {
		parts, asked = nil, nil
		all, err := r.Participants(number)
		if err != nil {
			return err
		}
		for _, p := range all {
			if !p.Left {
				parts = append(parts, p.Operator)
			}
		}
		offers, err := r.Offers(number)
		for _, o := range offers {
			if o.State == OfferOpen && !slices.Contains(parts, o.Operator) {
				asked = append(asked, o.Operator)
			}
		}
		return err
	})
	return parts, asked, err
}

// WaitingCount is how many conversations wait, tickets included.
func (b *Bridge) WaitingCount(ctx context.Context) (int, error) {
	var n int
	err := b.store.View(ctx, func(r Reader) (err error) {
		n, err = r.Waiting("")
		return err
	})
	return n, err
}

// shownBack is how many events are searched for the newest message of each operator.
const shownBack = 100

// LastOfEach returns the newest message or file of each operator who takes part, newest first,
// of those with a seq ≤ upto that came by XMPP; a correction stands for the message that it
// corrects. Operators whose last message is long ago are left out.
func (b *Bridge) LastOfEach(ctx context.Context, number, upto int64) ([]Event, error) {
	var list []Event
	err := b.store.View(ctx, func(r Reader) error {
		list = list[:0]
		parts, err := r.Participants(number)
		if err != nil {
			return err
		}
		log, err := r.Events(number, max(0, upto-shownBack), int(min(upto, shownBack)))
		for _, e := range slices.Backward(log) {
			if e.From != FromOperator || !e.Type.Content() && e.Type != EventCorrection || e.StanzaID() == "" {
				continue
			}
			here := slices.ContainsFunc(parts, func(p Participant) bool { return p.Operator == e.Operator && !p.Left })
			known := slices.ContainsFunc(list, func(l Event) bool { return l.Operator == e.Operator })
			if !here || known || err != nil {
				continue
			}
			if e, err = uncorrected(r, e); err == nil {
				list = append(list, e)
			}
		}
		return err
	})
	return list, err
}

// Participants lists the operators who get a conversation's log: those who take part, and those who read along.
func (b *Bridge) Participants(ctx context.Context, number int64) ([]Participant, error) {
	var list []Participant
	err := b.store.View(ctx, func(r Reader) error {
		all, err := r.Participants(number)
		list = list[:0]
		for _, p := range all {
			if !p.Left {
				list = append(list, p)
			}
		}
		return err
	})
	return list, err
}

// DeskEntries returns an operator's desk log past the entry with seq after.
func (b *Bridge) DeskEntries(ctx context.Context, o OperatorJID, after int64, limit int) ([]DeskEntry, error) {
	var list []DeskEntry
	err := b.store.View(ctx, func(r Reader) (err error) {
		list, err = r.DeskEntries(o, after, limit)
		return err
	})
	return list, err
}
