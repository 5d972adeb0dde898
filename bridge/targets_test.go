package bridge_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

// aims opens a house in which no goroutine runs, whose department has targets and hours.
func aims(t *testing.T, targets bridge.Targets, hours string) *house {
	h := newHouse(t)
	h.stop()
	h.department(bridge.Department{Name: "support", Title: "Support", Targets: targets, Hours: hours})
	h.come(xavi, olga)
	return h
}

// pass lets time pass in steps, so that what is due is done in time.
func (h *house) pass(d time.Duration) {
	h.t.Helper()
	const step = 30 * time.Second
	for ; d > 0; d -= step {
		h.clock.Move(min(d, step))
		h.Turn(h.t.Context())
		h.Turn(h.t.Context()) // who is to be warned since the first one
	}
}

// again restarts the house.
func (h *house) again(jids ...bridge.OperatorJID) {
	h.t.Helper()
	h.close()
	h.open()
	h.stop()
	h.come(jids...)
}

// aimed lists what an operator was told of targets.
func (h *house) aimed(o bridge.OperatorJID) (lines []string) {
	h.t.Helper()
	for _, text := range h.deskTexts(o) {
		for line := range strings.Lines(strings.TrimPrefix(text, "notice #0 ")) {
			if strings.Contains(line, "(target ") {
				lines = append(lines, strings.TrimSpace(line))
			}
		}
	}
	return lines
}

func (h *house) tellsAims(o bridge.OperatorJID, want ...string) {
	h.t.Helper()
	if got := h.aimed(o); !slices.Equal(got, want) {
		h.t.Errorf("%s is told %q, want %q", o, got, want)
	}
}

// Whoever can answer is warned at four fifths of a target and once more when it is missed, also if porchlight is started
// anew in between; then it is the next target's turn.
func TestTargets_WarnAndFail(t *testing.T) {
	h := aims(t, bridge.Targets{First: 10 * time.Minute, Next: 5 * time.Minute, Solved: time.Hour}, "")
	c := h.mustAsk("a")
	h.see(c.Number)
	h.pass(7*time.Minute + 30*time.Second)
	h.tellsAims(olga)
	h.pass(30 * time.Second)
	warned := "#1 Anna: first answer within 2 min (target 10 min)."
	h.tellsAims(xavi, warned)
	h.tellsAims(olga, warned)
	h.again(xavi, olga)
	h.see(c.Number)
	h.alter(xavi, func(o *bridge.Operator) { o.Greeting = "I am Xavi." }) // it is said by itself, and answers nothing
	h.must(h.Take(t.Context(), xavi, c.Number))
	h.pass(time.Minute)
	h.tellsAims(xavi, warned)
	h.pass(2 * time.Minute) // a reminder came a minute ago, so this line may come a minute later
	late := "#1 Anna: the first answer is late (target 10 min)."
	h.tellsAims(xavi, warned, late)
	h.again(xavi, olga)
	h.see(c.Number)
	h.pass(2 * time.Minute)
	h.tellsAims(xavi, warned, late)
	h.tellsAims(olga, warned)
	h.must(h.OperatorWrites(t.Context(), xavi, c.Visitor, bridge.Said{ID: "1", Text: "Hello"}))
	h.pass(10 * time.Minute)
	if _, _, err := h.VisitorWrites(t.Context(), c.Number, "and this is the next", "And?"); err != nil {
		t.Fatal(err)
	}
	h.pass(5 * time.Minute)
	next := []string{warned, late, "#1 Anna: next answer within 1 min (target 5 min).", "#1 Anna: the next answer is late (target 5 min)."}
	if got := h.aimed(xavi); !slices.Equal(got, next[:3]) && !slices.Equal(got, next) {
		t.Errorf("told %q, want %q", got, next)
	}
	h.must(h.OperatorWrites(t.Context(), xavi, c.Visitor, bridge.Said{ID: "2", Text: "So."}))
	h.pass(3 * time.Minute)
	if got := h.conversation(c.Number); !got.Due.Answer.IsZero() || got.Promise.Answer != bridge.Runs || got.Due.Solve.IsZero() {
		t.Errorf("after the answer: %+v, %+v", got.Promise, got.Due)
	}
	var missed []bridge.Data
	events, err := h.Events(t.Context(), c.Number, 0, 500)
	for _, e := range events {
		if e.Type == bridge.EventTarget {
			missed = append(missed, e.Data)
		}
	}
	if want := []bridge.Data{bridge.Missed{Target: bridge.FirstAnswer, Within: 600_000}, bridge.Missed{Target: bridge.NextAnswer, Within: 300_000}}; err != nil || !slices.Equal(missed, want) {
		t.Errorf("the log has %v, %v, want %v", missed, err, want)
	}
}

