package bridge_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"porchlight/bridge"
)

// While the relay is gone, every conversation is told once that its mail is late, also those whose mail
// was not tried; and the mail goes as soon as the relay takes it.
func TestMail_AllThatWaitIsTold(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	var list []bridge.Conversation
	for _, to := range []string{"anna@example.net", "ben@example.net", "cid@example.net"} {
		c, err := o.WriteFirst(t.Context(), xavi, to, "Course", "So.")
		o.must(c, err)
		list = append(list, c)
	}
	until := o.clock.Now().Add(15 * time.Minute)
	for o.clock.Now().Before(until) {
		o.outbox(time.Second)
		o.must(bridge.Conversation{}, o.Mail.Wait(t.Context(), until, "535 wrong password", 2))
		if since := o.clock.Now().Sub(until.Add(-15 * time.Minute)); since < 30*time.Second && len(o.posts(list[0].Number)) > 0 {
			t.Fatalf("told after %v", since)
		}
	}
	for _, c := range list {
		if got := o.posts(c.Number); !slices.Equal(got, []string{"late 535 wrong password"}) {
			t.Errorf("#%d tells %q", c.Number, got)
		}
	}
	if due := o.outbox(time.Second); len(due) != 3 {
		t.Errorf("when it is over, %d are due", len(due))
	}
}

// A conversation of which no mail can be made is left alone for a while, instead of failing in each turn.
func TestMail_PoisonIsLeftAlone(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	_, err := o.WriteFirst(t.Context(), xavi, "anna@example.net", "Course", "So.")
	o.must(bridge.Conversation{}, err)
	tried := 0
	b, err := bridge.Open(t.Context(), postless{o.store, &tried}, bridge.Options{Domain: "support.example.org", SuperOperators: []bridge.OperatorJID{xavi}, Timing: timing(),
		Clock: o.clock, Log: slog.New(slog.DiscardHandler), Limits: bridge.Limits{Message: 100, File: 1 << 20, Files: 5}, Mail: o.mail})
	o.must(bridge.Conversation{}, err)
	for range 50 {
		o.clock.Move(time.Second)
		b.Turn(t.Context())
	}
	if tried != 1 {
		t.Errorf("tried %d times within 50 s", tried)
	}
}

// postless is a store that can't take mail that goes, and counts how often it was tried.
type postless struct {
	bridge.Store
	tried *int
}

func (s postless) Update(ctx context.Context, f func(bridge.Tx) error) error {
	return s.Store.Update(ctx, func(tx bridge.Tx) error { return f(postlessTx{tx, s.tried}) })
}

type postlessTx struct {
	bridge.Tx
	tried *int
}

func (tx postlessTx) CreateOutMail(bridge.OutMail) error {
	*tx.tried++
	return errLost
}
