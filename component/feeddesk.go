package component

import (
	"context"
	"errors"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// deskTrack is where an operator is in their desk log, over one link.
type deskTrack struct {
	conn *stream.Conn
	turn int64 // of bridge.Reach.Holds
	sent int64
}

// deskJID is the desk's address.
func (c *Component) deskJID() string { return "desk@" + c.opts.Domain }

// deskName is what the desk is called.
const deskName = "Support desk"

// deskFull is the desk's one resource, from which its presence comes: some clients
// know no presence without one.
func (c *Component) deskFull() string { return c.deskJID() + "/desk" }

// feedDesk sends an operator's desk log from where they are; nothing while they
// can't be reached.
func (c *Component) feedDesk(ctx context.Context, conn *stream.Conn, o bridge.OperatorJID) error {
	t, err := c.openDesk(ctx, conn, o)
	if err != nil {
		return err
	}
	for {
		if held, turn := c.bridge.Reach.Holds(o); held || turn != t.turn {
			return nil // who can be reached again has the log woken
		}
		entries, err := c.bridge.DeskEntries(ctx, o, t.sent, feedLimit)
		if err == nil && c.quiet(o) {
			entries = c.gather(o, entries)
		}
		if err != nil || len(entries) == 0 {
			return err
		}
		for _, e := range entries {
			stanzas, err := c.renderEntry(ctx, e)
			if err != nil {
				return err
			}
			if len(stanzas) > 0 {
				err = conn.Send(stanzas...)
			}
			if errors.Is(err, stream.ErrTooLarge) { // as in feedReader
				err = conn.Send(c.deskMessage(string(o), bridge.StanzaID(string(o), e.Seq), c.voice(o).Say("A message is too large to be sent to you.")))
			}
			if err != nil {
				return nil
			}
			t.sent = e.Seq
			c.barrier.note(conn, task{desk: o, turn: t.turn}, e.Seq)
		}
	}
}

// openDesk returns the operator's track over conn.
func (c *Component) openDesk(ctx context.Context, conn *stream.Conn, o bridge.OperatorJID) (*deskTrack, error) {
	p := c.pump
	_, turn := c.bridge.Reach.Holds(o) // before the cursor is read
	p.mu.Lock()
	t := p.desks[o]
	p.mu.Unlock()
	if t != nil && t.conn == conn && t.turn == turn {
		return t, nil
	}
	seq, behind, err := c.bridge.Cursors.Desk(ctx, o)
	if err != nil {
		return nil, err
	}
	if !behind {
		return &deskTrack{conn: conn, turn: turn, sent: 1<<62 - 1}, nil // nothing to send; not kept
	}
	t = &deskTrack{conn: conn, turn: turn, sent: seq}
	p.mu.Lock()
	p.desks[o] = t
	p.mu.Unlock()
	return t, nil
}

// renderEntry is renderDesk, but an entry that can't be rendered holds up none of
// those behind it.
func (c *Component) renderEntry(ctx context.Context, e bridge.DeskEntry) (stanzas []*stream.Element, err error) {
	err = guarded(func() (err error) {
		stanzas, err = c.renderDesk(ctx, e)
		return err
	})
	if err == nil || ctx.Err() != nil || phrase.CodeOf(err) == phrase.CodeUnavailable {
		return stanzas, err
	}
	c.bridge.Quarantine.PassedOver(e.Conversation, err)
	text := c.voice(e.Operator).Say("There is something about #%d that can't be shown. The log says why.", e.Conversation)
	return []*stream.Element{c.deskMessage(string(e.Operator), bridge.StanzaID(string(e.Operator), e.Seq), text, c.late(e)...)}, nil
}

// renderDesk makes of an entry what the operator is sent of it. An offer that
// is over when its turn comes is not sent.
func (c *Component) renderDesk(ctx context.Context, e bridge.DeskEntry) ([]*stream.Element, error) {
	to, id := string(e.Operator), bridge.StanzaID(string(e.Operator), e.Seq)
	var card bridge.Card
	if e.Conversation != 0 {
		var err error
		if card, err = c.bridge.Card(ctx, e.Conversation); err != nil {
			return nil, err
		}
	}
	switch e.Kind {
	case bridge.DeskOffer:
		if card.State != bridge.Waiting {
			return nil, nil
		}
		w, err := c.bridge.WhyOffered(ctx, card.Conversation)
		if err != nil {
			return nil, err
		}
		fresh, err := novice(ctx, c.bridge, e.Operator, e.At)
		if err != nil {
			return nil, err
		}
		return append(c.introduction(card, to), c.deskMessage(to, id, c.voice(e.Operator).Offer(card, w, fresh), c.late(e)...)), nil
	case bridge.DeskOutcome:
		text := c.voice(e.Operator).Phrase(e.Phrase)
		gone, err := c.goneFor(ctx, card, e.Operator)
		if err != nil {
			return nil, err
		}
		offer := bridge.StanzaID(string(e.Operator), e.Ref)
		if last, ok := c.lastDesk.Load(e.Operator); ok && last == offer {
			return append(gone, c.correction(to, id, offer, text)), nil
		}
		return append(gone, c.retraction(to, id, offer, text)), nil
	}
	return []*stream.Element{c.deskMessage(to, id, c.voice(e.Operator).Phrase(e.Phrase), c.late(e)...)}, nil
}

func (c *Component) late(e bridge.DeskEntry) []*stream.Element {
	if c.isLate(e.At) {
		return []*stream.Element{stanza.Delayed(c.opts.Domain, e.At)}
	}
	return nil
}

// deskMessage makes a message from the desk and remembers it as the last one.
func (c *Component) deskMessage(to, id, body string, more ...*stream.Element) *stream.Element {
	c.lastDesk.Store(bridge.OperatorJID(to), id)
	return stanza.Chat(c.deskJID(), to, id, body, more...)
}

// correction replaces the last message (XEP-0308 §4: only the last one is
// replaced by all clients).
func (c *Component) correction(to, id, replaced, body string) *stream.Element {
	return stanza.Chat(c.deskJID(), to, id, body, stanza.Replaces(replaced))
}

// retraction takes an earlier message back, and says why where retractions are
// not understood (XEP-0424 §5.1).
func (c *Component) retraction(to, id, retracted, body string) *stream.Element {
	return c.deskMessage(to, id, body, stanza.Retracts(retracted)...)
}