// Time counts while the department is open, and that of the solution stands still while the conversation is put off.
func TestTargets_InHours(t *testing.T) {
	h := aims(t, bridge.Targets{First: 10 * time.Minute, Solved: 10 * time.Hour}, "Sat 9-12:05; Mon 9-17; UTC") // it is Saturday, 12:00
	c := h.mustAsk("a")
	h.see(c.Number)
	h.pass(20 * time.Minute)
	if got, want := h.conversation(c.Number).Due.Answer, time.Date(2026, 11, 22, 12, 8, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("looked at at %v, want %v: a day later at most", got, want) // the moment is Monday 9:03
	}
	if d := h.Hours.Danger(h.conversation(c.Number)); d != (bridge.Danger{}) {
		t.Errorf("in danger while it is closed: %+v", d)
	}
	h.must(h.Take(t.Context(), xavi, c.Number))
	h.must(h.OperatorWrites(t.Context(), xavi, c.Visitor, bridge.Said{ID: "1", Text: "On Monday."}))
	h.must(h.Defer(t.Context(), xavi, c.Visitor, time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)))
	if p := h.conversation(c.Number).Promise; p.Used != 5*time.Minute || !p.Solve.IsZero() || !p.First.IsZero() {
		t.Errorf("put off: %+v", p)
	}
	h.clock.Move(time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC).Sub(h.clock.Now()))
	h.Turn(t.Context())
	got := h.conversation(c.Number)
	if want := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC); !got.Promise.Solve.Equal(want) || !got.Due.Solve.Equal(want.Add(8*time.Hour-5*time.Minute)) {
		t.Errorf("back: %+v, looked at at %v", got.Promise, got.Due.Solve)
	}
	h.tellsAims(xavi)
}

// What was promised when a request began to wait counts, whatever the department wants later, and in another department
// that department's targets. Junk ends all of it.
func TestTargets_AreThoseOfWhenItBegan(t *testing.T) {
	h := aims(t, bridge.Targets{First: 10 * time.Minute}, "")
	c := h.mustAsk("a")
	h.see(c.Number)
	h.department(bridge.Department{Name: "support", Title: "Support", Targets: bridge.Targets{First: time.Minute}})
	h.pass(2 * time.Minute)
	h.tellsAims(olga)
	h.must(h.Take(t.Context(), xavi, c.Number))
	h.department(bridge.Department{Name: "sales", Title: "Sales", Targets: bridge.Targets{First: 3 * time.Minute}})
	h.alter(olga, func(o *bridge.Operator) { o.Departments = bridge.Circle{"sales"} })
	h.must(h.Pass(t.Context(), xavi, c.Visitor, bridge.Operator{}, bridge.Department{Name: "sales", Title: "Sales"}, ""))
	if got := h.conversation(c.Number); got.Promise.Targets.First != 3*time.Minute || !got.Promise.First.Equal(got.OpenedAt) {
		t.Errorf("passed on: %+v", got.Promise)
	}
	h.pass(30 * time.Second)
	h.tellsAims(olga, "#1 Anna: first answer within 30 s (target 3 min).")
	h.must(h.Take(t.Context(), xavi, c.Number))
	h.must(h.Junk(t.Context(), xavi, c.Visitor))
	h.pass(5 * time.Minute)
	h.tellsAims(olga, "#1 Anna: first answer within 30 s (target 3 min).")
	if got := h.conversation(c.Number).Due; got != (bridge.Due{}) {
		t.Errorf("after the end: %+v", got)
	}
}

