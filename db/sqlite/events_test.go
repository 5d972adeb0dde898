package sqlite

import (
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

func TestAppend_RoundTrip(t *testing.T) {
	d := openNew(t)
	number := create(t, d, sample(1)).Number
	events := []bridge.Event{
		{Conversation: number, Seq: 1, Type: bridge.EventMessage, At: at(1), From: bridge.FromVisitor, Name: "Anna", Text: "Hällo\n\x00🙂", Origin: "v:1"},
		{Conversation: number, Seq: 2, Type: bridge.EventState, At: at(2), From: bridge.FromSystem, Data: bridge.Turn{State: "active", Reason: "why"}},
		{Conversation: number, Seq: 3, Type: bridge.EventPosition, At: at(3), Data: bridge.Place{Position: 4}},
		{Conversation: number, Seq: 4, Type: bridge.EventMessage, At: at(4), From: bridge.FromOperator, Operator: "xavi@example.org", Name: "Xavi", Text: "Hi",
			Origin: bridge.OperatorOrigin("xavi@example.org", "s1")},
	}
	update(t, d, func(tx bridge.Tx) error { return tx.Append(events...) })
	for i := range events {
		events[i].At = stored(events[i].At)
	}
	view(t, d, func(r bridge.Reader) error {
		expect(t, events)(r.Events(number, 0, 10))
		expect(t, events[1:3])(r.Events(number, 1, 2))
		expect(t, []bridge.Event(nil))(r.Events(number, 4, 10))
		expect(t, events[0])(r.EventByOrigin(number, "v:1"))
		expect(t, events[3])(r.EventByOrigin(number, "o:xavi@example.org s1"))
		_, err := r.EventByOrigin(number, "")
		expectCode(t, phrase.CodeNotFound, err)
		_, err = r.EventByOrigin(number+1, "v:1")
		expectCode(t, phrase.CodeNotFound, err)
		return nil
	})
}

func TestAppend_OriginOnceInEachConversation(t *testing.T) {
	d := openNew(t)
	a, b := create(t, d, sample(1)).Number, create(t, d, sample(2)).Number
	event := func(number, seq int64, origin string) func(bridge.Tx) error {
		return func(tx bridge.Tx) error {
			return tx.Append(bridge.Event{Conversation: number, Seq: seq, Type: bridge.EventMessage, At: at(0), Origin: origin})
		}
	}
	update(t, d, event(a, 1, "v:1"))
	update(t, d, event(b, 1, "v:1"))
	update(t, d, event(a, 2, ""))
	update(t, d, event(a, 3, ""))
	for name, f := range map[string]func(bridge.Tx) error{
		"same origin": event(a, 4, "v:1"), "same seq": event(a, 3, "v:2"), "seq 0": event(a, 0, ""), "no such conversation": event(99, 1, ""),
	} {
		if err := d.Update(t.Context(), f); err == nil {
			t.Errorf("%s was stored", name)
		}
	}
}

func TestLastMessage(t *testing.T) {
	d := openNew(t)
	number := create(t, d, sample(1)).Number
	update(t, d, func(tx bridge.Tx) error {
		return tx.Append(
			bridge.Event{Conversation: number, Seq: 1, Type: bridge.EventMessage, From: bridge.FromVisitor, At: at(0)},
			bridge.Event{Conversation: number, Seq: 2, Type: bridge.EventPage, From: bridge.FromVisitor, At: at(0)},
			bridge.Event{Conversation: number, Seq: 3, Type: bridge.EventMessage, From: bridge.FromOperator, At: at(0)},
			bridge.Event{Conversation: number, Seq: 4, Type: bridge.EventMessage, From: bridge.FromVisitor, At: at(0)})
	})
	view(t, d, func(r bridge.Reader) error {
		expect(t, int64(4))(r.LastMessage(number, bridge.FromVisitor, 9))
		expect(t, int64(1))(r.LastMessage(number, bridge.FromVisitor, 3))
		expect(t, int64(0))(r.LastMessage(number, bridge.FromVisitor, 0))
		expect(t, int64(3))(r.LastMessage(number, bridge.FromOperator, 9))
		expect(t, int64(0))(r.LastMessage(number, bridge.FromSystem, 9))
		return nil
	})
}
