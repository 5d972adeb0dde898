package bridge_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// When porchlight was off or its clock was set, no timer runs out by that time: over a restart and
// while it runs, forwards and back.
func TestPulse_MovesTheTimers(t *testing.T) {
	for _, by := range []time.Duration{time.Hour, 400 * 24 * time.Hour, -3 * time.Hour} {
		for _, how := range []string{"stopped", "running"} {
			t.Run(how+" "+by.String(), func(t *testing.T) { timersMove(t, how, by) })
		}
	}
}

func timersMove(t *testing.T, how string, by time.Duration) {
	h := newHouse(t)
	h.setHours("Mon-Fri 9-17; Europe/Madrid", nil, nil)
	h.come(xavi)
	taken, waits := h.mustAsk("a"), h.mustAsk("b")
	h.Take(t.Context(), xavi, taken.Number)
	enter := func() {
		for _, n := range []int64{taken.Number, waits.Number} {
			if _, err := h.attach(n); err != nil {
				t.Fatal(err)
			}
		}
	}
	enter()
	idle := func() time.Duration {
		return h.snapshot(taken.Number).Due.IdleClose.Sub(h.clock.Now())
	}
	h.clock.Move(31 * time.Second) // now the next look stores the time
	h.until("the time is stored", func() bool { return h.setting("pulse_at") >= h.clock.Now().UnixMilli() })
	left := idle()
	if how == "stopped" {
		h.close()
		h.clock.Move(by)
		h.open()
		h.come(xavi)
		enter()
	} else {
		h.clock.Jump(by)
	}
	h.until("the timers are moved", func() bool { return (idle() - left).Abs() < time.Second })
	said := strings.Join(h.deskTexts(xavi), "\n")
	if !regexp.MustCompile(`From [-0-9]{10} 1\d:\d\d CES?T to [-0-9]{10} \d\d:\d\d CES?T \(.*its clock was set`).MatchString(said) {
		t.Errorf("Xavi was told %q", said)
	}
	if s := h.snapshot(taken.Number); s.State != bridge.Active {
		t.Errorf("the chat is %s %s", s.State, s.Reason)
	}
	if s := h.snapshot(waits.Number); s.State != bridge.Waiting || s.Kind != bridge.Chat {
		t.Errorf("the request is %s %s", s.State, s.Kind)
	}
	h.clock.Move(15 * time.Minute) // the timers do fire in their time
	h.until("a warning", func() bool {
		events, err := h.Events(t.Context(), taken.Number, 0, 100)
		return err == nil && strings.Contains(events[len(events)-1].Words(phrase.Tongue()), "still there")
	})
}

// A pause of less than ten minutes is an ordinary restart and moves no timer.
func TestPulse_LeavesShortPauses(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("a")
	due := h.snapshot(c.Number).Due.Waiting
	h.close()
	h.clock.Move(9 * time.Minute)
	h.open()
	if got := h.snapshot(c.Number).Due.Waiting; !got.IsZero() && !got.Equal(due) {
		t.Errorf("due at %v, was %v", got, due)
	}
	if said := strings.Join(h.deskTexts(xavi), "\n"); strings.Contains(said, "clock") {
		t.Errorf("Xavi was told %q", said)
	}
}

// setting reads a time from the store, in milliseconds.
func (h *house) setting(key string) (ms int64) {
	h.t.Helper()
	err := h.store.View(h.t.Context(), func(r bridge.Reader) error {
		s, err := r.Setting(key)
		for _, digit := range s {
			ms = ms*10 + int64(digit-'0')
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return ms
}
