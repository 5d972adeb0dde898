package bridge_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// alarming is a house whose super operator has Pushover on, and wants to be asked online only; Olga, who is none, has
// it on, too. It has a channel, and what it was sent.
func alarming(t *testing.T) (*house, *phone, func(when string, want ...string)) {
	t.Helper()
	push := &phone{way: bridge.ByPushover}
	var got []string
	push.do = func(_ context.Context, n bridge.Notice) error {
		got = append(got, fmt.Sprint(n.Kind, " ", n.Operator.Name, ": ", n.Text))
		return nil
	}
	h := notified(t, push)
	h.wants(xavi, bridge.Notify{When: bridge.NotifyOnline, Pushover: "u456"})
	return h, push, func(when string, want ...string) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("%s: sent %q, want %q", when, got, want)
		}
	}
}

// An alarm that the desk may not be able to tell leaves, to super operators alone: once, and once more when it is over.
func TestAlarms_Leave(t *testing.T) {
	h, _, sent := alarming(t)
	bring := h.Notices.Courier(bridge.ByPushover)
	pass := func(d time.Duration) {
		h.clock.Move(d)
		bring(t.Context())
	}
	full, well := phrase.Say("%s", "full"), phrase.Say("%s", "well")
	h.Alarms.Raise(bridge.AlarmStore, full)
	pass(0)
	sent("at once")
	pass(10 * time.Second)
	sent("when it stands", "alarm.raised Xavi: full")
	h.Alarms.Raise(bridge.AlarmStore, full)
	h.Alarms.Raise(bridge.AlarmPoison+" #1", phrase.Say("%s", "poison"))
	h.Alarms.Raise(bridge.AlarmRoom, phrase.Say("%s", "no room"))
	for range 5 {
		pass(2 * time.Hour)
		h.Alarms.Raise(bridge.AlarmStore, full)
	}
	sent("later", "alarm.raised Xavi: full")
	h.Alarms.Clear(bridge.AlarmStore, well)
	pass(5 * time.Second)
	sent("when it is just over", "alarm.raised Xavi: full")
	pass(5 * time.Second)
	pass(time.Hour)
	sent("when it is over", "alarm.raised Xavi: full", "alarm.over Xavi: well")
	h.Alarms.Raise(bridge.AlarmStore, full)
	pass(5 * time.Second)
	h.Alarms.Clear(bridge.AlarmStore, well)
	pass(time.Minute)
	sent("when it came and went", "alarm.raised Xavi: full", "alarm.over Xavi: well")
	h.Alarms.Raise(bridge.AlarmStore, full)
	pass(time.Minute)
	sent("when it comes again", "alarm.raised Xavi: full", "alarm.over Xavi: well", "alarm.raised Xavi: full")
}

// An alarm that could not be sent is sent again, under the same id, while it stands. What is wrong with the operator's
// keys is not tried again.
func TestAlarms_AreSentAgain(t *testing.T) {
	h, push, sent := alarming(t)
	works := push.do
	var ids []string
	fault := errors.New("no answer")
	push.do = func(ctx context.Context, n bridge.Notice) error {
		ids = append(ids, n.ID)
		return fault
	}
	bring := h.Notices.Courier(bridge.ByPushover)
	h.Alarms.Raise(bridge.AlarmConflict, phrase.Say("%s", "a second one"))
	for range 40 {
		h.clock.Move(5 * time.Second)
		bring(t.Context())
	}
	if len(ids) != 3 || ids[0] != ids[2] { // after 10 s, and 30 s and 60 s later
		t.Errorf("tried with the ids %q", ids)
	}
	push.do = works
	h.clock.Move(time.Hour)
	bring(t.Context())
	sent("when it works", "alarm.raised Xavi: a second one")
	push.do = func(context.Context, bridge.Notice) error {
		ids = append(ids, "")
		return phrase.Fail(phrase.CodeInvalid, "No such key.")
	}
	ids = nil
	h.Alarms.Raise(bridge.AlarmHalved, phrase.Say("%s", "halved"))
	for range 20 {
		h.clock.Move(time.Minute)
		bring(t.Context())
	}
	if len(ids) != 1 {
		t.Errorf("with a wrong key it was tried %d times", len(ids))
	}
}

// The link's being down for two minutes is an alarm, of which one is told by other ways than the desk; and when it is
// up again.
func TestAlarms_LinkIsDown(t *testing.T) {
	h, _, sent := alarming(t)
	h.stop()
	defer func() { h.stop = func() {} }()
	h.setHours("Mon-Fri 9-17; Europe/Madrid", nil, nil)
	bring := h.Notices.Courier(bridge.ByPushover)
	turn := func(d time.Duration) {
		h.clock.Move(d)
		h.Turn(t.Context())
		bring(t.Context())
	}
	h.Link.Down()
	turn(0)
	at := h.clock.Now().Add(time.Hour).UTC().Format("15:04") + " CET"
	turn(119 * time.Second)
	turn(0)
	sent("shortly before")
	turn(time.Second)
	turn(10 * time.Second)
	for range 10 {
		turn(time.Hour)
	}
	down := "alarm.raised Xavi: There is no link to the XMPP server since " + at + ": visitors can write, but operators get nothing. The log says why."
	sent("when it is down", down)
	h.Link.Up()
	turn(0)
	turn(10 * time.Second)
	sent("when it is up", down, "alarm.over Xavi: The link to the XMPP server is up again.")
	h.Link.Down()
	turn(time.Minute)
	h.Link.Up()
	turn(time.Minute)
	sent("after a short gap", down, "alarm.over Xavi: The link to the XMPP server is up again.")
}

// Run brings alarms by itself, and ends.
func TestAlarms_LeaveWhileItRuns(t *testing.T) {
	push := &phone{way: bridge.ByPushover}
	h := notified(t, push)
	h.wants(xavi, bridge.Notify{Pushover: "u456"})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- h.Notices.Run(ctx) }()
	h.Alarms.Raise(bridge.AlarmDamage, phrase.Say("%s", "damage"))
	h.clock.Move(10 * time.Second)
	h.until("it is told", func() bool { return slices.Equal(push.heard(), []string{"Xavi []"}) })
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
