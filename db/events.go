package db

import (
	"fmt"

	"porchlight/bridge"
)

const selectEvent = `SELECT conversation, seq, type, created_at, sender, operator, name, text, data, origin FROM events `

func scanEvent(r Row) bridge.Event {
	t := bridge.EventType(r.text(2))
	return bridge.Event{
		Conversation: r.int(0),
		Seq:          r.int(1),
		Type:         t,
		At:           r.time(3),
		From:         bridge.Role(r.text(4)),
		Operator:     bridge.OperatorJID(r.text(5)),
		Name:         r.text(6),
		Text:         r.text(7),
		Data:         bridge.DecodeData(t, r.text(8)),
		Origin:       r.text(9),
	}
}

// Events implements bridge.Reader.
func (r *Reader) Events(number, after int64, limit int) ([]bridge.Event, error) {
	return list(r.s, "events", scanEvent,
		selectEvent+`WHERE conversation = ? AND seq > ? ORDER BY seq LIMIT ?`, number, after, int64(limit))
}

// EventByOrigin implements bridge.Reader.
func (r *Reader) EventByOrigin(number int64, origin string) (bridge.Event, error) {
	return one(r.s, "event", scanEvent, selectEvent+`WHERE conversation = ? AND origin = ?`, number, origin)
}

// EventsUnder implements bridge.Reader. The range ends at "\v", the character after the
// line break that stands between the parts of an origin.
func (r *Reader) EventsUnder(number int64, origin string, limit int) ([]bridge.Event, error) {
	return list(r.s, "events", scanEvent, selectEvent+`WHERE conversation = ? AND origin >= ? AND origin < ? ORDER BY +seq DESC LIMIT ?`,
		number, origin, origin+"\v", int64(limit))
}

// LastMessage implements bridge.Reader.
func (r *Reader) LastMessage(number int64, from bridge.Role, upto int64) (int64, error) {
	var seq int64
	err := r.s.each(func(r Row) bool {
		seq = r.int(0)
		return false
	}, `SELECT seq FROM events WHERE conversation = ? AND seq <= ? AND type IN ('message', 'file', 'correction') AND sender = ? ORDER BY seq DESC LIMIT 1`,
		number, upto, string(from))
	if err != nil {
		return 0, fmt.Errorf("read last message: %w", err)
	}
	return seq, nil
}

// Append implements bridge.Tx.
func (t *Tx) Append(events ...bridge.Event) error {
	for _, e := range events {
		err := t.s.must(`INSERT INTO events (conversation, seq, type, created_at, sender, operator, name, text, data, origin)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			e.Conversation, e.Seq, string(e.Type), millis(e.At), string(e.From), string(e.Operator), e.Name, e.Text, bridge.EncodeData(e.Data), orNull(e.Origin))
		if err != nil {
			return fmt.Errorf("append event: %w", err)
		}
	}
	return nil
}
