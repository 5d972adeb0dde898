package report_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/clocktest"
	"porchlight/bridge/report"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
)

const (
	xavi = bridge.OperatorJID("xavi@example.org")
	olga = bridge.OperatorJID("olga@example.org")
)

// shaky is a store whose updates are lost now and then, as if the process ended before the commit, or
// return an error after it, as if it ended before the answer.
type shaky struct {
	report.Store
	mu   sync.Mutex
	r    *rand.Rand
	lost bool // updates are lost now
}

func (s *shaky) lose(yes bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lost = yes
}

// fate is what becomes of the next update: 0 and 1 are losses.
func (s *shaky) fate() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.lost {
		return 2
	}
	return s.r.IntN(6)
}

var errKilled = errors.New("killed")

func (s *shaky) UpdateReport(ctx context.Context, f func(report.Tx) error) error {
	switch s.fate() {
	case 0:
		return errKilled
	case 1:
		return errors.Join(s.Store.UpdateReport(ctx, f), errKilled)
	}
	return s.Store.UpdateReport(ctx, f)
}

// site is a bridge on a real database, and the statistics of it.
type site struct {
	*bridge.Bridge
	t     *testing.T
	clock *clocktest.Clock
	db    *sqlite.DB
	store *shaky
	zone  *time.Location
	path  string
	ids   int
}

func newSite(t *testing.T) *site {
	s := &site{t: t, clock: clocktest.At(time.Date(2026, 11, 28, 20, 0, 0, 0, time.UTC)), zone: time.UTC, path: sqlitetest.New(t)}
	var err error
	if s.db, err = sqlite.Open(t.Context(), s.path, sqlite.Options{Clock: s.clock}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.db.Close() })
	s.Bridge, err = bridge.Open(t.Context(), s.db, bridge.Options{Domain: "support.example.org", SuperOperators: []bridge.OperatorJID{xavi},
		Timing: bridge.Timing{Offer: 30 * time.Second, VisitorGrace: 2 * time.Minute, OperatorGrace: time.Minute, WaitingLimit: 3 * time.Minute, IdleClose: time.Hour, Reopen: 300 * time.Hour},
		Limits: bridge.Limits{Message: 100, Name: 20, Email: 60, Reason: 100, URL: 200, Waiting: 1000}, Clock: s.clock, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	s.store = &shaky{Store: s.db, r: rand.New(rand.NewPCG(1, 2))}
	if err := s.Team.Add(t.Context(), bridge.Operator{JID: olga, Name: "Olga", Enabled: true, Departments: bridge.Circle{"*"}}); err != nil {
		t.Fatal(err)
	}
	s.Link.Up()
	return s
}

// counting is what a process that has just started has for statistics; it runs until stop is called.
func (s *site) counting() (r *report.Report, stop func()) {
	r = report.New(s.store, report.Options{Clock: s.clock, Log: slog.New(slog.DiscardHandler), Zone: func() *time.Location { return s.zone }, Missed: s.Missed})
	leave := s.Join(r)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.Run(ctx)
	}()
	return r, func() {
		cancel()
		<-done
		leave()
	}
}

// move does something to a random conversation. What the rules refuse is refused.
func (s *site) move(r *rand.Rand, opened []bridge.Opened) []bridge.Opened {
	ctx := s.t.Context()
	s.ids++
	id := fmt.Sprintf("client-id-%06d", s.ids)
	who := []bridge.OperatorJID{xavi, olga}[r.IntN(2)]
	if len(opened) == 0 || r.IntN(8) == 0 {
		q := bridge.Inquiry{ClientID: id, Request: bridge.Request{Name: "Anna", Reason: "How?"}}
		if r.IntN(2) == 0 {
			q.Email = "anna@example.org"
		}
		if o, err := s.Ask(ctx, q); err == nil {
			opened = append(opened, o)
		}
		return opened
	}
	c := opened[len(opened)-1-r.IntN(min(len(opened), 12))]
	other, _ := s.Team.Operator(map[bridge.OperatorJID]bridge.OperatorJID{xavi: olga, olga: xavi}[who])
	switch r.IntN(16) {
	case 0, 1:
		s.Take(ctx, who, c.Number)
	case 2, 3:
		s.VisitorWrites(ctx, c.Number, id, "Well.")
	case 4, 5, 6:
		s.OperatorWrites(ctx, who, c.Visitor, bridge.Said{ID: id, Text: "Hello"})
	case 7:
		s.Close(ctx, who, c.Visitor, "")
	case 8:
		s.VisitorCloses(ctx, c.Number)
	case 9:
		s.Pass(ctx, who, c.Visitor, other, bridge.Department{}, "")
	case 10:
		s.VisitorVotes(ctx, c.Number, 1+r.Int64N(5), "")
	case 11:
		s.Votes.Delete(ctx, xavi, "", 1+r.Int64N(6))
	case 12:
		s.Invite(ctx, who, c.Visitor, other)
	case 13:
		s.Leave(ctx, who, c.Visitor)
	case 14:
		s.VisitorMails(ctx, c.Number, "anna@example.org")
	case 15:
		show := []bridge.Show{bridge.ShowAvailable, bridge.ShowAvailable, bridge.ShowOffline}[r.IntN(3)]
		if err := s.Reach.Presence(ctx, who, "phone", show); err != nil {
			s.t.Fatal(err)
		}
	}
	s.clock.Move(time.Duration(r.IntN(400)) * time.Second)
	return opened
}

