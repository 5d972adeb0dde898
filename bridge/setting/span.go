package setting

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// units are the units of a duration, longest first.
var units = []struct {
	name string
	time.Duration
}{{"d", day}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}}

// spans matches a whole duration, and span one part of it.
var (
	spans = regexp.MustCompile(`^(\d{1,6}[wdhms])+$`)
	span  = regexp.MustCompile(`(\d+)([wdhms])`)
)

// duration reads a span of time within bounds.
func duration(text string, least, most time.Duration) (time.Duration, error) {
	d, ok := readSpan(text)
	if !ok {
		return 0, phrase.Fail(phrase.CodeInvalid, "%q is no span of time such as 90s, 15m, 1h30m or 14d.", text)
	}
	if d < least || d > most {
		return 0, phrase.Fail(phrase.CodeInvalid, "%q is out of bounds: it goes from %s to %s.", text, writeSpan(least), writeSpan(most))
	}
	return d, nil
}

// readSpan reads a span of time without a bound.
func readSpan(text string) (d time.Duration, ok bool) {
	text = strings.ToLower(strings.Join(strings.Fields(text), ""))
	if text == off || text == "0" {
		return 0, true
	}
	if !spans.MatchString(text) {
		return 0, false
	}
	for _, m := range span.FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(m[1])
		unit := 7 * day
		for _, u := range units {
			if u.name == m[2] {
				unit = u.Duration
			}
		}
		d += time.Duration(n) * unit
	}
	return d, d >= 0
}

// writeSpan is the normal form of a span of time, in whole seconds.
func writeSpan(d time.Duration) string {
	if d == 0 {
		return off
	}
	var s strings.Builder
	for _, u := range units {
		if n := d / u.Duration; n > 0 {
			s.WriteString(strconv.FormatInt(int64(n), 10) + u.name)
			d -= n * u.Duration
		}
	}
	return s.String()
}
