package bridge_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

const vera = bridge.OperatorJID("vera@example.org")

// routed is a house with Olga, Sam and Vera in support, which asks its operators as change says.
func routed(t *testing.T, change func(*bridge.Department)) *house {
	t.Helper()
	h := newHouse(t)
	for _, o := range []bridge.Operator{{JID: sam, Name: "Sam", Enabled: true, Departments: []string{"support"}}, {JID: vera, Name: "Vera", Enabled: true, Departments: []string{"support"}}} {
		if err := h.Team.Add(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	d := bridge.Department{Name: "support", Title: "Support"}
	change(&d)
	h.department(d)
	return h
}

func (h *house) department(d bridge.Department) {
	h.t.Helper()
	if err := h.Team.Administer(h.t.Context(), func(tx bridge.Tx) error { return tx.SaveDepartment(d) }); err != nil {
		h.t.Fatal(err)
	}
}

func inTurn(d *bridge.Department)      { d.Routing = bridge.InTurn }
func leastActive(d *bridge.Department) { d.Routing = bridge.LeastActive }

func (h *house) alter(o bridge.OperatorJID, change func(*bridge.Operator)) {
	h.t.Helper()
	if _, err := h.Team.Change(h.t.Context(), o, change); err != nil {
		h.t.Fatal(err)
	}
}

// have is who has an open offer of a conversation and gets offers.
func (h *house) have(number int64) string {
	h.t.Helper()
	list, err := h.AskedNow(h.t.Context(), number)
	if err != nil {
		h.t.Fatal(err)
	}
	var names []string
	for _, o := range list {
		names = append(names, h.Team.Name(o))
	}
	return strings.Join(names, " ")
}

// asks checks who is asked for a conversation now.
func (h *house) asks(number int64, want string) {
	h.t.Helper()
	if got := h.have(number); got != want {
		h.t.Errorf("#%d is on offer to %q, want %q", number, got, want)
	}
}

// One after the other is asked, each for as long as an offer lasts, and in the end all; who is asked no more is told so and can
// still take it. The next request begins with the next operator.
func TestRouting_InTurn(t *testing.T) {
	h := routed(t, inTurn)
	h.come(olga, sam, vera)
	c := h.mustAsk("a")
	defer h.see(c.Number)()
	h.asks(1, "Olga")
	for _, next := range []string{"Sam", "Vera", "Olga Sam Vera"} {
		h.clock.Move(30 * time.Second)
		h.until("the next is asked", func() bool { return h.have(1) != "" && h.have(1) == next })
	}
	if got, want := h.deskTexts(olga)[1], "outcome #1 #1 is offered to the others now. 1 still takes it."; got != want {
		t.Errorf("who is asked no more reads %q, want %q", got, want)
	}
	h.asks(h.mustAsk("b").Number, "Olga")
	h.asks(h.mustAsk("c").Number, "Sam")
	h.must(h.Decline(t.Context(), sam, 3))
	h.asks(3, "Vera")
	h.must(h.Take(t.Context(), sam, 3))
	h.asks(3, "")
}

// Who has least to do is asked first; what is on offer to somebody alone counts, so several requests at once don't all go to one.
func TestRouting_LeastActive(t *testing.T) {
	h := routed(t, leastActive)
	h.come(olga, sam, vera)
	for i, next := range []string{"Olga", "Sam", "Vera"} {
		h.asks(h.mustAsk(fmt.Sprint(i)).Number, next)
	}
	h.must(h.Take(t.Context(), olga, 1))
	h.must(h.Take(t.Context(), olga, 2))
	h.must(h.Take(t.Context(), olga, 3))
	h.asks(h.mustAsk("4").Number, "Sam")
	h.must(h.Take(t.Context(), sam, 4))
	h.asks(h.mustAsk("5").Number, "Vera")
}

// Nobody is picked who can't answer: who is away, stopped the offers, is disabled or deleted, belongs elsewhere, can't be reached,
// or has as many chats as they may.
func TestRouting_PicksOnlyWhoCanAnswer(t *testing.T) {
	for name, unfit := range map[string]func(h *house){
		"away":      func(h *house) { h.Reach.Presence(h.t.Context(), olga, "phone", bridge.ShowAway) },
		"busy":      func(h *house) { h.Reach.Presence(h.t.Context(), olga, "phone", bridge.ShowDND) },
		"offline":   func(h *house) { h.leave(olga) },
		"paused":    func(h *house) { h.alter(olga, func(o *bridge.Operator) { o.Paused = true }) },
		"disabled":  func(h *house) { h.alter(olga, func(o *bridge.Operator) { o.Enabled = false }) },
		"elsewhere": func(h *house) { h.alter(olga, func(o *bridge.Operator) { o.Departments = nil }) },
		"unreachable": func(h *house) {
			h.Reach.Failed(h.t.Context(), olga, bridge.Fault{Condition: "remote-server-not-found"}, "", "")
		},
		"full": func(h *house) {
			c := h.mustAsk("busy")
			h.must(h.Take(h.t.Context(), olga, c.Number))
			h.alter(olga, func(o *bridge.Operator) { o.Limit = 1 })
		},
		"deleted": func(h *house) {
			if err := h.Team.Administer(h.t.Context(), func(tx bridge.Tx) error { return tx.DeleteOperator(olga) }); err != nil {
				h.t.Fatal(err)
			}
		},
	} {
		for _, how := range []func(*bridge.Department){inTurn, leastActive} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				h := routed(t, how)
				h.come(olga, sam)
				h.mustAsk("before") // on offer to Olga until she can't take it
				h.asks(1, "Olga")
				unfit(h)
				for i := range 3 {
					h.mustAsk(fmt.Sprint(i))
				}
				list, err := h.OpenFor(t.Context(), bridge.Operator{Super: true, JID: xavi}, 10)
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range list {
					kept := c.Number == 1 && name == "elsewhere" // what is on offer to a colleague of another department is theirs to take
					if c.State == bridge.Waiting && !kept {
						h.asks(c.Number, "Sam")
					}
				}
			})
		}
	}
}

