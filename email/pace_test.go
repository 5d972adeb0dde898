package email

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/clocktest"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
	"porchlight/email/smtp"
	"porchlight/email/smtp/smtptest"
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
	relay, err := smtptest.Listen(smtptest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer relay.Close()
	clock := clocktest.At(time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC))
	log := slog.New(slog.DiscardHandler)
	store, err := sqlite.Open(t.Context(), sqlitetest.New(t), sqlite.Options{Clock: clock, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	post, err := NewPost("support@example.org", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := bridge.Open(t.Context(), store, bridge.Options{Domain: "support.example.org", SuperOperators: []bridge.OperatorJID{"xavi@example.org"}, Clock: clock, Log: log,
		Limits: bridge.Limits{Message: 8192, Name: 80, Email: 254, Reason: 4096, URL: 2048, Waiting: 1000}, Mail: bridge.MailOptions{Post: post, Addresses: post.Addresses("+")}})
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for i := range 5 {
		to := fmt.Sprintf("v%d@example.net", i)
		want = append(want, to)
		if _, err := b.WriteFirst(t.Context(), "xavi@example.org", to, "Hello", "Hello."); err != nil {
			t.Fatal(err)
		}
		b.Turn(t.Context()) // makes the mail
		clock.Move(time.Millisecond)
	}
	s := newSender(New(b, Options{Relay: smtp.Options{Addr: relay.Addr(), Security: smtp.Insecure}, PerMinute: 2, Log: log}))
	for _, step := range []struct {
		n     int
		after time.Duration
	}{{2, 0}, {2, 59 * time.Second}, {4, time.Second}, {5, time.Minute}} {
		n := step.n
		clock.Move(step.after)
		for range 3 {
			if err := s.sendDue(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		for _, m := range relay.Mails() {
			got = append(got, strings.TrimSpace(m.To))
		}
		stats, err := b.Stats(t.Context())
		if err != nil || !slices.Equal(got, want[:n]) || stats.Mails != 5-n || stats.MailsFailed != 0 || s.Stats().Held {
			t.Errorf("sent %v, want %v; %d wait, %d failed, %v", got, want[:n], stats.Mails, stats.MailsFailed, err)
		}
	}
}
