package sample

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/report"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
)

const (
	xavi = bridge.OperatorJID("xavi@localhost")
	olga = bridge.OperatorJID("olga@localhost")
)

// standing is a clock that stands still.
type standing struct{ at time.Time }

func (c standing) Now() time.Time { return c.at }

// shop is a new store with the demo's departments and operators.
func shop(t *testing.T, now time.Time) (*sqlite.DB, bridge.Options) {
	t.Helper()
	clock := standing{now}
	db, err := sqlite.Open(t.Context(), sqlitetest.New(t), sqlite.Options{Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	err = db.Update(t.Context(), func(tx bridge.Tx) error {
		return errors.Join(tx.SaveDepartment(bridge.Department{Name: "sales", Title: "Sales"}),
			tx.SaveOperator(bridge.Operator{JID: xavi, Name: "Xavi", Enabled: true, CreatedAt: now}),
			tx.SaveOperator(bridge.Operator{JID: olga, Name: "Olga", Enabled: true, Departments: bridge.Circle{"sales", "support"}, CreatedAt: now}))
	})
	if err != nil {
		t.Fatal(err)
	}
	return db, bridge.Options{Domain: "support.localhost", PublicURL: "http://localhost", SuperOperators: []bridge.OperatorJID{xavi}, Clock: clock, Log: slog.New(slog.DiscardHandler), Mail: bridge.MailOptions{Post: noPen{}, Addresses: bridge.Addresses{Support: "support@localhost"}},
		Timing: bridge.Timing{Offer: 30 * time.Second, VisitorGrace: 2 * time.Minute, OperatorGrace: time.Minute, WaitingLimit: 3 * time.Minute, IdleWarn: 15 * time.Minute, IdleClose: 30 * time.Minute, Reopen: 336 * time.Hour},
		Limits: bridge.Limits{Message: 8192, Name: 200, Email: 254, Reason: 2000, URL: 2048, Waiting: 500}}
}

// figures counts a sample as the statistics do.
func figures(t *testing.T, db *sqlite.DB, now time.Time) (chats, tickets report.Answer) {
	t.Helper()
	r := report.New(db, report.Options{Clock: standing{now}, Log: slog.New(slog.DiscardHandler), Missed: func() int64 { return 0 }, Zone: func() *time.Location { return time.UTC }})
	if err := r.Recount(t.Context(), func(_, _ int64) {}); err != nil {
		t.Fatal(err)
	}
	during, err := bridge.ParseRange("2025-12-01.."+now.Format(time.DateOnly), now)
	if err != nil {
		t.Fatal(err)
	}
	for kind, a := range map[bridge.Kind]*report.Answer{bridge.Chat: &chats, bridge.Ticket: &tickets} {
		if *a, err = r.Of(t.Context(), report.Whose{Kind: kind}, during); err != nil {
			t.Fatal(err)
		}
	}
	return chats, tickets
}

// Whenever it is made, the sample has 200 conversations of the last 30 days, of every kind that the
// statistics tell apart, and leaves nothing behind that would be sent to the operators.
func TestMake(t *testing.T) {
	for _, now := range []string{"2026-11-29T11:00:00Z", "2026-11-30T00:10:00Z", "2026-07-01T16:45:00+02:00", "2026-03-29T03:30:00-05:00"} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		db, opts := shop(t, at)
		if err := Make(t.Context(), db, opts); err != nil {
			t.Fatalf("%s: %v", now, err)
		}
		chats, tickets := figures(t, db, at)
		t.Logf("%s: %d chats, %d tickets, missed %d, abandoned %d, votes %d, solved %d, online %v", now, chats.Count(report.Conversations), tickets.Count(report.Conversations),
			chats.Count(report.Missed), chats.Count(report.Abandoned), chats.Votes().Count(), tickets.Count(report.Solved), chats.Online)
		if n := chats.Count(report.Conversations) + tickets.Count(report.Conversations); n != conversations {
			t.Errorf("%s: %d conversations", now, n)
		}
		if tickets.Owed != open {
			t.Errorf("%s: %d tickets are not answered", now, tickets.Owed)
		}
		for what, n := range map[string]int64{"missed": chats.Count(report.Missed), "abandoned": chats.Count(report.Abandoned), "votes": chats.Votes().Count() / 8, "solved": tickets.Count(report.Solved) / 8, "tickets": tickets.Count(report.Conversations) / 10} {
			if n < 2 {
				t.Errorf("%s: %d %s", now, n, what)
			}
		}
		silent(t, db, at)
	}
}

// silent checks that all cursors are at the ends of their logs, that nothing is in the future or older
// than the sample, and that a start afterwards has nothing to tell.
func silent(t *testing.T, db *sqlite.DB, now time.Time) {
	t.Helper()
	err := db.View(t.Context(), func(r bridge.Reader) error {
		desks, err := r.UnconfirmedDesks()
		parts, err2 := r.UnconfirmedParticipants(0, 10)
		sessions, err3 := r.OpenSessions()
		mails, _, err4 := r.CountOutMail()
		if len(desks)+len(parts)+len(sessions)+mails > 0 || err4 != nil {
			t.Errorf("left over: %v, %+v, %+v, %v, %v", desks, parts, sessions, mails, err4)
		}
		for number := range int64(conversations) {
			c, err := r.Conversation(number + 1)
			if err != nil {
				return err
			}
			if age := now.Sub(c.OpenedAt); age < 0 || age > (days+1)*24*time.Hour || c.ClosedAt.After(now) {
				t.Errorf("#%d was opened at %v and closed at %v", c.Number, c.OpenedAt, c.ClosedAt)
			}
			if c.Kind == bridge.Chat && c.State != bridge.Closed {
				t.Errorf("#%d is a chat and %s", c.Number, c.State)
			}
		}
		return errors.Join(err, err2, err3)
	})
	if err != nil {
		t.Error(err)
	}
	opts := bridge.Options{Domain: "support.localhost", SuperOperators: []bridge.OperatorJID{xavi}, Clock: standing{now.Add(time.Second)}, Log: slog.New(slog.DiscardHandler)}
	b, err := bridge.Open(t.Context(), db, opts)
	if err != nil {
		t.Fatal(err)
	}
	b.Link.Up()
	if err := b.Link.Resume(t.Context()); err != nil {
		t.Error(err)
	}
	if desks, err := b.Cursors.Desks(t.Context()); err != nil || len(desks) > 0 {
		t.Errorf("a start tells operators something: %v, %v", desks, err)
	}
}

// The sample is made once; among other conversations it is refused, and nothing is changed then.
func TestMake_Refuses(t *testing.T) {
	now := time.Date(2026, 11, 29, 11, 0, 0, 0, time.UTC)
	db, opts := shop(t, now)
	for range 2 {
		if err := Make(t.Context(), db, opts); err != nil {
			t.Fatal(err)
		}
	}
	if next := ring(t, db, opts); next != conversations+1 {
		t.Errorf("after two samples comes #%d", next)
	}
	db, opts = shop(t, now)
	ring(t, db, opts)
	if err := Make(t.Context(), db, opts); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("among other conversations: %v", err)
	}
	if next := ring(t, db, opts); next != 2 {
		t.Errorf("after a refusal comes #%d", next)
	}
}

