package email_test

import (
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
	"porchlight/email"
	"porchlight/email/smtp"
	"porchlight/email/smtp/smtptest"
)

const xavi = "xavi@example.org"

// fullStore is a store whose disk is full once the relay has taken a mail.
type fullStore struct {
	bridge.Store
	relay *smtptest.Sink
	roomy atomic.Bool  // there is room again
	broke atomic.Bool  // nothing can be stored
	tried atomic.Int64 // changes that failed
}

// Update implements bridge.Store.
func (s *fullStore) Update(ctx context.Context, f func(bridge.Tx) error) error {
	if s.broke.Load() || !s.roomy.Load() && len(s.relay.Mails()) > 0 {
		s.tried.Add(1)
		return phrase.Fail(phrase.CodeUnavailable, "The disk is full.")
	}
	return s.Store.Update(ctx, f)
}

// sending is a bridge whose mail goes to a relay of the test; stop ends both, and waits.
type sending struct {
	*house
	store *fullStore
	stop  func()
	begun func() // the channel
}

func newSending(t *testing.T) *sending {
	t.Helper()
	s := &sending{house: &house{t: t}}
	var err error
	if s.relay, err = smtptest.Listen(smtptest.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.relay.Close)
	db, err := sqlite.Open(t.Context(), sqlitetest.New(t), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s.store = &fullStore{Store: db, relay: s.relay}
	s.store.roomy.Store(true)
	s.Bridge = newBridge(t, s.store, bridge.SystemClock{Rate: 20, Began: time.Now()}, slog.Default())
	c := email.New(s.Bridge, email.Options{Relay: smtp.Options{Addr: s.relay.Addr(), Security: smtp.Insecure}, Log: slog.Default()})
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 2)
	go func() { done <- s.Run(ctx) }()
	go func() { done <- c.Run(ctx) }()
	stopped := false
	s.stop = func() {
		stop()
		if !stopped {
			<-done
			<-done
		}
		stopped = true
	}
	s.begun = stop
	t.Cleanup(s.stop)
	return s
}

// writes has an operator write a mail to Anna, and returns its conversation.
func (s *sending) writes() bridge.Conversation {
	s.t.Helper()
	c, err := s.WriteFirst(s.t.Context(), xavi, "anna@example.net", "Course", "So.")
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// told counts how often the log of a conversation tells something of its mail.
func (s *sending) told(c bridge.Conversation, what bridge.Posted) (n int) {
	s.t.Helper()
	events, err := s.Events(s.t.Context(), c.Number, 0, 100)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, e := range events {
		if p, ok := e.Data.(bridge.Posting); ok && p.Action == what {
			n++
		}
	}
	return n
}

// While it can't be stored that the relay has taken a mail, the mail is not sent again, and when it can be, the
// mail is sent.
func TestSender_AFullDiskDoublesNothing(t *testing.T) {
	s := newSending(t)
	s.store.roomy.Store(false)
	c := s.writes()
	s.until("storing was tried again", func() bool { return s.store.tried.Load() >= 4 })
	s.store.roomy.Store(true)
	s.until("the log tells that the mail was sent", func() bool { return s.told(c, bridge.PostSent) == 1 })
	if n := len(s.relay.Mails()); n != 1 {
		t.Errorf("the relay was given the mail %d times", n)
	}
}

// The mail that is being sent when the program ends is sent to its end, and known to be sent.
func TestSender_EndsTheMailInFlight(t *testing.T) {
	s := newSending(t)
	answer := make(chan struct{})
	s.relay.Fail(smtptest.Rule{At: "DATA", Fault: smtptest.Slow, Until: answer})
	c := s.writes()
	s.relay.Await(t.Context(), 1)
	s.begun() // the program is told to end
	close(answer)
	s.stop()
	if s.told(c, bridge.PostSent) != 1 {
		t.Error("the relay has taken the mail, and it would be sent again")
	}
}

// A relay that never answers does not keep the program from ending.
func TestSender_EndsWhileTheRelayStalls(t *testing.T) {
	s := newSending(t)
	stalled := make(chan struct{})
	defer close(stalled)
	s.relay.Fail(smtptest.Rule{At: "DATA", Fault: smtptest.Slow, Until: stalled})
	c := s.writes()
	s.relay.Await(t.Context(), 1)
	s.stop()
	list, err := s.Mail.Outgoing(t.Context(), 10)
	if err != nil || len(list) != 1 || s.told(c, bridge.PostSent) != 0 {
		t.Errorf("queued %d, %v; nobody knows that it was sent", len(list), err)
	}
}

// The alarm that nothing can be stored goes by mail, although its mail can't be stored.
func TestSender_TheAlarmOfAFullDisk(t *testing.T) {
	s := newSending(t)
	if _, err := s.Team.Change(t.Context(), xavi, func(o *bridge.Operator) { o.Notify = bridge.Notify{Mail: true} }); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Notices.Run(ctx) }()
	defer func() {
		stop()
		<-done
	}()
	s.store.broke.Store(true)
	if _, err := s.WriteFirst(t.Context(), xavi, "anna@example.net", "Course", "So."); phrase.CodeOf(err) != phrase.CodeUnavailable {
		t.Fatal(err)
	}
	got := s.relay.Await(t.Context(), 1)
	if len(got) != 1 || got[0].To != xavi || !strings.Contains(unwrapped(t, got[0].Raw), "database can't be written") {
		t.Errorf("sent %v", got)
	}
}
