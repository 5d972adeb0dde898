package bridge_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

// linked brings the link up and lets the time pass in which operators have to show themselves.
func (h *house) linked() {
	h.t.Helper()
	h.Link.Up()
	h.clock.Move(10 * time.Second)
	h.until("the link is old enough", func() bool {
		return !h.Link.Fresh()
	})
}

// ring asks with an address, since nobody is there.
func (h *house) ring(clientID string) bridge.Opened {
	h.t.Helper()
	c, err := h.ask(clientID, "anna@example.org")
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// always has an operator asked at any time.
func always(o *bridge.Operator) { o.Notify.When = bridge.NotifyAlways }

// An operator in their hours is asked though they are offline or away. The site is OFFLINE all the same, and
// the visitor is told so. The operator takes the request from where they are.
func TestAskedAway_InTheirHours(t *testing.T) {
	h := newHouse(t) // it is Saturday, 12:00 UTC
	h.setHours("Sat 9-17; UTC", nil, map[bridge.OperatorJID]string{xavi: "Sun 9-17; UTC"})
	h.linked()
	if _, err := h.ask("a", ""); err == nil {
		t.Error("nobody is there, and the visitor needs no address")
	}
	c := h.ring("b")
	if s, _ := h.Team.Status(""); s.Online || s.Operators != 0 {
		t.Errorf("the status is %+v", s)
	}
	if c.Kind != bridge.Ticket || h.asked(olga) != 1 || h.asked(xavi) != 0 || h.asked(sam) != 0 {
		t.Errorf("a %s; Olga was asked %d times, Xavi outside his hours %d, and Sam of no department %d", c.Kind, h.asked(olga), h.asked(xavi), h.asked(sam))
	}
	if err := h.Reach.Presence(t.Context(), olga, "phone", bridge.ShowAway); err != nil {
		t.Fatal(err)
	}
	if d := h.ring("c"); h.last(olga) != fmt.Sprintf("offer #%d ", d.Number) || d.Kind != bridge.Ticket {
		t.Errorf("away she reads %q", h.last(olga))
	}
	h.must(h.Take(t.Context(), olga, c.Number))
	if now := h.snapshot(c.Number); now.State != bridge.Active || now.Owner != olga {
		t.Errorf("after she took it: %+v", now)
	}
}

// Whether somebody who is offline is asked depends on what they want, on their hours, and on nothing else
// that would keep requests from them.
func TestAskedAway_When(t *testing.T) {
	for name, c := range map[string]struct {
		hours string
		set   func(*bridge.Operator)
		asked int
	}{
		"no hours are set":                   {"", func(*bridge.Operator) {}, 0},
		"no hours are set, always":           {"", always, 1},
		"inside":                             {"Sat 9-17; UTC", func(*bridge.Operator) {}, 1},
		"outside":                            {"Sat 13-17; UTC", func(*bridge.Operator) {}, 0},
		"outside, always":                    {"Sat 13-17; UTC", always, 1},
		"inside, only online":                {"Sat 9-17; UTC", func(o *bridge.Operator) { o.Notify.When = bridge.NotifyOnline }, 0},
		"inside, and the offers are stopped": {"Sat 9-17; UTC", func(o *bridge.Operator) { o.Paused = true }, 0},
		"inside, disabled":                   {"Sat 9-17; UTC", func(o *bridge.Operator) { o.Enabled = false }, 0},
		"inside, of another department":      {"Sat 9-17; UTC", func(o *bridge.Operator) { o.Departments = []string{"sales"} }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.setHours(c.hours, map[string]string{"sales": ""}, map[bridge.OperatorJID]string{xavi: "Sun 9-10; UTC"})
			if _, err := h.Team.Change(t.Context(), olga, c.set); err != nil {
				t.Fatal(err)
			}
			h.linked()
			h.ring("a")
			if h.asked(olga) != c.asked {
				t.Errorf("asked %d times, want %d", h.asked(olga), c.asked)
			}
		})
	}
}

// An operator who declined is asked again only as others are. One who is asked though they are away does not
// keep a request from those who are there.
func TestAskedAway_BesideOthers(t *testing.T) {
	h := newHouse(t)
	h.setHours("Sat 9-17; UTC", nil, nil)
	h.linked()
	h.come(xavi)
	c := h.mustAsk("a")
	defer h.see(c.Number)()
	if h.asked(xavi) != 1 || h.asked(olga) != 1 {
		t.Errorf("Xavi, who is there, is asked %d times, and Olga %d", h.asked(xavi), h.asked(olga))
	}
	h.must(h.Decline(t.Context(), olga, c.Number))
	h.leave(xavi)
	h.come(xavi)
	if h.asked(olga) != 1 {
		t.Error("Olga has declined and is asked again")
	}
	h.clock.Move(3*time.Minute + time.Second)
	h.until("the limit and the escalation", func() bool { return h.asked(olga) == 2 && len(h.urged(c.Number)) == 1 })
	if h.asked(xavi) != 2 || h.asked(olga) != 2 {
		t.Errorf("Xavi is asked %d times, and Olga %d, want once more at the limit and not anew at once", h.asked(xavi), h.asked(olga))
	}
	h.must(h.Take(t.Context(), xavi, c.Number))
	if got := h.last(olga); got != "outcome #1 #1 taken by Xavi" {
		t.Errorf("Olga reads %q", got)
	}
}

