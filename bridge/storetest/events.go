package storetest

import (
	"errors"

	"porchlight/bridge"
)

var eventRules = []rule{
	{"comes back whole, in order and in pages", eventRoundTrip},
	{"keeps the particulars of each type", eventData},
	{"has an origin once in each conversation", eventOrigin},
	{"is found by the beginning of its origin", eventsUnder},
	{"is the last message of its role only", lastMessage},
}

func eventRoundTrip(t *trial) {
	number := t.conversation()
	events := []bridge.Event{
		{Conversation: number, Seq: 1, Type: bridge.EventMessage, At: at(1), From: bridge.FromVisitor, Name: "Anna", Text: "Hällo\n🙂", Origin: "v:1"},
		{Conversation: number, Seq: 2, Type: bridge.EventState, At: at(2), From: bridge.FromSystem, Data: bridge.Turn{State: "waiting", Reason: "why", Department: "sales", Mail: true, Aims: bridge.Aims{First: 1, Next: 2, Solved: 3}, For: "olga@example.org"}},
		{Conversation: number, Seq: 3, Type: bridge.EventPosition, At: at(3), Data: bridge.Place{Position: 4, Wait: 90}},
		{Conversation: number, Seq: 4, Type: bridge.EventMessage, At: at(4), From: bridge.FromOperator, Operator: xavi, Name: "Xavi", Text: "Hi",
			Data: bridge.Message{ReplyTo: 1}, Origin: bridge.OperatorOrigin(xavi, "s1")},
	}
	whole(t, events[3])
	t.update(func(tx bridge.Tx) error { return tx.Append(events...) })
	for i := range events {
		events[i].At = stored(events[i].At)
	}
	t.view(func(r bridge.Reader) error {
		expect(t, events)(r.Events(number, 0, 10))
		expect(t, events[1:3])(r.Events(number, 1, 2))
		expect(t, []bridge.Event(nil))(r.Events(number, 4, 10))
		return nil
	})
	byOrigin := func(r bridge.Reader) error {
		expect(t, events[0])(r.EventByOrigin(number, "v:1"))
		expect(t, events[3])(r.EventByOrigin(number, "o:xavi@example.org s1"))
		expectNone[bridge.Event](t)(r.EventByOrigin(number, ""))
		expectNone[bridge.Event](t)(r.EventByOrigin(number, "v:2"))
		expectNone[bridge.Event](t)(r.EventByOrigin(number+1, "v:1"))
		return nil
	}
	t.view(byOrigin)
	t.update(func(tx bridge.Tx) error { return byOrigin(tx) }) // which may remember what it has stored
}

func eventData(t *trial) {
	number := t.conversation()
	mail := bridge.Heading{Came: true, Mute: true, Files: "a.pdf (3 KB)", Subject: "Course", Address: "eve@example.com", AnswerTo: "b@example.com", Doubtful: true, More: 8, Hidden: 12, Left: "a picture", Lacks: "parts depth"}
	whole(t, mail)
	events := []bridge.Event{
		{Type: bridge.EventMessage, Data: bridge.Message{ReplyTo: 1, Phrase: "&<>", Reason: "why", Mail: mail, Greeting: true, Key: "crm"}},
		{Type: bridge.EventFile, Data: bridge.SentFile{ID: "a.png", URL: "https://example.org/?a=b&c", Name: "Ümläut.png", Media: "image/png", Bytes: 1 << 40, ReplyTo: 2}},
		{Type: bridge.EventState, Data: bridge.Turn{State: "waiting", Reason: "why", Department: "sales", Mail: true, Aims: bridge.Aims{First: 1, Next: 2, Solved: 3}, For: "olga@example.org"}},
		{Type: bridge.EventOperator, Data: bridge.Part{Action: bridge.Left, Reason: "why", Reached: 3, To: "Olga"}},
		{Type: bridge.EventQuestion, Text: "How?", Data: bridge.Question{To: "olga@example.org", ToName: "Olga", Of: 3}},
		{Type: bridge.EventWatch, Data: bridge.Part{Action: bridge.Unwatches, Reason: "why", Reached: 3, To: "Olga"}},
		{Type: bridge.EventPosition, Data: bridge.Place{Position: 4, Wait: 180}},
		{Type: bridge.EventCorrection, Data: bridge.Amended{Of: 5}},
		{Type: bridge.EventRetraction, Data: bridge.Amended{Of: 6}},
		{Type: bridge.EventIdentity, Text: "Anna Berg", Data: bridge.Identified{Subject: "user 7", Email: "anna@example.net", Was: "Anna"}},
		{Type: bridge.EventEmail, Data: bridge.Contact{Instead: true}},
		{Type: bridge.EventReaction, Data: bridge.Reaction{To: 7}},
		{Type: bridge.EventOffer, Data: bridge.Answered{Action: bridge.Declined}},
		{Type: bridge.EventPage, Data: bridge.PageVisit{Action: bridge.Moved, URL: "https://example.org", Title: "Start"}},
		{Type: bridge.EventOwner, Data: bridge.Ownership{Action: bridge.Assigned, By: "Xavi", Department: "sales", Passed: true, Since: 7}},
		{Type: bridge.EventTarget, Data: bridge.Missed{Target: bridge.FirstAnswer, Within: 1}},
		{Type: bridge.EventUrge, Data: bridge.Urge{Steps: "owner colleagues"}},
		{Type: bridge.EventMail, Data: bridge.Posting{Action: bridge.PostSent, To: "a@example.net", Mail: "m", Upto: 9, Related: 10, Said: "Like this."}},
		{Type: bridge.EventParticulars, Text: "Anna", Data: bridge.KeptData{What: bridge.KeptName, Was: "Ann"}},
		{Type: bridge.EventTag, Data: bridge.Tagged{Added: "refund vip", Removed: "bug"}},
		{Type: bridge.EventMerge, Data: bridge.Merged{Of: 1, Into: 2, Since: 3, First: 4, Solve: 5, Parted: 6, From: 10, FirstWas: 7, SolveWas: 8, SolveUsed: 9}},
		{Type: bridge.EventDefer, Data: bridge.Deferred{Action: bridge.PutOff, Until: 1}},
		{Type: bridge.EventFeedback, Data: bridge.Vote{Score: 4, Deleted: true}},
	}
	for i := range events {
		whole(t, events[i].Data)
		events[i].Conversation, events[i].Seq, events[i].At = number, int64(i+1), stored(at(i))
	}
	events = append(events, bridge.Event{Conversation: number, Seq: int64(len(events) + 1), Type: "of a newer porchlight", At: stored(at(0)), Data: bridge.Unread(`{"a":1}`)})
	t.update(func(tx bridge.Tx) error { return tx.Append(events...) })
	t.view(func(r bridge.Reader) error { expect(t, events)(r.Events(number, 0, 100)); return nil })
}