// A sample that can't be finished leaves nothing.
func TestMake_AllOrNothing(t *testing.T) {
	db, opts := shop(t, time.Date(2026, 11, 29, 11, 0, 0, 0, time.UTC))
	opts.Limits.Waiting = 0
	if err := Make(t.Context(), db, opts); err == nil || errors.Is(err, ErrNotEmpty) {
		t.Errorf("nobody may wait: %v", err)
	}
	opts.Limits.Waiting = 10
	if next := ring(t, db, opts); next != 1 {
		t.Errorf("after a failure comes #%d", next)
	}
}

// shaky is a transaction that fails once, in something of which the bridge only writes to its log.
type shaky struct {
	bridge.Tx
	saved int
}

var errLost = errors.New("lost")

func (s *shaky) SaveSetting(key, value string) error {
	if s.saved++; s.saved == 50 {
		return errLost
	}
	return s.Tx.SaveSetting(key, value)
}

// A failure that nobody is told of ends the sample, too: what it left half done can't be undone alone.
func TestMake_NothingIsPassedOver(t *testing.T) {
	db, opts := shop(t, time.Date(2026, 11, 29, 11, 0, 0, 0, time.UTC))
	err := db.Update(t.Context(), func(tx bridge.Tx) error { return fill(t.Context(), &shaky{Tx: tx}, opts) })
	if !errors.Is(err, errLost) {
		t.Errorf("after a failure in a turn: %v", err)
	}
}

// ring is a request from outside of the sample; it returns its number.
func ring(t *testing.T, db *sqlite.DB, opts bridge.Options) int64 {
	t.Helper()
	b, err := bridge.Open(context.Background(), db, opts)
	if err != nil {
		t.Fatal(err)
	}
	c, err := b.Ask(context.Background(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Email: "anna@example.net", Reason: "How?"}})
	if err != nil {
		t.Fatal(err)
	}
	return c.Number
}

// noPen is a bridge.Post that writes nothing.
type noPen struct{}

// Compose implements bridge.Post.
func (noPen) Compose(bridge.Draft) ([]byte, error) { return nil, nil }

// Subject implements bridge.Post.
func (noPen) Subject(bridge.Conversation, bridge.Request) string { return "" }

// Notify implements bridge.Post.
func (noPen) Notify(bridge.NoticeDraft) ([]byte, error) { return nil, nil }

// Statistics implements bridge.Post.
func (noPen) Statistics(bridge.StatisticsDraft) ([]byte, error) { return nil, nil }
