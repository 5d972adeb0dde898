package bridge_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

// last is the newest entry of an operator's desk log.
func (h *house) last(o bridge.OperatorJID) string {
	h.t.Helper()
	texts := h.deskTexts(o)
	return texts[len(texts)-1]
}

// see opens the page of a conversation, until shut is called.
func (h *house) see(number int64) (shut func()) {
	h.t.Helper()
	shut, err := h.attach(number)
	if err != nil {
		h.t.Fatal(err)
	}
	return shut
}

// A request that all decline is offered to all again at the limit and as a ticket, and told to an
// operator who comes later.
func TestDeclinedByAll_IsOfferedAgainAndTold(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga)
	c := h.mustAsk("a")
	defer h.see(c.Number)()
	for i, o := range []bridge.OperatorJID{xavi, olga} {
		h.must(h.Decline(t.Context(), o, c.Number))
		if others, err := h.AskedNow(t.Context(), c.Number); err != nil || len(others) != 1-i {
			t.Errorf("after %s declined %v are asked, %v", o, others, err)
		}
	}
	h.clock.Move(3*time.Minute + time.Second)
	h.until("all are asked again at the limit", func() bool { return h.asked(xavi) == 2 && h.asked(olga) == 2 })
	h.must(h.Decline(t.Context(), xavi, c.Number))
	h.must(h.Decline(t.Context(), olga, c.Number))
	if err := h.VisitorMails(t.Context(), c.Number, "anna@example.org"); err != nil {
		t.Fatal(err)
	}
	if h.asked(xavi) != 3 || h.asked(olga) != 3 {
		t.Errorf("as a ticket it is offered to Xavi %d times and to Olga %d, want 3", h.asked(xavi), h.asked(olga))
	}
	h.must(h.Decline(t.Context(), olga, c.Number))
	h.leave(olga)
	h.clock.Move(13 * time.Second)
	h.come(olga)
	if want := "notice #0 1 waits: #1 Anna 3 min"; h.last(olga) != want {
		t.Errorf("who comes on duty reads %q, want %q", h.last(olga), want)
	}
	h.Reach.Presence(t.Context(), olga, "phone", bridge.ShowAway)
	h.Reach.Presence(t.Context(), olga, "phone", bridge.ShowAvailable)
	if got := h.deskTexts(olga); strings.HasPrefix(got[len(got)-2], "notice") {
		t.Errorf("who was away for a moment is told again: %q", got)
	}
}

// An owner who comes back is told in one notice, and only once, what became of all their conversations.
func TestOwnerBack_OneNoticeOfAll(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga)
	for i := range 4 {
		c := h.mustAsk(fmt.Sprint(i))
		defer h.see(c.Number)()
		h.must(h.Take(t.Context(), xavi, c.Number))
	}
	before := len(h.deskTexts(xavi))
	h.leave(xavi)
	h.clock.Move(61 * time.Second)
	h.until("they are offered again", func() bool { return h.snapshot(4).State == bridge.Waiting })
	h.must(h.Take(t.Context(), olga, 2))
	if err := h.VisitorCloses(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	h.clock.Move(13 * time.Second)
	h.come(xavi)
	want := "notice #0 Offered again, because you could not be reached, and still waiting: #1 Anna 13 s, #4 Anna (4) 13 s. The number takes one back.\n" +
		"Offered again, because you could not be reached: #2 is with Olga, #3 is over."
	if got := h.deskTexts(xavi)[before:]; len(got) != 1 || got[0] != want {
		t.Errorf("told %q, want %q alone", got, want)
	}
	h.must(h.Take(t.Context(), xavi, 1))
	h.leave(xavi)
	h.come(xavi)
	if got := h.deskTexts(xavi); strings.Contains(got[len(got)-1], "could not be reached") {
		t.Errorf("told again: %q", got)
	}
}

