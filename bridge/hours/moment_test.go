package hours

import (
	"testing"
	"time"

	"porchlight/bridge/phrase"
)

// A moment is read as people write it, in their time zone; a day alone is meant from when the hours begin.
func TestMoment(t *testing.T) {
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 27, 17, 10, 30, 0, madrid) // a Friday; clocks change on Sunday
	table, err := Parse("Mon-Fri 8:30-12, 13-17; Sat 22-2", "Europe/Madrid", now)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"20m": "2026-03-27 17:30", "2h": "2026-03-27 19:10", "1h30m": "2026-03-27 18:40", "90 min": "2026-03-27 18:40", "3d": "2026-03-30 17:10",
		"1 week": "2026-04-03 17:10", "2 days 1 hour": "2026-03-29 18:10",
		"tomorrow": "2026-03-28 22:00", "Tomorrow 9:00": "2026-03-28 09:00", "mañana 9": "2026-03-28 09:00", "morgen": "2026-03-28 22:00", "demain 14h30": "2026-03-28 14:30",
		"Mon": "2026-03-30 08:30", "Mon 9:00": "2026-03-30 09:00", "monday at 9pm": "2026-03-30 21:00", "Fri": "2026-04-03 08:30", "So": "2026-03-29 09:00",
		"18:00": "2026-03-27 18:00", "9": "2026-03-28 09:00", "9.30": "2026-03-28 09:30", "today 18": "2026-03-27 18:00",
		"24.12.": "2026-12-24 08:30", "24.12. 9": "2026-12-24 09:00", "26.3.": "2027-03-26 08:30", "2026-12-24 14:30": "2026-12-24 14:30", "24.12.2026": "2026-12-24 08:30",
		"today 9:00": "2026-03-27 09:00", "2020-01-01": "2020-01-01 08:30",
	} {
		if at, err := Moment(text, now, madrid, table); err != nil || at.Format("2006-01-02 15:04") != want {
			t.Errorf("%q is %v, want %s; %v", text, at, want, err)
		}
	}
	if at, _ := Moment("tomorrow", now, madrid, Table{}); at.Format("2006-01-02 15:04") != "2026-03-28 09:00" {
		t.Errorf("without hours tomorrow is %v", at)
	}
	for _, text := range []string{"", "soon", "tomorrow noon", "Mon 25:00", "31.2.", "2026-13-01", "20x", "-2h", "Mon Tue", "9 9", "99999h"} {
		if at, err := Moment(text, now, madrid, table); phrase.CodeOf(err) != phrase.CodeInvalid {
			t.Errorf("%q is %v; %v", text, at, err)
		}
	}
}
