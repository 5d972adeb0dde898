package report_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/clocktest"
	"porchlight/bridge/phrase"
	"porchlight/bridge/report"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
)

// pen is a bridge.Post that writes the subject of a mail, and how to unsubscribe.
type pen struct{ bridge.Post }

// Statistics implements bridge.Post.
func (pen) Statistics(d bridge.StatisticsDraft) ([]byte, error) {
	return append([]byte(d.Subject+"\n"+d.Unsubscribe), d.Picture...), nil
}

// desk is a site whose statistics go by mail. Nothing runs by itself.
type desk struct {
	*site
	report  *report.Report
	broken  error // of what says what a mail tells
	picture []byte
}

const boss = "boss@example.org"

// newDesk begins on Saturday, 28 November, in Berlin.
func newDesk(t *testing.T) *desk {
	t.Helper()
	s := &site{t: t, clock: clocktest.At(time.Date(2026, 11, 28, 20, 0, 0, 0, time.UTC))}
	var err error
	if s.zone, err = time.LoadLocation("Europe/Berlin"); err != nil {
		t.Fatal(err)
	}
	if s.db, err = sqlite.Open(t.Context(), sqlitetest.New(t), sqlite.Options{Clock: s.clock}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.db.Close() })
	d := &desk{site: s}
	d.open()
	if err := s.Team.Add(t.Context(), bridge.Operator{JID: olga, Name: "Olga", Enabled: true, Departments: bridge.Circle{"*"}}); err != nil {
		t.Fatal(err)
	}
	return d
}

// open starts the bridge and the statistics, anew if they run already.
func (d *desk) open() {
	d.t.Helper()
	var err error
	d.Bridge, err = bridge.Open(d.t.Context(), d.db, bridge.Options{Domain: "support.example.org", SuperOperators: []bridge.OperatorJID{xavi}, Clock: d.clock, Log: slog.New(slog.DiscardHandler),
		Mail: bridge.MailOptions{Post: pen{}, Addresses: bridge.Addresses{Support: "support@example.org", Separator: "+"}}})
	if err != nil {
		d.t.Fatal(err)
	}
	d.report = report.New(d.db, report.Options{Clock: d.clock, Log: slog.New(slog.DiscardHandler), Zone: func() *time.Location { return d.zone }, Missed: d.Missed,
		Mailing: &report.Mailing{Bridge: d.Bridge, URL: "https://chat.example.org", Weekly: d.weekly}})
}

// weekly implements report.Mailing.Weekly: the subject has the days of the weeks.
func (d *desk) weekly(_ context.Context, s report.Subscription, week, before bridge.Range) (bridge.StatisticsDraft, error) {
	const layout = "Mon 2 Jan 15:04"
	return bridge.StatisticsDraft{Picture: d.picture, Subject: fmt.Sprintf("%s: %s – %s, %s – %s", s.Address, week.From.Format(layout), week.Until.Format(layout), before.From.Format(layout), before.Until.Format(layout))}, d.broken
}

// operator is an operator by JID.
func (d *desk) operator(o bridge.OperatorJID) bridge.Operator {
	d.t.Helper()
	for _, known := range d.Team.Everybody() {
		if known.JID == o {
			return known
		}
	}
	d.t.Fatal("no operator ", o)
	return bridge.Operator{}
}

// send has somebody's own statistics sent.
func (d *desk) send(by bridge.OperatorJID, weekly bool, to ...string) error {
	d.t.Helper()
	o := report.Order{By: d.operator(by), Of: report.Whose{Operator: by}, Weekly: weekly, Line: "stats-mail"}
	for _, address := range to {
		o.Drafts = append(o.Drafts, bridge.StatisticsDraft{To: address, Subject: "now", Picture: d.picture})
	}
	return d.report.Send(d.t.Context(), o)
}

// queue are the subjects of the mail that is to go, which counts as sent then.
func (d *desk) queue() (subjects []string) {
	d.t.Helper()
	list, err := d.Mail.Outgoing(d.t.Context(), 500)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, m := range list {
		subject, _, _ := strings.Cut(string(m.Raw), "\n")
		subjects = append(subjects, subject)
		if err := d.Mail.Sent(d.t.Context(), m.ID); err != nil {
			d.t.Fatal(err)
		}
	}
	return subjects
}