// Who is next is asked in the same moment in which the request comes, in which the one who was asked declines or goes, or
// in which somebody comes or has room. The clock stands still in this test.
func TestRouting_AsksAtOnce(t *testing.T) {
	h := routed(t, func(d *bridge.Department) { d.Routing, d.Limit = bridge.LeastActive, 1 })
	h.come(olga)
	a := h.mustAsk("a")
	h.asks(a.Number, "Olga")
	h.come(sam)
	h.must(h.Decline(t.Context(), olga, a.Number))
	h.asks(a.Number, "Sam")
	h.come(vera)
	h.leave(sam)
	h.asks(a.Number, "Vera")
	h.must(h.Take(t.Context(), vera, a.Number))
	b := h.mustAsk("b")
	h.asks(b.Number, "Olga")
	h.must(h.Take(t.Context(), olga, b.Number))
	c, d := h.mustAsk("c"), h.mustAsk("d")
	h.asks(c.Number, "")
	if s := h.snapshot(d.Number); s.Position != 2 {
		t.Errorf("while all are full a visitor has place %d, want 2", s.Position)
	}
	h.must(h.Close(t.Context(), vera, a.Visitor, ""))
	h.asks(c.Number, "Vera")
	h.asks(d.Number, "Vera")
	h.must(h.Take(t.Context(), vera, c.Number)) // so Vera is full again
	h.must(h.Pass(t.Context(), olga, b.Visitor, bridge.Operator{}, h.Team.Departments()[0], ""))
	h.asks(d.Number, "Olga")
}

// Somebody who is full can still take what they like, and what was on offer to them alone is offered to the next at once.
func TestRouting_FullTakesByHand(t *testing.T) {
	h := routed(t, inTurn)
	h.alter(olga, func(o *bridge.Operator) { o.Limit = 1 })
	h.come(olga, sam)
	h.mustAsk("a")
	h.must(h.Take(t.Context(), olga, 1))
	h.mustAsk("b")
	h.asks(2, "Sam")
	h.must(h.Take(t.Context(), olga, 2))
	if s := h.snapshot(2); s.Owner != olga {
		t.Errorf("it is with %q", s.Owner)
	}
	h.alter(olga, func(o *bridge.Operator) { o.Limit = 3 })
	h.mustAsk("c")
	h.mustAsk("d")
	h.asks(3, "Olga")
	h.asks(4, "Sam")
	h.must(h.Take(t.Context(), olga, 4))
	h.asks(3, "Sam")
}

// With ring-all, too, nobody is asked who is full, and who gets room hears of what waits.
func TestRouting_LimitWhereAllAreAsked(t *testing.T) {
	h := routed(t, func(d *bridge.Department) { d.Limit = 1 })
	h.come(olga, sam)
	h.mustAsk("a")
	h.asks(1, "Olga Sam")
	h.must(h.Take(t.Context(), olga, 1))
	b := h.mustAsk("b")
	h.asks(2, "Sam")
	h.must(h.Take(t.Context(), sam, b.Number))
	h.mustAsk("c")
	h.asks(3, "")
	h.must(h.Close(t.Context(), sam, b.Visitor, ""))
	h.asks(3, "Sam")
}

