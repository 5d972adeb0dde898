package bridge_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/setting"
)

// urged lists the steps in a conversation's log, in order.
func (h *house) urged(number int64) (steps []string) {
	h.t.Helper()
	events, err := h.Events(h.t.Context(), number, 0, 500)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, e := range events {
		if u, ok := e.Data.(bridge.Urge); ok {
			steps = append(steps, u.Steps)
		}
	}
	return steps
}

// nagged lists the reminders in an operator's desk log.
func (h *house) nagged(o bridge.OperatorJID) []string {
	return slices.DeleteFunc(h.deskTexts(o), func(text string) bool {
		return !strings.Contains(text, "for your answer") && !strings.Contains(text, "does not answer")
	})
}

// expects waits until an operator has read so many reminders, and compares the last one.
func (h *house) expects(o bridge.OperatorJID, n int, last string) {
	h.t.Helper()
	h.until("reminder "+last, func() bool { return len(h.nagged(o)) >= n })
	if got := h.nagged(o); len(got) != n || got[n-1] != "notice #0 "+last {
		h.t.Errorf("%s has read %q, want %d, the last %q", o, got, n, last)
	}
}

// An owner who does not answer is reminded, once a minute at most and of all at once, over a restart, too; then the
// colleagues are told, and may take it over. An answer ends all that.
func TestReminders(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga)
	a := h.mustAsk("a")
	defer h.see(a.Number)()
	h.clock.Move(20 * time.Second)
	b := h.mustAsk("b")
	defer h.see(b.Number)()
	h.must(h.Take(t.Context(), xavi, a.Number))
	h.clock.Move(30 * time.Second)
	h.must(h.Take(t.Context(), xavi, b.Number))
	h.clock.Move(31 * time.Second)
	h.expects(xavi, 1, "1 visitor waits for your answer: #1 Anna 1 min")
	h.clock.Move(30 * time.Second) // the second one is due now, and the first reminder was half a minute ago
	h.until("the second step", func() bool { return len(h.urged(b.Number)) == 1 })
	h.close()
	h.open()
	h.come(xavi, olga)
	h.see(a.Number)
	h.see(b.Number)
	h.clock.Move(25 * time.Second)
	h.expects(xavi, 1, "1 visitor waits for your answer: #1 Anna 1 min")
	h.clock.Move(6 * time.Second)
	h.expects(xavi, 2, "2 visitors wait for your answer: #1 Anna 2 min, #2 Anna (2) 2 min")
	if h.Settings.Overdue(h.conversation(a.Number)) || len(h.nagged(olga)) > 0 {
		t.Errorf("after 2 minutes it may be taken over, or Olga knows: %q", h.nagged(olga))
	}
	h.must(h.OperatorWrites(t.Context(), xavi, b.Visitor, bridge.Said{Text: "Like this."}))
	h.clock.Move(time.Minute)
	h.expects(xavi, 3, "1 visitor waits for your answer: #1 Anna 3 min")
	h.clock.Move(2*time.Minute + time.Second)
	h.expects(olga, 1, "Xavi does not answer #1 Anna 5 min. take 1 ! takes it over.")
	if !h.Settings.Overdue(h.conversation(a.Number)) || h.Settings.Overdue(h.conversation(b.Number)) {
		t.Error("the first one may not be taken over, or the second one may")
	}
	if got, want := h.urged(a.Number), []string{"owner", "owner", "colleagues takeover"}; !slices.Equal(got, want) {
		t.Errorf("steps %q, want %q", got, want)
	}
	if _, err := h.Moves.TakeOver(t.Context(), olga, b.Number); phrase.CodeOf(err) != phrase.CodeForbidden {
		t.Errorf("Olga takes over what is answered: %v", err)
	}
	h.must(h.Moves.TakeOver(t.Context(), olga, a.Number))
	if h.Settings.Overdue(h.conversation(a.Number)) {
		t.Error("its new owner has not been reminded yet, and it may be taken over")
	}
	h.must(h.OperatorWrites(t.Context(), olga, a.Visitor, bridge.Said{Text: "Like that."}))
	h.clock.Move(10 * time.Minute)
	h.expects(xavi, 3, "1 visitor waits for your answer: #1 Anna 3 min")
}

