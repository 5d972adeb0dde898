package hours

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"porchlight/bridge/phrase"
)

// timeOfDay matches 9, 9:30, 09.30, 9h30, 9h, 9uhr, 9am and 9:30pm.
var timeOfDay = regexp.MustCompile(`^(\d{1,2})(?:[:.h](\d\d))?(am|pm|h|uhr)?$`)

// slotOf reads a span of time such as 9-12:30.
func slotOf(word string) (Slot, error) {
	begins, ends, ok := strings.Cut(word, "-")
	if !ok || begins == "" || ends == "" {
		return Slot{}, phrase.Invalid("hours", "%s is no span of time such as 9-12:30, and no date such as 24.12. or 2026-12-24.", quote(word))
	}
	var s Slot
	var err error
	if s.From, err = minutesOf(begins); err != nil {
		return s, err
	}
	if s.Until, err = minutesOf(ends); err != nil {
		return s, err
	}
	switch {
	case s.From == dayMinutes:
		return s, phrase.Invalid("hours", "%s begins at the end of a day: write 0, on the next day.", quote(word))
	case half(ends) && !half(begins) && s.From <= lastHalved, half(begins) && !half(ends) && s.Until <= lastHalved:
		return s, phrase.Invalid("hours", "%s says am or pm only once: write 9am-5pm, or 9-17.", quote(word))
	case s.From == s.Until:
		return s, phrase.Invalid("hours", "%s has no length: a whole day is 0-24.", quote(word))
	case s.Until < s.From:
		s.Until += dayMinutes
	}
	return s, nil
}

// lastHalved is the last time that reads the same with and without am or pm: 12:59.
const lastHalved = 12*60 + 59

// half reports whether a time of day says which half of the day it is in.
func half(word string) bool { return strings.HasSuffix(strings.ToLower(word), "m") }

// minutesOf reads a time of day; 24:00 is one, too.
func minutesOf(word string) (int, error) {
	wrong := phrase.Invalid("hours", "%s is no time of day such as 9, 9:30, 9am or 24:00.", quote(word))
	m := timeOfDay.FindStringSubmatch(strings.ToLower(word))
	if m == nil {
		return 0, wrong
	}
	hour, _ := strconv.Atoi(m[1])   // digits, by the pattern
	minute, _ := strconv.Atoi(m[2]) // digits or nothing
	if half(word) {
		if hour < 1 || hour > 12 {
			return 0, wrong
		}
		hour %= 12
		if m[3] == "pm" {
			hour += 12
		}
	}
	at := hour*60 + minute
	if minute > 59 || at > dayMinutes {
		return 0, wrong
	}
	return at, nil
}

// merged puts slots of a day in order, in their own place, and makes one of those that overlap or touch.
func merged(list []Slot) ([]Slot, error) {
	if len(list) == 0 {
		return nil, nil
	}
	slices.SortFunc(list, func(a, b Slot) int { return a.From - b.From })
	all := written(list)
	whole := list[:1]
	for _, s := range list[1:] {
		if last := &whole[len(whole)-1]; s.From <= last.Until {
			last.Until = max(last.Until, s.Until)
		} else {
			whole = append(whole, s)
		}
	}
	for _, s := range whole {
		if s.Until-s.From >= dayMinutes && (s != Slot{0, dayMinutes}) {
			return nil, phrase.Invalid("hours", "%s is longer than a day: a whole day is 0-24.", quote(all))
		}
	}
	return whole, nil
}
