package webwidget_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/archive"
	"porchlight/bridge/clocktest"
	"porchlight/bridge/report"
)

const olga = bridge.OperatorJID("olga@example.org")

// counting keeps statistics until the test ends.
func counting(t *testing.T, store report.Store, b *bridge.Bridge) *report.Report {
	t.Helper()
	r := report.New(store, report.Options{Clock: clockOf{b}, Log: slog.New(slog.DiscardHandler), Missed: b.Missed,
		Zone: func() *time.Location { return b.Hours.Site().Zone() }, Mailing: &report.Mailing{Bridge: b, URL: "http://chat.example.org"}})
	leave := b.Join(r)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- r.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		leave()
	})
	return r
}

// indexing keeps the index of what was said until the test ends.
func indexing(t *testing.T, store archive.Store, b *bridge.Bridge) *archive.Archive {
	t.Helper()
	a := archive.New(store, archive.Options{Bridge: b, Log: slog.New(slog.DiscardHandler)})
	leave := b.Join(a)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- a.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		leave()
	})
	if err := a.CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	return a
}

// viewed counts how often a page asked the store for statistics.
type viewed struct {
	report.Store
	n      atomic.Int64
	report *report.Report
}

func (v *viewed) ViewReport(ctx context.Context, f func(report.Reader) error) error {
	v.n.Add(1)
	return v.Store.ViewReport(ctx, f)
}

// clockOf is the clock of a bridge.
type clockOf struct{ b *bridge.Bridge }

func (c clockOf) Now() time.Time { return c.b.Now() }

// staffed starts a service with Xavi, who may do everything, Olga, and a clock that the test moves.
func staffed(t *testing.T, change ...func(*setup)) (*service, *clocktest.Clock) {
	t.Helper()
	clock := clocktest.At(time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC))
	s := start(t, append(change, func(o *setup) { o.counts, o.clock = true, clock })...).online()
	s.must(s.bridge.Team.Add(t.Context(), bridge.Operator{JID: olga, Name: "Olga", Enabled: true, Departments: bridge.Circle{"support"}}))
	s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return s, clock
}

// teamLink is the path of a new link to the team's page.
func (s *service) teamLink(o bridge.OperatorJID) string {
	s.Helper()
	url, err := s.bridge.Passes.Link(s.Context(), o, bridge.View{})
	s.must(err)
	return url[strings.Index(url, "/team/"):]
}

// teamSession is the token of a new session.
func (s *service) teamSession(o bridge.OperatorJID) string {
	s.Helper()
	session, _, err := s.bridge.Passes.Redeem(s.Context(), strings.TrimPrefix(s.teamLink(o), "/team/"), "")
	s.must(err)
	return session
}

// teamWall is the path of a new wall's link.
func (s *service) teamWall(o bridge.OperatorJID) string {
	s.Helper()
	op, _ := s.bridge.Team.Operator(o)
	_, url, err := s.bridge.Passes.Wall(s.Context(), op, "hall")
	s.must(err)
	return url[strings.Index(url, "/team/"):]
}

// team loads a page of the team as an operator with a new session.
func (s *service) team(o bridge.OperatorJID, path string) reply {
	s.Helper()
	return s.do("GET", path, "", "Cookie: porchlight_team="+s.teamSession(o), "Accept-Language: en")
}

// may gives an operator exactly these permissions beside everybody's.
func (s *service) may(o bridge.OperatorJID, list ...bridge.Permission) {
	s.Helper()
	_, err := s.bridge.Team.Change(s.Context(), o, func(op *bridge.Operator) { op.Permissions = list })
	s.must(err)
}

// helped is a conversation that an operator has answered and a visitor has voted in.
func (s *service) helped(o bridge.OperatorJID, name, comment string, score int64) opened {
	s.Helper()
	c := s.ask(toJSON(map[string]string{"name": name, "reason": "Secret question of " + name}))
	_, err := s.bridge.Take(s.Context(), o, c.Number)
	s.must(err)
	_, err = s.bridge.OperatorWrites(s.Context(), o, bridge.VisitorJID(c.Visitor), bridge.Said{ID: fmt.Sprint("s", c.Number), Text: "Hello"})
	s.must(err)
	s.must(s.bridge.VisitorVotes(s.Context(), c.Number, score, comment))
	return c
}
