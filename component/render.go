package component

import (
	"context"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
	"porchlight/component/safe"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// renderer makes stanzas of the events in conversations' logs, for one link.
type renderer struct {
	bridge *bridge.Bridge
	domain domain
	faces  *faces
	since  time.Time // when the link began
}

// lateAfter is the age from which a message says when it was written.
const lateAfter = 10 * time.Second

// repeats reports whether something of that time is older than the link. It may then be a
// repetition.
func (n *renderer) repeats(at time.Time) bool { return at.UnixMilli() < n.since.UnixMilli() }

// late returns the stamp for something of that time (XEP-0203) if it needs one: if it is
// older than lateAfter, or than the link.
func (n *renderer) late(at time.Time) []*stream.Element {
	if n.repeats(at) || n.bridge.Now().Sub(at) > lateAfter {
		return []*stream.Element{stanza.Delayed(string(n.domain), at)}
	}
	return nil
}

// event returns the stanzas that tell one operator of an event. For an event that can't
// be rendered it returns a message that says so, since that is better than holding up the
// events behind it.
func (n *renderer) event(ctx context.Context, card bridge.Card, r *reader, e bridge.Event) (stanzas []*stream.Element, err error) {
	err = safe.Do(func() (err error) {
		stanzas, err = n.stanzas(ctx, card, r, e)
		return err
	})
	if err == nil || ctx.Err() != nil || phrase.CodeOf(err) == phrase.CodeUnavailable {
		return stanzas, err
	}
	n.bridge.Quarantine.PassedOver(card.Number, err)
	return []*stream.Element{n.instead(card, r.operator, e, phrase.Say("Something here can't be shown. The log says why."))}, nil
}

// instead makes the message that says why an operator is not shown an event.
func (n *renderer) instead(card bridge.Card, o bridge.OperatorJID, e bridge.Event, why phrase.Phrase) *stream.Element {
	return stanza.Chat(string(card.Visitor), string(o), bridge.StanzaID(string(card.ID), e.Seq), "_"+voiceOf(n.bridge, o).Phrase(why)+"_")
}

func (n *renderer) stanzas(ctx context.Context, card bridge.Card, r *reader, e bridge.Event) ([]*stream.Element, error) {
	to := string(r.operator)
	var out []*stream.Element
	v := voiceOf(n.bridge, r.operator)
	bodies := []string{v.Says(e, r.operator, card.Request.Name)}
	if more := v.StillReaches(e, card); more != "" && bodies[0] != "" {
		bodies[0] += "\n" + more
	}
	if e.Opens() && e.Operator == r.operator {
		var err error
		if bodies, err = n.transcript(ctx, v, card, r, e); err != nil {
			return nil, err
		}
		out = append(out, n.faces.introduction(card, to)...)
	}
	if e.Type == bridge.EventPage && !e.Moves() && !quiet(n.bridge, r.operator) || e.Closes() {
		out = append(out, n.faces.visitor(card, to))
	}
	if e.Type == bridge.EventFile {
		return append(out, n.file(card, r.operator, e)...), nil
	}
	for part, body := range bodies {
		if body != "" {
			out = append(out, n.content(card, to, e, part, body))
		}
	}
	return out, nil
}

// content makes one message of an event. Only the transcript has more than one part.
func (n *renderer) content(card bridge.Card, to string, e bridge.Event, part int, body string) *stream.Element {
	var more []*stream.Element
	if e.Type == bridge.EventOperator || e.Type == bridge.EventWatch { // once in a conversation is enough: a message without the name costs the server a tenth less time
		more = append(more, stream.Text(stanza.NSNick, "nick", voiceOf(n.bridge, bridge.OperatorJID(to)).Visitor(card.Request.Called())))
	}
	more = append(more, n.late(e.At)...)
	switch e.Type {
	case bridge.EventCorrection:
		more = append(more, stanza.Replaces(bridge.StanzaID(string(card.ID), e.Amends())))
	case bridge.EventRetraction:
		more = append(more, stanza.Retracts(bridge.StanzaID(string(card.ID), e.Amends()))...)
	}
	return stanza.Chat(string(card.Visitor), to, bridge.PartID(card.ID, e.Seq, part), body, more...)
}

// file tells an operator of a file, unless they sent it: as a link (XEP-0066 §3) with the
// URL as the body, a form that all clients take. Before a colleague's file goes a message
// that says who sends it.
func (n *renderer) file(card bridge.Card, to bridge.OperatorJID, e bridge.Event) []*stream.Element {
	if e.Operator == to {
		return nil
	}
	link := n.bridge.Files.URL(card.ID, e)
	m := n.content(card, string(to), e, 0, link)
	m.Children = append(m.Children, stanza.Linked(link))
	if e.From == bridge.FromOperator {
		who := stanza.Chat(string(card.Visitor), string(to), bridge.StanzaID(string(card.ID)+".who", e.Seq), "_"+voiceOf(n.bridge, to).Say("%s sends a file:", e.Name)+"_")
		return []*stream.Element{who, m}
	}
	return []*stream.Element{m}
}

// transcript returns the log before an event, for the operator who joined, or reads along, from that event on.
func (n *renderer) transcript(ctx context.Context, v voice.Voice, card bridge.Card, r *reader, joined bridge.Event) ([]string, error) {
	fresh, err := novice(ctx, n.bridge, r.operator, joined.At)
	if err != nil {
		return nil, err
	}
	to := voice.Reader{Operator: r.operator, Known: r.known, Novice: fresh, Watches: r.watches}
	var all []bridge.Event
	for after := int64(0); ; {
		events, err := n.bridge.Events(ctx, card.Number, after, feedLimit)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			if e.Seq >= joined.Seq {
				return v.Transcript(card, all, to), nil
			}
			all, after = append(all, e), e.Seq
		}
		if len(events) == 0 {
			return v.Transcript(card, all, to), nil
		}
	}
}