func eventOrigin(t *trial) {
	a, b := t.create(Sample(1)).Number, t.create(Sample(2)).Number
	event := func(number, seq int64, origin string) func(bridge.Tx) error {
		return func(tx bridge.Tx) error {
			return tx.Append(bridge.Event{Conversation: number, Seq: seq, Type: bridge.EventMessage, At: at(0), Origin: origin})
		}
	}
	t.update(event(a, 1, "v:1"))
	t.update(event(b, 1, "v:1"))
	t.update(event(a, 2, ""))
	t.update(event(a, 3, ""))
	for name, f := range map[string]func(bridge.Tx) error{
		"same origin": event(a, 4, "v:1"), "same seq": event(a, 3, "v:2"), "seq 0": event(a, 0, ""), "no such conversation": event(99, 1, ""),
	} {
		if err := t.store.Update(t.Context(), f); err == nil {
			t.Errorf("%s was stored", name)
		}
	}
}

func eventsUnder(t *trial) {
	a, b := t.create(Sample(1)).Number, t.create(Sample(2)).Number
	t.update(func(tx bridge.Tx) error {
		var errs []error
		for i, origin := range []string{"o:x 1", "o:x 1\nö", "o:x 12", "o:x 1\nz\ny", "o:x 1 2", "O:X 1", "", "o:x 1\n"} {
			errs = append(errs, tx.Append(bridge.Event{Conversation: a, Seq: int64(i + 1), Type: bridge.EventMessage, At: at(0), Origin: origin}))
		}
		return errors.Join(append(errs, tx.Append(bridge.Event{Conversation: b, Seq: 1, Type: bridge.EventMessage, At: at(0), Origin: "o:x 1"}))...)
	})
	seqs := func(want ...int64) func([]bridge.Event, error) {
		return func(list []bridge.Event, err error) {
			t.Helper()
			var got []int64
			for _, e := range list {
				got = append(got, e.Seq)
			}
			expect(t, want)(got, err)
		}
	}
	t.view(func(r bridge.Reader) error {
		seqs(8, 4, 2, 1)(r.EventsUnder(a, "o:x 1", 10))
		seqs(8, 4)(r.EventsUnder(a, "o:x 1", 2))
		seqs(3)(r.EventsUnder(a, "o:x 12", 10))
		seqs(1)(r.EventsUnder(b, "o:x 1", 10))
		seqs()(r.EventsUnder(a, "o:x", 10))
		return nil
	})
}

func lastMessage(t *trial) {
	number := t.conversation()
	t.update(func(tx bridge.Tx) error {
		return tx.Append(
			bridge.Event{Conversation: number, Seq: 1, Type: bridge.EventMessage, From: bridge.FromVisitor, At: at(0)},
			bridge.Event{Conversation: number, Seq: 2, Type: bridge.EventPage, From: bridge.FromVisitor, At: at(0)},
			bridge.Event{Conversation: number, Seq: 3, Type: bridge.EventMessage, From: bridge.FromOperator, At: at(0)},
			bridge.Event{Conversation: number, Seq: 4, Type: bridge.EventMessage, From: bridge.FromVisitor, At: at(0)})
	})
	check := func(r bridge.Reader) error {
		expect(t, int64(4))(r.LastMessage(number, bridge.FromVisitor, 9))
		expect(t, int64(1))(r.LastMessage(number, bridge.FromVisitor, 3))
		expect(t, int64(0))(r.LastMessage(number, bridge.FromVisitor, 0))
		expect(t, int64(3))(r.LastMessage(number, bridge.FromOperator, 9))
		expect(t, int64(0))(r.LastMessage(number, bridge.FromSystem, 9))
		return nil
	}
	t.view(check)
	t.update(func(tx bridge.Tx) error { return check(tx) })
	for i, kind := range []bridge.EventType{bridge.EventFile, bridge.EventCorrection, bridge.EventReaction, bridge.EventNote, bridge.EventRetraction} {
		t.update(func(tx bridge.Tx) error {
			return tx.Append(bridge.Event{Conversation: number, Seq: int64(5 + i), Type: kind, From: bridge.FromOperator, At: at(0)})
		})
	}
	last := func(r bridge.Reader) error {
		expect(t, int64(6))(r.LastMessage(number, bridge.FromOperator, 99))
		expect(t, int64(5))(r.LastMessage(number, bridge.FromOperator, 5))
		return nil
	}
	t.view(last)
	t.update(func(tx bridge.Tx) error { return last(tx) })
}
