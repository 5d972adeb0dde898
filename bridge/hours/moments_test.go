package hours

import (
	"testing"
	"time"
)

// local reads a time as a clock of the table's zone shows it.
func local(t *testing.T, table Table, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, table.Zone())
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// Business time is counted between any two moments.
func TestTable_Between(t *testing.T) {
	for _, c := range []struct {
		table, from, to string
		want            time.Duration
	}{
		{"Mon-Fri 9-17", "2026-11-27 16:00", "2026-11-30 10:00", 2 * time.Hour},
		{"Mon-Fri 9-17; 30.11. closed", "2026-11-27 16:00", "2026-11-30 10:00", time.Hour},
		{"Mon-Fri 9-17; 30.11. 9-9:30", "2026-11-27 16:00", "2026-11-30 10:00", 90 * time.Minute},
		{"daily 22-6", "2026-10-24 12:00", "2026-10-25 12:00", 9 * time.Hour}, // clocks are put back
		{"daily 22-6", "2026-03-28 12:00", "2026-03-29 12:00", 7 * time.Hour}, // and forward
		{"daily 22-2; 29.11. closed", "2026-11-28 12:00", "2026-11-29 23:59", 4 * time.Hour},
		{"daily 0-24", "2026-01-01 00:00", "2027-01-01 00:00", 365 * 24 * time.Hour},
		{"daily closed", "2026-01-01 00:00", "2027-01-01 00:00", 0},
		{"Mon-Fri 9-17", "2026-01-01 00:00", "2036-01-01 00:00", 2608 * 8 * time.Hour},
		{"Mon-Fri 9-17", "1960-01-01 00:00", "1960-01-09 00:00", 48 * time.Hour},
		{"Mon-Fri 9-17", "2026-11-30 10:00", "2026-11-27 16:00", 0},
		{"", "2026-11-27 16:00", "2026-11-27 17:00", time.Hour},
		{"", "2026-11-27 17:00", "2026-11-27 16:00", 0},
	} {
		table := must(t, c.table)
		zone := must(t, "daily 0-24")
		if got := table.Between(local(t, zone, c.from), local(t, zone, c.to)); got != c.want {
			t.Errorf("%q from %s to %s: %v, want %v", c.table, c.from, c.to, got, c.want)
		}
	}
}

// The next change is found wherever it is, and a table that never changes says so.
func TestTable_Next(t *testing.T) {
	for _, c := range []struct {
		table, now, want string
		opens            bool
	}{
		{"Mon-Fri 9-12:30,13:30-17", "2026-11-30 08:00", "2026-11-30 09:00", true},
		{"Mon-Fri 9-12:30,13:30-17", "2026-11-30 09:00", "2026-11-30 12:30", false},
		{"Mon-Fri 9-12:30,13:30-17", "2026-11-30 12:30", "2026-11-30 13:30", true},
		{"Mon-Fri 9-12:30,13:30-17", "2026-12-04 17:00", "2026-12-07 09:00", true},
		{"Sat 22-2", "2026-12-05 23:00", "2026-12-06 02:00", false},
		{"Sat 22-24; Sun 0-2", "2026-12-05 23:00", "2026-12-06 02:00", false},
		{"Mon 9-17; 30.11.-31.12. closed", "2026-11-29 12:00", "2027-01-04 09:00", true},
		{"Fri 20-6; Sat 1-2", "2026-12-05 00:00", "2026-12-05 06:00", false}, // one within the other
		{"daily 0-24; 24.12. closed", "2026-11-29 12:00", "2026-12-24 00:00", false},
		{"daily 0-24; 24.12. closed", "2026-12-24 12:00", "2026-12-25 00:00", true},
		{"daily closed; 24.12.2035 9-10", "2026-11-29 12:00", "2035-12-24 09:00", true},
		{"daily closed; 24.12. 9-10", "2026-12-24 10:00", "", false},
		{"daily 0-24; 24.12. closed", "2026-12-25 00:00", "", false},
		{"daily 0-24", "2026-11-29 12:00", "", false},
		{"daily closed", "2026-11-29 12:00", "", false},
		{"", "2026-11-29 12:00", "", false},
		{"daily 2:15-2:45", "2026-03-29 00:00", "2026-03-30 02:15", true}, // no clock shows it on the 29th
		{"daily 1-2:30", "2026-03-29 01:30", "2026-03-29 03:00", false},
		{"daily 2:30-4", "2026-03-29 01:30", "2026-03-29 03:00", true},
	} {
		table := must(t, c.table)
		zone := must(t, "daily 0-24")
		at, opens, ok := table.Next(local(t, zone, c.now))
		if got := at.Format("2006-01-02 15:04"); ok != (c.want != "") || ok && (got != c.want || opens != c.opens) {
			t.Errorf("%q after %s: %s, opens %v, ok %v, want %s %v", c.table, c.now, got, opens, ok, c.want, c.opens)
		}
	}
}