// A ticket whose page is open has the timers of a chat, and none when the page is closed.
func TestTicket_IsAChatWhileItsPageIsOpen(t *testing.T) {
	h := newHouse(t)
	c, err := h.ask("a", "anna@example.org")
	if err != nil {
		t.Fatal(err)
	}
	shut := h.see(c.Number)
	h.come(xavi)
	h.must(h.Take(t.Context(), xavi, c.Number))
	h.leave(xavi)
	h.clock.Move(61 * time.Second)
	h.until("it is offered again", func() bool { return h.snapshot(c.Number).State == bridge.Waiting })
	h.come(xavi)
	h.must(h.Take(t.Context(), xavi, c.Number))
	shut()
	if got := h.last(xavi); !strings.Contains(got, "nobody tells the visitor. Write to anna@example.org.") {
		t.Errorf("the owner reads %q when the page is closed", got)
	}
	h.leave(xavi)
	if due := h.snapshot(c.Number).Due; due != (bridge.Due{}) {
		t.Errorf("without a page timers run: %+v", due)
	}
	h.see(c.Number)
	if due := h.snapshot(c.Number).Due; due.Operator.IsZero() || due.IdleClose.IsZero() {
		t.Errorf("the page is open again, and its timers don't run: %+v", due)
	}
	h.clock.Move(61 * time.Second)
	h.until("it is offered again", func() bool { return h.snapshot(c.Number).State == bridge.Waiting })
	h.come(xavi)
	h.must(h.Take(t.Context(), xavi, c.Number))
	h.clock.Move(31 * time.Minute)
	h.until("it is idle", func() bool { return h.snapshot(c.Number).Reason == bridge.ReasonIdle })
}

// burstHouse is a house in which Xavi is told of five requests within 10 s one by one.
func burstHouse(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.burst = 5
	h.close()
	h.open()
	h.come(xavi)
	return h
}

// An operator who takes each request as it comes is told of each with a message of its own.
func TestOffers_ThatAreTakenAreNotGathered(t *testing.T) {
	h := burstHouse(t)
	for i := range 20 {
		c := h.mustAsk(fmt.Sprint(i))
		if got := h.last(xavi); !strings.HasPrefix(got, fmt.Sprintf("offer #%d", c.Number)) {
			t.Fatalf("offer %d reads %q", i+1, got)
		}
		h.must(h.Take(t.Context(), xavi, c.Number))
	}
	if h.Storm.On() {
		t.Error("a storm although nobody waits")
	}
}

// Offers that come too fast to be read one by one are told together, and raise one alarm.
func TestOffers_ThatComeTooFastAreGathered(t *testing.T) {
	h := burstHouse(t)
	for i := range 8 {
		h.mustAsk(fmt.Sprint(i))
		if i == 4 && h.Storm.On() || i == 5 && !h.Storm.On() {
			t.Errorf("after %d requests a storm is %v", i+1, h.Storm.On())
		}
	}
	if got := h.deskTexts(xavi); len(got) != 5 {
		t.Errorf("%d of 8 offers come one by one: %q", len(got), got)
	}
	h.clock.Move(10 * time.Second)
	h.until("the others are told together", func() bool { return h.last(xavi) == "notice #0 3 more wait: queue" })
	h.clock.Move(time.Second)
	h.mustAsk("9")
	if got := h.last(xavi); !strings.HasPrefix(got, "offer #9") {
		t.Errorf("after the burst: %q", got)
	}
	h.must(h.Take(t.Context(), xavi, 8))
	h.come(olga)
	told := h.deskTexts(olga)
	if want := "notice #0 3 wait: #6 Anna (6) 11 s, #7 Anna (7) 11 s, #9 Anna (9) 0 s"; len(told) != 6 || told[5] != want {
		t.Errorf("who comes reads %q, want 5 offers and %q", told, want)
	}
	h.must(h.Take(t.Context(), xavi, 7))
	h.must(h.Take(t.Context(), xavi, 1))
	if got := h.deskTexts(olga)[6:]; !slices.Equal(got, []string{"outcome #1 #1 taken by Xavi"}) {
		t.Errorf("what has no message of its own has an outcome: %q", got)
	}
	if f, err := h.Stats(t.Context()); err != nil || f.Alarms != 1 {
		t.Errorf("%d alarms, want one of the storm: %v", f.Alarms, err)
	}
	h.clock.Move(time.Minute)
	if h.Storm.On() {
		t.Error("the storm does not end")
	}
}
