package bridge

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"porchlight/bridge/phrase"
)

// Timers also depend on whether the visitor sees at once what is said, whether the owner is there,
// whether anybody is there, and which timers run already.
func TestApply_TimersByCircumstance(t *testing.T) {
	type when = func(*Conversation, *Action)
	ticket := func(c *Conversation, _ *Action) { c.Kind, c.Present = Ticket, false }
	open := func(c *Conversation, _ *Action) { c.Kind, c.Present = Ticket, true }
	left := func(c *Conversation, _ *Action) { c.Present = false }
	away := func(_ *Conversation, a *Action) { a.Away = true }
	alone := func(_ *Conversation, a *Action) { a.Online, a.Guest = false, Guest{} }
	asked := func(_ *Conversation, a *Action) { a.Asked = true }
	slow := func(_ *Conversation, a *Action) { a.Guest.Slow = true }
	unwatched := func(_ *Conversation, a *Action) { a.Watched = false }
	followed := func(c *Conversation, a *Action) { a.Operator, a.Guest.There = c.Owner, true }
	owedAnew := func(_ *Conversation, a *Action) { a.Since = t0 }
	owed := func(c *Conversation, _ *Action) { c.Unanswered = t0.Add(-time.Minute) }
	unknown := func(_ *Conversation, a *Action) { a.Known = false }
	typing := func(_ *Conversation, a *Action) { a.Typing = true }
	reminded := func(c *Conversation, _ *Action) { c.Reminded = 3 * time.Minute } // the last step is next
	escalated := func(c *Conversation, _ *Action) { c.Escalated = 4 * time.Minute }
	running := func(c *Conversation, _ *Action) { c.Due = allRunning() }
	for _, x := range []struct {
		action ActionType
		state  State
		when   []when
		want   list
	}{
		{OperatorTakes, Waiting, []when{ticket}, nil},
		{OperatorTakes, Waiting, []when{open}, list{"IdleWarn 15m0s", "IdleClose 30m0s"}},
		{OperatorTakes, Waiting, []when{away}, list{"Operator 1m0s", "IdleWarn 15m0s", "IdleClose 30m0s"}},
		{OperatorWrites, Active, []when{running}, list{"Operator 1m0s", "IdleWarn 15m0s", "IdleClose 30m0s", "no Receipt", "no Remind"}},
		{OperatorWrites, Closed, []when{unwatched}, list{"Visitor 2m0s", "IdleWarn 15m0s", "IdleClose 30m0s"}},
		{OperatorDenies, Waiting, []when{running}, nil},
		{OperatorDenies, Waiting, []when{running, asked}, list{"no Offer"}},
		{OperatorLeaves, Active, []when{running, followed}, list{"no Operator", "no Receipt", "no Remind"}},
		{OperatorPasses, Active, []when{slow}, list{"Waiting 3m0s", "Offer 2m0s", "Escalate 1m0s"}},
		{OwnerGone, Active, []when{ticket}, nil},
		{OwnerGone, Active, []when{open}, list{"Operator 1m0s"}},
		{VisitorWrites, Active, []when{ticket}, nil},
		{VisitorWrites, Active, []when{open}, list{"IdleWarn 15m0s", "IdleClose 30m0s", "Receipt 1m0s", "Remind 1m0s"}},
		{VisitorWrites, Active, []when{running}, list{"Visitor 2m0s", "IdleWarn 15m0s", "IdleClose 30m0s"}},
		{VisitorWrites, Closed, []when{unwatched}, list{"Waiting 3m0s", "Visitor 2m0s", "Escalate 1m0s"}},
		{VisitorWrites, Closed, []when{alone, running}, list{"no Waiting", "Visitor 2m0s", "no Operator", "no IdleWarn", "no IdleClose", "no Receipt", "no Offer", "no Overflow", "no Escalate", "no Remind"}},
		{PageBack, Active, []when{ticket}, list{"no Visitor", "IdleWarn 15m0s", "IdleClose 30m0s"}},
		{PagePolls, Active, []when{ticket}, list{"Visitor 2m0s", "IdleWarn 15m0s", "IdleClose 30m0s"}},
		{PageGone, Active, []when{open}, nil},
		{PageGone, Active, []when{open, running}, list{"no Visitor", "no Operator", "no IdleWarn", "no IdleClose", "no Receipt", "no Remind"}},
		{VisitorDue, Active, []when{open}, list{"no Visitor"}},
		{VisitorDue, Active, []when{ticket}, list{"no Visitor"}},
		{OperatorDue, Active, []when{alone}, list{"Waiting 1m0s", "no Operator", "Escalate 1m0s"}},
		{ReceiptDue, Active, []when{owedAnew}, list{"Receipt 1m0s"}},
		{OperatorTakes, Waiting, []when{owed}, list{"IdleWarn 15m0s", "IdleClose 30m0s", "Remind 1m0s"}},
		{OperatorTakes, Waiting, []when{owed, ticket}, nil},
		{OperatorLeaves, Active, []when{owed, followed}, list{"Remind 1m0s"}},
		{VisitorWrites, Active, []when{owed}, list{"IdleWarn 15m0s", "IdleClose 30m0s", "Receipt 1m0s"}},
		{PageBack, Active, []when{owed, ticket}, list{"no Visitor", "IdleWarn 15m0s", "IdleClose 30m0s", "Remind 1m0s"}},
		{RemindDue, Active, []when{unknown}, list{"Remind 10s"}},
		{EscalateDue, Waiting, []when{unknown}, list{"Escalate 10s"}},
		{RemindDue, Active, []when{typing}, list{"Remind 30s"}},
		{RemindDue, Active, []when{left}, list{"Remind 30s"}},
		{RemindDue, Active, []when{ticket}, list{"no Remind"}},
		{RemindDue, Active, []when{reminded}, list{"no Remind"}},
		{EscalateDue, Waiting, []when{ticket}, list{"no Escalate"}},
		{EscalateDue, Waiting, []when{escalated}, list{"no Escalate"}},
	} {
		c, a := sample(defaults(), x.state, x.action, t0)
		for _, set := range x.when {
			set(&c, &a)
		}
		next, _, err := usual().Apply(c, a, t0)
		if got := changed(c.Due, next.Due); err != nil || !slices.Equal(got, x.want) {
			t.Errorf("%s of %s, %s: timers %q, want %q; %v", x.action, x.state, c.Kind, got, x.want, err)
		}
	}
}