// What comes back to nobody after it was put off waits in its department, with the department's targets.
func TestTargets_ComeBack(t *testing.T) {
	h := aims(t, bridge.Targets{Solved: time.Hour}, "")
	c := h.mustAsk("a")
	h.see(c.Number)
	h.must(h.Take(t.Context(), olga, c.Number))
	h.must(h.Defer(t.Context(), olga, c.Visitor, h.clock.Now().Add(20*time.Minute)))
	h.leave(olga)
	h.pass(21 * time.Minute)
	if got := h.conversation(c.Number); got.State != bridge.Waiting || got.Promise.Targets.Solved != time.Hour || got.Due.Solve.IsZero() {
		t.Errorf("it is %s with %+v", got.State, got.Promise)
	}
}

// Of two requests that are joined, the earlier time counts.
func TestTargets_Joined(t *testing.T) {
	h := aims(t, bridge.Targets{First: 10 * time.Minute, Solved: time.Hour}, "")
	var list []bridge.Opened
	for _, id := range []string{"a", "b"} {
		o, err := h.ask(id, "anna@example.net")
		if err != nil {
			t.Fatal(err)
		}
		h.see(o.Number)
		list = append(list, o)
		h.pass(2 * time.Minute)
	}
	for _, o := range list {
		h.must(h.Take(t.Context(), xavi, o.Number))
	}
	made, err := h.Merge(t.Context(), xavi, list[1].Visitor, list[0].Number)
	goesOn := made.GoesOn
	if err != nil || goesOn.Number != list[1].Number {
		t.Fatalf("#%d goes on, %v", goesOn.Number, err)
	}
	was := list[0].OpenedAt
	if p := h.conversation(goesOn.Number).Promise; !p.First.Equal(was) || !p.Solve.Equal(was) {
		t.Errorf("joined: %+v, want both times %v", p, was)
	}
	h.pass(4 * time.Minute)
	h.tellsAims(xavi, "#2 Anna (2): first answer within 2 min (target 10 min).")
}

// Told is who can do something about it: who declined is not, nor who is gone, nor who was to be told of what a colleague
// has taken since.
func TestTargets_WhoIsTold(t *testing.T) {
	h := aims(t, bridge.Targets{First: 10 * time.Minute}, "")
	h.alter(sam, func(o *bridge.Operator) { o.Departments = bridge.Circle{"support"} })
	h.come(sam)
	one := h.mustAsk("a")
	h.see(one.Number)
	h.pass(30 * time.Second)
	two := h.mustAsk("b")
	h.see(two.Number)
	h.pass(4 * time.Minute) // after three minutes all are asked anew
	for _, o := range []bridge.Opened{one, two} {
		h.must(h.Decline(t.Context(), sam, o.Number))
	}
	h.pass(3*time.Minute + 30*time.Second)
	warned := "#1 Anna: first answer within 2 min (target 10 min)."
	h.tellsAims(xavi, warned)
	h.tellsAims(olga, warned)
	h.tellsAims(sam)
	h.pass(30 * time.Second) // the second one is due, and may be told half a minute later
	h.must(h.Take(t.Context(), xavi, two.Number))
	h.pass(30 * time.Second)
	h.tellsAims(xavi, warned, "#2 Anna (2): first answer within 1 min (target 10 min).")
	h.tellsAims(olga, warned)
	h.leave(olga)
	h.pass(2 * time.Minute)
	h.tellsAims(olga, warned)
}

