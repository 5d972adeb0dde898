package bridge_test

import (
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// reminders counts the messages about a silent client.
func (h *house) reminders(number int64) int {
	h.t.Helper()
	events, err := h.Events(h.t.Context(), number, 0, 100)
	if err != nil {
		h.t.Fatal(err)
	}
	n := 0
	for _, e := range events {
		if e.From == bridge.FromSystem && strings.Contains(e.Words(phrase.Tongue()), "Xavi's device has not confirmed") {
			n++
		}
	}
	return n
}

// fired waits until no receipt is waited for any more.
func (h *house) fired(number int64) {
	h.until("the timer", func() bool { return h.snapshot(number).Due.Receipt.IsZero() })
}

// proves moves Xavi's cursor.
func (h *house) proves(number, upto int64, status bridge.ReceiptStatus) {
	h.t.Helper()
	if err := h.Cursors.Prove(h.t.Context(), []bridge.Cursor{{Conversation: number, Operator: xavi, Upto: upto, Status: status}}); err != nil {
		h.t.Fatal(err)
	}
}

// sign takes in a stanza that came from an operator.
func (h *house) sign(s bridge.Sign) {
	h.t.Helper()
	if err := h.Reach.Seen(h.t.Context(), s); err != nil {
		h.t.Fatal(err)
	}
}

// talk is a conversation that Xavi has taken; says writes in it as the visitor, and received
// confirms as Xavi's client.
func (h *house) talk() (c bridge.Opened, says func(text string) int64, received func(upto int64)) {
	h.t.Helper()
	h.come(xavi)
	c = h.mustAsk("a")
	detach, err := h.attach(c.Number)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(detach)
	if _, err := h.Take(h.t.Context(), xavi, c.Number); err != nil {
		h.t.Fatal(err)
	}
	says = func(text string) int64 {
		e, _, err := h.VisitorWrites(h.t.Context(), c.Number, text, text)
		if err != nil {
			h.t.Fatal(err)
		}
		h.proves(c.Number, e.Seq, bridge.Confirmed)
		return e.Seq
	}
	received = func(upto int64) {
		h.proves(c.Number, upto, bridge.Delivered)
		h.sign(bridge.Sign{Operator: xavi, Resource: "phone", Visitor: c.Visitor, Receipt: true})
	}
	return c, says, received
}

// A silent client is told of when the owner's grace time is over, once for each silence.
func TestSilence_IsToldOnce(t *testing.T) {
	h := newHouse(t)
	c, says, received := h.talk()
	received(says("one"))
	says("two")
	h.clock.Move(59 * time.Second)
	says("three")
	if h.reminders(c.Number) != 0 {
		t.Error("told too early")
	}
	h.clock.Move(2 * time.Second)
	h.until("the reminder", func() bool { return h.reminders(c.Number) == 1 })
	says("four")
	h.clock.Move(61 * time.Second)
	h.fired(c.Number)
	if n := h.reminders(c.Number); n != 1 {
		t.Errorf("told %d times of one silence", n)
	}
	received(h.snapshot(c.Number).Seq)
	says("five")
	h.clock.Move(61 * time.Second)
	h.until("the reminder of another silence", func() bool { return h.reminders(c.Number) == 2 })
}

// A message that the server has not routed yet is nobody's silence; the time begins with the
// routing.
func TestSilence_IsNotThatOfOurOwnLink(t *testing.T) {
	h := newHouse(t)
	c, says, received := h.talk()
	received(says("one"))
	e, _, err := h.VisitorWrites(t.Context(), c.Number, "two", "two")
	if err != nil {
		t.Fatal(err)
	}
	h.clock.Move(61 * time.Second)
	due := h.clock.Now().Add(time.Minute)
	h.until("the timer begins anew", func() bool { return h.snapshot(c.Number).Due.Receipt.Equal(due) })
	if h.reminders(c.Number) != 0 {
		t.Error("a device is blamed for what was never sent to it")
	}
	h.proves(c.Number, e.Seq, bridge.Confirmed)
	h.clock.Move(61 * time.Second)
	h.until("the reminder", func() bool { return h.reminders(c.Number) == 1 })
}

// An idle warning is not taken for a reminder of the silence.
func TestSilence_IsToldAfterAnIdleWarning(t *testing.T) {
	h := newHouse(t)
	c, says, received := h.talk()
	received(says("one"))
	h.clock.Move(16 * time.Minute)
	h.until("the idle warning", func() bool { return h.snapshot(c.Number).Due.IdleWarn.IsZero() })
	says("still here")
	h.clock.Move(61 * time.Second)
	h.until("the reminder", func() bool { return h.reminders(c.Number) == 1 })
}

// No silence is told of when the owner's client owes no receipt.
func TestSilence_IsNoneWithoutReason(t *testing.T) {
	for name, then := range map[string]func(h *house, says func(string) int64, received func(int64), c bridge.Opened){
		"a client that never gives receipts": func(_ *house, says func(string) int64, _ func(int64), _ bridge.Opened) { says("one") },
		"all was received": func(_ *house, says func(string) int64, received func(int64), _ bridge.Opened) {
			received(says("one"))
			received(says("two"))
		},
		"a client that gives markers alone": func(h *house, says func(string) int64, _ func(int64), c bridge.Opened) {
			h.proves(c.Number, says("one"), bridge.Displayed)
			says("two")
		},
		"one that gives markers of the old kind, which say received": func(h *house, says func(string) int64, _ func(int64), c bridge.Opened) {
			h.proves(c.Number, says("one"), bridge.Delivered)
			says("two")
		},
		"the client that gave receipts has gone, and another is there": func(h *house, says func(string) int64, received func(int64), _ bridge.Opened) {
			received(says("one"))
			for resource, show := range map[string]bridge.Show{"desktop": bridge.ShowAvailable, "phone": bridge.ShowOffline} {
				if err := h.Reach.Presence(h.t.Context(), xavi, resource, show); err != nil {
					h.t.Fatal(err)
				}
			}
			says("two")
		},
		"something else has come from the owner": func(h *house, says func(string) int64, received func(int64), c bridge.Opened) {
			received(says("one"))
			says("two")
			h.clock.Move(time.Second)
			h.sign(bridge.Sign{Operator: xavi, Resource: "phone", Visitor: c.Visitor})
		},
		"the owner has answered": func(h *house, says func(string) int64, received func(int64), c bridge.Opened) {
			received(says("one"))
			says("two")
			if _, err := h.OperatorWrites(h.t.Context(), xavi, c.Visitor, bridge.Said{ID: "x", Text: "answer"}); err != nil {
				h.t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			c, says, received := h.talk()
			then(h, says, received, c)
			h.clock.Move(61 * time.Second)
			h.fired(c.Number)
			if h.reminders(c.Number) != 0 {
				t.Error("told of a silence that is none")
			}
		})
	}
}

// When the receipt that was owed first has come, the next message gets its full time.
func TestSilence_CountsFromTheOldestThatIsOwed(t *testing.T) {
	h := newHouse(t)
	c, says, received := h.talk()
	received(says("one"))
	two := says("two")
	h.clock.Move(50 * time.Second)
	says("three")
	received(two)
	h.clock.Move(15 * time.Second)
	due := h.clock.Now().Add(45 * time.Second)
	h.until("the timer", func() bool { return h.snapshot(c.Number).Due.Receipt.Equal(due) })
	if h.reminders(c.Number) != 0 {
		t.Error("told too early")
	}
	h.clock.Move(46 * time.Second)
	h.until("the reminder", func() bool { return h.reminders(c.Number) == 1 })
}

// A participant of a closed conversation whose log is confirmed is listed no more, until the log
// goes on.
func TestUnconfirmed_LeavesOutWhatIsSettled(t *testing.T) {
	h := newHouse(t)
	c, _, _ := h.talk()
	settled := func() bool {
		var parts []bridge.Participant
		if err := h.store.View(t.Context(), func(r bridge.Reader) (err error) {
			parts, err = r.Participants(c.Number)
			return err
		}); err != nil || len(parts) != 1 {
			t.Fatal(parts, err)
		}
		return parts[0].Settled
	}
	prove := func() {
		cursor := bridge.Cursor{Conversation: c.Number, Operator: xavi, Upto: h.snapshot(c.Number).Seq, Status: bridge.Confirmed}
		if err := h.Cursors.Prove(t.Context(), []bridge.Cursor{cursor}); err != nil {
			t.Fatal(err)
		}
	}
	prove()
	if settled() {
		t.Error("an open conversation counts as settled")
	}
	if _, err := h.Close(t.Context(), xavi, c.Visitor, ""); err != nil {
		t.Fatal(err)
	}
	if list, err := h.Cursors.Unconfirmed(t.Context(), 0, 10); err != nil || len(list) != 1 {
		t.Errorf("the end is not to be delivered: %v, %v", list, err)
	}
	prove()
	if !settled() {
		t.Error("what is over and confirmed is not settled")
	}
	if _, err := h.Note(t.Context(), xavi, c.Visitor, "n1", "by the way"); err != nil {
		t.Fatal(err)
	}
	if list, err := h.Cursors.Unconfirmed(t.Context(), 0, 10); err != nil || len(list) != 1 || settled() {
		t.Errorf("a note after the end is not to be delivered: %v, %v", list, err)
	}
}
