package email

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"porchlight/bridge"
)

// Within any minute no more mails go than are allowed, and none waits longer than that needs, also when
// the clock is set back.
func TestPace(t *testing.T) {
	p, now := newPace(3), time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	var went []time.Time
	for range 1200 {
		if p.may(now) {
			p.goes(now)
			went = append(went, now)
		}
		now = now.Add(time.Second / 4)
	}
	for i := 3; i < len(went); i++ {
		if d := went[i].Sub(went[i-3]); d != time.Minute {
			t.Errorf("mail %d goes %v after the third before it", i, d)
		}
	}
	if len(went) != 15 {
		t.Errorf("%d mails went in 5 minutes", len(went))
	}
	now = now.Add(-10 * time.Hour)
	if p.may(now) || !p.may(now.Add(time.Minute)) {
		t.Error("a clock that was set back makes mail wait otherwise than a minute")
	}
	if p := newPace(0); !p.may(now) {
		t.Error("without a limit mail waits")
	}
}

// Mail that may not go yet waits in its order, is counted as queued, and is no failure.
func TestSender_KeepsThePace(t *testing.T) {
	d := newDispatch(t, 2)
	var want []string
	for i := range 5 {
		to := fmt.Sprintf("v%d@example.net", i)
		want = append(want, to)
		d.writes(to)
	}
	for _, step := range []struct {
		n     int
		after time.Duration
	}{{2, 0}, {2, 59 * time.Second}, {4, time.Second}, {5, time.Minute}} {
		n := step.n
		d.clock.Move(step.after)
		for range 3 {
			d.must(d.sendDue(t.Context()))
		}
		got := d.went()
		stats, err := d.bridge.Stats(t.Context())
		if err != nil || !slices.Equal(got, want[:n]) || stats.Mails != 5-n || stats.MailsFailed != 0 || d.Stats().Held {
			t.Errorf("sent %v, want %v; %d wait, %d failed, %v", got, want[:n], stats.Mails, stats.MailsFailed, err)
		}
	}
}

// A mail that waits for longer than two minutes because so much goes is told in its conversation, once; it keeps its place.
func TestSender_TellsWhatThePaceHolds(t *testing.T) {
	d := newDispatch(t, 1)
	var list []bridge.Conversation
	var want []string
	for i := range 12 {
		to := fmt.Sprintf("v%d@example.net", i)
		want = append(want, to)
		list = append(list, d.writes(to))
	}
	for range 3 * 60 {
		d.passes(time.Second)
	}
	for i, c := range list {
		told := []string{"late"}
		switch {
		case i < 2:
			told = []string{"sent"}
		case i == 2:
			told = []string{"late", "sent"}
		}
		events, err := d.bridge.Events(t.Context(), c.Number, 0, 100)
		d.must(err)
		var got []string
		for _, e := range events {
			if p, ok := e.Data.(bridge.Posting); ok {
				got = append(got, string(p.Action))
			}
		}
		if !slices.Equal(got, told) {
			t.Errorf("after 3 minutes the log of mail %d tells %q, want %q", i, got, told)
		}
	}
	for range 9 * 60 {
		d.passes(time.Second)
	}
	if got := d.went(); !slices.Equal(got, want) {
		t.Errorf("went %v, want %v", got, want)
	}
}