// turn makes what is due.
func (d *desk) turn() {
	d.t.Helper()
	if err := d.report.Deliver(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
}

// expect checks which subjects are to go.
func (d *desk) expect(what string, want ...string) {
	d.t.Helper()
	if got := d.queue(); !slices.Equal(got, want) {
		d.t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// told are the words at an operator's desk.
func (d *desk) told(o bridge.OperatorJID) (words []string) {
	d.t.Helper()
	err := d.db.View(d.t.Context(), func(r bridge.Reader) error {
		list, err := r.DeskEntries(o, 0, 99)
		for _, e := range list {
			words = append(words, e.Phrase.String())
		}
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return words
}

// A weekly mail goes on Monday at 7:00 of the site's zone, about the week that is over, once, whenever the process
// ends. After a standstill only the last week has its mail.
func TestMailing_EachMonday(t *testing.T) {
	d := newDesk(t)
	if err := d.send(olga, true, boss); err != nil {
		t.Fatal(err)
	}
	d.expect("at once", "now")
	d.clock.Move(33 * time.Hour) // Monday 5:00 UTC, 6:00 in Berlin
	d.turn()
	d.expect("before 7:00")
	d.clock.Move(time.Hour)
	d.turn()
	d.turn()
	d.open() // the process ended after the mail
	d.turn()
	const first = "boss@example.org: Mon 23 Nov 00:00 – Mon 30 Nov 00:00, Mon 16 Nov 00:00 – Mon 23 Nov 00:00"
	d.expect("at 7:00", first)
	d.broken = errors.New("broken")
	d.clock.Move(7 * 24 * time.Hour)
	if err := d.report.Deliver(t.Context()); err == nil {
		t.Error("no error")
	}
	d.broken = nil
	d.open() // the process ended before the mail
	d.turn()
	d.expect("a week later", "boss@example.org: Mon 30 Nov 00:00 – Mon 7 Dec 00:00, Mon 23 Nov 00:00 – Mon 30 Nov 00:00")
	d.clock.Move(30 * 24 * time.Hour)
	d.turn()
	d.turn()
	d.expect("after a month", "boss@example.org: Mon 28 Dec 00:00 – Mon 4 Jan 00:00, Mon 21 Dec 00:00 – Mon 28 Dec 00:00")
}

// Summer time begins and ends, and it is 7:00 all the same.
func TestMailing_SummerTime(t *testing.T) {
	d := newDesk(t)
	for now, want := range map[string]string{
		"2027-03-27T12:00:00Z": "2027-03-29T05:00:00Z", "2027-10-30T12:00:00Z": "2027-11-01T06:00:00Z",
		"2026-11-30T05:59:59Z": "2026-11-30T06:00:00Z", "2026-11-30T06:00:00Z": "2026-12-07T06:00:00Z", "2026-11-29T23:30:00Z": "2026-11-30T06:00:00Z",
	} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := report.NextMail(at, d.zone).UTC().Format(time.RFC3339); got != want {
			t.Errorf("after %s: %s, want %s", now, got, want)
		}
	}
}

// What is sent each week ends by the link in the mail, which ends nothing else; who has ordered it is told.
func TestMailing_Unsubscribe(t *testing.T) {
	d := newDesk(t)
	if err := errors.Join(d.send(olga, true, boss), d.send(olga, true, "other@example.org")); err != nil {
		t.Fatal(err)
	}
	list, err := d.Mail.Outgoing(t.Context(), 9)
	if err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	var tokens []string
	for _, m := range list {
		token, ok := strings.CutPrefix(string(m.Raw), "now\nhttps://chat.example.org/unsubscribe/")
		if !ok {
			t.Fatalf("%s", m.Raw)
		}
		tokens = append(tokens, token)
	}
	a, seal, _ := strings.Cut(tokens[0], ".")
	_, other, _ := strings.Cut(tokens[1], ".")
	for _, wrong := range []string{"", ".", a, a + ".", a + "." + other, a + "." + seal[1:], "x" + tokens[0], tokens[0] + "x"} {
		if err := d.report.Unsubscribe(t.Context(), wrong); phrase.CodeOf(err) != phrase.CodeNotFound {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	s, going, err := d.report.Subscribed(t.Context(), tokens[0])
	if err != nil || !going {
		t.Fatal(going, err)
	}
	for range 2 { // the second time there is nothing to do
		if err := d.report.Unsubscribe(t.Context(), tokens[0]); err != nil {
			t.Fatal(err)
		}
	}
	if _, going, err := d.report.Subscribed(t.Context(), tokens[0]); going || err != nil {
		t.Error(going, err)
	}
	left, err := d.report.Subscriptions(t.Context())
	if err != nil || len(left) != 1 || left[0].Address == s.Address {
		t.Error(left, err)
	}
	if want := []string{s.Address + " wants no more weekly statistics: the link in the mail was used."}; !slices.Equal(d.told(olga), want) {
		t.Errorf("told %q", d.told(olga))
	}
	d.queue()
	if err := d.send(olga, false, boss); err != nil {
		t.Fatal(err)
	}
	d.clock.Move(40 * time.Hour)
	list, err = d.Mail.Outgoing(t.Context(), 9)
	if err != nil || len(list) != 1 || string(list[0].Raw) != "now\n" {
		t.Errorf("a mail that comes once can be unsubscribed: %s, %v", list[0].Raw, err)
	}
}

// Who has ordered a mail that fails is told with the server's words, and what fails three times in a row ends.
func TestMailing_Failures(t *testing.T) {
	d := newDesk(t)
	if err := d.send(olga, true, boss); err != nil {
		t.Fatal(err)
	}
	fail := func(words string) {
		t.Helper()
		list, err := d.Mail.Outgoing(t.Context(), 9)
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		if err := d.Mail.Failed(t.Context(), list[0].ID, words); err != nil {
			t.Fatal(err)
		}
	}
	week := func() {
		t.Helper()
		d.clock.Move(7 * 24 * time.Hour)
		d.turn()
	}
	fail("550 one")
	week()
	fail("550 two")
	week()
	d.queue() // this one is taken: the failures are forgotten
	week()
	for i := range 3 {
		fail(fmt.Sprint("550 again ", i))
		week()
	}
	d.expect("after three failures")
	week()
	d.expect("later")
	want := []string{"550 one", "550 two", "550 again 0", "550 again 1", "550 again 2"}
	for i := range want {
		want[i] = "The statistics for boss@example.org were NOT sent: " + want[i]
	}
	if want = append(want, "The weekly statistics for boss@example.org have ended: the last 3 mails were not delivered."); !slices.Equal(d.told(olga), want) {
		t.Errorf("told %q", d.told(olga))
	}
}

// Nothing goes while its operator is disabled or may not see the numbers any more; it ends when they are deleted.
func TestMailing_OfWhoMayNotAnyMore(t *testing.T) {
	d := newDesk(t)
	o := d.operator(olga)
	o.Permissions = bridge.Permissions{bridge.MayStats}
	add := func(change func(*bridge.Operator)) {
		t.Helper()
		change(&o)
		if err := d.Team.Add(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	add(func(*bridge.Operator) {})
	err := d.report.Send(t.Context(), report.Order{By: o, Of: report.Whose{Operator: xavi}, Weekly: true, Drafts: []bridge.StatisticsDraft{{To: boss, Subject: "now"}}})
	if err != nil {
		t.Fatal(err)
	}
	d.expect("at once", "now")
	week := func(what string, mails int) {
		t.Helper()
		d.clock.Move(7 * 24 * time.Hour)
		d.turn()
		if got := d.queue(); len(got) != mails {
			t.Errorf("%s: %q", what, got)
		}
	}
	week("as ordered", 1)
	add(func(o *bridge.Operator) { o.Permissions = nil })
	week("without the permission", 0)
	add(func(o *bridge.Operator) { o.Permissions = bridge.Permissions{bridge.MayStats} })
	week("with it again", 1)
	add(func(o *bridge.Operator) { o.Enabled = false })
	week("disabled", 0)
	add(func(o *bridge.Operator) { o.Enabled = true })
	week("enabled again", 1)
	if err := d.Team.Administer(t.Context(), func(tx bridge.Tx) error { return tx.DeleteOperator(olga) }); err != nil {
		t.Fatal(err)
	}
	week("deleted", 0)
	if left, err := d.report.Subscriptions(t.Context()); err != nil || len(left) != 0 {
		t.Error(left, err)
	}
}

// Nobody can flood a stranger, and an order that is refused has sent nothing.
func TestMailing_Limits(t *testing.T) {
	d := newDesk(t)
	for range 5 {
		if err := d.send(xavi, false, boss); err != nil {
			t.Fatal(err)
		}
	}
	refused := func(err error, words string) {
		t.Helper()
		if phrase.CodeOf(err) != phrase.CodeInvalid || !strings.Contains(phrase.Of(err).String(), words) {
			t.Errorf("got %v, want %s", err, words)
		}
	}
	d.queue()
	refused(d.send(olga, false, "new@example.org", boss), "boss@example.org was sent statistics 5 times within a day")
	d.expect("what was refused")
	d.clock.Move(25 * time.Hour)
	many := func(from, n int) (list []string) {
		for i := range n {
			list = append(list, fmt.Sprintf("a%d@example.org", from+i))
		}
		return list
	}
	for i := range 5 {
		if err := d.send(xavi, false, many(10*i, 10)...); err != nil {
			t.Fatal(err)
		}
	}
	refused(d.send(xavi, false, many(50, 1)...), "50 addresses a day")
	if err := errors.Join(d.send(olga, true, many(100, 10)...), d.send(olga, true, many(110, 10)...)); err != nil {
		t.Fatal(err)
	}
	if err := d.send(olga, true, many(110, 10)...); err != nil { // the same again is nothing more
		t.Fatal(err)
	}
	refused(d.send(olga, true, many(120, 1)...), "20 times each week")
	if left, err := d.report.Subscriptions(t.Context()); err != nil || len(left) != 20 {
		t.Error(len(left), err)
	}
}

// Statistics with a large picture are stored in parts, as other large mail, whether they go at once or each week.
func TestMailing_LargeOneIsSetApart(t *testing.T) {
	d := newDesk(t)
	d.picture = make([]byte, 300<<10)
	check := func(when string, n int) {
		t.Helper()
		list, err := d.Mail.Outgoing(t.Context(), 9)
		if err != nil || len(list) != n {
			t.Fatalf("%s: %d mails, %v", when, len(list), err)
		}
		for _, m := range list {
			if m.Apart == "" || len(m.Raw) < len(d.picture) {
				t.Errorf("%s: %d bytes, set apart: %v", when, len(m.Raw), m.Apart != "")
			}
		}
	}
	if err := d.send(xavi, true, boss); err != nil {
		t.Fatal(err)
	}
	check("at once", 1)
	d.clock.Move(2 * 24 * time.Hour) // to Monday
	if err := d.report.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	check("on Monday", 2)
}