// all reads every row.
func (s *site) all() map[report.Key]report.Sum {
	rows := make(map[report.Key]report.Sum)
	err := s.db.ViewReport(s.t.Context(), func(x report.Reader) error {
		for _, w := range []report.Whose{{}, {Operator: xavi}, {Operator: olga}, {Department: "support"}} {
			for _, w.Kind = range []bridge.Kind{bridge.Chat, bridge.Ticket} {
				for day := report.Period(20261128); day < 20261202; day = day.Next() {
					for _, p := range []report.Period{day, day.Month()} {
						list, err := x.Rows(w, p, p)
						if err != nil {
							return err
						}
						for _, r := range list {
							rows[report.Key{Operator: w.Operator, Department: w.Department, Kind: w.Kind, Period: p, Measure: r.Measure, Bucket: r.Bucket}] = r.Sum
						}
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return rows
}

// What was counted while things happened, by processes that ended at any moment, is what is counted of
// the same logs from the beginning.
func TestReport_KeptIsRebuilt(t *testing.T) {
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 11))
		s := newSite(t)
		var opened []bridge.Opened
		count, stop := s.counting()
		for i := range 300 {
			opened = s.move(r, opened)
			if i%7 == 0 {
				s.store.lose(true)
				if err := count.CatchUp(t.Context()); err != nil && !errors.Is(err, errKilled) {
					t.Fatal(err)
				}
				s.store.lose(false)
			}
			if i%50 == 0 {
				stop()
				count, stop = s.counting()
			}
		}
		if err := count.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		kept := s.all()
		if err := count.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := count.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		stop()
		rebuilt := s.all()
		if len(kept) < 100 || !maps.Equal(kept, rebuilt) {
			t.Errorf("seed %d: %d rows were kept, %d rebuilt", seed, len(kept), len(rebuilt))
			for k, was := range kept {
				if is := rebuilt[k]; is != was {
					t.Errorf("%+v: kept %+v, rebuilt %+v", k, was, is)
				}
			}
		}
	}
}

// When the site's zone changes, days begin at other times, so all is counted anew.
func TestReport_CountsAnewInAnotherZone(t *testing.T) {
	s := newSite(t)
	s.clock.Move(3*time.Hour + 30*time.Minute) // 23:30 UTC
	if _, err := s.Ask(t.Context(), bridge.Inquiry{ClientID: "client-id-0000001", Request: bridge.Request{Name: "Anna", Email: "a@example.org", Reason: "How?"}}); err != nil {
		t.Fatal(err)
	}
	on := func(day report.Period) (n int64) {
		err := s.db.ViewReport(t.Context(), func(x report.Reader) error {
			rows, err := x.Rows(report.Whose{Kind: bridge.Ticket}, day, day)
			n = report.NewFigures(rows).Count(report.Conversations)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, zone := range []*time.Location{time.UTC, time.FixedZone("east", 3600), time.UTC} {
		s.zone = zone
		count, stop := s.counting()
		if err := count.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		stop()
		east := int64(0)
		if zone != time.UTC {
			east = 1
		}
		if on(20261128) != 1-east || on(20261129) != east {
			t.Errorf("in %v: %d on the 28th, %d on the 29th", zone, on(20261128), on(20261129))
		}
	}
}

// A range is answered from days and months, each day once, and with what is not answered yet.
func TestReport_Of(t *testing.T) {
	s := newSite(t)
	count, stop := s.counting()
	defer stop()
	ask := func() bridge.Opened {
		s.ids++
		o, err := s.Ask(t.Context(), bridge.Inquiry{ClientID: fmt.Sprintf("client-id-%07d", s.ids), Request: bridge.Request{Name: "Anna", Email: "a@example.org", Reason: "How?"}})
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	first := s.clock.Now()
	for range 70 { // a ticket a day, from 28 November to 5 February
		ask()
		s.clock.Move(24 * time.Hour)
	}
	if err := count.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int64{"2026-11": 3, "2026-12": 31, "2027": 36, "2026-11-28..2027-02-05": 70, "2026-11-29..2026-12-31": 33, "2026-12-01..2027-01-02": 33,
		"2026-12-30..2027-02-02": 35, "2027-01-31": 1, "2026-12-05..2026-12-09": 5, "2026-11-30..2026-12-01": 2, "2026-10": 0} {
		during, err := bridge.ParseRange(text, count.Today())
		if err != nil {
			t.Fatal(err)
		}
		a, err := count.Of(t.Context(), report.Whose{Kind: bridge.Ticket}, during)
		if err != nil {
			t.Fatal(err)
		}
		if got := a.Count(report.Conversations); got != want || a.Owed != want {
			t.Errorf("%s: %d tickets, %d without an answer; want %d", text, got, a.Owed, want)
		}
		if text == "2026-11" && !a.Oldest.Equal(first) {
			t.Errorf("the oldest is of %v, want %v", a.Oldest, first)
		}
	}
}

// What the statistics cost while people talk is an entry in a map that is there already.
func TestReport_ChangedAllocatesNothing(t *testing.T) {
	r := report.New(nil, report.Options{})
	c := bridge.Change{Conversation: bridge.Conversation{Number: 12}, Events: make([]bridge.Event, 1)}
	r.Changed(c)
	if n := testing.AllocsPerRun(1000, func() { r.Changed(c) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkReport_Changed(b *testing.B) {
	r := report.New(nil, report.Options{})
	c := bridge.Change{Events: make([]bridge.Event, 1)}
	for b.Loop() {
		c.Conversation.Number = (c.Conversation.Number + 1) % 1000
		r.Changed(c)
	}
}