// Nobody is reminded of a visitor whose page is closed or was never open, whatever else they are reminded of. As soon as it is
// open again, they are.
func TestReminders_OnlyOfWhoIsThere(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	never, left, there := h.mustAsk("a"), h.mustAsk("b"), h.mustAsk("c")
	shut := h.see(left.Number)
	defer h.see(there.Number)()
	for _, c := range []bridge.Opened{there, left, never} {
		h.must(h.Take(t.Context(), xavi, c.Number))
	}
	h.clock.Move(50 * time.Second)
	shut()
	h.until("it is gone", func() bool { return !h.conversation(left.Number).Present })
	h.clock.Move(11 * time.Second)
	h.expects(xavi, 1, "1 visitor waits for your answer: #3 Anna (3) 1 min")
	if len(h.urged(never.Number))+len(h.urged(left.Number)) > 0 {
		t.Errorf("steps %q and %q for visitors who are not there", h.urged(never.Number), h.urged(left.Number))
	}
	defer h.see(left.Number)()
	h.clock.Move(30 * time.Second) // it is looked again
	h.until("the step", func() bool { return len(h.urged(left.Number)) == 1 })
	h.clock.Move(31 * time.Second)
	h.expects(xavi, 2, "2 visitors wait for your answer: #2 Anna (2) 2 min, #3 Anna (3) 2 min")
}

// An owner who is writing is not reminded, but somebody whose client says so for ever is.
func TestReminders_WriterIsLeftAlone(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("a")
	defer h.see(c.Number)()
	h.must(h.Take(t.Context(), xavi, c.Number))
	if err := h.OperatorTypes(t.Context(), xavi, "phone", c.Visitor, true); err != nil {
		t.Fatal(err)
	}
	h.clock.Move(2 * time.Minute)
	h.until("a look at the writer", func() bool { return h.conversation(c.Number).Due.Remind.After(h.clock.Now()) })
	if got := h.nagged(xavi); len(got) > 0 {
		t.Errorf("reminded while writing: %q", got)
	}
	h.clock.Move(61 * time.Second)
	h.expects(xavi, 1, "1 visitor waits for your answer: #1 Anna 3 min")
}

// What nobody takes goes further step by step: each step is taken once, over a restart, too, the visitor is told, and
// nothing goes on once somebody has taken it.
func TestEscalation(t *testing.T) {
	push := &phone{way: bridge.ByPushover}
	h := notified(t, push)
	h.come(olga)
	c := h.mustAsk("a")
	defer h.see(c.Number)()
	h.clock.Move(time.Minute)
	h.until("the offer anew", func() bool { return h.asked(olga) == 2 })
	h.clock.Move(time.Minute)
	h.until("the room", func() bool { return slices.Equal(h.urged(c.Number), []string{"repeat", "room"}) })
	if h.asked(xavi) > 0 {
		t.Error("Xavi, who is offline, was asked")
	}
	h.close()
	h.open()
	h.come(olga)
	h.see(c.Number)
	h.clock.Move(2 * time.Minute)
	h.until("the super operators", func() bool {
		return slices.Equal(h.urged(c.Number), []string{"repeat", "room", "super"})
	})
	if h.helpCalled(c.Number) > 0 {
		t.Error("the visitor is told that help is called, and nobody new was asked")
	}
	h.after(time.Minute)
	h.rings(push, "while Olga is there")
	h.clock.Move(time.Minute)
	h.until("the notices", func() bool { return len(h.urged(c.Number)) == 4 })
	h.after(11 * time.Second)
	h.rings(push, "after the last step", "Olga [1]")
	if told := h.helpCalled(c.Number); told != 1 {
		t.Errorf("the visitor is told %d times", told)
	}
	h.must(h.Take(t.Context(), olga, c.Number))
	if now := h.conversation(c.Number); now.Escalated != 0 || !now.Due.Escalate.IsZero() {
		t.Errorf("taken, and it goes on: %+v", now)
	}
}