// In the hour that comes twice, a boundary counts once, at its first occurrence.
func TestTable_TheRepeatedHour(t *testing.T) {
	first := time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC) // 2:00 in summer time in Madrid
	for _, c := range []struct {
		table string
		want  [8]bool // at each quarter of an hour from then on
	}{
		{"daily 1-2:30", [8]bool{true, true}},
		{"daily 2:30-4", [8]bool{false, false, true, true, true, true, true, true}},
		{"daily 2:15-2:30", [8]bool{false, true}},
		{"daily 1-2", [8]bool{}},
	} {
		for i, want := range c.want {
			if at := first.Add(time.Duration(i) * 15 * time.Minute); must(t, c.table).In(at) != want {
				t.Errorf("%s at %v: in %v, want %v", c.table, at, !want, want)
			}
		}
	}
}

// A dial finds the first occurrence, whatever it was asked before.
func TestDial_RemembersNoWrongPeriod(t *testing.T) {
	zone := must(t, "daily 0-24").Zone()
	d := newDial(zone)
	sunday := dateFrom(2026, 10, 25)
	for _, before := range []int{30 * 60, 150, 60, 150, 5 * 60} {
		d.reach(sunday.wall(before))
		if got, want := d.reach(sunday.wall(150)), time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC).Unix(); got != want {
			t.Errorf("after %s: %v", clock(before), time.Unix(got, 0).UTC())
		}
	}
}

// The stretch that a moment is in has no beginning or no end if the hours have none.
func TestTable_Open(t *testing.T) {
	now := autumn
	for text, want := range map[string][2]string{
		"daily 0-24":                            {"0001-01-01", "0001-01-01"},
		"":                                      {"0001-01-01", "0001-01-01"},
		"daily 0-24; 24.12. closed":             {"0001-01-01", "2026-12-24"},
		"daily 0-24; 2026-06-01 closed":         {"2026-06-02", "0001-01-01"},
		"Sun 0-24":                              {"2026-11-29", "2026-11-30"},
		"daily 0-24; Mon closed":                {"2026-11-24", "2026-11-30"},
		"daily closed; 2026-03-01..31.12. 0-24": {"2026-03-01", "2027-01-01"},
	} {
		from, until, ok := must(t, text).Open(now)
		if got := [2]string{from.Format(time.DateOnly), until.Format(time.DateOnly)}; !ok || got != want {
			t.Errorf("%q: %v %v, want %v", text, got, ok, want)
		}
	}
	if from, until, ok := must(t, "Mon 9-17").Open(now); ok || !from.IsZero() || !until.IsZero() {
		t.Errorf("outside: %v %v %v", from, until, ok)
	}
}

// An operator's own table counts more than their department's, and that more than the site's.
func TestApplying(t *testing.T) {
	own, department, site := must(t, "Mon 9-10"), must(t, "Tue 9-10"), must(t, "Wed 9-10")
	for _, c := range []struct {
		layers []Table
		want   Table
	}{
		{[]Table{own, department, site}, own}, {[]Table{{}, department, site}, department}, {[]Table{{}, {}, site}, site}, {[]Table{{}, {}, {}}, Table{}}, {nil, Table{}},
	} {
		if got := Applying(c.layers...); got.String() != c.want.String() {
			t.Errorf("%v: %q applies", c.layers, got)
		}
	}
}

// What forms and pages take from a table makes the same table again.
func TestTable_Parts(t *testing.T) {
	table := must(t, "Mon-Fri 9-12:30,13:30-18; Sat 22-2; 24.12. closed; 2026-12-27..2026-12-31 10-14")
	text := ""
	for _, w := range weekdays {
		text += w.short + " " + written(table.Day(w.day)) + "\n"
	}
	for _, e := range table.Exceptions() {
		text += e + "\n"
	}
	if again := must(t, text); again.String() != table.String() {
		t.Errorf("%q became %q", table, again)
	}
	moved, err := table.Move("Asia/Tokyo")
	if err != nil || moved.String() != table.Written()+"; Asia/Tokyo" {
		t.Errorf("in Tokyo: %q, %v", moved, err)
	}
	if _, err := table.Move("Asia/Toyko"); err == nil {
		t.Error("moved to nowhere")
	}
	table.Day(time.Monday)[0] = Slot{1, 2}
	if table.Day(time.Monday)[0] != (Slot{540, 750}) {
		t.Error("whoever asks for a day can change the table")
	}
}

func BenchmarkBetweenAYear(b *testing.B) {
	table := must(b, "Mon-Fri 9-12:30,13:30-18; Sat 22-2; 24.12. closed")
	for b.Loop() {
		table.Between(autumn, autumn.AddDate(1, 0, 0))
	}
}

func BenchmarkBetweenADay(b *testing.B) {
	table := must(b, "Mon-Fri 9-12:30,13:30-18; Sat 22-2; 24.12. closed")
	for b.Loop() {
		table.Between(autumn, autumn.AddDate(0, 0, 1))
	}
}

func BenchmarkNextInTenYears(b *testing.B) {
	table := must(b, "daily closed; 24.12.2035 9-10")
	for b.Loop() {
		table.Next(autumn)
	}
}
