package setting

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// units are the units in which a span is written, longest first. Weeks are read, too.
var units = []struct {
	name string
	time.Duration
}{{"d", day}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}}

// spans matches a whole span, and span one part of it.
var (
	spans = regexp.MustCompile(`^(\d{1,6}[wdhms])+$`)
	span  = regexp.MustCompile(`(\d+)([wdhms])`)
)

// duration reads a span of time within bounds, and brings it into its normal form.
func (s Setting) duration(text string) (string, error) {
	d, ok := readSpan(text)
	switch {
	case !ok && s.Shortest >= day: // an example that is too short would be no help
		return "", phrase.Fail(phrase.CodeInvalid, "%q is no span of time such as 30d, 52w or 365d.", clip(text))
	case !ok:
		return "", phrase.Fail(phrase.CodeInvalid, "%q is no span of time such as 90s, 15m, 1h30m or 14d.", clip(text))
	case strings.EqualFold(text, off) && s.Default == off: // what is off by default may be off again
		return off, nil
	case s.Default == off && (d < s.Shortest || d > s.Longest): // 0d might also mean the contrary: nothing is kept
		return "", phrase.Fail(phrase.CodeInvalid, "%q is out of bounds: it goes from %s to %s, or is off.", clip(text), writeSpan(s.Shortest), writeSpan(s.Longest))
	case d < s.Shortest || d > s.Longest:
		return "", phrase.Fail(phrase.CodeInvalid, "%q is out of bounds: it goes from %s to %s.", clip(text), writeSpan(s.Shortest), writeSpan(s.Longest))
	}
	return writeSpan(d), nil
}

// readSpan reads a span of time without a bound. ok is false if it is none, or longer than a time.Duration can be.
func readSpan(text string) (d time.Duration, ok bool) {
	text = strings.ToLower(strings.Join(strings.Fields(text), ""))
	if text == off || text == "0" {
		return 0, true
	}
	if !spans.MatchString(text) {
		return 0, false
	}
	for _, m := range span.FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(m[1]) // up to six digits
		unit := 7 * day
		for _, u := range units {
			if u.name == m[2] {
				unit = u.Duration
			}
		}
		if time.Duration(n) > (math.MaxInt64-d)/unit {
			return 0, false
		}
		d += time.Duration(n) * unit
	}
	return d, true
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
