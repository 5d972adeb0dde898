package hours

import (
	"fmt"
	"testing"
	"time"
)

// A day of the week grid has the slots that begin on it, and an exception replaces those of the week.
func TestTable_OnADay(t *testing.T) {
	monday := time.Date(2026, 12, 21, 15, 0, 0, 0, time.UTC)
	table, err := Parse("Mon-Fri 9-12:30,13:30-18; Sat 22-2; 24.12. closed", "UTC", monday)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		"Mon 9:00–12:30, 13:30–18:00 [9-12:30 13:30-18]", "Tue 9:00–12:30, 13:30–18:00 [9-12:30 13:30-18]", "Wed 9:00–12:30, 13:30–18:00 [9-12:30 13:30-18]",
		"Thu closed []", "Fri 9:00–12:30, 13:30–18:00 [9-12:30 13:30-18]", "Sat 22:00–2:00 (Sun) [22-2]", "Sun closed []",
	} {
		day := monday.AddDate(0, 0, i)
		if got := fmt.Sprint(Weekday(day.Weekday()), " ", table.SaysDay(day), " ", table.On(day)); got != want {
			t.Errorf("day %d: %s, want %s", i, got, want)
		}
	}
	if got := (Table{}).On(monday); got != nil {
		t.Errorf("no hours are set, and the day has %v", got)
	}
}
