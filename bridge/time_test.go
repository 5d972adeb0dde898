package bridge_test

import (
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// listener is a side that keeps the changes it hears of.
type listener chan bridge.Change

func (l listener) Changed(c bridge.Change) { l <- c }

// attach connects a page, until detach.
func (h *house) attach(number int64) (detach func(), err error) {
	err = h.Attach(h.t.Context(), number)
	return func() { h.Detach(number) }, err
}

// The site is online exactly while the link is up and a client of an operator who wants offers is
// available.
func TestPresence_MakesTheSiteOnline(t *testing.T) {
	h := newHouse(t)
	online := func() bool { s, _ := h.Team.Status(""); return s.Online }
	h.come()
	for _, step := range []struct {
		resource string
		show     bridge.Show
		online   bool
	}{
		{"phone", bridge.ShowAway, false}, {"laptop", bridge.ShowChat, true}, {"laptop", bridge.ShowDND, false},
		{"phone", bridge.ShowAvailable, true}, {"laptop", bridge.ShowOffline, true}, {"phone", bridge.ShowXA, false},
		{"phone", bridge.ShowAvailable, true}, {"", bridge.ShowOffline, false},
	} {
		h.Reach.Presence(t.Context(), xavi, step.resource, step.show)
		if online() != step.online {
			t.Errorf("after %s %q: online is %v", step.resource, step.show, online())
		}
	}
	h.come(xavi)
	h.Team.Change(t.Context(), xavi, func(o *bridge.Operator) { o.Paused = true })
	if online() {
		t.Error("offers are stopped, and the site is online")
	}
	h.Team.Change(t.Context(), xavi, func(o *bridge.Operator) { o.Paused = false })
	h.Link.Down()
	if online() {
		t.Error("the link is down, and the site is online")
	}
}

// A ticket is offered to operators who come later, but not to one who declined it.
func TestTicket_IsOfferedToWhoComesLater(t *testing.T) {
	h := newHouse(t)
	c, err := h.ask("a", "anna@example.org")
	if err != nil || c.Public() != "ticket" || c.Position != 0 {
		t.Fatalf("%+v, %v", c, err)
	}
	h.come(olga)
	if got := h.deskTexts(olga); len(got) != 1 || !strings.HasPrefix(got[0], "offer #1") {
		t.Fatalf("desk: %q", got)
	}
	h.Decline(t.Context(), olga, c.Number)
	h.Reach.Presence(t.Context(), olga, "phone", bridge.ShowAway)
	h.Reach.Presence(t.Context(), olga, "phone", bridge.ShowAvailable)
	if got := h.deskTexts(olga); len(got) != 1 {
		t.Errorf("a declined offer came back: %q", got)
	}
	h.come(xavi)
	if got := h.deskTexts(xavi); len(got) != 1 {
		t.Errorf("desk: %q", got)
	}
}

// A conversation whose page is gone closes when the grace time is over, unless the page comes back.
func TestVisitorGone_ClosesAfterTheGrace(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("a")
	detach, err := h.attach(c.Number)
	if err != nil || !h.snapshot(c.Number).Present {
		t.Fatal("the page is not there", err)
	}
	h.Take(t.Context(), xavi, c.Number)
	h.clock.Move(time.Hour - 50*time.Minute)
	if h.snapshot(c.Number).State != bridge.Active {
		t.Error("closed although the page is open")
	}
	detach()
	if h.snapshot(c.Number).Present {
		t.Error("the page is still there")
	}
	h.clock.Move(2*time.Minute - time.Second)
	again, _ := h.attach(c.Number)
	h.clock.Move(2 * time.Minute)
	if h.snapshot(c.Number).State != bridge.Active {
		t.Error("closed although the page came back in time")
	}
	again()
	h.clock.Move(2*time.Minute + time.Second)
	h.until("closing", func() bool {
		s := h.snapshot(c.Number)
		return s.State == bridge.Closed && s.Reason == bridge.ReasonVisitorLeft
	})
}

// A conversation whose page never connects closes when the grace time is over.
func TestVisitorNeverConnected_ClosesAfterTheGrace(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("a")
	h.clock.Move(2*time.Minute + time.Second)
	h.until("closing", func() bool { return h.snapshot(c.Number).Reason == bridge.ReasonVisitorLeft })
	if got := h.deskTexts(xavi); !strings.HasPrefix(got[len(got)-1], "outcome #1") {
		t.Errorf("the offer was not taken back: %q", got)
	}
}

// A conversation whose owner goes offline is offered again when the grace time is over, and the owner
// is told when they are back.
func TestOwnerGone_IsOfferedAgain(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga)
	c := h.mustAsk("a")
	detach, _ := h.attach(c.Number)
	defer detach()
	h.Take(t.Context(), xavi, c.Number)
	h.Reach.Presence(t.Context(), xavi, "phone", bridge.ShowOffline)
	h.clock.Move(59 * time.Second)
	h.come(xavi)
	h.clock.Move(2 * time.Minute)
	if s := h.snapshot(c.Number); s.Owner != xavi {
		t.Error("taken from an owner who came back in time")
	}
	h.Reach.Presence(t.Context(), xavi, "phone", bridge.ShowOffline)
	h.clock.Move(61 * time.Second)
	h.until("a new offer", func() bool {
		got := h.deskTexts(olga)
		return strings.HasPrefix(got[len(got)-1], "offer #1") && len(got) == 3
	})
	if s := h.snapshot(c.Number); s.State != bridge.Waiting || s.Owner != "" {
		t.Errorf("state %s of %s", s.State, s.Owner)
	}
	h.come(xavi)
	if got := h.deskTexts(xavi); got[len(got)-1] != "notice #0 Offered again, because you could not be reached, and still waiting: #1 Anna 0 s. The number takes one back." {
		t.Errorf("the owner was not told: %q", got)
	}
}