// helpCalled counts how often a visitor was told that help is called.
func (h *house) helpCalled(number int64) (told int) {
	h.t.Helper()
	events, err := h.Events(h.t.Context(), number, 0, 500)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, e := range events {
		if m, ok := e.Data.(bridge.Message); ok && e.From == bridge.FromSystem && strings.Contains(m.Phrase, "calling for more help") {
			told++
		}
	}
	return told
}

// A visitor is told that help is called if somebody is asked or told who was not before, and once in a wait.
func TestEscalation_SaysWhatIsDone(t *testing.T) {
	for what, x := range map[string]struct {
		rooms, ways bool
		come        []bridge.OperatorJID
		want        int
	}{
		"the only one there has it on offer":    {come: []bridge.OperatorJID{xavi}},
		"a super operator who is asked already": {come: []bridge.OperatorJID{olga, xavi}},
		"there are rooms":                       {rooms: true, come: []bridge.OperatorJID{xavi}, want: 1},
		"there are rooms, and a phone buzzes":   {rooms: true, ways: true, come: []bridge.OperatorJID{olga}, want: 1},
		"a phone buzzes":                        {ways: true, come: []bridge.OperatorJID{olga}, want: 1},
	} {
		t.Run(what, func(t *testing.T) {
			h := newHouse(t)
			h.rooms, h.channels = x.rooms, []bridge.Channel{&phone{way: bridge.ByPushover}}
			h.again()
			if x.ways {
				h.wants(olga, bridge.Notify{When: bridge.NotifyOnline, Pushover: "u123"})
			}
			h.come(x.come...)
			c := h.mustAsk("a")
			defer h.see(c.Number)()
			h.pass(8 * time.Minute)
			if steps := h.urged(c.Number); len(steps) != 4 {
				t.Fatalf("steps %q", steps)
			}
			if told := h.helpCalled(c.Number); told != x.want {
				t.Errorf("told %d times, want %d", told, x.want)
			}
		})
	}
}

// The overflow department and the super operators are asked besides, where the schedule says so and they can take it.
func TestEscalation_AsksOthers(t *testing.T) {
	h := escalating(t, bridge.Department{Routing: bridge.InTurn, Offer: time.Hour})
	h.come(olga, sam)
	c := h.mustAsk("a")
	defer h.see(c.Number)()
	h.come(xavi)
	if h.asked(olga) != 1 || h.asked(sam) != 0 || h.asked(xavi) != 0 {
		t.Fatalf("asked: Olga %d times, Sam %d, Xavi %d", h.asked(olga), h.asked(sam), h.asked(xavi))
	}
	h.clock.Move(time.Minute)
	h.until("Sam of the overflow department is asked", func() bool { return h.asked(sam) == 1 })
	if h.asked(olga) != 1 || h.asked(xavi) != 0 {
		t.Errorf("asked, too: Olga %d times, Xavi %d", h.asked(olga), h.asked(xavi))
	}
	h.clock.Move(time.Minute)
	h.until("the super operator is asked", func() bool { return h.asked(xavi) == 1 })
}

