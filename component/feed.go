package component

import (
	"context"
	"errors"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// feed sends a conversation's log to those who take part, each from where they
// are.
func (c *Component) feed(ctx context.Context, conn *stream.Conn, number int64) error {
	for {
		t, events, more, err := c.take(ctx, conn, number)
		if err != nil || len(events) == 0 && !more {
			return err
		}
		for _, r := range t.readers {
			if err := c.feedReader(ctx, t, r, events); err != nil {
				return err
			}
		}
	}
}

// take returns a conversation's track over conn and the events that follow on
// what was looked at: those that the bridge told of, or what the store has; and
// whether there is more than that in the store.
func (c *Component) take(ctx context.Context, conn *stream.Conn, number int64) (*track, []bridge.Event, bool, error) {
	p := c.pump
	p.mu.Lock()
	t := p.tracks[number]
	if t != nil && t.conn == conn && !t.stale {
		events := t.recent
		t.recent = nil
		t.looked += int64(len(events))
		p.mu.Unlock()
		return t, events, false, nil
	}
	var known []*reader
	if t != nil && t.conn == conn {
		known = t.readers
	}
	p.mu.Unlock()
	t, err := c.load(ctx, conn, number, known)
	if err != nil {
		return nil, nil, false, err
	}
	events, more, err := c.catchUp(ctx, t)
	return t, events, more, err
}

// catchUp puts a fresh track in place and reads the log that follows on it. The
// track is in place before the log is read, so no event falls in between. Where
// nobody takes part there is nothing to keep.
func (c *Component) catchUp(ctx context.Context, t *track) ([]bridge.Event, bool, error) {
	p := c.pump
	p.mu.Lock()
	if len(t.readers) == 0 {
		delete(p.tracks, t.card.Number)
		p.mu.Unlock()
		return nil, false, nil
	}
	if c.conn.Load() == t.conn {
		p.tracks[t.card.Number] = t
	}
	looked := t.looked
	p.mu.Unlock()
	events, err := c.bridge.Events(ctx, t.card.Number, looked, feedLimit)
	if err != nil {
		return nil, false, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, e := range events {
		if e.Seq > t.card.Seq && turns(events[i:]) {
			events = events[:i] // newer than what was loaded: load again first
			t.stale = true
			break
		}
	}
	t.looked += int64(len(events))
	if len(events) == feedLimit {
		t.stale = true
	}
	for len(t.recent) > 0 && t.recent[0].Seq <= t.looked {
		t.recent = t.recent[1:]
	}
	if t.stale || len(t.recent) > 0 && t.recent[0].Seq != t.looked+1 {
		t.recent, t.stale = nil, true
	}
	return events, t.stale, nil
}

// load reads a track from the store; known readers keep their positions.
func (c *Component) load(ctx context.Context, conn *stream.Conn, number int64, known []*reader) (*track, error) {
	card, err := c.bridge.Card(ctx, number)
	if err != nil {
		return nil, err
	}
	parts, err := c.bridge.Participants(ctx, number)
	if err != nil {
		return nil, err
	}
	t := &track{conn: conn, card: card, looked: card.Seq}
	for _, p := range parts {
		r := &reader{operator: p.Operator, known: max(p.Known, 0), sent: p.Confirmed, proved: p.Confirmed}
		for _, k := range known {
			if k.operator == p.Operator && k.sent >= p.Joined {
				r = k
			}
		}
		t.readers = append(t.readers, r)
		t.looked = min(t.looked, r.sent)
	}
	return t, nil
}

// feedReader sends the events past a reader's position.
func (c *Component) feedReader(ctx context.Context, t *track, r *reader, events []bridge.Event) error {
	for _, e := range events {
		if e.Seq <= r.sent {
			continue
		}
		stanzas, err := c.renderEvent(ctx, t, r, e)
		if err != nil {
			return err
		}
		if len(stanzas) > 0 {
			err := t.conn.Send(stanzas...)
			if errors.Is(err, stream.ErrTooLarge) { // a colleague's text can be; a gap that is told is better than a standstill
				err = t.conn.Send(stanza.Chat(string(t.card.Visitor), string(r.operator), bridge.StanzaID(string(t.card.ID), e.Seq), "_"+c.voice(r.operator).Say("A message is too large to be sent to you.")+"_"))
			}
			if err != nil {
				return nil // the link is gone; the next one begins at the proved position
			}
			c.stats.sent.Add(1)
			if e.At.UnixMilli() < c.linked.Load() {
				c.stats.retried.Add(1)
			}
		}
		c.pump.mu.Lock()
		r.sent = e.Seq
		c.pump.mu.Unlock()
		c.barrier.note(t.conn, task{conversation: t.card.Number, operator: r.operator}, e.Seq)
	}
	return nil
}

// lateAfter is from what age on a message says when it was written.
const lateAfter = 10 * time.Second

// isLate reports whether something of that time must say so (XEP-0203): it is
// old, or of before the present link and so perhaps a repetition.
func (c *Component) isLate(at time.Time) bool {
	return at.UnixMilli() < c.linked.Load() || c.bridge.Now().Sub(at) > lateAfter
}

// renderEvent is render, but an event that can't be rendered holds up none of
// those behind it: a gap that is told is better than a standstill.
func (c *Component) renderEvent(ctx context.Context, t *track, r *reader, e bridge.Event) (stanzas []*stream.Element, err error) {
	err = guarded(func() (err error) {
		stanzas, err = c.render(ctx, t, r, e)
		return err
	})
	if err == nil || ctx.Err() != nil || phrase.CodeOf(err) == phrase.CodeUnavailable {
		return stanzas, err
	}
	c.bridge.Quarantine.PassedOver(t.card.Number, err)
	return []*stream.Element{stanza.Chat(string(t.card.Visitor), string(r.operator), bridge.StanzaID(string(t.card.ID), e.Seq), "_"+c.voice(r.operator).Say("Something here can't be shown. The log says why.")+"_")}, nil
}

// render makes of an event what one operator is sent of it.
func (c *Component) render(ctx context.Context, t *track, r *reader, e bridge.Event) ([]*stream.Element, error) {
	to := string(r.operator)
	var out []*stream.Element
	v := c.voice(r.operator)
	bodies := []string{v.Says(e, r.operator, t.card.Request.Name)}
	if e.Joins() && e.Operator == r.operator {
		var err error
		if bodies, err = c.transcript(ctx, v, t.card, r, e); err != nil {
			return nil, err
		}
		out = append(out, c.introduction(t.card, to)...)
		c.rosters.look(r.operator, t.card.Visitor)
	}
	closed := e.Closes()
	if e.Type == bridge.EventPage && !e.Moves() && !c.quiet(r.operator) || closed {
		out = append(out, c.visitorPresence(t.card, to))
	}
	if closed {
		c.rosters.look(r.operator, t.card.Visitor)
	}
	if e.Type == bridge.EventFile {
		return append(out, c.fileMessage(t.card, r.operator, e)...), nil
	}
	for part, body := range bodies {
		if body != "" {
			out = append(out, c.content(t.card, to, e, part, body))
		}
	}
	return out, nil
}

// content makes one message of an event; all but the transcript have one part.
func (c *Component) content(card bridge.Card, to string, e bridge.Event, part int, body string) *stream.Element {
	var more []*stream.Element
	if e.Type == bridge.EventOperator { // once is enough: the server needs a tenth less time for a message without it
		more = append(more, stream.Text(stanza.NSNick, "nick", c.voice(bridge.OperatorJID(to)).Visitor(card.Request.Called())))
	}
	if c.isLate(e.At) {
		more = append(more, stanza.Delayed(c.opts.Domain, e.At))
	}
	switch e.Type {
	case bridge.EventCorrection:
		more = append(more, stanza.Replaces(bridge.StanzaID(string(card.ID), e.Amends())))
	case bridge.EventRetraction:
		more = append(more, stanza.Retracts(bridge.StanzaID(string(card.ID), e.Amends()))...)
	}
	return stanza.Chat(string(card.Visitor), to, bridge.PartID(card.ID, e.Seq, part), body, more...)
}

// transcript is the log before an event, for the one who joined by it.
func (c *Component) transcript(ctx context.Context, v voice.Voice, card bridge.Card, r *reader, joined bridge.Event) ([]string, error) {
	fresh, err := novice(ctx, c.bridge, r.operator, joined.At)
	if err != nil {
		return nil, err
	}
	to := voice.Reader{Operator: r.operator, Known: r.known, Novice: fresh}
	var all []bridge.Event
	for after := int64(0); ; {
		events, err := c.bridge.Events(ctx, card.Number, after, feedLimit)
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
