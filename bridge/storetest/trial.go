package storetest

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// trial is the test of one rule, with a store of its own.
type trial struct {
	*testing.T
	store Store
	open  Open
	place string
}

// begin opens a store for a trial; the store is closed when the test ends.
func begin(t *testing.T, open Open, place string) *trial {
	tr := &trial{T: t, open: open, place: place}
	tr.start()
	t.Cleanup(tr.stop)
	return tr
}

// start opens the store.
func (t *trial) start() {
	t.Helper()
	var err error
	if t.store, err = t.open(t.Context(), t.place); err != nil {
		t.Fatal(err)
	}
}

// stop closes the store; a second time it does nothing.
func (t *trial) stop() {
	t.Helper()
	if t.store == nil {
		return
	}
	if err := t.store.Close(); err != nil {
		t.Error(err)
	}
	t.store = nil
}

// update runs an update that must succeed.
func (t *trial) update(f func(bridge.Tx) error) {
	t.Helper()
	if err := t.store.Update(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// refused runs an update that must fail with a code.
func (t *trial) refused(want phrase.Code, f func(bridge.Tx) error) {
	t.Helper()
	expectCode(t, want, t.store.Update(t.Context(), f))
}

// view runs a view that must succeed.
func (t *trial) view(f func(bridge.Reader) error) {
	t.Helper()
	if err := t.store.View(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// create stores a conversation, with its visitor if needed, and returns it with its
// number.
func (t *trial) create(c bridge.Conversation) bridge.Conversation {
	t.Helper()
	t.update(Create(&c))
	return c
}

// conversation stores a conversation and returns its number.
func (t *trial) conversation() int64 { return t.create(Sample(1)).Number }

// hire stores enabled operators.
func (t *trial) hire(operators ...bridge.OperatorJID) {
	t.Helper()
	t.update(func(tx bridge.Tx) error {
		var errs []error
		for _, o := range operators {
			errs = append(errs, tx.SaveOperator(bridge.Operator{JID: o, Enabled: true}))
		}
		return errors.Join(errs...)
	})
}

// texts lists the texts of a conversation's log.
func (t *trial) texts(number int64) (list []string) {
	t.Helper()
	t.view(func(r bridge.Reader) error {
		list = textsIn(t, r, number)
		return nil
	})
	return list
}

// textsIn lists them in a view that is under way.
func textsIn(t *trial, r bridge.Reader, number int64) (list []string) {
	t.Helper()
	events, err := r.Events(number, 0, 1<<20)
	if err != nil {
		t.Error(err)
	}
	for _, e := range events {
		list = append(list, e.Text)
	}
	return list
}

// expect checks that a call of the store returned want and no error.
func expect[T any](t testing.TB, want T) func(T, error) {
	return func(got T, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("error: %v", err)
		} else if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
}

// expectCode checks the code of an error; "" stands for no error.
func expectCode(t testing.TB, want phrase.Code, err error) {
	t.Helper()
	if got := phrase.CodeOf(err); got != want {
		t.Errorf("error %v has code %q, want %q", err, got, want)
	}
}

// expectNone checks that a thing was not found.
func expectNone[T any](t testing.TB) func(T, error) {
	return func(_ T, err error) {
		t.Helper()
		expectCode(t, phrase.CodeNotFound, err)
	}
}

// whole checks that a thing that is about to be stored has a value in each field, except in
// those named: neither an engine nor these tests then forget a field unnoticed.
func whole(t testing.TB, thing any, except ...string) {
	t.Helper()
	v := reflect.ValueOf(thing)
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		if v.Field(i).IsZero() && !contains(except, name) {
			t.Errorf("field %s of %T is empty, so nobody knows whether it is kept", name, thing)
		}
	}
}

func contains(list []string, name string) bool {
	for _, s := range list {
		if s == name {
			return true
		}
	}
	return false
}

// at is a time n seconds after the beginning of the tests, in a zone of its own, with a
// fraction that is too fine to be stored.
func at(n int) time.Time {
	return time.Unix(1_800_000_000+int64(n), 123_456_789).In(time.FixedZone("elsewhere", 3600))
}

// stored is a time as it comes back from the store: whole milliseconds, in UTC.
func stored(t time.Time) time.Time { return t.Truncate(time.Millisecond).UTC() }

// The visitor and the operators of the tests.
const (
	anna = bridge.VisitorJID("anna-7k2f@support.example.org")
	xavi = bridge.OperatorJID("xavi@example.org")
	olga = bridge.OperatorJID("olga@example.org")
	vera = bridge.OperatorJID("vera@example.org")
)

// Sample is conversation i of visitor Anna as it is created: waiting, and not stored yet.
func Sample(i int) bridge.Conversation {
	return bridge.Conversation{ID: bridge.ConversationID(fmt.Sprintf("id-%d", i)), Visitor: anna, Department: "support",
		Kind: bridge.Chat, State: bridge.Waiting, Email: "anna@example.org", OpenedAt: stored(at(0))}
}

// Create stores a conversation, with its visitor if needed, and sets its number. The key of
// its request is "key of " and its id.
func Create(c *bridge.Conversation) func(bridge.Tx) error {
	return func(tx bridge.Tx) error {
		err := tx.CreateVisitor(bridge.Visitor{JID: c.Visitor, Name: "Anna"})
		if err != nil && phrase.CodeOf(err) != phrase.CodeConflict {
			return err
		}
		return tx.CreateConversation(c, bridge.Request{Reason: "Help"}, "key of "+string(c.ID), []byte("hash"))
	}
}

// Say appends a visitor's message as package bridge does, once for each origin, and sets seq,
// unless it is nil, to the message's place in the log.
func Say(number int64, origin, text string, seq *int64) func(bridge.Tx) error {
	return func(tx bridge.Tx) error {
		c, err := tx.Conversation(number)
		if err != nil {
			return err
		}
		if _, err := tx.EventByOrigin(number, origin); phrase.CodeOf(err) != phrase.CodeNotFound {
			return err
		}
		was := c.Seq
		c.Seq++
		c.Due.IdleWarn = at(int(c.Seq))
		if err := tx.SaveConversation(c, was); err != nil {
			return err
		}
		if seq != nil {
			*seq = c.Seq
		}
		return tx.Append(bridge.Event{Conversation: number, Seq: c.Seq, Type: bridge.EventMessage, At: at(0),
			From: bridge.FromVisitor, Name: "Anna", Text: text, Origin: origin})
	}
}
