package hours

import (
	"math/rand/v2"
	"testing"
	"time"
)

// So much business time has gone by at one moment, whatever lies between: nights, weekends, holidays, and clocks that
// are put forward or back.
func TestTable_After(t *testing.T) {
	for _, c := range []struct {
		table, from string
		d           time.Duration
		want        string
	}{
		{"", "2026-11-28 23:00", 2 * time.Hour, "2026-11-29 01:00"},
		{"Mon-Fri 9-17", "2026-11-30 10:00", 10 * time.Minute, "2026-11-30 10:10"},
		{"Mon-Fri 9-17", "2026-11-30 16:50", 10 * time.Minute, "2026-11-30 17:00"}, // the end, not the next beginning
		{"Mon-Fri 9-17", "2026-11-30 16:55", 10 * time.Minute, "2026-12-01 09:05"},
		{"Mon-Fri 9-17", "2026-11-30 17:00", 10 * time.Minute, "2026-12-01 09:10"},
		{"Mon-Fri 9-17", "2026-11-30 03:00", 10 * time.Minute, "2026-11-30 09:10"},
		{"Mon-Fri 9-17", "2026-11-27 16:30", time.Hour, "2026-11-30 09:30"}, // a weekend
		{"Mon-Fri 9-17", "2026-11-28 12:00", 16 * time.Hour, "2026-12-01 17:00"},
		{"Mon-Fri 9-17; 30.11. closed", "2026-11-27 16:30", time.Hour, "2026-12-01 09:30"},
		{"Mon-Fri 9-17; 30.11. 9-9:15", "2026-11-27 16:30", time.Hour, "2026-12-01 09:15"},
		{"Mon-Fri 9-17; 30.11.-31.12. closed", "2026-11-27 16:30", time.Hour, "2027-01-01 09:30"},
		{"Mon-Fri 9-12:30,13:30-18", "2026-11-30 12:20", 30 * time.Minute, "2026-11-30 13:50"},
		{"Sat 22-2", "2026-12-05 23:00", 4 * time.Hour, "2026-12-12 23:00"}, // over midnight
		{"daily 22-6", "2026-10-24 22:00", 9 * time.Hour, "2026-10-25 06:00"},
		{"daily 22-6", "2026-03-28 22:00", 7*time.Hour + time.Minute, "2026-03-29 22:01"},
		{"daily 0-24", "2026-03-28 12:00", 24 * time.Hour, "2026-03-29 13:00"},
		{"daily 0-24", "2026-10-24 12:00", 1000 * time.Hour, "2026-12-05 03:00"},
		{"Sun 9-9:30", "2026-11-29 09:10", 10 * time.Hour, "2027-04-18 09:10"},
		{"daily closed; 24.12. 9-10", "2026-11-29 09:10", time.Hour, "2026-12-24 10:00"},
		{"Mon-Fri 9-17", "2026-11-28 12:00", 0, "2026-11-28 12:00"},
		{"Mon-Fri 9-17", "2026-11-28 12:00", -time.Hour, "2026-11-28 12:00"},
		{"daily closed", "2026-11-28 12:00", time.Second, ""},
		{"daily closed; 24.12. 9-10", "2026-11-29 09:10", time.Hour + time.Second, ""},
	} {
		table, zone := must(t, c.table), must(t, "daily 0-24")
		at, ok := table.After(local(t, zone, c.from), c.d)
		if got := at.In(zone.Zone()).Format("2006-01-02 15:04"); ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%q: %v after %s is %s (%v), want %q", c.table, c.d, c.from, got, ok, c.want)
		}
	}
}

// After and Between agree: as much time lies before the moment as was asked for, and less a second earlier.
func TestTable_AfterIsBetweenTheOtherWayRound(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	around := time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC)
	for range 2000 {
		text, _ := draw(r, around)
		table := must(t, text)
		from := around.Add(time.Duration(r.Int64N(int64(72*time.Hour))) - 24*time.Hour)
		d := time.Duration(1+r.IntN(20*3600)) * time.Second
		at, ok := table.After(from, d)
		if !ok {
			continue
		}
		if got := table.Between(from, at); got != d {
			t.Fatalf("%q: %v after %v is %v, and %v lies between", text, d, from, at, got)
		}
		if got := table.Between(from, at.Add(-time.Second)); got >= d {
			t.Fatalf("%q: %v after %v is %v, and a second earlier it was %v", text, d, from, at, got)
		}
	}
}
