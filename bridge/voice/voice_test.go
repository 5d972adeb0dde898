package voice_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
)

const (
	xavi = bridge.OperatorJID("xavi@example.org")
	olga = bridge.OperatorJID("olga@example.org")
)

type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

// move sets the clock forward; nothing else may use the clock meanwhile.
func (c *clock) move(d time.Duration) { c.now = c.now.Add(d) }

// office is a bridge over a real store, with the operators Xavi and Olga.
type office struct {
	t      testing.TB
	bridge *bridge.Bridge
	clock  *clock
}

func newOffice(t testing.TB) *office { return newOfficeWith(t, bridge.MailOptions{}) }

func newOfficeWith(t testing.TB, mail bridge.MailOptions) *office {
	t.Helper()
	o := &office{t: t, clock: &clock{time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}}
	quiet := slog.New(slog.DiscardHandler)
	store, err := sqlite.Open(t.Context(), sqlitetest.New(t), sqlite.Options{Clock: o.clock, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	o.bridge, err = bridge.Open(t.Context(), store, bridge.Options{Domain: "support.example.org", SuperOperators: []bridge.OperatorJID{xavi}, Clock: o.clock, Log: quiet, Mail: mail, Timing: bridge.Timing{VisitorGrace: 2 * time.Minute},
		Limits: bridge.Limits{Message: 1000, Name: 80, Email: 254, Reason: 1000, URL: 2048, Waiting: 100}})
	if err != nil {
		t.Fatal(err)
	}
	o.bridge.Link.Up()
	for _, err := range []error{
		o.bridge.Team.Add(t.Context(), bridge.Operator{JID: olga, Name: "Olga", Enabled: true, Departments: []string{"support"}}),
		o.bridge.Reach.Presence(t.Context(), xavi, "phone", bridge.ShowAvailable),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// ask is a visitor's request, made 40 s before it returns by the clock.
func (o *office) ask() bridge.Opened {
	o.t.Helper()
	c, err := o.bridge.Ask(context.Background(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Email: "anna@example.org", Reason: "How can I edit?",
		Page: bridge.Page{URL: "https://shop.example/pricing", Title: "Prices", Referrer: "https://search.example/"}, Language: "de", Browser: "Firefox"}})
	if err != nil {
		o.t.Fatal(err)
	}
	o.clock.now = o.clock.now.Add(40 * time.Second)
	return c
}