// Hours that open while a request waits have their operator asked then: by time, by a change, and over a restart.
func TestAskedAway_WhenHoursOpen(t *testing.T) {
	h := newHouse(t)
	h.setHours("Sat 13-14; UTC", nil, map[bridge.OperatorJID]string{xavi: "Sat 15-16; UTC"})
	h.linked()
	h.ring("a")
	if h.asked(olga)+h.asked(xavi) != 0 {
		t.Fatal("somebody is asked outside their hours")
	}
	h.clock.Move(time.Hour)
	h.until("Olga is asked at 13:00", func() bool { return h.asked(olga) == 1 })
	if h.asked(xavi) != 0 {
		t.Error("Xavi is asked at 13:00")
	}
	h.close()
	h.clock.Move(2*time.Hour + 30*time.Minute)
	h.open()
	h.linked()
	h.until("Xavi is asked after the restart", func() bool { return h.asked(xavi) == 1 })
	if h.asked(olga) != 1 {
		t.Errorf("Olga is asked %d times", h.asked(olga))
	}
	if _, err := h.Team.Change(t.Context(), sam, func(o *bridge.Operator) { o.Departments = []string{"support"} }); err != nil {
		t.Fatal(err)
	}
	if h.asked(sam) != 0 {
		t.Error("Sam is asked outside the hours")
	}
	h.setHours("Sat 15-19; UTC", nil, nil)
	if h.asked(sam) != 1 {
		t.Error("the site's hours were changed, and Sam is not asked")
	}
	if _, err := h.Team.Change(t.Context(), sam, always); err != nil || h.asked(sam) != 1 {
		t.Errorf("Sam is asked %d times, %v", h.asked(sam), err)
	}
}

// Nobody is asked as somebody who is away before they had the time to show themselves over a new link; and nobody
// whom nothing reaches.
func TestAskedAway_NotBeforeTheyCanShowThemselves(t *testing.T) {
	h := newHouse(t)
	h.setHours("Sat 9-17; UTC", nil, map[bridge.OperatorJID]string{xavi: "Sun 9-10; UTC"})
	h.Link.Up()
	h.ring("a")
	if h.asked(olga) != 0 {
		t.Error("asked at once")
	}
	if err := h.Reach.Failed(t.Context(), olga, bridge.Fault{Condition: "remote-server-not-found"}, "", "x"); err != nil {
		t.Fatal(err)
	}
	h.clock.Move(10 * time.Second)
	h.until("the link is old enough", func() bool { return !h.Link.Fresh() })
	if h.asked(olga) != 0 {
		t.Error("asked though it comes back")
	}
	h.leave(olga) // her server answers again
	if h.asked(olga) != 1 {
		t.Error("not asked when the fault is over")
	}
}

// An owner who was cut off is asked like anybody else when nobody else is asked, and the offer says why.
func TestAskedAway_TheOwnerWhoWentOffline(t *testing.T) {
	h := newHouse(t)
	h.setHours("", nil, map[bridge.OperatorJID]string{olga: "Sat 9-17; UTC"})
	h.linked()
	h.come(olga)
	c := h.mustAsk("a")
	defer h.see(c.Number)()
	h.must(h.Take(t.Context(), olga, c.Number))
	h.leave(olga)
	h.clock.Move(61 * time.Second)
	h.until("it is offered to her again", func() bool { return h.asked(olga) == 2 })
	h.come(olga)
	if got := h.last(olga); !strings.HasPrefix(got, "notice #0 1 waits: #1 Anna") {
		t.Errorf("when she comes she reads %q", got)
	}
	h.must(h.Take(t.Context(), olga, c.Number))
}

// However many requests wait, all of them are offered when hours open, except for one that can't be
// processed, which is left alone for a while.
func TestAskedAway_ManyWait(t *testing.T) {
	h := newHouse(t)
	h.burst = 50
	h.close()
	h.open()
	h.setHours("", nil, map[bridge.OperatorJID]string{olga: "Sat 13-14; UTC"})
	for i := range 45 {
		h.ring(fmt.Sprint(i))
	}
	h.stop() // the timers of another bridge on the same store go on
	b := h.with(lossy{spoilt: 30})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- b.Run(ctx) }()
	b.Link.Up()
	h.clock.Move(time.Hour + time.Minute)
	h.until("she is asked for all others", func() bool {
		entries, err := h.DeskEntries(t.Context(), olga, 0, 100)
		offers := slices.DeleteFunc(entries, func(e bridge.DeskEntry) bool { return e.Kind != bridge.DeskOffer })
		return err == nil && len(offers) == 44
	})
	if !b.Quarantine.Holds(30) {
		t.Error("what can't be processed is not left alone")
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
