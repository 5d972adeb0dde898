package bridge

import (
	"testing"
	"time"
)

// cellTimers says which timers the cells of cellRules start and stop: when the conversation is new,
// waiting, active, closed. The cells of other actions touch none.
var cellTimers = map[ActionType][4]string{
	Ask:              {"start waiting timer, start visitor timer", "", "", ""},
	VisitorWrites:    {"", "", "start idle timer, start receipt timer", "start waiting timer"},
	VisitorCorrects:  {"", "", "start idle timer", ""},
	PageGone:         {"", "start visitor timer", "start visitor timer", ""},
	PageBack:         {"", "stop visitor timer", "stop visitor timer", ""},
	PagePolls:        {"", "start visitor timer", "start visitor timer", ""},
	OperatorTakes:    {"", "start idle timer", "", ""},
	OperatorWrites:   {"", "start idle timer", "start idle timer", "start idle timer"},
	OperatorAmends:   {"", "", "start idle timer", ""},
	OperatorPasses:   {"", "", "start waiting timer, start offer timer", ""},
	OwnerGone:        {"", "", "start operator timer", ""},
	OwnerBack:        {"", "", "stop operator timer", ""},
	OwnerUnreachable: {"", "", "start waiting timer", ""},
	OperatorBarred:   {"", "", "start waiting timer", ""},
	NobodyThere:      {"", "start waiting timer", "", ""},
	WaitingDue:       {"", "stop waiting timer", "", ""},
	VisitorDue:       {"", "stop visitor timer", "stop visitor timer", ""},
	OperatorDue:      {"", "", "start waiting timer, stop operator timer", ""},
	ReceiptDue:       {"", "", "stop receipt timer", ""},
	OfferDue:         {"", "stop offer timer", "", ""},
}

// Timers also depend on whether the visitor sees at once what is said, whether the owner is there, and
// whether anybody is there.
func TestApply_TimersByCircumstance(t *testing.T) {
	ticket := func(c *Conversation, _ *Action) { c.Kind = Ticket }
	open := func(c *Conversation, _ *Action) { c.Kind, c.Present = Ticket, true }
	away := func(_ *Conversation, a *Action) { a.Away = true }
	alone := func(_ *Conversation, a *Action) { a.Online, a.Guest = false, Guest{} }
	for _, x := range []struct {
		action ActionType
		state  State
		when   func(*Conversation, *Action)
		want   string
	}{
		{OperatorTakes, Waiting, ticket, ""},
		{OperatorTakes, Waiting, open, "start idle timer"},
		{OperatorTakes, Waiting, away, "start operator timer, start idle timer"},
		{OwnerGone, Active, ticket, ""},
		{OwnerGone, Active, open, "start operator timer"},
		{VisitorWrites, Active, ticket, ""},
		{VisitorWrites, Active, open, "start idle timer, start receipt timer"},
		{PageBack, Active, ticket, "stop visitor timer, start idle timer"},
		{PagePolls, Active, ticket, "start visitor timer, start idle timer"},
		{PageGone, Active, open, ""},
		{VisitorDue, Active, open, "stop visitor timer"},
		{OperatorDue, Active, alone, "start waiting timer, stop operator timer"},
		{VisitorWrites, Closed, func(_ *Conversation, a *Action) { a.Watched = false }, "start waiting timer, start visitor timer"},
	} {
		c, a := sample(defaults(), x.state, x.action, t0)
		x.when(&c, &a)
		next, _, err := Rules{defaults()}.Apply(c, a, t0)
		if got := armed(c.Due, next.Due); err != nil || got != x.want {
			t.Errorf("%s of %s, %s: timers %q, want %q; %v", x.action, x.state, c.Kind, got, x.want, err)
		}
	}
}

// A visitor hears soon that nobody is there, and waits for the whole limit if somebody is.
func TestApply_NobodyThereIsToldSoon(t *testing.T) {
	rules, d := Rules{defaults()}, defaults()
	c, a := sample(d, Active, OperatorDue, t0)
	a.Online = false
	c, _, _ = rules.Apply(c, a, t0)
	if want := t0.Add(d.OperatorGrace); !c.Due.Waiting.Equal(want) {
		t.Errorf("nobody is there: the visitor hears of it at %v, want %v", c.Due.Waiting, want)
	}
	back, _, _ := rules.Apply(c, Action{Type: WaitingDue, Online: true}, c.Due.Waiting)
	if want := t0.Add(d.WaitingLimit); !back.Due.Waiting.Equal(want) || back.Kind != Chat {
		t.Errorf("somebody is there again: a %s that is asked until %v, want a chat until %v", back.Kind, back.Due.Waiting, want)
	}
	if c, _, _ = rules.Apply(c, Action{Type: WaitingDue}, c.Due.Waiting); c.Kind != Ticket || c.Due.Waiting != (time.Time{}) {
		t.Errorf("nobody is there after the grace: %+v", c)
	}
}