// What came due while porchlight was down is told when it is known who is there, and not to nobody at its start.
func TestTargets_DueWhileDown(t *testing.T) {
	h := aims(t, bridge.Targets{First: 10 * time.Minute}, "")
	h.see(h.mustAsk("a").Number)
	h.close()
	h.clock.Move(8*time.Minute + 30*time.Second)
	h.open()
	h.stop()
	h.Turn(t.Context())
	h.come(xavi, olga)
	h.pass(time.Minute)
	h.tellsAims(xavi, "#1 Anna: first answer within 1 min (target 10 min).")
}

// A target of what lies with an owner who is gone is told to whoever of the department is there, else to the super operators; and
// to nobody any more once the owner is back.
func TestTargets_TheOwnerIsGone(t *testing.T) {
	h := aims(t, bridge.Targets{First: 10 * time.Minute}, "")
	h.leave(xavi)
	h.leave(olga)
	c, err := h.ask("a", "anna@example.net")
	if err != nil {
		t.Fatal(err)
	}
	h.come(olga)
	h.must(h.Take(t.Context(), olga, c.Number))
	h.leave(olga)
	h.come(xavi)
	h.pass(8 * time.Minute)
	warned := "#1 Anna: first answer within 2 min (target 10 min). Olga has it and is offline. take 1 ! takes it over."
	h.tellsAims(xavi, warned)
	h.tellsAims(olga)
	h.leave(xavi)
	h.pass(2 * time.Minute)
	late := "#1 Anna: the first answer is late (target 10 min)."
	h.tellsAims(xavi, warned, late+" Olga has it and is offline. take 1 ! takes it over.")
	h.come(olga)
	h.pass(2 * time.Minute)
	h.tellsAims(olga)
}

// Hours that are changed count at once for targets that run.
func TestTargets_OtherHours(t *testing.T) {
	h := aims(t, bridge.Targets{First: 10 * time.Minute}, "Mon 9-17; UTC") // it is Saturday, 12:00
	c := h.mustAsk("a")
	h.see(c.Number)
	h.pass(9 * time.Minute) // by now the timer has reckoned that it is Monday's
	h.tellsAims(olga)
	h.department(bridge.Department{Name: "support", Title: "Support", Targets: bridge.Targets{First: 10 * time.Minute}, Hours: "Sat 11-17; UTC"})
	h.pass(time.Minute)
	h.tellsAims(olga, "#1 Anna: first answer within 30 s (target 10 min).") // half a minute is the step in which the test goes on
}

// A stage that finds nobody to tell is told to whoever comes first, and once. The log has the miss at its moment.
func TestTargets_NobodyIsThere(t *testing.T) {
	h := aims(t, bridge.Targets{First: 10 * time.Minute}, "")
	h.leave(xavi)
	h.leave(olga)
	began := h.clock.Now()
	c, err := h.ask("a", "anna@example.net")
	if err != nil {
		t.Fatal(err)
	}
	h.pass(9 * time.Minute)
	h.come(olga)
	h.pass(30 * time.Second)
	warned := "#1 Anna: first answer within 30 s (target 10 min)."
	h.tellsAims(olga, warned)
	h.leave(olga)
	h.pass(20 * time.Minute)
	h.again()
	h.pass(time.Minute)
	h.come(olga)
	h.pass(time.Minute)
	late := "#1 Anna: the first answer is late (target 10 min)."
	h.tellsAims(olga, warned, late)
	h.leave(olga)
	h.come(xavi, olga)
	h.pass(2 * time.Minute)
	h.tellsAims(olga, warned, late)
	h.tellsAims(xavi)
	events, err := h.Events(t.Context(), c.Number, 0, 500)
	var missed []time.Duration
	for _, e := range events {
		if e.Type == bridge.EventTarget {
			missed = append(missed, e.At.Sub(began).Round(time.Minute))
		}
	}
	if want := []time.Duration{10 * time.Minute}; err != nil || !slices.Equal(missed, want) {
		t.Errorf("the log has misses after %v, %v, want %v", missed, err, want)
	}
}