// escalating is a house whose support asks as d says, then Sam of sales after a minute, and Xavi, the super operator, after two.
func escalating(t *testing.T, d bridge.Department) *house {
	t.Helper()
	h := newHouse(t)
	d.Name, d.Title, d.Overflow, d.After = "support", "Support", "sales", time.Hour
	err := h.Team.Administer(t.Context(), func(tx bridge.Tx) error {
		if err := tx.SaveDepartment(bridge.Department{Name: "sales", Title: "Sales"}); err != nil {
			return err
		}
		if err := tx.SaveDepartment(d); err != nil {
			return err
		}
		return tx.SaveOperator(bridge.Operator{JID: sam, Name: "Sam", Enabled: true, Departments: bridge.Circle{"sales"}})
	})
	if err != nil {
		t.Fatal(err)
	}
	err = h.Settings.Change(t.Context(), bridge.Operator{JID: xavi}, "settings escalation", func(v setting.Values) ([]bridge.Changed, error) {
		v[string(setting.Escalation)] = "1m overflow, 2m super"
		return []bridge.Changed{{Key: "escalation"}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// When the turn of an operator who was asked alone ends, by the department's routing or after a transfer, whom the escalation
// has asked meanwhile is still asked.
func TestEscalation_OutlastsATurn(t *testing.T) {
	for name, d := range map[string]bridge.Department{
		"in turn":          {Routing: bridge.InTurn, Offer: 150 * time.Second},
		"after a transfer": {Offer: 150 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			h := escalating(t, d)
			if err := h.Team.Add(t.Context(), bridge.Operator{JID: vera, Name: "Vera", Enabled: true, Departments: []string{"support"}}); err != nil {
				t.Fatal(err)
			}
			h.come(olga)
			c := h.mustAsk("a")
			defer h.see(c.Number)()
			if d.Routing == "" {
				h.come(vera)
				h.must(h.Take(t.Context(), vera, c.Number))
				o, _ := h.Team.Operator(olga)
				h.must(h.Pass(t.Context(), vera, c.Visitor, o, bridge.Department{}, ""))
			}
			h.come(sam, xavi, vera)
			h.asks(c.Number, "Olga")
			for _, step := range []struct {
				after time.Duration
				have  string
			}{{time.Minute, "Olga Sam"}, {time.Minute, "Olga Sam Xavi"}, {30 * time.Second, "Sam Vera Xavi"}} {
				h.clock.Move(step.after)
				h.until("on offer to "+step.have, func() bool { return h.have(c.Number) == step.have })
			}
		})
	}
}

// At the waiting limit all are asked anew, and so is whom the escalation has asked: the request is still theirs to take.
func TestEscalation_OutlastsTheLimit(t *testing.T) {
	h := escalating(t, bridge.Department{})
	h.come(olga, sam)
	c := h.mustAsk("a")
	defer h.see(c.Number)()
	h.clock.Move(time.Minute)
	h.until("Sam of the overflow department is asked", func() bool { return h.have(c.Number) == "Olga Sam" })
	h.clock.Move(2*time.Minute + time.Second)
	h.until("the limit", func() bool { return h.conversation(c.Number).Due.Waiting.IsZero() })
	if got := h.have(c.Number); got != "Olga Sam" {
		t.Errorf("on offer to %s after the limit, want Olga and Sam", got)
	}
	h.must(h.Take(t.Context(), sam, c.Number))
}

// A step of the escalation holds on: who comes only after it is asked, too, also while it is one operator's turn.
func TestEscalation_WhoComesLater(t *testing.T) {
	for name, d := range map[string]bridge.Department{"all": {}, "in turn": {Routing: bridge.InTurn, Offer: time.Hour}} {
		t.Run(name, func(t *testing.T) {
			h := escalating(t, d)
			h.come(olga)
			c := h.mustAsk("a")
			defer h.see(c.Number)()
			h.clock.Move(time.Minute)
			h.until("the step", func() bool { return len(h.urged(c.Number)) == 1 })
			h.come(sam)
			if got := h.have(c.Number); got != "Olga Sam" {
				t.Errorf("on offer to %s, want Olga and Sam", got)
			}
		})
	}
}

// A step that comes late calls people by their other ways as an early one does.
func TestEscalation_LateNotices(t *testing.T) {
	push := &phone{way: bridge.ByPushover}
	h := notified(t, push)
	h.sets(string(setting.Escalation), "90m notices")
	h.come(olga)
	c := h.mustAsk("a")
	defer h.see(c.Number)()
	h.clock.Move(4 * time.Minute)
	h.until("the limit", func() bool { return h.conversation(c.Number).Due.Waiting.IsZero() })
	h.clock.Move(87 * time.Minute)
	h.until("the step", func() bool { return len(h.urged(c.Number)) == 1 })
	h.after(11 * time.Second)
	h.rings(push, "after the step", "Olga [1]")
	h.after(time.Minute)
	h.rings(push, "a minute later", "Olga [1]", "Olga [1]")
}

// An owner who took the conversation over late, and writes, is left alone like any other: the time for it begins with their first
// reminder, not with the visitor's words. Writing anew gives no more time.
func TestReminders_ANewOwnerMayWrite(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga)
	c := h.mustAsk("a")
	defer h.see(c.Number)()
	h.must(h.Take(t.Context(), xavi, c.Number))
	for steps := range 3 {
		h.clock.Move(2 * time.Minute)
		h.until("a reminder", func() bool { return len(h.urged(c.Number)) == steps+1 })
	}
	h.must(h.Moves.TakeOver(t.Context(), olga, c.Number))
	types := func(active bool) {
		t.Helper()
		if err := h.OperatorTypes(t.Context(), olga, "phone", c.Visitor, active); err != nil {
			t.Fatal(err)
		}
	}
	before := len(h.nagged(olga))
	types(true)
	h.clock.Move(time.Minute)
	h.until("a look at the writer", func() bool { return h.conversation(c.Number).Due.Remind.After(h.clock.Now()) })
	types(false)
	types(true)
	h.clock.Move(110 * time.Second)
	h.until("another look", func() bool { return h.conversation(c.Number).Due.Remind.After(h.clock.Now()) })
	if got := h.nagged(olga)[before:]; len(got) > 0 {
		t.Errorf("reminded while writing: %q", got)
	}
	h.clock.Move(40 * time.Second)
	h.until("the reminder", func() bool { return len(h.nagged(olga)) == before+1 })
}

// An operator who can't be reminded keeps nobody else from being reminded.
func TestReminders_OneFaultIsNobodyElses(t *testing.T) {
	h := newHouse(t)
	h.come(olga, xavi)
	a, b := h.mustAsk("a"), h.mustAsk("b")
	defer h.see(a.Number)()
	defer h.see(b.Number)()
	h.must(h.Take(t.Context(), olga, a.Number))
	h.clock.Move(time.Second)
	h.must(h.Take(t.Context(), xavi, b.Number))
	h.stop()
	h.stop = func() {}
	faulty := h.with(lossy{deaf: olga})
	faulty.Link.Up()
	for _, c := range []bridge.Opened{a, b} {
		h.must(bridge.Conversation{}, faulty.Attach(t.Context(), c.Number))
	}
	h.clock.Move(61 * time.Second)
	for range 2 {
		faulty.Turn(t.Context())
	}
	if got := h.nagged(xavi); len(got) != 1 || len(h.nagged(olga)) != 0 {
		t.Errorf("Xavi is reminded by %q, Olga by %q", got, h.nagged(olga))
	}
}

// What nobody takes is told anew no faster than it can be read: beyond that it is gathered as the first time.
func TestEscalation_RepeatsAsFastAsItIsRead(t *testing.T) {
	h := burstHouse(t)
	offers := func() (n int) {
		for _, text := range h.deskTexts(xavi) {
			if strings.HasPrefix(text, "offer #") {
				n++
			}
		}
		return n
	}
	for i := range 8 {
		h.see(h.mustAsk(fmt.Sprint(i)).Number)
	}
	h.clock.Move(10 * time.Second)
	h.until("the others are told together", func() bool { return h.last(xavi) == "notice #0 3 more wait: queue" })
	before := offers()
	h.clock.Move(51 * time.Second)
	h.until("all are told anew", func() bool { return slices.Equal(h.urged(8), []string{"repeat"}) })
	if n := offers() - before; n != 5 {
		t.Errorf("%d offers are told anew one by one, want 5", n)
	}
	h.clock.Move(10 * time.Second)
	h.until("the others are told together anew", func() bool { return h.last(xavi) == "notice #0 3 more wait: queue" })
}
