package bridge_test

import (
	"sync"
	"testing"
	"time"

	"porchlight/bridge"
)

// next takes who has waited longest, whatever the number; not what the operator has declined, and not what is kept for a
// colleague. Of a kind it takes only that kind.
func TestNext_WhoHasWaitedLongest(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga)
	first := h.mustAsk("a")
	h.must(h.Take(t.Context(), olga, first.Number))
	h.clock.Move(time.Second)
	second, third := h.mustAsk("b"), h.mustAsk("c")
	h.clock.Move(time.Second)
	h.must(h.Pass(t.Context(), olga, first.Visitor, bridge.Operator{}, bridge.Department{Name: "support"}, "")) // waits since now
	h.must(h.Decline(t.Context(), xavi, second.Number))
	_, err := h.Moves.Next(t.Context(), xavi, bridge.Ticket)
	h.refuses("Nobody waits.", err)
	if c, err := h.Moves.Next(t.Context(), xavi, ""); err != nil || c.Number != third.Number || c.Owner != xavi {
		t.Fatalf("%+v, %v", c, err)
	}
	h.must(h.Pass(t.Context(), xavi, third.Visitor, h.operator(olga), bridge.Department{}, ""))
	h.must(h.Take(t.Context(), olga, second.Number))
	h.must(h.Take(t.Context(), olga, first.Number))
	_, err = h.Moves.Next(t.Context(), xavi, "")
	h.refuses("Nobody waits but who was left to others. take 3 takes #3 all the same.", err)
	if c, err := h.Moves.Next(t.Context(), olga, bridge.Chat); err != nil || c.Number != third.Number {
		t.Errorf("%+v, %v", c, err)
	}
	_, err = h.Moves.Next(t.Context(), sam, "")
	h.refuses("Nobody waits.", err)
}

// What was passed on to a department, or to a colleague whose time is over, and is offered to one after the other there, is kept for
// nobody: next takes it.
func TestNext_WhatIsOfferedInTurn(t *testing.T) {
	for _, to := range []string{"the department", "a colleague"} {
		h := newHouse(t)
		h.department(bridge.Department{Name: "sales", Title: "Sales", Routing: bridge.InTurn, Offer: 30 * time.Second})
		for _, o := range []bridge.OperatorJID{olga, sam} {
			if _, err := h.Team.Change(t.Context(), o, func(o *bridge.Operator) { o.Departments = bridge.Circle{"sales"} }); err != nil {
				t.Fatal(err)
			}
		}
		h.come(xavi, olga, sam)
		c := h.mustAsk("a")
		h.must(h.Take(t.Context(), xavi, c.Number))
		if to == "the department" {
			h.must(h.Pass(t.Context(), xavi, c.Visitor, bridge.Operator{}, bridge.Department{Name: "sales", Title: "Sales"}, ""))
		} else {
			h.must(h.Pass(t.Context(), xavi, c.Visitor, h.operator(olga), bridge.Department{Name: "sales", Title: "Sales"}, ""))
			_, err := h.Moves.Next(t.Context(), sam, "")
			h.refuses("Nobody waits but who was left to others. take 1 takes #1 all the same.", err)
			h.clock.Move(31 * time.Second)
			h.until("it is Sam's turn", func() bool { return h.have(c.Number) == "Sam" })
		}
		asked := h.have(c.Number)
		other := map[string]bridge.OperatorJID{"Olga": sam, "Sam": olga}[asked]
		if got, err := h.Moves.Next(t.Context(), other, ""); err != nil || got.Number != c.Number {
			t.Errorf("passed on to %s, and on offer to %s: next takes #%d, %v", to, asked, got.Number, err)
		}
	}
}

// Operators who ask for the next one at the same time get different ones.
func TestNext_AtOnce(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga)
	h.mustAsk("a")
	h.mustAsk("b")
	var got [2]int64
	var wg sync.WaitGroup
	for i, o := range []bridge.OperatorJID{xavi, olga} {
		wg.Go(func() {
			c, err := h.Moves.Next(t.Context(), o, "")
			if err != nil {
				t.Error(err)
			}
			got[i] = c.Number
		})
	}
	wg.Wait()
	if got[0] == got[1] {
		t.Errorf("both got #%d", got[0])
	}
}
