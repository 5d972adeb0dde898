package bridge_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// ringer is a phone that can ring until its owner has seen why.
type ringer struct {
	phone
	rang     int           // how often it began to ring
	most     time.Duration // for how long at most, the last time
	answer   bridge.Heard
	asked    int
	silenced []string
	fault    error // of Heard and Silence
}

// Ring implements bridge.Ringer.
func (r *ringer) Ring(ctx context.Context, n bridge.Notice, most time.Duration) (string, error) {
	r.rang, r.most = r.rang+1, most
	return fmt.Sprint("r", r.rang), r.Send(ctx, n)
}

// Heard implements bridge.Ringer.
func (r *ringer) Heard(context.Context, bridge.Operator, string) (bridge.Heard, error) {
	r.asked++
	return r.answer, r.fault
}

// Silence implements bridge.Ringer.
func (r *ringer) Silence(_ context.Context, _ bridge.Operator, receipt string) error {
	if r.fault == nil {
		r.silenced = append(r.silenced, receipt)
	}
	return r.fault
}

// ringing is a house in which Olga's Pushover rings until she has seen it.
func ringing(t *testing.T, more ...bridge.Channel) (*house, *ringer) {
	t.Helper()
	push := &ringer{phone: phone{way: bridge.ByPushover}, answer: bridge.StillRings}
	h := notified(t, append(more, push)...)
	h.wants(olga, bridge.Notify{When: bridge.NotifyAlways, Mail: true, Pushover: "u123", Urgent: true, Webhook: "https://hook.example"})
	return h, push
}

// wait lets time pass in steps of 5 s.
func (h *house) wait(d time.Duration) {
	h.t.Helper()
	for ; d > 0; d -= 5 * time.Second {
		h.after(min(d, 5*time.Second))
	}
}

// A notice that rings is repeated by its service alone. Whoever has seen it is told no more of that request by any
// way; of the next one they are.
func TestNotices_RingUntilSeen(t *testing.T) {
	hook := &phone{way: bridge.ByWebhook}
	h, push := ringing(t, hook)
	h.ring("a")
	h.wait(2 * time.Minute)
	h.rings(&push.phone, "while it rings", "Olga [1]")
	h.rings(hook, "while it rings", "Olga [1]", "Olga [1]")
	if push.most > time.Hour || push.most < 59*time.Minute || push.asked < 4 || push.asked > 10 {
		t.Errorf("it rings for %v at most, and was asked about %d times in 2 min", push.most, push.asked)
	}
	push.answer = bridge.WasSeen
	h.wait(15 * time.Second)
	asked := push.asked
	h.wait(20 * time.Minute)
	h.rings(&push.phone, "after it was seen", "Olga [1]")
	h.rings(hook, "after it was seen", "Olga [1]", "Olga [1]")
	if push.asked != asked || len(push.silenced) > 0 {
		t.Errorf("after it was seen it was asked about %d times, and silenced: %q", push.asked-asked, push.silenced)
	}
	h.ring("b")
	h.wait(10 * time.Second)
	h.rings(&push.phone, "of the next request", "Olga [1]", "Olga [2]")
}

// What somebody has taken rings no more. One that rings for several requests rings while one of them waits.
func TestNotices_RingUntilTaken(t *testing.T) {
	h, push := ringing(t)
	a, b := h.ring("a"), h.ring("b")
	h.wait(10 * time.Second)
	h.rings(&push.phone, "at first", "Olga [1 2]")
	h.must(h.Take(t.Context(), xavi, a.Number))
	h.wait(20 * time.Second)
	if len(push.silenced) > 0 {
		t.Errorf("while one waits it is silenced: %q", push.silenced)
	}
	push.fault = errors.New("no answer")
	h.must(h.Take(t.Context(), xavi, b.Number))
	h.wait(20 * time.Second)
	push.fault = nil
	h.wait(20 * time.Second)
	if fmt.Sprint(push.silenced) != "[r1]" {
		t.Errorf("silenced: %q", push.silenced)
	}
	h.wait(5 * time.Minute)
	if fmt.Sprint(push.silenced) != "[r1]" || push.rang != 1 {
		t.Errorf("later: silenced %q, rang %d times", push.silenced, push.rang)
	}
}

// What is offered anew rings anew, though it still rang for the offer before.
func TestNotices_RingAnew(t *testing.T) {
	h, push := ringing(t)
	c := h.ring("a")
	h.wait(10 * time.Second)
	h.must(h.Take(t.Context(), xavi, c.Number))
	h.clock.Move(time.Second)
	if err := h.Reach.Unreachable(t.Context(), xavi, c.Number, 0); err != nil {
		t.Fatal(err)
	}
	h.wait(15 * time.Second)
	if push.rang != 2 || fmt.Sprint(push.silenced) != "[r1]" {
		t.Errorf("rang %d times, silenced: %q", push.rang, push.silenced)
	}
}

// A notice that the service knows nothing of, or whose time is over, rings no more. One that can't be asked about is
// asked about later, over a restart too.
func TestNotices_RingThatCantBeAskedAbout(t *testing.T) {
	h, push := ringing(t)
	h.ring("a")
	h.wait(10 * time.Second)
	push.fault = errors.New("no answer")
	h.wait(time.Minute)
	h.close()
	h.open()
	h.linked()
	asked := push.asked
	h.wait(30 * time.Second)
	if push.asked <= asked {
		t.Error("it is asked about no more")
	}
	push.fault = phrase.Fail(phrase.CodeInvalid, "There is no such receipt.")
	h.wait(30 * time.Second)
	asked = push.asked
	h.wait(5 * time.Minute)
	if push.asked != asked || push.rang != 1 {
		t.Errorf("asked %d more times, rang %d times", push.asked-asked, push.rang)
	}
}

// A service that takes no more is said once, to the super operators and to whoever was to be told, and again when it
// takes notices again.
func TestNotices_QuotaIsToldOnce(t *testing.T) {
	push := &phone{way: bridge.ByPushover}
	h := notified(t, push)
	told := &alarmed{}
	defer h.Join(told)()
	push.do = func(context.Context, bridge.Notice) error {
		return phrase.Fail(phrase.CodeBusy, "It takes no more.")
	}
	tries := func(id string) {
		t.Helper()
		c := h.ring(id)
		h.wait(30 * time.Second)
		h.must(h.Take(t.Context(), xavi, c.Number))
	}
	before := len(h.deskTexts(olga))
	tries("a")
	tries("b")
	h.clock.Move(3 * time.Hour)
	tries("c")
	notices := 0
	for _, text := range h.deskTexts(olga)[before:] {
		if text == "notice #0 A notice was not sent (pushover): It takes no more." {
			notices++
		}
	}
	if got := told.all(); notices != 1 || fmt.Sprint(got) != "[It takes no more.]" {
		t.Errorf("she was told %d times, the super operators: %q", notices, got)
	}
	push.do = nil
	tries("d")
	if got := told.all(); len(got) != 2 || got[1] != "Notices can be sent again (pushover)." {
		t.Errorf("at last: %q", got)
	}
}

// alarmed is a side that hears alarms.
type alarmed struct {
	mu   sync.Mutex
	list []string
}

// Changed implements bridge.Side.
func (a *alarmed) Changed(bridge.Change) {}

// Alarm implements bridge.Alarmer.
func (a *alarmed) Alarm(text phrase.Phrase) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.list = append(a.list, text.String())
}

// all lists the alarms so far.
func (a *alarmed) all() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.list)
}
