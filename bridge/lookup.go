package bridge

import (
	"context"
	"slices"

	"porchlight/bridge/phrase"
)

// This file finds the event that a stanza is about by the stanza id that it names.

// find loads the conversation that a stanza belongs to, and the event that it is about. A reply
// to something unknown is a message like any other.
func (s Said) find(r Reader, v VisitorJID, jid OperatorJID) (Conversation, Event, error) {
	if s.amends() {
		return saidBefore(r, v, jid, s.About)
	}
	c, err := latest(r, v)
	if err != nil {
		return c, Event{}, err
	}
	e, err := saidIn(r, c, jid, s.About)
	if phrase.CodeOf(err) == phrase.CodeNotFound || err == nil && !e.Type.Content() {
		return c, Event{}, nil
	}
	return c, e, err
}

// amendBack is how many of a visitor's conversations are searched for an event.
const amendBack = 5

// saidBefore finds the event that went by an id between an operator and a visitor, in the newest
// conversation that has one.
func saidBefore(r Reader, v VisitorJID, jid OperatorJID, id string) (Conversation, Event, error) {
	list, err := r.VisitorConversations(v, amendBack)
	if err != nil {
		return Conversation{}, Event{}, err
	}
	for _, c := range list {
		e, err := saidIn(r, c, jid, id)
		if phrase.CodeOf(err) != phrase.CodeNotFound {
			return c, e, err
		}
	}
	return Conversation{}, Event{}, phrase.Fail(phrase.CodeNotFound, "What you changed or reacted to is not known here, so nothing was changed.")
}

// saidIn finds the event that went by an id in one conversation: what the operator said, or what
// was sent to them. A correction stands for the event that it corrects, and the transcript for
// the visitor's last message in it.
func saidIn(r Reader, c Conversation, jid OperatorJID, id string) (Event, error) {
	e, err := saidUnder(r, c, jid, id)
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		e, err = sentTo(r, c, jid, id)
	}
	if err == nil && e.Joins() && e.Operator == jid {
		var last int64
		if last, err = r.LastMessage(c.Number, FromVisitor, e.Seq); err == nil {
			e, err = eventAt(r, c.Number, last)
		}
	}
	if err != nil {
		return Event{}, err
	}
	return uncorrected(r, e)
}

// SentTo finds the event that was sent to an operator under an id in the visitor's newest
// conversation: the number of the conversation, and the event's seq, 0 if there is none.
func (b *Bridge) SentTo(ctx context.Context, jid OperatorJID, v VisitorJID, id string) (number, seq int64, err error) {
	err = b.store.View(ctx, func(r Reader) error {
		c, err := latest(r, v)
		if err != nil {
			return err
		}
		e, err := sentTo(r, c, jid, id)
		number, seq = c.Number, e.Seq
		if phrase.CodeOf(err) == phrase.CodeNotFound {
			err = nil
		}
		return err
	})
	return number, seq, err
}

// sentTo finds the event that was sent to an operator under an id: as one message, or as one of
// the further messages of a transcript. Its error is noSuchMessage's if there is none.
func sentTo(r Reader, c Conversation, jid OperatorJID, id string) (Event, error) {
	if seq := sentAs(c, id); seq > 0 {
		return eventAt(r, c.Number, seq)
	}
	parts, err := r.Participants(c.Number)
	if err != nil {
		return Event{}, err
	}
	for _, p := range parts {
		for n := 1; p.Operator == jid && n < transcriptParts; n++ {
			if PartID(c.ID, p.Joined, n) == id {
				return eventAt(r, c.Number, p.Joined)
			}
		}
	}
	return Event{}, noSuchMessage()
}

// transcriptParts is how many messages of a transcript are known by their ids at most.
const transcriptParts = 50

// withTwoIDs finds the event that an operator sent in a stanza with two ids, by one of them.
func withTwoIDs(r Reader, c Conversation, jid OperatorJID, id string) (Event, error) {
	list, err := r.Events(c.Number, max(0, c.Seq-sentBack), sentBack)
	id = keptID(id)
	for _, e := range slices.Backward(list) {
		if first, second := e.stanzaIDs(); e.Operator == jid && second != "" && (first == id || second == id) {
			return e, nil
		}
	}
	if err == nil {
		err = noSuchMessage()
	}
	return Event{}, err
}

// sentWith is the seq of the file that an operator sent in one stanza with the words of e; 0 if
// there was none.
func sentWith(r Reader, e Event) (int64, error) {
	next, err := eventAt(r, e.Conversation, e.Seq+1)
	switch {
	case phrase.CodeOf(err) == phrase.CodeNotFound:
		return 0, nil
	case err != nil || e.Type != EventMessage || next.Type != EventFile || next.Operator != e.Operator || next.Origin != "":
		return 0, err
	}
	return next.Seq, nil
}

// original is an event of a log, or the event that it corrects.
func original(r Reader, number, seq int64) (Event, error) {
	e, err := eventAt(r, number, seq)
	if err != nil {
		return e, err
	}
	return uncorrected(r, e)
}

// uncorrected is e, or the event that e corrects.
func uncorrected(r Reader, e Event) (Event, error) {
	if e.Type != EventCorrection {
		return e, nil
	}
	return eventAt(r, e.Conversation, e.Amends())
}

// eventAt is one event of a log.
func eventAt(r Reader, number, seq int64) (Event, error) {
	list, err := r.Events(number, seq-1, 1)
	if err == nil && (len(list) == 0 || list[0].Seq != seq) {
		err = noSuchMessage()
	}
	if err != nil {
		return Event{}, err
	}
	return list[0], nil
}

func noSuchMessage() error { return phrase.Fail(phrase.CodeNotFound, "There is no such message.") }

// sentBack is how many events at the end of a log are searched for an id.
const sentBack = 500

// sentAs is the seq of the event of c that goes out by XMPP under the id, 0 if there is none.
func sentAs(c Conversation, id string) int64 {
	for seq := c.Seq; seq > max(0, c.Seq-sentBack); seq-- {
		if StanzaID(string(c.ID), seq) == id {
			return seq
		}
	}
	return 0
}

// deskBack is how many entries of a desk log are searched for an id.
const deskBack = 500

// OfferedBy returns the number of the conversation that the desk's message with an id offered
// to an operator; 0 if there is no such offer.
func (b *Bridge) OfferedBy(ctx context.Context, jid OperatorJID, stanzaID string) (int64, error) {
	e, err := b.deskEntry(ctx, jid, stanzaID)
	if e.Kind != DeskOffer {
		return 0, err
	}
	return e.Conversation, err
}

// deskEntry finds the entry of an operator's desk log that was sent under an id; zero if it is none of the last ones.
func (b *Bridge) deskEntry(ctx context.Context, jid OperatorJID, stanzaID string) (found DeskEntry, err error) {
	err = b.store.View(ctx, func(r Reader) error {
		o, err := r.Operator(jid)
		if err != nil {
			return err
		}
		entries, err := r.DeskEntries(jid, max(0, o.DeskSeq-deskBack), deskBack)
		for _, e := range entries {
			if StanzaID(string(jid), e.Seq) == stanzaID {
				found = e
			}
		}
		return err
	})
	if phrase.CodeOf(err) == phrase.CodeNotFound { // a stranger has no desk log
		err = nil
	}
	return found, err
}
