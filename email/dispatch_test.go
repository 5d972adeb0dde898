package email

import (
	"bytes"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/clocktest"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
	"porchlight/email/smtp"
	"porchlight/email/smtp/smtptest"
)

// dispatch is a sender that looks for mail when the test says so, with a clock and a relay of the test.
type dispatch struct {
	*sender
	t      *testing.T
	clock  *clocktest.Clock
	relay  *smtptest.Sink
	goes   func() // ends the relay
	logged bytes.Buffer
}

// newDispatch makes a sender of so many mails within a minute, 0: any.
func newDispatch(t *testing.T, perMinute int) *dispatch {
	t.Helper()
	d := &dispatch{t: t, clock: clocktest.At(time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC))}
	var err error
	d.relay, err = smtptest.Listen(smtptest.Options{})
	d.must(err)
	d.goes = sync.OnceFunc(d.relay.Close)
	t.Cleanup(d.goes)
	log := slog.New(slog.NewTextHandler(&d.logged, nil))
	store, err := sqlite.Open(t.Context(), sqlitetest.New(t), sqlite.Options{Clock: d.clock, Log: slog.New(slog.DiscardHandler)})
	d.must(err)
	t.Cleanup(func() { store.Close() })
	post, err := NewPost("support@example.org", nil, nil)
	d.must(err)
	b, err := bridge.Open(t.Context(), store, bridge.Options{Domain: "support.example.org", SuperOperators: []bridge.OperatorJID{"xavi@example.org"}, Clock: d.clock, Log: log,
		Limits: bridge.Limits{Message: 8192, Name: 80, Email: 254, Reason: 4096, URL: 2048, Waiting: 1000}, Mail: bridge.MailOptions{Post: post, Addresses: post.Addresses("+")}})
	d.must(err)
	d.sender = newSender(New(b, Options{Relay: smtp.Options{Addr: d.relay.Addr(), Security: smtp.Insecure}, PerMinute: perMinute, Log: log}))
	return d
}

func (d *dispatch) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// writes makes a mail to a visitor. The clock moves a little, so that mail has an order.
func (d *dispatch) writes(to string) bridge.Conversation {
	d.t.Helper()
	c, err := d.bridge.WriteFirst(d.t.Context(), "xavi@example.org", to, "Hello", "Hello.")
	d.must(err)
	d.bridge.Turn(d.t.Context())
	d.clock.Move(time.Millisecond)
	return c
}

// passes looks for mail that is due, after a while.
func (d *dispatch) passes(after time.Duration) {
	d.t.Helper()
	d.clock.Move(after)
	d.must(d.pass(d.t.Context()))
}

// went lists to whom mail went.
func (d *dispatch) went() (list []string) {
	for _, m := range d.relay.Mails() {
		list = append(list, m.To)
	}
	return list
}

// The mail that found the relay gone goes first when it is there again, however often it was tried.
func TestSender_AfterAnOutageMailGoesInItsOrder(t *testing.T) {
	d := newDispatch(t, 0)
	var want []string
	for i := range 15 {
		to := fmt.Sprintf("v%d@example.net", i)
		want = append(want, to)
		d.writes(to)
	}
	d.goes()
	for range 150 {
		d.passes(time.Second)
	}
	relay, err := smtptest.Listen(smtptest.Options{Addr: d.relay.Addr()})
	d.must(err)
	t.Cleanup(relay.Close)
	d.relay = relay
	for range 60 {
		d.passes(time.Second)
	}
	if got := d.went(); !slices.Equal(got, want) {
		t.Errorf("went %v, want %v", got, want)
	}
}
