package voice

import (
	"time"

	"porchlight/bridge"
	"porchlight/bridge/hours"
	"porchlight/bridge/phrase"
)

// Lasted says how long something took: 38 s, 1 min 4 s, 2 h 5 min; "–" if it is not known.
func Lasted(d time.Duration, known bool) phrase.Phrase {
	if !known {
		return phrase.Say("%s", "–")
	}
	return bridge.Exactly(d)
}

// Online says how long somebody was online: above ten hours to the hour, since the minutes say nothing then;
// "–" if it is not known.
func Online(d time.Duration) phrase.Phrase {
	if d > 10*time.Hour {
		d = d.Round(time.Hour)
	}
	return Lasted(d, d > 0)
}

// Days says which days a range has: 22–28 Nov. The year is said if it is not this one.
func Days(r bridge.Range, today time.Time) phrase.Phrase {
	from, last := r.From, r.Until.AddDate(0, 0, -1)
	name := func(t time.Time) phrase.Phrase { return hours.Month(t.Month()) }
	p := phrase.Say("%d–%d %s", from.Day(), last.Day(), name(last))
	switch {
	case from.YearDay() == last.YearDay() && from.Year() == last.Year():
		p = phrase.Say("%d %s", last.Day(), name(last))
	case from.Year() != last.Year():
		return phrase.Say("%d %s %d – %d %s %d", from.Day(), name(from), from.Year(), last.Day(), name(last), last.Year())
	case from.Month() != last.Month():
		p = phrase.Say("%d %s – %d %s", from.Day(), name(from), last.Day(), name(last))
	}
	if last.Year() != today.Year() {
		p = phrase.Say("%s %d", p, last.Year())
	}
	return p
}