// A visitor hears soon that nobody is there, and waits for the whole limit if somebody is.
func TestApply_NobodyThereIsToldSoon(t *testing.T) {
	rules, d := usual(), defaults()
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
			if _, effects, err := usual().Apply(c, a, t0); phrase.CodeOf(err) != phrase.CodeConflict || effects != nil {
				t.Errorf("%s: %v, %d effects", s, err, len(effects))
			}
		}
		c, a := sample(defaults(), s, OperatorWrites, t0)
		a.Written = c.OpenedAt
		if _, _, err := usual().Apply(c, a, t0); err != nil {
			t.Errorf("%s, in time: %v", s, err)
		}
	}
}

// Each timer leads to its action.
func TestDue_NextIsTheTimersAction(t *testing.T) {
	for d, want := range map[Due]ActionType{
		{Waiting: t0}: WaitingDue, {Visitor: t0}: VisitorDue, {Operator: t0}: OperatorDue, {IdleWarn: t0}: IdleWarnDue,
		{IdleClose: t0}: IdleCloseDue, {Receipt: t0}: ReceiptDue, {Offer: t0}: OfferDue, {Later: t0}: LaterDue, {Answer: t0}: AnswerDue, {Solve: t0}: SolveDue,
	} {
		if at, action := d.Next(); !at.Equal(t0) || action != want {
			t.Errorf("%q at %v, want %q", action, at, want)
		}
	}
}

func TestDue_NextIsTheEarliest(t *testing.T) {
	d := Due{Waiting: t0.Add(2), Visitor: t0.Add(1), IdleClose: t0.Add(3)}
	if at, a := d.Next(); !at.Equal(t0.Add(1)) || a != VisitorDue {
		t.Errorf("%v %v", at, a)
	}
	if at, _ := (Due{}).Next(); !at.IsZero() {
		t.Error("no timer is due")
	}
}

// Every timer moves that is set, and no other; but what was put off and the targets stay where they are.
func TestDue_Moved(t *testing.T) {
	if (Due{}).moved(time.Hour) != (Due{}) {
		t.Error("what is not set was moved")
	}
	if put := (Due{Later: t0, Answer: t0, Solve: t0}); put.moved(time.Hour) != put {
		t.Error("what was put off until a moment comes at another one, or a target is due later")
	}
	was, is := reflect.ValueOf(allRunning()), reflect.ValueOf(allRunning().moved(time.Hour))
	for i := range is.NumField() {
		if slices.Contains(list{"Later", "Answer", "Solve"}, is.Type().Field(i).Name) {
			continue
		}
		if by := is.Field(i).Interface().(time.Time).Sub(was.Field(i).Interface().(time.Time)); by != time.Hour {
			t.Errorf("%s is moved by %v", is.Type().Field(i).Name, by)
		}
	}
}
