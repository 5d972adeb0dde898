package bridge_test

import (
	"slices"
	"testing"
	"time"

	"porchlight/bridge"
)

// The place that a visitor is told is the order in which people are taken: by how long they have waited. Who writes again after the
// end waits anew, behind all others. What else waits, tickets or in other departments, is before nobody.
func TestQueue_PlacesAreByTime(t *testing.T) {
	h := newHouse(t)
	h.stop()
	h.come(xavi, olga)
	a := h.mustAsk("a")
	h.must(h.Take(t.Context(), xavi, a.Number))
	h.must(h.Close(t.Context(), xavi, a.Visitor, ""))
	h.clock.Move(time.Minute)
	b := h.mustAsk("b")
	h.clock.Move(time.Minute)
	if _, _, err := h.VisitorWrites(t.Context(), a.Number, "one more thing 123", "More"); err != nil {
		t.Fatal(err)
	}
	if first, second := h.snapshot(b.Number).Position, h.snapshot(a.Number).Position; first != 1 || second != 2 {
		t.Errorf("#%d has place %d, and #%d has place %d", b.Number, first, a.Number, second)
	}
	if c, err := h.Moves.Next(t.Context(), olga, ""); err != nil || c.Number != b.Number {
		t.Errorf("next takes #%d, %v", c.Number, err)
	}
	if got := h.lastPlace(a.Number); got != 1 {
		t.Errorf("the visitor of #%d was told place %d last", a.Number, got)
	}
}

// places lists the places that a visitor was told after an event.
func (h *house) places(number, after int64) (list []int64) {
	h.t.Helper()
	events, err := h.Events(h.t.Context(), number, after, 500)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, e := range events {
		if p, ok := e.Data.(bridge.Place); ok {
			list = append(list, p.Position)
		}
	}
	return list
}

// Whoever waits anew is told their place, whatever brought it about: they were passed on, their operator was disabled, they
// go on after the end, or their department is deleted.
func TestQueue_WhoWaitsAnewIsToldTheirPlace(t *testing.T) {
	for what, waits := range map[string]func(h *house, c bridge.Conversation) error{
		"passed on": func(h *house, c bridge.Conversation) error {
			_, err := h.Pass(t.Context(), olga, c.Visitor, bridge.Operator{}, bridge.Department{Name: "support", Title: "Support"}, "")
			return err
		},
		"disabled": func(h *house, c bridge.Conversation) error {
			_, err := h.Team.Change(t.Context(), olga, func(o *bridge.Operator) { o.Enabled = false })
			return err
		},
		"goes on": func(h *house, c bridge.Conversation) error {
			_, err := h.Close(t.Context(), olga, c.Visitor, "")
			if err == nil {
				_, _, err = h.VisitorWrites(t.Context(), c.Number, "one more thing 123", "More")
			}
			return err
		},
		"deleted": func(h *house, c bridge.Conversation) error {
			return h.Team.CloseDepartment(t.Context(), "sales", bridge.Department{Name: "support", Title: "Support"}, func(bridge.Tx) error { return nil })
		},
	} {
		t.Run(what, func(t *testing.T) {
			h := newHouse(t)
			h.stop()
			h.department(bridge.Department{Name: "sales", Title: "Sales"})
			h.come(xavi, olga)
			in := bridge.Inquiry{ClientID: "the client id of Anna", Department: "support", Request: bridge.Request{Name: "Anna", Reason: "How?"}}
			if what == "deleted" {
				h.mustAsk("a")
				h.mustAsk("b")
				h.clock.Move(time.Second)
				in.Department = "sales"
			}
			c, err := h.Ask(t.Context(), in)
			h.must(bridge.Conversation{}, err)
			if what != "deleted" {
				h.must(h.Take(t.Context(), olga, c.Number))
				h.clock.Move(time.Second)
				h.mustAsk("a")
				h.mustAsk("b")
				h.clock.Move(time.Second)
			}
			before := h.conversation(c.Number)
			if err := waits(h, before); err != nil {
				t.Fatal(err)
			}
			if got := h.places(c.Number, before.Seq); len(got) != 1 || got[0] != 3 {
				t.Errorf("the visitor is told the places %v, and has %d", got, h.snapshot(c.Number).Position)
			}
		})
	}
}

// Tickets have no place in the queue, so nobody in it is told one because of them: not when one is taken, closed, or passed on, and not when
// one comes. A chat that goes on as a ticket leaves the queue, and that is told.
func TestQueue_TicketsMoveNoChats(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi, olga)
	ctx := t.Context()
	mail := func(id string) bridge.Conversation {
		c := o.conversation(o.gets(bridge.Letter{MessageID: id, From: id, Recipients: []string{support}, Subject: "Course", About: "Course", Text: "How?"}).Conversation)
		o.clock.Move(time.Second)
		return c
	}
	one, two := mail("bob@example.net"), mail("eva@example.net")
	goes, err := o.ask("z", "ida@example.net")
	o.must(goes.Conversation, err)
	o.clock.Move(time.Second)
	a, b := o.mustAsk("a"), o.mustAsk("b")
	defer o.see(a.Number)()
	defer o.see(b.Number)()
	quiet := func(what string) {
		t.Helper()
		if got := append(o.places(a.Number, 0), o.places(b.Number, 0)...); len(got) > 0 {
			t.Errorf("%s: who waits in a chat is told the places %v", what, got)
		}
	}
	o.must(o.Take(ctx, olga, one.Number))
	quiet("a ticket is taken")
	o.must(o.Pass(ctx, olga, one.Visitor, bridge.Operator{}, bridge.Department{Name: "support", Title: "Support"}, ""))
	quiet("a ticket is passed on")
	_, err = o.Junk(ctx, olga, two.Visitor)
	o.must(two, err)
	quiet("a ticket that waits is closed")
	mail("leo@example.net")
	quiet("a ticket comes")
	o.clock.Move(4 * time.Minute)
	o.Turn(ctx)
	if now := o.conversation(goes.Number); now.Kind != bridge.Ticket {
		t.Fatalf("it does not go on as a ticket, so the test shows less: %+v", now)
	}
	if got, want := append(o.places(a.Number, 0), o.places(b.Number, 0)...), []int64{1, 2}; !slices.Equal(got, want) {
		t.Errorf("a chat goes on as a ticket: those behind are told the places %v, want %v", got, want)
	}
}
