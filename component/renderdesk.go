package component

import (
	"context"
	"sync"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/component/safe"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// deskVoice makes the desk's messages over one link. It remembers the last message to
// each operator, since only the last can be replaced in all clients. Any goroutine may
// use it.
type deskVoice struct {
	desk string // the desk's address

	mu   sync.Mutex
	last map[string]string // id of the last message, by the operator's address
}

func newDeskVoice(d domain) *deskVoice {
	return &deskVoice{desk: d.desk(), last: make(map[string]string)}
}

// message makes a message from the desk, and remembers it as the last one.
func (d *deskVoice) message(to, id, body string, more ...*stream.Element) *stream.Element {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.last[to] = id
	return stanza.Chat(d.desk, to, id, body, more...)
}

// instead makes a message in place of an earlier one: a correction if that was the last
// one, since clients need not replace any other (XEP-0308 §4), else a retraction. Clients
// that don't know retractions show the body (XEP-0424 §3).
func (d *deskVoice) instead(to, id, earlier, body string) *stream.Element {
	if d.isLast(to, earlier) {
		return stanza.Chat(d.desk, to, id, body, stanza.Replaces(earlier))
	}
	return d.message(to, id, body, stanza.Retracts(earlier)...)
}

// anew makes a message that has to be read, in place of an earlier one if that was the last one.
// Clients that know retractions show no body of one, so nothing is retracted.
func (d *deskVoice) anew(to, id, earlier, body string, more ...*stream.Element) *stream.Element {
	if d.isLast(to, earlier) {
		return stanza.Chat(d.desk, to, id, body, append(more, stanza.Replaces(earlier))...)
	}
	return d.message(to, id, body, more...)
}

// isLast reports whether a message is the last one to an operator.
func (d *deskVoice) isLast(to, id string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.last[to] == id
}

// deskRenderer makes stanzas of the entries in operators' desk logs, for one link.
type deskRenderer struct {
	*renderer
	desk     *deskVoice
	visitors *visitors
}

// entry returns the stanzas that tell the operator of an entry. For an entry that can't
// be rendered it returns a message that says so, so that it holds up none behind it.
func (n *deskRenderer) entry(ctx context.Context, e bridge.DeskEntry) (stanzas []*stream.Element, err error) {
	err = safe.Do(func() (err error) {
		stanzas, err = n.stanzas(ctx, e)
		return err
	})
	if err == nil || ctx.Err() != nil || phrase.CodeOf(err) == phrase.CodeUnavailable {
		return stanzas, err
	}
	n.bridge.Quarantine.PassedOver(e.Conversation, err)
	return []*stream.Element{n.instead(e, phrase.Say("There is something about #%d that can't be shown. The log says why.", e.Conversation))}, nil
}

// instead makes the message that says why an operator is not shown an entry.
func (n *deskRenderer) instead(e bridge.DeskEntry, why phrase.Phrase) *stream.Element {
	return n.message(e, voiceOf(n.bridge, e.Operator).Phrase(why))
}

// message makes the message for an entry.
func (n *deskRenderer) message(e bridge.DeskEntry, body string) *stream.Element {
	o := string(e.Operator)
	return n.desk.message(o, bridge.StanzaID(o, e.Seq), body, n.late(e.At)...)
}

// stanzas renders an entry. It renders nothing for an offer whose conversation waits no
// more.
func (n *deskRenderer) stanzas(ctx context.Context, e bridge.DeskEntry) ([]*stream.Element, error) {
	var card bridge.Card
	if e.Conversation != 0 {
		var err error
		if card, err = n.bridge.Card(ctx, e.Conversation); err != nil {
			return nil, err
		}
	}
	v := voiceOf(n.bridge, e.Operator)
	switch e.Kind {
	case bridge.DeskOffer:
		if card.State != bridge.Waiting {
			return nil, nil
		}
		w, err := n.bridge.WhyOffered(ctx, card.Conversation)
		if err != nil {
			return nil, err
		}
		fresh, err := novice(ctx, n.bridge, e.Operator, e.At)
		if err != nil {
			return nil, err
		}
		return append(n.faces.introduction(card, string(e.Operator)), n.message(e, v.Offer(card, w, fresh))), nil
	case bridge.DeskOutcome:
		gone, err := n.visitors.gone(ctx, card, e.Operator)
		if err != nil {
			return nil, err
		}
		o := string(e.Operator)
		return append(gone, n.desk.instead(o, bridge.StanzaID(o, e.Seq), bridge.StanzaID(o, e.Ref), v.Phrase(e.Phrase))), nil
	}
	if e.Ref > 0 {
		o := string(e.Operator)
		return []*stream.Element{n.desk.anew(o, bridge.StanzaID(o, e.Seq), bridge.StanzaID(o, e.Ref), v.Phrase(e.Phrase), n.late(e.At)...)}, nil
	}
	return []*stream.Element{n.message(e, v.Phrase(e.Phrase))}, nil
}
