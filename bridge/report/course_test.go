package report_test

import (
	"fmt"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/clocktest"
	"porchlight/bridge/phrase"
	"porchlight/bridge/report"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
)

// A course has a step for each day of its range, or for each month of a long one, of which it counts only the
// days of the range. The steps together have what Of says of the range.
func TestReport_Course(t *testing.T) {
	s := newSite(t)
	count, stop := s.counting()
	defer stop()
	for i := range 70 { // a ticket a day, from 28 November to 5 February; every second one is answered after 10 minutes
		s.ids++
		o, err := s.Ask(t.Context(), bridge.Inquiry{ClientID: fmt.Sprintf("client-id-%07d", s.ids), Request: bridge.Request{Name: "Anna", Email: "a@example.org", Reason: "How?"}})
		if err != nil {
			t.Fatal(err)
		}
		s.clock.Move(10 * time.Minute)
		if i%2 == 0 {
			if _, err := s.Take(t.Context(), olga, o.Number); err != nil {
				t.Fatal(err)
			}
			if _, err := s.OperatorWrites(t.Context(), olga, o.Visitor, bridge.Said{ID: fmt.Sprint("a", i), Text: "Hello"}); err != nil {
				t.Fatal(err)
			}
		}
		s.clock.Move(24*time.Hour - 10*time.Minute)
	}
	if err := count.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"2026-11-27..2026-11-30": "[Fri 27:0 Sat 28:1 10m0s Sun 29:1 Mon 30:1 10m0s]",
		"2026-11-30":             "[Mon 30:1 10m0s]",
		"2026-11-16..2026-11-30": "[16:0 17:0 18:0 19:0 20:0 21:0 22:0 23:0 24:0 25:0 26:0 27:0 28:1 10m0s 29:1 30:1 10m0s]",
		"2026-12-30..2027-03-15": "[Dec:2 10m0s Jan:31 10m0s Feb:5 10m0s Mar:0]",
		"2026-01-01..2027-01-31": "[Jan 2026:0 Feb:0 Mar:0 Apr:0 May:0 Jun:0 Jul:0 Aug:0 Sep:0 Oct:0 Nov:3 10m0s Dec:31 10m0s Jan 2027:31 10m0s]",
		"2027":                   "[Jan:31 10m0s Feb:5 10m0s Mar:0 Apr:0 May:0 Jun:0 Jul:0 Aug:0 Sep:0 Oct:0 Nov:0 Dec:0]",
	} {
		during, err := bridge.ParseRange(text, count.Today())
		if err != nil {
			t.Fatal(err)
		}
		w := report.Whose{Kind: bridge.Ticket}
		c, err := count.Course(t.Context(), w, during)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		var sum, first int64
		for i, step := range c.Steps {
			line := fmt.Sprintf("%s:%d", phrase.Tongue("en").Say(c.Labels()[i]), step.Conversations)
			if mean, ok := step.Mean(); ok {
				line += " " + mean.String()
			}
			got = append(got, line)
			sum, first = sum+step.Conversations, first+step.First.N
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", text, got, want)
		}
		a, err := count.Of(t.Context(), w, during)
		if err != nil || a.Count(report.Conversations) != sum || a.Count(report.FirstNew) != first {
			t.Errorf("%s: %d conversations and %d answers in steps, %d and %d in all: %v", text, sum, first, a.Count(report.Conversations), a.Count(report.FirstNew), err)
		}
	}
	for text, steps := range map[string]int{"62d": 62, "63d": 3, "3660d": 120, "1970..9998": 120} {
		during, err := bridge.ParseRange(text, count.Today())
		if err != nil {
			t.Fatal(err)
		}
		if c, err := count.Course(t.Context(), report.Whose{Kind: bridge.Chat}, during); err != nil || len(c.Steps) != steps || len(c.Labels()) != steps {
			t.Errorf("%s: %d steps: %v", text, len(c.Steps), err)
		}
	}
}

// A porchlight that counts more than the one before counts all anew at its first start.
func TestReport_CountsAnewWhatIsNew(t *testing.T) {
	d, err := sqlite.Open(t.Context(), sqlitetest.New(t), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	row := report.Key{Kind: bridge.Chat, Period: 20261128, Measure: report.Conversations}
	err = d.UpdateReport(t.Context(), func(tx report.Tx) error {
		if err := tx.SaveSetting("report-zone", "UTC"); err != nil { // as it was written before there was a number
			return err
		}
		return tx.AddUp(row, report.Sum{N: 5})
	})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, db: d, clock: clocktest.At(time.Date(2026, 11, 28, 20, 0, 0, 0, time.UTC)), zone: time.UTC}
	if s.Bridge, err = bridge.Open(t.Context(), d, bridge.Options{Domain: "support.example.org", Clock: s.clock}); err != nil {
		t.Fatal(err)
	}
	s.store = &shaky{Store: d}
	count, stop := s.counting()
	defer stop()
	if err := count.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := s.all()[row].N; n != 0 {
		t.Errorf("%d conversations of no log", n)
	}
}