// A ticket takes no room: it may last for days.
func TestRouting_TicketsTakeNoRoom(t *testing.T) {
	h := routed(t, func(d *bridge.Department) { d.Routing, d.Limit = bridge.InTurn, 1 })
	if _, err := h.ask("a", "anna@example.org"); err != nil {
		t.Fatal(err)
	}
	h.come(olga)
	h.must(h.Take(t.Context(), olga, 1))
	h.mustAsk("b")
	h.asks(2, "Olga")
}

// Who comes back is offered to whoever had the last conversation; a language that only one speaks counts, and so does who shows
// that they are free for chat.
func TestRouting_WhoComesFirst(t *testing.T) {
	h := routed(t, inTurn)
	h.come(olga, sam, vera)
	first := h.mustAsk("a")
	h.must(h.Take(t.Context(), vera, 1))
	h.must(h.Close(t.Context(), vera, first.Visitor, ""))
	ask := func(q bridge.Inquiry) int64 {
		t.Helper()
		q.Name, q.Reason = "Anna", "How?"
		o, err := h.Ask(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		return o.Number
	}
	if _, _, err := h.VisitorWrites(t.Context(), 1, "again", "One more thing"); err != nil {
		t.Fatal(err)
	}
	h.asks(1, "Vera")
	h.must(h.Take(t.Context(), vera, 1))
	h.must(h.Close(t.Context(), vera, first.Visitor, ""))
	h.asks(ask(bridge.Inquiry{ClientID: "b", Returning: first.Visitor}), "Vera")
	h.alter(sam, func(o *bridge.Operator) { o.Locale = "es-ES" })
	h.asks(ask(bridge.Inquiry{ClientID: "c", Request: bridge.Request{Language: "es-MX"}}), "Sam")
	h.Reach.Presence(t.Context(), vera, "laptop", bridge.ShowChat)
	h.asks(ask(bridge.Inquiry{ClientID: "d", Request: bridge.Request{Language: "fr"}}), "Vera")
}

// Whose turn it is, and until when one alone is asked, survive the process.
func TestRouting_SurvivesARestart(t *testing.T) {
	h := routed(t, inTurn)
	h.come(olga, sam, vera)
	h.mustAsk("a")
	h.must(h.Take(t.Context(), olga, 1))
	h.close()
	h.open()
	h.come(olga, sam, vera)
	h.mustAsk("b")
	h.asks(2, "Sam")
	if due := h.snapshot(2).Due.Offer; !due.Equal(h.clock.Now().Add(30 * time.Second)) {
		t.Errorf("the offer lasts until %v", due)
	}
}

// A chat that nobody takes goes on to the other department with the time that it has waited, and does not come back.
func TestOverflow(t *testing.T) {
	h := routed(t, func(d *bridge.Department) { d.Overflow, d.After = "sales", 40*time.Second })
	h.department(bridge.Department{Name: "sales", Title: "Sales", Overflow: "support", After: 50 * time.Second})
	h.alter(vera, func(o *bridge.Operator) { o.Departments = []string{"sales"} })
	h.come(olga)
	old := h.mustAsk("a")
	defer h.see(old.Number)()
	h.clock.Move(40 * time.Second)
	h.until("it is tried", func() bool { return h.snapshot(1).Due.Overflow.After(h.clock.Now()) })
	h.asks(1, "Olga") // nobody is in sales
	h.come(vera)
	if _, err := h.Ask(t.Context(), bridge.Inquiry{ClientID: "s", Department: "sales", Request: bridge.Request{Name: "Bob", Reason: "?"}}); err != nil {
		t.Fatal(err)
	}
	behind := h.mustAsk("b")
	h.clock.Move(30 * time.Second)
	h.until("it goes on", func() bool { return h.snapshot(1).Department == "sales" })
	now := h.snapshot(1)
	h.asks(1, "Vera")
	if !now.WaitsSince.Equal(old.WaitsSince) || now.Position != 1 {
		t.Errorf("it waits since %v at place %d, want %v and 1", now.WaitsSince, now.Position, old.WaitsSince)
	}
	for _, x := range []struct {
		number int64
		place  int64
	}{{1, 1}, {2, 2}, {behind.Number, 1}} {
		if got := h.lastPlace(x.number); got != x.place {
			t.Errorf("the visitor of #%d was told place %d last, want %d", x.number, got, x.place)
		}
	}
	if got := h.last(olga); got != "outcome #1 #1 waits in Sales now." {
		t.Errorf("who was asked before reads %q", got)
	}
	h.clock.Move(50 * time.Second)
	h.until("the timer is over", func() bool { return h.snapshot(1).Due.Overflow.IsZero() })
	if d := h.snapshot(1).Department; d != "sales" {
		t.Errorf("it goes in a circle, to %s", d)
	}
}

// What goes on to another department at the same time as it is to be offered anew is told once: the offer there is the new one.
func TestOverflow_IsNotRepeatedAtOnce(t *testing.T) {
	h := routed(t, func(d *bridge.Department) { d.Overflow = "sales" })
	h.department(bridge.Department{Name: "sales", Title: "Sales"})
	h.alter(vera, func(o *bridge.Operator) { o.Departments = []string{"sales", "support"} })
	h.come(vera)
	c := h.mustAsk("a")
	defer h.see(c.Number)()
	h.clock.Move(time.Minute)
	h.until("both steps", func() bool {
		return h.snapshot(c.Number).Department == "sales" && slices.Equal(h.urged(c.Number), []string{"repeat"})
	})
	if n := h.asked(vera); n != 2 {
		t.Errorf("Vera has read %d offers, want the first and the one of the other department", n)
	}
}

// lastPlace is the place in the queue that a visitor was told last, 0 if none.
func (h *house) lastPlace(number int64) (place int64) {
	h.t.Helper()
	log, err := h.Events(h.t.Context(), number, 0, 100)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, e := range slices.Backward(log) {
		if p, ok := e.Data.(bridge.Place); ok {
			return p.Position
		}
	}
	return 0
}

// Who has become full keeps nothing that is on offer to them alone, however much waits; before that nothing is offered anew.
// What one update leaves is settled by the next turn.
func TestRouting_ALongQueueIsOfferedAnew(t *testing.T) {
	const waiting = 45
	h := routed(t, func(d *bridge.Department) { d.Routing, d.Limit, d.Offer = bridge.InTurn, 2, time.Hour })
	h.burst = waiting // so many may wait
	h.close()
	h.open()
	h.come(olga)
	for i := range waiting {
		h.mustAsk(fmt.Sprint("the client id of ", i))
	}
	h.come(sam)
	h.must(h.Take(t.Context(), olga, 1))
	h.asks(2, "Olga")
	h.asks(waiting, "Olga")
	h.must(h.Take(t.Context(), olga, 2))
	h.asks(3, "Sam")
	h.until("the rest is Sam's", func() bool { return h.have(waiting) == "Sam" })
	h.must(h.Take(t.Context(), sam, 3))
	h.must(h.Take(t.Context(), sam, 4))
	c := h.conversation(1)
	h.must(h.Close(t.Context(), olga, c.Visitor, ""))
	h.asks(5, "Olga")
	h.until("the rest is Olga's again", func() bool { return h.have(waiting) == "Olga" })
}

// An overflow that is set while somebody waits counts for them, too, with what they have waited already. Who has come from the other
// department stays.
func TestOverflow_SetWhileSomebodyWaits(t *testing.T) {
	h := routed(t, func(d *bridge.Department) {})
	h.department(bridge.Department{Name: "sales", Title: "Sales"})
	h.alter(vera, func(o *bridge.Operator) { o.Departments = []string{"sales"} })
	h.come(olga, vera)
	c := h.mustAsk("a")
	defer h.see(c.Number)()
	h.clock.Move(20 * time.Second)
	h.department(bridge.Department{Name: "support", Title: "Support", Overflow: "sales", After: 30 * time.Second})
	if due := h.snapshot(1).Due.Overflow; !due.Equal(c.WaitsSince.Add(30 * time.Second)) {
		t.Errorf("it goes on at %v, waiting since %v", due, c.WaitsSince)
	}
	h.clock.Move(10 * time.Second)
	h.until("it goes on", func() bool { return h.snapshot(1).Department == "sales" })
	h.department(bridge.Department{Name: "sales", Title: "Sales", Overflow: "support"})
	if now := h.snapshot(1); now.Department != "sales" || !now.Due.Overflow.IsZero() {
		t.Errorf("it goes in a circle: %+v", now)
	}
}

// What somebody is asked besides, since the escalation has come to them, is no turn of theirs, and does not count as something that they
// have to do.
func TestRouting_WhatIsAskedBesidesIsNoLoad(t *testing.T) {
	h := escalating(t, bridge.Department{Routing: bridge.LeastActive, Offer: 150 * time.Second})
	h.come(olga, sam)
	c := h.mustAsk("a")
	defer h.see(c.Number)()
	h.clock.Move(time.Minute)
	h.until("Sam is asked besides", func() bool { return h.asked(sam) == 1 })
	err := h.store.View(t.Context(), func(r bridge.Reader) error {
		loads, err := r.Loads()
		if loads[olga].Offers != 1 || loads[sam].Offers != 0 {
			t.Errorf("on offer to Olga alone: %d, to Sam alone: %d; want 1 and 0", loads[olga].Offers, loads[sam].Offers)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
