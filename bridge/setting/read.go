package setting

import (
	"slices"
	"strings"
	"time"

	"porchlight/bridge/phrase"
	"porchlight/bridge/schedule"
)

// on and off are the values of YesNo; off is also what switches other types off.
const on, off = "on", "off"

// Read brings a value into its normal form, or says what is wrong with it. now is in the site's time zone. Nothing
// at all stands for the default.
func (s Setting) Read(text string, now time.Time) (string, error) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	if text == "" {
		return s.Default, nil
	}
	switch s.Type {
	case Choice:
		return s.choice(text)
	case YesNo:
		return yesNo(text)
	case Duration:
		return s.duration(text)
	case Colour:
		return colour(text)
	case Fields:
		list, err := ParseFields(text, s.Many)
		return WriteFields(list), err
	case Steps:
		list, err := schedule.Parse(text, s.Steps, s.Example)
		return list.String(), err
	case Moment:
		return moment(text, now)
	}
	return s.words(text)
}

// words reads a text that is no longer than it may be.
func (s Setting) words(text string) (string, error) {
	if strings.EqualFold(text, off) { // as other settings are switched off
		return "", nil
	}
	if n := len([]rune(text)); n > s.Letters {
		return "", phrase.Fail(phrase.CodeInvalid, "%q has %d letters; there is room for %d.", clip(text), n, s.Letters)
	}
	return text, nil
}

func (s Setting) choice(text string) (string, error) {
	values := s.Values()
	if i := slices.IndexFunc(values, func(v string) bool { return strings.EqualFold(v, text) }); i >= 0 {
		return values[i], nil
	}
	return "", phrase.Fail(phrase.CodeInvalid, "%q is none of %s.", clip(text), strings.Join(values, ", "))
}

func yesNo(text string) (string, error) {
	switch strings.ToLower(text) {
	case on, "yes", "true", "1":
		return on, nil
	case off, "no", "false", "0":
		return off, nil
	}
	return "", phrase.Fail(phrase.CodeInvalid, "%q is neither on nor off.", clip(text))
}

// moment reads a moment that is still to come: a time of day, a day with a time, or how long from now. Its normal
// form is that of RFC 3339.
func moment(text string, now time.Time) (string, error) {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	if text == off {
		return "", nil
	}
	at, err := time.Parse(time.RFC3339, strings.ToUpper(text))
	if err != nil {
		at, err = written(text, now)
	}
	if err != nil {
		return "", phrase.Fail(phrase.CodeInvalid, "%q is no time such as 18:00, 2026-12-01 18:00 or 2h.", clip(text))
	}
	if !at.After(now) {
		return "", phrase.Fail(phrase.CodeInvalid, "%q is over already.", clip(text))
	}
	return at.Format(time.RFC3339), nil
}

// written reads a moment as people write it. A time of day that has passed today is that of tomorrow.
func written(text string, now time.Time) (time.Time, error) {
	if d, ok := readSpan(text); ok && d > 0 {
		return now.Add(d).Truncate(time.Second), nil
	}
	if at, err := time.ParseInLocation("15:04", text, now.Location()); err == nil {
		y, m, d := now.Date()
		at = time.Date(y, m, d, at.Hour(), at.Minute(), 0, 0, now.Location())
		if !at.After(now) {
			at = at.AddDate(0, 0, 1)
		}
		return at, nil
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, now.Location())
	if err != nil {
		at, err = time.ParseInLocation(time.DateOnly, text, now.Location())
	}
	return at, err
}

// clip shortens what somebody wrote, to be quoted.
func clip(text string) string {
	if r := []rune(text); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return text
}
