package hours

import (
	"strings"
	"testing"
	"time"

	"porchlight/bridge/phrase"
)

// autumn is a Sunday, in summer time nowhere in Europe.
var autumn = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

func must(t testing.TB, text string) Table {
	t.Helper()
	table, err := Parse(text, "Europe/Madrid", autumn)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return table
}

// Whatever way people write a table, it has one text, which is read back as the same table.
func TestParse_ReadsWhatPeopleWrite(t *testing.T) {
	for text, want := range map[string]string{
		"Mon-Fri 9-12:30,13:30-18; Sat 22-2; 24.12. closed": "Mon-Fri 9-12:30,13:30-18; Sat 22-2; 2026-12-24 closed",
		"Mon–Fri 9:00–12:30, 13:30–17:00\nSat 10 - 14":      "Mon-Fri 9-12:30,13:30-17; Sat 10-14",
		"daily 0-24":                                               "daily 0-24",
		"Mon-Sun 0:00-24:00":                                       "daily 0-24",
		"daily closed":                                             "daily closed",
		"Sun closed":                                               "daily closed",
		"Mo.-Fr. 9-17 Uhr; Samstag 10-14":                          "Mon-Fri 9-17; Sat 10-14",
		"Montag bis Freitag 9 bis 17":                              "Mon-Fri 9-17",
		"lunes a viernes 9h-17h":                                   "Mon-Fri 9-17",
		"lun-vie 9-14 y 16-19; sábados 10-14":                      "Mon-Fri 9-14,16-19; Sat 10-14",
		"lundi à vendredi 9h30-12h et 14h-18h":                     "Mon-Fri 9:30-12,14-18",
		"mar 9-10, mer 10-11, dim 11-12":                           "Tue 9-10; Wed 10-11; Sun 11-12",
		"Mon: 9-17":                                                "Mon 9-17",
		"MON,wed, Fri 09.30-17.00":                                 "Mon,Wed,Fri 9:30-17",
		"Mon-Wed,Fri 9-17":                                         "Mon-Wed,Fri 9-17",
		"Sat-Tue 9-17":                                             "Mon-Tue,Sat-Sun 9-17",
		"Mon-Fri 9am-5pm":                                          "Mon-Fri 9-17",
		"Mon-Fri 9:30 am - 12 pm":                                  "Mon-Fri 9:30-12",
		"Mon 6pm-12am":                                             "Mon 18-24",
		"Mon 22-0":                                                 "Mon 22-24",
		"Mon 9-13,12-15,15-16,17-18":                               "Mon 9-16,17-18", // overlapping, touching, apart
		"daily 8-20; Mon-Fri 9-17; Fri 9-14":                       "Mon-Thu 9-17; Fri 9-14; Sat-Sun 8-20",
		"Fri 9-14; Mon-Fri 9-17; Sun closed":                       "Mon-Thu 9-17; Fri 9-14",
		"Mon 9-17 2026-12-24..2026-12-26 closed":                   "Mon 9-17; 2026-12-24..2026-12-26 closed",
		"Mon 9-17; 24.12.-26.12. closed":                           "Mon 9-17; 2026-12-24..2026-12-26 closed",
		"Mon 9-17; 24.12.–6.1. closed":                             "Mon 9-17; 2026-12-24..2027-01-06 closed",
		"Mon 9-17; 20.11.-30.11. closed":                           "Mon 9-17; 2026-11-20..2026-11-30 closed", // it has begun
		"Mon 9-17; 29.11. closed; 28.11. closed":                   "Mon 9-17; 2026-11-29 closed; 2027-11-28 closed",
		"Mon 9-17; 29.2. closed":                                   "Mon 9-17; 2028-02-29 closed",
		"Mon 9-17; 24.12 closed; 24.12.2027 10-12":                 "Mon 9-17; 2026-12-24 closed; 2027-12-24 10-12",
		"Mon 9-17; 24.12.2027-26.12. closed":                       "Mon 9-17; 2027-12-24..2027-12-26 closed",
		"Mon 9-17; 24.12.-2.1.2028 closed":                         "Mon 9-17; 2027-12-24..2028-01-02 closed",
		"Mon 9-17; 2026-12-20..2026-12-31 10-12; 24.12. closed":    "Mon 9-17; 2026-12-20..2026-12-23 10-12; 2026-12-24 closed; 2026-12-25..2026-12-31 10-12",
		"Mon 9-17; 2026-12-24 closed; 2026-12-25 closed":           "Mon 9-17; 2026-12-24..2026-12-25 closed",
		"täglich 9-17; 24.12. geschlossen":                         "daily 9-17; 2026-12-24 closed",
		"daily 9-17; 2026-12-31 22-2":                              "daily 9-17; 2026-12-31 22-2",
		"So,24.12. closed; Mon-Fri 9-17":                           "Mon-Fri 9-17; 2026-12-24 closed",
		"Mon\u00a09\u202f–\u202f17":                                "Mon 9-17",
		" ;; Mon 9-17;\r\n;":                                       "Mon 9-17",
		"Mon-Fri 9-17, 13.00-18.00, Sat 9.30-12.30":                "Mon-Fri 9-18; Sat 9:30-12:30",
		"Mi 9-17; Do 9-18; Di closed; Sa 9-10":                     "Wed 9-17; Thu 9-18; Sat 9-10",
		"Thursdays 9-17, Fridays 9-16, Montags 8-9, Dienstags 8-9": "Mon-Tue 8-9; Thu 9-17; Fri 9-16",
	} {
		got := must(t, text)
		if got.Written() != want || got.String() != want+"; Europe/Madrid" {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
		if again, err := Parse(got.String(), "", autumn.AddDate(1, 2, 3)); err != nil || again.String() != got.String() {
			t.Errorf("%q is read back as %q, %v", got, again, err)
		}
	}
}

// The text may name the zone, which counts more than the one that is given.
func TestParse_Zones(t *testing.T) {
	for _, c := range []struct{ text, zone, want string }{
		{"Mon 9-17", "America/New_York", "Mon 9-17; America/New_York"},
		{"Mon 9-17 Europe/Berlin", "America/New_York", "Mon 9-17; Europe/Berlin"},
		{"Asia/Kolkata; Mon 9-17", "", "Mon 9-17; Asia/Kolkata"},
		{"Mon 9-17; america/new_york", "", "Mon 9-17; America/New_York"},
		{"Mon 9-17; america/PORT_OF_SPAIN", "", "Mon 9-17; America/Port_of_Spain"},
		{"Mon 9-17; america/port-au-prince", "", "Mon 9-17; America/Port-au-Prince"},
		{"Mon 9-17", "", "Mon 9-17; UTC"},
		{"Mon 9-17 utc", "Europe/Berlin", "Mon 9-17; UTC"},
		{"Mon 9-17", "+02:00", "Mon 9-17; UTC+2"},
		{"Mon 9-17", "-03:30", "Mon 9-17; UTC-3:30"},
		{"Mon 9-17; UTC+5:30", "", "Mon 9-17; UTC+5:30"},
		{"Mon 9-17 gmt-3", "", "Mon 9-17; UTC-3"},
		{"Mon 9-17 utc+0", "", "Mon 9-17; UTC"},
	} {
		got, err := Parse(c.text, c.zone, autumn)
		if err != nil || got.String() != c.want {
			t.Errorf("%q in %q is %q, %v; want %q", c.text, c.zone, got, err, c.want)
		}
		if again, err := Parse(c.want, "", autumn); err != nil || again.String() != c.want {
			t.Errorf("%q is read back as %q, %v", c.want, again, err)
		}
	}
	if _, at := must(t, "Mon 9-17 UTC-3:30").Zone(), autumn.In(must(t, "Mon 9-17 UTC-3:30").Zone()); at.Format("-07:00") != "-03:30" {
		t.Errorf("UTC-3:30 is %s", at.Format("-07:00"))
	}
}

// What is wrong is refused in one sentence that says what is wrong and how it is written.
func TestParse_RefusesWhatIsWrong(t *testing.T) {
	const day = " is no day: Mon Tue Wed Thu Fri Sat Sun, a date, or a span of them."
	const at = " is no time of day such as 9, 9:30, 9am or 24:00."
	const date = " is no date of the calendar, such as 24.12. or 2026-12-24."
	const span = " is no span of time such as 9-12:30, and no date such as 24.12. or 2026-12-24."
	const zone = " is no time zone such as Europe/Madrid or UTC+1."
	const far = " is too far away: dates go from the year 2000 to ten years ahead."
	const halves = " says am or pm only once: write 9am-5pm, or 9-17."
	for text, want := range map[string]string{
		"Mon-Fry 9-17":                `"Mon-Fry"` + day,
		"Mon-Fri 9-17; Someday 9-17":  `"Someday"` + day,
		"ma 9-17":                     `"ma"` + day, // Tuesday in Spanish, and no day for sure in French
		"Mon-Tue-Wed 9-17":            `"Mon-Tue-Wed"` + day,
		"Mon/Tue 9-17":                `"Mon/Tue"` + day,
		"Mon- 9-17":                   `"Mon-9-17"` + day,
		"- 9-17":                      `"-9-17"` + day,
		"Mon 9-25":                    `"25"` + at,
		"Mon 9-12:60":                 `"12:60"` + at,
		"Mon 9-13pm":                  `"13pm"` + at,
		"Mon 0am-5pm":                 `"0am"` + at,
		"Mon 24:01-5":                 `"24:01"` + at,
		"Mon 9-17-18":                 `"17-18"` + at,
		"Mon 9":                       `"9"` + span,
		"Mon 9-":                      `"9-"` + span,
		"Mon 9..17":                   `"9..17"` + span,
		"Mon 9-17; 24.12.26 closed":   `"24.12.26"` + span,
		"Mon 9-17; 24/12 closed":      `"24/12"` + span,
		"Mon 9-5pm":                   `"9-5pm"` + halves,
		"Mon 9am-5":                   `"9am-5"` + halves,
		"Mon 9-9":                     `"9-9" has no length: a whole day is 0-24.`,
		"Mon 24-2":                    `"24-2" begins at the end of a day: write 0, on the next day.`,
		"Mon 10-23,22-11":             `"10-23,22-11" is longer than a day: a whole day is 0-24.`,
		"9-17":                        `"9-17" has no day before it: write Mon-Fri 9-17, or daily 9-17.`,
		"closed":                      `"closed" has no day before it: write Mon-Fri 9-17, or daily 9-17.`,
		"Mon 9-17; Sat":               `"Sat" has no hours after it: write Sat 9-17, or Sat closed.`,
		"Mon,Satt":                    `"Satt"` + day,
		"Mon closed 9-17":             `"Mon" can't be closed and open at once.`,
		"Mon,Tue 9-17,closed":         `"Mon,Tue" can't be closed and open at once.`,
		"Mon-Fri 9-12; Mon-Fri 14-18": `"Mon" is there twice: write all its hours in one place, Mon 9-12,14-18.`,
		"Mon 9-12; Mon closed":        `"Mon" can't be closed and open at once.`,
		"Mon 9-17; 31.2. closed":      `"31.2."` + date,
		"Mon 9-17; 24.13. closed":     `"24.13."` + date,
		"Mon 9-17; 0.1. closed":       `"0.1."` + date,
		"Mon 9-17; 2027-02-29 closed": `"2027-02-29"` + date,
		"Mon 9-17; 0000-01-01 closed": `"0000-01-01"` + date,
		"Mon 9-17; 9.30 closed":       `"9.30"` + date,
		"Mon 9-17; 1999-12-31 closed": `"1999-12-31"` + far,
		"Mon 9-17; 2099-12-31 closed": `"2099-12-31"` + far,
		"Mon 9-17; 2026-12-26..2026-12-24 closed": `"2026-12-26..2026-12-24" ends before it begins.`,
		"Mon 9-17; 24.12. 9-10; 24.12. 11-12":     `"2026-12-24" is there twice: write all its hours in one place, 2026-12-24 9-10,11-12.`,
		"24.12. closed":                           `No day of the week is named: add daily 0-24 or daily closed.`,
		"Europe/Berlin":                           `No day of the week is named: add daily 0-24 or daily closed.`,
		"Mon 9-17 Europe/Madird":                  `"Europe/Madird"` + zone,
		"Mon 9-17; ../etc/passwd":                 `"../etc/passwd"` + day,
		"Mon 9-17 a/../../etc/passwd":             `"a/../../etc/passwd"` + zone,
		"Mon 9-17 UTC+15":                         `"UTC+15"` + zone,
		"Mon 9-17 UTC+2 Europe/Berlin":            `There are two time zones, UTC+2 and Europe/Berlin: write one.`,
		"\xff\xfe 9-17":                           `"?"` + day,
		strings.Repeat("x", 300):                  `"` + strings.Repeat("x", 40) + `…"` + day,
		strings.Repeat("Mon 9-17;", 900):          `That is too long: hours have at most 4000 letters.`,
	} {
		got, err := Parse(text, "Europe/Madrid", autumn)
		if err == nil || phrase.CodeOf(err) != phrase.CodeInvalid || err.Error() != want {
			t.Errorf("%q: %q, %v, want %s", text, got, err, want)
		}
	}
	for _, zone := range []string{"Local", "EST", "Nowhere", "+15:00", "UTC+1:60", "../Europe/Madrid"} {
		if got, err := Parse("Mon 9-17", zone, autumn); err == nil {
			t.Errorf("zone %q is taken as %q", zone, got.Zone())
		}
	}
}

// A text that would be too long when it is written without overlaps is refused, since it could
// not be read back.
func TestParse_RefusesWhatItCouldNotReadBack(t *testing.T) {
	slots := make([]string, 90)
	for i := range slots {
		slots[i] = clock(i*16) + "-" + clock(i*16+15)
	}
	text := "daily closed; 2026-01-01..2027-12-31 " + strings.Join(slots, ",")
	for _, date := range []string{"2026-03-01", "2026-06-01", "2026-09-01", "2026-10-01"} {
		text += "; " + date + " closed"
	}
	if got, err := Parse(text, "UTC", autumn); err == nil || !strings.Contains(err.Error(), "too long") {
		t.Errorf("%d letters become %d, %v", len(text), len(got.String()), err)
	}
}

// Nothing is an empty table, whatever the zone.
func TestParse_Empty(t *testing.T) {
	for _, text := range []string{"", " \n"} {
		got, err := Parse(text, "Europe/Madrid", autumn)
		if err != nil || !got.Empty() || got.String() != "" || got.Zone() != time.UTC || got.Written() != "" || got.Lines() != nil {
			t.Errorf("%q is %q, %v", text, got, err)
		}
	}
}

func TestZoneLike(t *testing.T) {
	summer := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		distance, site string
		now            time.Time
		want           string
		ok             bool
	}{
		{"+01:00", "Europe/Madrid", autumn, "Europe/Madrid", true},
		{"+02:00", "Europe/Madrid", summer, "Europe/Madrid", true},
		{"+02:00", "Europe/Madrid", autumn, "UTC+2", true},
		{"-03:30", "", autumn, "UTC-3:30", true},
		{"", "Europe/Madrid", autumn, "", false},
		{"+99:00", "Europe/Madrid", autumn, "", false},
	} {
		if zone, ok := ZoneLike(c.distance, c.site, c.now); zone != c.want || ok != c.ok {
			t.Errorf("%q at a site in %q: %q %v, want %q", c.distance, c.site, zone, ok, c.want)
		}
	}
}

// Parse takes whatever people send, and what it makes of that it reads back as the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"Mon-Fri 9-12:30,13:30-18; Sat 22-2; 24.12. closed; 2026-12-24..2026-12-26 closed", "Mon–Fri 9am–5pm", "daily 0-24 Europe/Madrid",
		"24.12.-6.1. 10-12; Mo-Fr 9 bis 17 Uhr", "29.2. closed; So 0-24", "Mon: 9h30-12h et 14h-18h\nsáb 22-2", "UTC+5:30; -;,..: 1-2 24", "\xff à \u00a0",
	} {
		f.Add(s, "Europe/Madrid")
	}
	f.Fuzz(func(t *testing.T, text, zone string) {
		table, err := Parse(text, zone, autumn)
		if err != nil {
			if phrase.CodeOf(err) != phrase.CodeInvalid {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		again, err := Parse(table.String(), "", autumn)
		if err != nil || again.String() != table.String() {
			t.Errorf("%q is %q, and that is %q, %v", text, table, again, err)
		}
		at, opens, ok := table.Next(autumn)
		if ok && (!at.After(autumn) || table.In(at) != opens || table.In(autumn) == opens) {
			t.Errorf("%q: the next change is %v, opens %v", table, at, opens)
		}
	})
}
