package bridge

import (
	"slices"
	"testing"
	"time"

	"porchlight/bridge/phrase"
)

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
		want   list
	}{
		{OperatorTakes, Waiting, ticket, nil},
		{OperatorTakes, Waiting, open, list{"start idle"}},
		{OperatorTakes, Waiting, away, list{"start operator", "start idle"}},
		{OwnerGone, Active, ticket, nil},
		{OwnerGone, Active, open, list{"start operator"}},
		{VisitorWrites, Active, ticket, nil},
		{VisitorWrites, Active, open, list{"start idle", "start receipt"}},
		{PageBack, Active, ticket, list{"stop visitor", "start idle"}},
		{PagePolls, Active, ticket, list{"start visitor", "start idle"}},
		{PageGone, Active, open, nil},
		{VisitorDue, Active, open, list{"stop visitor"}},
		{OperatorDue, Active, alone, list{"start waiting", "stop operator"}},
		{VisitorWrites, Closed, func(_ *Conversation, a *Action) { a.Watched = false }, list{"start waiting", "start visitor"}},
	} {
		c, a := sample(defaults(), x.state, x.action, t0)
		x.when(&c, &a)
		next, _, err := Rules{defaults()}.Apply(c, a, t0)
		if got := armed(c.Due, next.Due); err != nil || !slices.Equal(got, x.want) {
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

// A message that an operator wrote before the conversation began, or before it ended, is refused in
// every state.
func TestApply_LateWords(t *testing.T) {
	for _, s := range []State{Waiting, Active, Closed} {
		for _, late := range []func(*Conversation, *Action){
			func(c *Conversation, a *Action) { a.Written = c.OpenedAt.Add(-time.Second) },
			func(c *Conversation, a *Action) { a.Written, a.Ended = c.OpenedAt, true },
		} {
			c, a := sample(defaults(), s, OperatorWrites, t0)
			late(&c, &a)
			if _, effects, err := (Rules{defaults()}).Apply(c, a, t0); phrase.CodeOf(err) != phrase.CodeConflict || effects != nil {
				t.Errorf("%s: %v, %d effects", s, err, len(effects))
			}
		}
		c, a := sample(defaults(), s, OperatorWrites, t0)
		a.Written = c.OpenedAt
		if _, _, err := (Rules{defaults()}).Apply(c, a, t0); err != nil {
			t.Errorf("%s, in time: %v", s, err)
		}
	}
}
