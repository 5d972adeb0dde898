package bridge_test

import (
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// A range has whole days of its zone, also those of 23 and 25 hours.
func TestParseRange(t *testing.T) {
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Skip(err)
	}
	now := time.Date(2026, 10, 25, 23, 30, 0, 0, madrid) // the day on which the clocks go back
	for text, want := range map[string]string{
		"today":                  "2026-10-25T00:00:00+02:00 2026-10-26T00:00:00+01:00",
		" Yesterday ":            "2026-10-24T00:00:00+02:00 2026-10-25T00:00:00+02:00",
		"1d":                     "2026-10-25T00:00:00+02:00 2026-10-26T00:00:00+01:00",
		"7D":                     "2026-10-19T00:00:00+02:00 2026-10-26T00:00:00+01:00",
		"30d":                    "2026-09-26T00:00:00+02:00 2026-10-26T00:00:00+01:00",
		"2026-10":                "2026-10-01T00:00:00+02:00 2026-11-01T00:00:00+01:00",
		"2026":                   "2026-01-01T00:00:00+01:00 2027-01-01T00:00:00+01:00",
		"2024-02-29":             "2024-02-29T00:00:00+01:00 2024-03-01T00:00:00+01:00",
		"2026-11-01..2026-11-15": "2026-11-01T00:00:00+01:00 2026-11-16T00:00:00+01:00",
		"2026-03..2026-04":       "2026-03-01T00:00:00+01:00 2026-05-01T00:00:00+02:00",
	} {
		r, err := bridge.ParseRange(text, now)
		if got := r.From.Format(time.RFC3339) + " " + r.Until.Format(time.RFC3339); err != nil || got != want {
			t.Errorf("%q: %s, %v, want %s", text, got, err, want)
		}
		if again, err := bridge.ParseRange(r.String(), now); err != nil || again != r {
			t.Errorf("%q is not read back: %v, %v", r, again, err)
		}
	}
	for _, text := range []string{"", "2026-13", "0d", "-7d", "99999d", "7", "d", "2026-1", "26", "2026-11-31", "2026-11-15..2026-11-01", "..", "2026-11-01..", "..2026-11-01",
		"2026-11-01..2026-11-02..2026-11-03", "1969", "\u0667d", "week", "2026-10-01T00:00"} {
		_, err := bridge.ParseRange(text, now)
		if want := `"` + text + `" is no range: today, yesterday, 7d, 30d, 2026-10, 2026, 2026-11-01..2026-11-15.`; phrase.CodeOf(err) != phrase.CodeInvalid || text != "\u0667d" && err.Error() != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// A range is said in words where there are any.
func TestRange_Phrase(t *testing.T) {
	for text, want := range map[string]string{"today": "today", "30d": "30 days", "2026-10": "2026-10", "yesterday": "yesterday"} {
		r, err := bridge.ParseRange(text, time.Unix(0, 0))
		if err != nil || r.Phrase().String() != want {
			t.Errorf("%s: %s, %v", text, r.Phrase(), err)
		}
	}
}