// A visitor whom nobody takes in time is asked for an email address, and the chat becomes a ticket.
func TestWaitingLimit_AsksForAnEmail(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("a")
	detach, _ := h.attach(c.Number)
	defer detach()
	h.clock.Move(3*time.Minute + time.Second)
	h.until("the question", func() bool {
		events, _ := h.Events(t.Context(), c.Number, 0, 100)
		return events[len(events)-1].Data == bridge.Turn{State: string(bridge.Waiting), Reason: bridge.ReasonEmailWanted}
	})
	if err := h.VisitorMails(t.Context(), c.Number, "no address"); phrase.CodeOf(err) != phrase.CodeInvalid {
		t.Errorf("got %v", err)
	}
	if err := h.VisitorMails(t.Context(), c.Number, "anna@example.org"); err != nil {
		t.Fatal(err)
	}
	card, _ := h.Card(t.Context(), c.Number)
	if card.Kind != bridge.Ticket || card.Request.Email != "anna@example.org" || card.Email != "anna@example.org" {
		t.Errorf("%+v", card)
	}
}

// In an idle conversation both are warned; it closes later, unless somebody writes.
func TestIdle_WarnsThenCloses(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("a")
	detach, _ := h.attach(c.Number)
	defer detach()
	h.Take(t.Context(), xavi, c.Number)
	h.clock.Move(15*time.Minute + time.Second)
	h.until("the warning", func() bool {
		events, _ := h.Events(t.Context(), c.Number, 0, 100)
		return events[len(events)-1].From == bridge.FromSystem && events[len(events)-1].Type == bridge.EventMessage
	})
	h.VisitorWrites(t.Context(), c.Number, "m", "still here")
	h.clock.Move(20 * time.Minute)
	if h.snapshot(c.Number).State != bridge.Active {
		t.Error("closed although somebody wrote")
	}
	h.clock.Move(11 * time.Minute)
	h.until("closing", func() bool { return h.snapshot(c.Number).Reason == bridge.ReasonIdle })
}

// Conversations, tokens and timers survive a crash.
func TestRestart_KeepsConversationsAndTimers(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("a")
	if _, err := h.attach(c.Number); err != nil {
		t.Fatal(err)
	}
	h.Take(t.Context(), xavi, c.Number)
	h.close() // the page is never detached, as in a crash
	h.open()
	if _, err := h.Authorize(t.Context(), c.ID, c.Token); err != nil {
		t.Error("the token is lost:", err)
	}
	if s := h.snapshot(c.Number); s.Owner != xavi || s.Present {
		t.Errorf("%+v", s)
	}
	h.clock.Move(2*time.Minute + time.Second)
	h.until("closing", func() bool { return h.snapshot(c.Number).Reason == bridge.ReasonVisitorLeft })
}

// When a conversation is taken, the visitors behind it are told their new place.
func TestQueue_TellsThoseBehind(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	a, b := h.mustAsk("a"), h.mustAsk("b")
	heard := make(listener, 100)
	defer h.Join(heard)()
	h.Take(t.Context(), xavi, a.Number)
	for c := range heard {
		if c.Conversation.Number == b.Number && len(c.Events) == 1 && c.Events[0].Type == bridge.EventPosition {
			if c.Events[0].Data.(bridge.Place).Position != 1 {
				t.Errorf("place %d", c.Events[0].Data.(bridge.Place).Position)
			}
			return
		}
	}
}

// A returning visitor keeps their address and their earlier conversations.
func TestReturningVisitor_KeepsTheAddress(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	a := h.mustAsk("a")
	h.VisitorCloses(t.Context(), a.Number)
	b, err := h.Ask(t.Context(), bridge.Inquiry{ClientID: "b", Returning: a.Visitor, Request: bridge.Request{Name: "Anna B", Reason: "Again"}})
	if err != nil || b.Visitor != a.Visitor || b.Number == a.Number {
		t.Fatalf("%+v, %v", b, err)
	}
	card, _ := h.Card(t.Context(), b.Number)
	if len(card.Earlier) != 1 || card.Earlier[0].Number != a.Number {
		t.Errorf("earlier: %+v", card.Earlier)
	}
}

// Proofs of delivery only move forward, and count only past the event by which the operator joined.
func TestProve_OnlyForwardAndOnlyAfterJoining(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("a")
	h.Take(t.Context(), xavi, c.Number)
	if r := h.snapshot(c.Number).Receipts; len(r) != 0 {
		t.Errorf("proved before anything was sent: %v", r)
	}
	e, _, _ := h.VisitorWrites(t.Context(), c.Number, "m", "Hello")
	prove := func(upto int64, s bridge.ReceiptStatus) {
		h.Cursors.Prove(t.Context(), []bridge.Cursor{{Conversation: c.Number, Operator: xavi, Upto: upto, Status: s}})
	}
	prove(e.Seq, bridge.Delivered)
	prove(e.Seq-1, bridge.Delivered)
	if r := h.snapshot(c.Number).Receipts; r[bridge.Delivered] != e.Seq || r[bridge.Confirmed] != e.Seq || r[bridge.Displayed] != 0 {
		t.Errorf("receipts %v, want delivered and confirmed %d", r, e.Seq)
	}
}
